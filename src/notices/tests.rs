//! The room over a database of its own, with a clock moved by hand.

mod people;
mod windows;

use std::time::Duration;

use super::*;
use crate::domain::Timestamp;
use crate::domain::announcement::Draft;
use crate::domain::caller::{Account, AccountId, Role, Standing};
use crate::domain::event::{Audience, Line, Listener, Region};
use crate::domain::health::{Level, Snapshot};
use crate::domain::incident::{State, Words};
use crate::domain::language::Texts;
use crate::domain::maintenance::{Nas, Plan, Rule, Stage};
use crate::domain::nas::{Alert, AlertLevel};
use crate::domain::notice::Notice;
use crate::domain::session::SessionId;
use crate::domain::silence::Target;
use crate::live::{Heard, Subscription};
use crate::runtime::{Hand, Tasks};
use crate::store::Settings;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// Whole days after 1970, so that windows begin at midnight UTC.
const START: i64 = 20_800 * 24 * HOUR;

struct Office {
    home: tempfile::TempDir,
    notices: Notices,
    hub: Hub,
    hand: Hand,
    store: Store,
}

impl Office {
    async fn at(millis: i64) -> Self {
        Self::in_home(tempfile::tempdir().unwrap(), millis).await
    }

    /// The server begins anew at this time, over what it had kept.
    async fn restarted(self, millis: i64) -> Self {
        self.store.close().await.unwrap();
        Self::in_home(self.home, millis).await
    }

    async fn in_home(home: tempfile::TempDir, millis: i64) -> Self {
        let store = Store::open(&Settings::in_file(&home.path().join("farol.db"))).await.unwrap();
        store.migrate().await.unwrap();
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(millis));
        let random = Random::from_system();
        let hub = Hub::open(store.clone(), clock.clone(), &random, &Tasks::default()).await.unwrap();
        let notices = Notices::open(store.clone(), hub.clone(), clock, random).await.unwrap();
        Self { home, notices, hub, hand, store }
    }

    async fn round(&self, nas: Nas) {
        self.notices.scheduler.round(nas).await.unwrap();
    }

    /// Everything told so far, the oldest first.
    async fn told(&self) -> Vec<(Audience, Notice)> {
        let mut lines = self.hub.list_before(None, 500).await.unwrap();
        lines.reverse();
        lines
            .into_iter()
            .map(|told| match &told.line {
                Line::Notice(notice) => (told.audience.clone(), notice.clone()),
                Line::Fact(fact) => panic!("{fact:?}"),
            })
            .collect()
    }

    async fn said(&self) -> Vec<String> {
        self.told().await.iter().map(|(_, notice)| word(notice)).collect()
    }
}

/// In words that fit a line.
fn word(notice: &Notice) -> String {
    if let Notice::MaintenanceAhead { minutes, .. } = notice {
        return format!("in {minutes}");
    }
    if let Notice::Announced { title, .. } = notice {
        return title.portuguese.clone();
    }
    if let Notice::IncidentUpdated { text, resolved, .. } = notice {
        return format!("{} {resolved}", text.portuguese);
    }
    let text = format!("{notice:?}");
    text.split(['(', ' ']).next().unwrap_or_default().trim_start_matches("Maintenance").to_owned()
}

fn account(uid: u32) -> Account {
    let username = format!("user{uid}");
    Account { id: AccountId::of_uid(uid), username, full_name: String::new(), role: Role::Employee }
}

fn carla() -> Caller {
    let account = Account { username: "carla".into(), role: Role::Administrator, ..account(9) };
    Caller { account, session: SessionId::new("s"), address: [10, 0, 0, 9].into(), standing: Standing::Fresh }
}

fn texts(portuguese: &str) -> Texts {
    Texts { portuguese: portuguese.to_owned(), english: String::new() }
}

/// Begins so many milliseconds after [`START`].
fn once(begins: i64, lasts: i64) -> Plan {
    let starts_at = Timestamp::from_millis(START + begins);
    let ends_at = Timestamp::from_millis(START + begins + lasts);
    let rule = Rule::Once { starts_at, ends_at };
    Plan { title: texts("Discos"), text: texts(""), rule, zone: "UTC".into(), shares: Vec::new() }
}

fn span(millis: i64) -> Duration {
    Duration::from_millis(millis.unsigned_abs())
}

/// Everything heard so far of what is shown whole.
async fn regions(heard: &mut Subscription, hub: &Hub) -> Vec<Region> {
    hub.changed(Region::Storage);
    let mut regions = Vec::new();
    loop {
        match heard.next().await.unwrap() {
            Heard::Changed(Region::Storage) => return regions,
            Heard::Changed(region) => regions.push(region),
            Heard::Told(_) => {}
            Heard::Missed => panic!("too much was told"),
        }
    }
}
