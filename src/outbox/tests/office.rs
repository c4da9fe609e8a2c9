//! A database, a hub, an outbox, and patience.

use std::time::Duration;

use crate::domain::caller::{Account, AccountId, Caller, Role, Standing};
use crate::domain::event::{Audience, Line};
use crate::domain::language::Language;
use crate::domain::nas::AlertLevel;
use crate::domain::notice::Notice;
use crate::domain::session::SessionId;
use crate::domain::{Secret, Timestamp};
use crate::live::Hub;
use crate::outbox::{Channel, ChannelView, Level, Outbox, Rooms, Rule, Settings, Target};
use crate::runtime::{Clock, Hand, Random, Tasks};
use crate::store::{self, Store};

/// Longer than anything here takes, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// Noon of a Wednesday, UTC.
pub const NOON: Timestamp = Timestamp::from_millis(1_795_608_000_000);
/// Part of every secret.
pub const CANARY: &str = "kanarienvogel";

pub struct Office {
    pub store: Store,
    pub hub: Hub,
    pub clock: Clock,
    pub hand: Hand,
    pub outbox: Outbox,
    pub settings: Settings,
    tasks: Tasks,
    _home: tempfile::TempDir,
}

impl Office {
    pub async fn open(settings: Settings) -> Self {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(&store::Settings::in_file(&home.path().join("farol.db"))).await.unwrap();
        store.migrate().await.unwrap();
        let (clock, hand) = Clock::by_hand(NOON);
        let hub = Hub::open(store.clone(), clock.clone(), &Random::from_system(), &Tasks::default()).await.unwrap();
        let outbox = built(&settings, &store, &hub, &clock);
        let mut office = Self { store, hub, clock, hand, outbox, settings, tasks: Tasks::default(), _home: home };
        office.start().await;
        office
    }

    /// Ready to hear: how far it read is written down.
    pub async fn start(&mut self) {
        self.outbox = built(&self.settings, &self.store, &self.hub, &self.clock);
        self.tasks = Tasks::default();
        self.tasks.keep("messages", self.outbox.clone().run(self.tasks.stopping()));
        if !self.settings.channels.is_empty() {
            until(async || self.store.find_setting("outbox.cursor").await.unwrap().is_some()).await;
        }
    }

    pub async fn stop(&self) {
        assert_eq!(self.tasks.stop(&Clock::real(), PATIENCE).await, Vec::<&str>::new());
    }

    pub async fn tell(&self, notice: Notice) {
        self.hub.tell(Audience::Administrators, Line::Notice(notice)).await.unwrap();
    }

    pub async fn alert(&self, level: AlertLevel, text: &str) {
        self.tell(Notice::AlertRaised { level, text: text.to_owned() }).await;
    }

    pub async fn view(&self, channel: &str) -> ChannelView {
        self.outbox.channels().await.unwrap().into_iter().find(|view| view.kind.as_str() == channel).unwrap()
    }

    pub async fn waiting(&self, channel: &str, count: u64) {
        until(async || self.view(channel).await.waiting == count).await;
    }

    /// What was told is kept, and its time has come.
    pub async fn gathered(&self, channel: &str, count: u64) {
        self.waiting(channel, count).await;
        self.hand.advance(Duration::from_secs(3));
    }

    pub async fn failures(&self, count: u64) {
        until(async || self.outbox.counts().iter().map(|(_, counts)| counts.failed).sum::<u64>() == count).await;
    }
}

fn built(settings: &Settings, store: &Store, hub: &Hub, clock: &Clock) -> Outbox {
    let random = Random::seeded(7);
    let rooms = Rooms { store: store.clone(), hub: hub.clone(), clock: clock.clone(), random };
    Outbox::new(settings.clone(), rooms).unwrap()
}

pub fn rule() -> Rule {
    Rule { least: Level::Info, events: Vec::new(), quiet: None, trouble_anytime: true, language: Language::Portuguese }
}

pub fn sending(targets: Vec<Target>) -> Settings {
    let channels = targets.into_iter().map(|target| Channel { target, rule: rule() }).collect();
    Settings { channels, ..Settings::default() }
}

pub fn webhook(url: &str) -> Target {
    Target::Webhook { url: Secret::from(url), key: Secret::from(CANARY) }
}

pub fn chief() -> Caller {
    let username = "carla".to_owned();
    let account = Account { id: AccountId::of_uid(1), username, full_name: String::new(), role: Role::Administrator };
    Caller { account, session: SessionId::new("s"), address: [127, 0, 0, 1].into(), standing: Standing::Fresh }
}

/// Waits by the real clock: what does not come within the limit never comes.
pub async fn until(mut fits: impl AsyncFnMut() -> bool) {
    let clock = Clock::real();
    let waiting = async {
        while !fits().await {
            clock.sleep(Duration::from_millis(2)).await;
        }
    };
    clock.timeout(PATIENCE, waiting).await.expect("it never came");
}
