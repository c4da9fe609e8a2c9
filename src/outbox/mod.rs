//! Messages outside the page: e-mail, webhook, ntfy, Telegram, Teams.
//!
//! Must never know: HTML, who is looking, how a line came about.
//!
//! Invariants: a message is kept, together with how far the lines were read, before anything is sent, so that neither a
//! restart nor a broken network loses one; each goes out at least once, known by one id whenever it is sent again; nobody
//! who tells a line waits for a message; no secret and no text of the other side reaches a log, an error or the database.

mod deliver;
mod email;
mod error;
mod http;
mod intake;
mod message;
mod post;
mod quiet;
mod settings;
#[cfg(test)]
mod tests;
mod trust;
mod way;
mod words;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::domain::Timestamp;
use crate::domain::caller::Caller;
use crate::domain::event::{Panel, Region};
use crate::live::Hub;
use crate::runtime::{Clock, Poke, Random, rounds};
use crate::store::Store;

use deliver::Counters;
use way::{Parcel, Way};

pub use deliver::Counts;
pub use error::{Error, Failure};
pub use message::{Event, Level};
pub use quiet::Quiet;
pub use settings::{Channel, Email, Encryption, InvalidAddress, Kind, Rule, SMTP_PORT, Settings, Target};

/// The name under which the store keeps how far the lines were read.
const CURSOR: &str = "outbox.cursor";
/// The database is not well: no hurry.
const REST: Duration = Duration::from_secs(30);

/// Cheap to clone; all clones are one outbox.
#[derive(Clone)]
pub struct Outbox(Arc<Inner>);

struct Inner {
    store: Store,
    hub: Hub,
    clock: Clock,
    random: Random,
    zone: TimeZone,
    exits: Vec<Exit>,
    /// New messages wait.
    poke: Poke,
}

/// A channel with all that sending through it takes.
struct Exit {
    kind: Kind,
    rule: Rule,
    way: Way,
    counters: Counters,
}

/// What an outbox asks of the house.
#[derive(Debug, Clone)]
pub struct Rooms {
    pub store: Store,
    pub hub: Hub,
    pub clock: Clock,
    pub random: Random,
}

/// A channel as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelView {
    pub kind: Kind,
    pub rule: Rule,
    pub waiting: u64,
    pub last_success: Option<Timestamp>,
    pub last_failure: Option<(Timestamp, Failure)>,
}

impl Outbox {
    pub fn new(settings: Settings, rooms: Rooms) -> Result<Self, Error> {
        let Settings { channels, ca_file, time_zone } = settings;
        let trust = trust::Trust::read(ca_file.as_deref())?;
        let http = http::client(&trust)?;
        let exit = |channel: Channel| {
            let kind = channel.kind();
            let way = Way::new(channel.target, &http, &trust)?;
            Ok(Exit { kind, rule: channel.rule, way, counters: Counters::default() })
        };
        let exits = channels.into_iter().map(exit).collect::<Result<_, Error>>()?;
        let Rooms { store, hub, clock, random } = rooms;
        Ok(Self(Arc::new(Inner { store, hub, clock, random, zone: time_zone, exits, poke: Poke::default() })))
    }

    /// Takes in what is told and hands it over, until the stop.
    pub async fn run(self, stop: CancellationToken) {
        if self.0.exits.is_empty() {
            // Whoever sets up a channel later is not told of what was before.
            if let Err(error) = self.0.store.remove_setting(CURSOR).await {
                warn!(error = &error as &dyn std::error::Error, "how far the messages came could not be forgotten");
            }
            return stop.cancelled().await;
        }
        let exits = self.0.exits.iter();
        let exits = exits.map(|exit| rounds::under(exit.kind.as_str(), self.hand_over_all(exit, &stop)));
        tokio::join!(self.take_in_all(&stop), join_all(exits));
    }

    /// Sends a message at once, past the queue and whatever the rule says.
    pub async fn test(&self, kind: Kind, caller: &Caller) -> Result<(), Failure> {
        let Inner { clock, random, zone, exits, .. } = &*self.0;
        let exit = exits.iter().find(|exit| exit.kind == kind).ok_or(Failure::NotSetUp)?;
        let at = clock.now();
        let message = message::test(exit.rule.language, zone, at);
        let id = format!("test-{}", random.token());
        let parcel = Parcel {
            id: &id,
            event: message.event.as_str(),
            level: message.level,
            subject: &message.subject,
            text: &message.text,
            count: 1,
            created_at: at,
            sent_at: at,
        };
        let outcome = exit.way.hand_over(&parcel, clock).await;
        let (channel, account) = (kind.as_str(), caller.account.username.as_str());
        match outcome {
            Ok(()) => info!(channel, account, "a test message was handed over"),
            Err(failure) => warn!(channel, account, %failure, "a test message could not be handed over"),
        }
        outcome
    }

    pub async fn channels(&self) -> Result<Vec<ChannelView>, Error> {
        let mut views = Vec::new();
        for exit in &self.0.exits {
            let record = self.0.store.find_channel(exit.kind.as_str()).await.map_err(Error::Read)?;
            let failed = record.failed_at.and_then(|(at, failure)| Some((at, Failure::parse(&failure)?)));
            views.push(ChannelView {
                kind: exit.kind,
                rule: exit.rule.clone(),
                waiting: record.waiting,
                last_success: record.delivered_at,
                last_failure: failed,
            });
        }
        Ok(views)
    }

    /// What became of messages since the start.
    pub fn counts(&self) -> Vec<(Kind, Counts)> {
        self.0.exits.iter().map(|exit| (exit.kind, exit.counters.now())).collect()
    }

    fn changed(&self) {
        self.0.hub.changed(Region::Room(Panel::Messages));
    }
}

/// The addresses inside may be secrets.
impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<Kind> = self.0.exits.iter().map(|exit| exit.kind).collect();
        f.debug_tuple("Outbox").field(&kinds).finish()
    }
}
