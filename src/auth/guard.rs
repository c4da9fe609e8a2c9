//! Looks after the people who are signed in: whom the NAS no longer lets in, or lets do something else, is signed out.
//!
//! What cannot be read ends nothing: only the NAS's own word does, about the account or about the service key.

use std::collections::BTreeMap;
use std::error::Error as Cause;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info, warn};

use crate::auth::{Error, KeyAlarm, OnKeyRefused, Sessions, Settings};
use crate::domain::Timestamp;
use crate::domain::caller::{AccountId, Role};
use crate::domain::nas::Change;
use crate::domain::person::Person;
use crate::domain::session::{End, Session};
use crate::runtime::{Clock, Pace, Poke, periodic, rounds};
use crate::shares::Board;
use crate::truenas::{self, Client};

/// For what the NAS tells nobody: REST has no events, and a directory tells of its people late or never.
const PERIOD: Duration = Duration::from_secs(30);

/// Leaves most of the calls a connection may have in flight to everybody else.
const READS_AT_ONCE: usize = 4;

/// Whether somebody administers, by the group's name: whoever sets the portal up knows that, and not its number.
pub fn role_of(person: &Person, administrators_group: &str) -> Role {
    let administers = person.groups.iter().any(|group| group.name == administrators_group);
    if administers { Role::Administrator } else { Role::Employee }
}

/// What the looking after needs.
#[derive(Debug)]
pub struct GuardRooms {
    pub client: Client,
    pub sessions: Sessions,
    pub board: Board,
    pub alarm: KeyAlarm,
    pub clock: Clock,
}

#[derive(Debug)]
pub struct Guard {
    rooms: GuardRooms,
    administrators_group: String,
    on_key_refused: OnKeyRefused,
}

impl Guard {
    pub fn new(rooms: GuardRooms, settings: &Settings) -> Self {
        let administrators_group = settings.administrators_group.clone();
        Self { rooms, administrators_group, on_key_refused: settings.on_service_key_refused }
    }

    /// Looks every period, and at once when the NAS tells of something that may concern people, until the stop.
    pub async fn run(self, stop: CancellationToken) {
        let poke = Poke::default();
        let mut changes = self.rooms.client.changes();
        let listening = async {
            while let Some(change) = changes.next().await {
                if concerns_people(&change) {
                    poke.now();
                }
            }
            // The client is gone; the stop is on its way.
            std::future::pending::<()>().await;
        };
        let pace = Pace::default();
        let round = || async {
            self.round().await;
            pace.rest(&self.rooms.clock).await;
        };
        tokio::select! {
            () = periodic::every(PERIOD, &self.rooms.clock, &poke, stop, round) => {}
            () = listening => {}
        }
    }

    async fn round(&self) {
        if let Err(error) = self.look().await {
            rounds::failed(&error);
            error!(error = &error as &dyn Cause, "who is signed in could not be looked after");
        }
    }

    async fn look(&self) -> Result<(), Error> {
        let road = self.rooms.client.road().await;
        // The link's word: one call that was refused may have met a NAS that is just starting.
        let refused = matches!(road, Err(truenas::Error::KeyRefused { .. }));
        if refused || road.is_ok() {
            self.tell_of_the_key(refused).await;
        }
        let mut people: BTreeMap<AccountId, Vec<Session>> = BTreeMap::new();
        for session in self.rooms.sessions.list_of_nas().await? {
            people.entry(session.account.id.clone()).or_default().push(session);
        }
        if people.is_empty() {
            return Ok(());
        }
        if refused {
            return self.lose_the_key(people.keys()).await;
        }
        if let Err(error) = road {
            debug!(error = &error as &dyn Cause, "nobody is looked after while there is no link");
            return Ok(());
        }
        let mut people: Vec<(AccountId, Vec<Session>)> = people.into_iter().collect();
        if people.len() > READS_AT_ONCE {
            self.put_suspects_first(&mut people).await;
        }
        let looks = people.into_iter().map(|(account, sessions)| self.look_at(account, sessions));
        let looks: Vec<Result<(), Error>> = stream::iter(looks).buffer_unordered(READS_AT_ONCE).collect().await;
        looks.into_iter().collect()
    }

    async fn tell_of_the_key(&self, refused: bool) {
        if let Err(error) = self.rooms.alarm.set(refused).await {
            error!(error = &error as &dyn Cause, "whether the NAS accepts the service key could not be told");
        }
    }

    /// With many people, whoever has to go would wait for the looks at all the others.
    async fn put_suspects_first(&self, people: &mut [(AccountId, Vec<Session>)]) {
        let names: Vec<&str> = people.iter().filter_map(|(_, sessions)| name_of(sessions)).collect();
        match self.rooms.client.list_open_accounts(&names).await {
            Ok(open) => people.sort_by_cached_key(|(_, sessions)| !is_suspect(sessions, &open)),
            Err(error) => debug!(error = &error as &dyn Cause, "everybody is looked at in turn"),
        }
    }

    async fn look_at(&self, account: AccountId, sessions: Vec<Session>) -> Result<(), Error> {
        let Some(username) = name_of(&sessions).map(str::to_owned) else { return Ok(()) };
        let person = match self.rooms.client.find_person(&username).await {
            Ok(person) => person.filter(|person| AccountId::of_uid(person.uid) == account),
            Err(error) => {
                warn!(user = username, error = &error as &dyn Cause, "somebody signed in could not be looked at");
                return Ok(());
            }
        };
        let mut over: BTreeMap<End, Vec<Session>> = BTreeMap::new();
        for session in sessions {
            if let Some(end) = verdict(person.as_ref(), &session, &self.administrators_group) {
                over.entry(end).or_default().push(session);
            }
        }
        for (end, sessions) in over {
            let ended = self.rooms.sessions.end_because(&sessions, end).await?;
            self.rooms.board.forget(&account);
            info!(user = username, sessions = ended, reason = %end, "signed out");
        }
        Ok(())
    }

    async fn lose_the_key(&self, people: impl Iterator<Item = &AccountId>) -> Result<(), Error> {
        if self.on_key_refused == OnKeyRefused::Keep {
            return Ok(());
        }
        let ended = self.rooms.sessions.end_all_of_nas(End::KeyRefused).await?;
        people.for_each(|account| self.rooms.board.forget(account));
        warn!(sessions = ended, "the NAS refuses the service key: everybody it vouched for is signed out");
        Ok(())
    }
}

fn name_of(sessions: &[Session]) -> Option<&str> {
    sessions.first().map(|session| session.account.username.as_str())
}

/// Not in the list of open accounts, or with another password than the one a session began with.
fn is_suspect(sessions: &[Session], open: &BTreeMap<String, Option<Timestamp>>) -> bool {
    let Some(changed_at) = name_of(sessions).and_then(|name| open.get(name)) else { return true };
    let differs = |then: Timestamp| changed_at.is_some_and(|now| then != now);
    sessions.iter().any(|session| session.password_changed_at.is_some_and(differs))
}

/// `None`: the session may go on.
pub fn verdict(person: Option<&Person>, session: &Session, administrators_group: &str) -> Option<End> {
    let Some(person) = person else { return Some(End::AccountGone) };
    if person.locked {
        Some(End::AccountLocked)
    } else if person.password_disabled {
        Some(End::PasswordDisabled)
    } else if is_another_password(session, person) {
        Some(End::PasswordChanged)
    } else if role_of(person, administrators_group) != session.account.role {
        Some(End::RoleChanged)
    } else {
        None
    }
}

/// Two words of the NAS, by one clock: ours may differ from it.
fn is_another_password(session: &Session, person: &Person) -> bool {
    session.password_changed_at.zip(person.password_changed_at).is_some_and(|(then, now)| then != now)
}

/// A key that is refused is told as a link that is gone.
fn concerns_people(change: &Change) -> bool {
    match change {
        Change::Connected
        | Change::Disconnected
        | Change::Unclear
        | Change::People
        | Change::Directory
        | Change::Failover
        | Change::Ready => true,
        Change::Alerts
        | Change::Pools
        | Change::Services
        | Change::Shares
        | Change::RebootRequired
        | Change::Rebooting { .. }
        | Change::ShuttingDown { .. } => false,
    }
}

#[cfg(test)]
mod tests;
