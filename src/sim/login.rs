//! Who gets in: passwords, one-time codes and keys, by the rules of each release.

use super::faults::Fault;
use super::nas::Nas;
use super::profile::Profile;
use super::rights::Rights;
use super::world::{Person, World};

/// Somebody who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) username: String,
    pub(super) rights: Rights,
    /// Logged in by a key: what REST asks of a bearer.
    pub(super) key: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Wrong, locked, disabled or unknown: nobody is told which.
    Wrong,
    /// The password is right, but no privilege lets this person in.
    NoPrivilege,
    Expired,
    OtpRequired,
    /// This controller only stands by.
    Standby,
}

/// The password alone, and that some privilege lets the person in.
pub(super) fn check<'a>(world: &'a World, username: &str, password: &str) -> Result<&'a Person, Refusal> {
    let person = world.people.find(username).filter(|person| !person.locked && !person.password_disabled);
    let person = person.filter(|person| person.password == password).ok_or(Refusal::Wrong)?;
    if world.people.roles_of(person).is_none() { Err(Refusal::NoPrivilege) } else { Ok(person) }
}

/// `otp` is the code when it came along; without it a person who has one is asked for it.
pub(super) fn by_password(nas: &Nas, username: &str, password: &str, otp: Option<&str>) -> Result<Identity, Refusal> {
    refuse_on_standby(nas)?;
    let world = nas.world();
    let person = check(&world, username, password)?;
    if person.password_expired && nas.profile.has_rpc() {
        return Err(Refusal::Expired);
    }
    match (&person.otp, otp) {
        (Some(_), None) => return Err(Refusal::OtpRequired),
        (Some(wanted), Some(given)) if wanted != given => return Err(Refusal::Wrong),
        _ => {}
    }
    Ok(identity(&world, person, None))
}

pub(super) fn by_otp(nas: &Nas, username: &str, otp: &str) -> Result<Identity, Refusal> {
    let world = nas.world();
    let person = world.people.find(username).filter(|person| !person.locked).ok_or(Refusal::Wrong)?;
    if person.otp.as_deref() == Some(otp) { Ok(identity(&world, person, None)) } else { Err(Refusal::Wrong) }
}

/// `username` is checked where the protocol names one; `exposed` says that the key came in the clear.
pub(super) fn by_key(nas: &Nas, username: Option<&str>, text: &str, exposed: bool) -> Result<Identity, Refusal> {
    refuse_on_standby(nas)?;
    let revoked_now = {
        let mut world = nas.world();
        let key = world.people.keys.iter_mut().find(|key| key.text == text).ok_or(Refusal::Wrong)?;
        if username.is_some_and(|username| username != key.username) || nas.switches.is_on(Fault::RevokedKey) {
            return Err(Refusal::Wrong);
        }
        if key.revoked {
            return Err(Refusal::Expired);
        }
        key.revoked = exposed && nas.profile.revokes_exposed_keys();
        key.revoked.then_some(key.name)
    };
    if let Some(name) = revoked_now {
        let text = format!("API key <b>{name}</b> has been revoked: it was sent over an insecure transport.");
        nas.raise_alert("ApiKeyRevoked", "WARNING", &text);
        return Err(Refusal::Expired);
    }
    let world = nas.world();
    let key = world.people.keys.iter().find(|key| key.text == text).ok_or(Refusal::Wrong)?;
    let person = world.people.find(key.username).filter(|person| !person.locked).ok_or(Refusal::Wrong)?;
    let identity = identity(&world, person, Some(key.id));
    if identity.rights.0.is_empty() { Err(Refusal::NoPrivilege) } else { Ok(identity) }
}

fn identity(world: &World, person: &Person, key: Option<u64>) -> Identity {
    let rights = Rights(world.people.roles_of(person).unwrap_or_default());
    Identity { username: person.username.clone(), rights, key }
}

fn refuse_on_standby(nas: &Nas) -> Result<(), Refusal> {
    if nas.switches.is_on(Fault::StandbyRedirect) { Err(Refusal::Standby) } else { Ok(()) }
}

/// How `auth.login_ex` calls a refusal.
pub(super) fn response_type(refusal: Refusal, profile: Profile) -> &'static str {
    match refusal {
        Refusal::NoPrivilege if profile >= Profile::R26 => "DENIED",
        Refusal::Wrong | Refusal::NoPrivilege => "AUTH_ERR",
        Refusal::Expired => "EXPIRED",
        Refusal::OtpRequired => "OTP_REQUIRED",
        Refusal::Standby => "REDIRECT",
    }
}
