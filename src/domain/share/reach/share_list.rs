//! The share's own list of rights, read in its order.

use super::Want;
use crate::domain::person::Person;
use crate::domain::share::{AceKind, Barrier, Doubt, ShareAce, ShareAcl, ShareRight, Through, WhoId};

/// Identifiers that stand for everybody who signs in over SMB, whoever it is.
const EVERYONE: &str = "S-1-1-0";
const SIGNED_IN: &str = "S-1-5-11";
const NETWORK: &str = "S-1-5-2";
const USERS: &str = "S-1-5-32-545";

/// Whether every part of what is wanted is allowed by the first entry for this person that speaks of it.
pub(super) fn allows(person: &Person, list: &ShareAcl, want: Want) -> Result<Through, Barrier> {
    let read = settle(person, list, |_| true)?;
    match want {
        Want::Read => Ok(read),
        Want::Write => settle(person, list, |right| right != ShareRight::Read),
    }
}

/// An entry that keeps us from judging: nobody knows what it gives or takes, or whether it is for this person.
pub(super) fn doubt(person: &Person, list: &ShareAcl) -> Option<Doubt> {
    list.0.iter().find_map(|entry| match through(person, entry) {
        Some(through) => (entry.right == ShareRight::Custom).then_some(Doubt::CustomShareEntry(through)),
        None => (may_take(entry) && may_concern(person, entry)).then_some(Doubt::UnknownShareEntry),
    })
}

fn may_take(entry: &ShareAce) -> bool {
    entry.kind == AceKind::Deny || entry.right == ShareRight::Custom
}

/// Whether an entry that names no identifier we know of the person may mean one that we do not know.
fn may_concern(person: &Person, entry: &ShareAce) -> bool {
    let all_known = person.sid.is_some() && person.groups.iter().all(|group| group.sid.is_some());
    entry.who.is_none() && !all_known
}

/// What was granted stays granted and what was denied stays denied, so the first entry is the last word.
fn settle(person: &Person, list: &ShareAcl, speaks_of: impl Fn(ShareRight) -> bool) -> Result<Through, Barrier> {
    let mut entries = list.0.iter().filter(|entry| speaks_of(entry.right));
    let first = entries.find_map(|entry| Some((entry.kind, through(person, entry)?)));
    match first {
        Some((AceKind::Allow, through)) => Ok(through),
        Some((AceKind::Deny, through)) => Err(Barrier::Denied(through)),
        None => Err(Barrier::Silent),
    }
}

/// How the entry applies to the person; `None` if it does not.
fn through(person: &Person, entry: &ShareAce) -> Option<Through> {
    by_sid(person, entry).or_else(|| by_id(person, entry))
}

fn by_sid(person: &Person, entry: &ShareAce) -> Option<Through> {
    let sid = entry.sid.as_ref()?;
    match sid.as_str() {
        EVERYONE => Some(Through::Everyone),
        SIGNED_IN => Some(Through::SignedIn),
        NETWORK => Some(Through::Network),
        USERS => Some(Through::Users),
        _ if person.sid.as_ref() == Some(sid) => Some(Through::Person),
        _ => {
            let group = person.groups.iter().find(|group| group.sid.as_ref() == Some(sid))?;
            Some(Through::Group(group.label()))
        }
    }
}

fn by_id(person: &Person, entry: &ShareAce) -> Option<Through> {
    let as_person = |uid| (uid == person.uid).then_some(Through::Person);
    let as_group = |gid| person.find_group(gid).map(|group| Through::Group(group.label()));
    match entry.who? {
        WhoId::User(uid) => as_person(uid),
        WhoId::Group(gid) => as_group(gid),
        WhoId::Both(id) => as_person(id).or_else(|| as_group(id)),
    }
}
