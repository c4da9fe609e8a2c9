//! Keeping what was seen, telling it, and letting the old grow coarse.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::domain::Timestamp;
use crate::domain::event::{Audience, Line};
use crate::domain::health::{Fact, Level, Reason, Snapshot, Tally};
use crate::domain::notice::Notice;
use crate::health::{Parts, Silenced};
use crate::live;
use crate::runtime::rounds::{self, Turn};
use crate::store::{self, Grain, HealthTransition};

/// A process that was killed is followed by another after this long.
const LEASE: Duration = Duration::from_secs(15);
const RENEW_EVERY: Duration = Duration::from_secs(5);
const THIN_EVERY: Duration = Duration::from_mins(10);
/// Rows a transaction takes at once; a day of looks in between gets its turn.
const THIN_ROWS: u64 = 2_000;
/// How long each grain stays as it is. Within two years nothing goes, it only grows coarse.
const KEPT: [(Grain, Duration); 3] = [
    (Grain::Look, Duration::from_hours(24)),
    (Grain::Minute, Duration::from_hours(24 * 30)),
    (Grain::Hour, Duration::from_hours(24 * 730)),
];

/// One picture, as far as it is kept and told.
#[derive(Debug)]
pub struct Entry {
    pub at: Timestamp,
    pub level: Level,
    pub reason: Reason,
    pub tally: Tally,
    pub facts: Vec<Fact>,
    /// For administrators.
    pub notices: Vec<Notice>,
    /// It changes too often for people to be told each time.
    pub quiet: bool,
}

pub struct Records<'a> {
    parts: &'a Parts,
    /// What this process calls itself.
    holder: String,
    leads: bool,
    /// The level that was last written.
    written: Level,
    /// How people were last told that the storage is.
    told: Level,
    thinned_at: Option<Duration>,
    /// Said once, until it works again.
    failing: bool,
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("what was seen of the storage cannot be kept")]
    Keep(#[from] store::Error),
    #[error("what was seen of the storage cannot be told")]
    Tell(#[from] live::Error),
}

impl<'a> Records<'a> {
    pub fn new(parts: &'a Parts) -> Self {
        Self {
            parts,
            holder: parts.random.token(),
            leads: false,
            written: Level::Unknown,
            told: Level::Online,
            thinned_at: None,
            failing: false,
        }
    }

    pub async fn run(mut self, mut entries: mpsc::Receiver<Entry>, stop: CancellationToken) {
        let mut renewal = Box::pin(self.parts.clock.sleep(Duration::ZERO));
        loop {
            let outcome = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = &mut renewal => {
                    renewal = Box::pin(self.parts.clock.sleep(RENEW_EVERY));
                    self.round().await
                }
                Some(entry) = entries.recv() => self.keep(entry).await,
            };
            self.note(&outcome);
        }
        if self.leads {
            let outcome = self.parts.store.release_health_lease(&self.holder).await;
            self.note(&outcome.map_err(Error::Keep));
        }
    }

    fn note(&mut self, outcome: &Result<(), Error>) {
        if let Err(error) = outcome
            && !self.failing
        {
            warn!(error = error as &dyn std::error::Error, "the history of the storage has a gap");
        }
        self.failing = outcome.is_err();
    }

    async fn round(&mut self) -> Result<(), Error> {
        let turn = Turn::begin(&self.parts.clock);
        let outcome = self.renew().await.inspect_err(|error| rounds::failed(error));
        turn.end(&self.parts.clock, RENEW_EVERY);
        outcome
    }

    async fn renew(&mut self) -> Result<(), Error> {
        let Parts { store, clock, .. } = self.parts;
        // Whoever cannot ask goes on as before.
        let leads = store.take_health_lease(&self.holder, clock.now(), LEASE).await?;
        if leads && !self.leads {
            info!("this process keeps the history of the storage");
            let last = store.list_health_transitions(None, 1).await?.pop();
            self.written = last.map_or(Level::Unknown, |last| last.after);
            self.told = public(self.written).unwrap_or(Level::Online);
        }
        self.leads = leads;
        if self.leads && self.thinned_at.is_none_or(|at| clock.uptime().saturating_sub(at) >= THIN_EVERY) {
            self.thin().await?;
        }
        Ok(())
    }

    async fn thin(&mut self) -> Result<(), Error> {
        let Parts { store, clock, .. } = self.parts;
        let now = clock.now();
        let mut done = true;
        for (grain, kept) in KEPT {
            let before = now.minus(kept).as_millis();
            // Whole hours, so that a coarse row is made once.
            let before = Timestamp::from_millis(before - before.rem_euclid(3_600_000));
            done &= store.thin_health_samples(grain, before, THIN_ROWS).await? < THIN_ROWS;
        }
        // What is left comes with the next renewal.
        self.thinned_at = done.then(|| clock.uptime());
        Ok(())
    }

    async fn keep(&mut self, mut entry: Entry) -> Result<(), Error> {
        if !self.leads {
            return Ok(());
        }
        let store = &self.parts.store;
        let changed = (entry.level != self.written).then_some(HealthTransition {
            number: 0,
            at: entry.at,
            before: self.written,
            after: entry.level,
            reason: entry.reason,
        });
        // It changed while nobody watched, or while another process did.
        let known = entry.facts.iter().any(|fact| matches!(fact, Fact::LevelChanged { .. }));
        if changed.is_some() && !known && self.written != Level::Unknown {
            let (before, after, reason) = (self.written, entry.level, entry.reason);
            entry.facts.insert(0, Fact::LevelChanged { before, after, reason });
        }
        for fact in std::mem::take(&mut entry.facts) {
            self.tell(Audience::Administrators, Line::Fact(fact)).await?;
        }
        for notice in std::mem::take(&mut entry.notices) {
            self.tell(Audience::Administrators, Line::Notice(notice)).await?;
        }
        self.tell_people(&entry).await?;
        if let Some(transition) = changed {
            store.add_health_transition(&transition).await?;
            self.written = entry.level;
        }
        store.add_health_sample(entry.at, &entry.tally).await?;
        Ok(())
    }

    /// Each turn that a person cares for, once.
    async fn tell_people(&mut self, entry: &Entry) -> Result<(), Error> {
        let Some(after) = public(entry.level).filter(|after| *after != self.told && !entry.quiet) else {
            return Ok(());
        };
        let notice = Notice::StorageChanged { before: self.told, after };
        self.tell(Audience::Everybody, Line::Notice(notice)).await?;
        self.told = after;
        Ok(())
    }

    async fn tell(&self, audience: Audience, line: Line) -> Result<(), Error> {
        self.parts.hub.tell(audience, line).await?;
        Ok(())
    }
}

/// The level as it matters to a person who works with the storage; `None` when it says nothing about that.
fn public(level: Level) -> Option<Level> {
    match level {
        Level::Online | Level::Attention => Some(Level::Online),
        Level::Planned | Level::Restarting | Level::Unreachable => Some(level),
        Level::Unknown | Level::KeyRefused => None,
    }
}

/// What administrators are to hear of alerts at once: those that want somebody, and the end of those that still did.
pub fn alert_notices(before: &Snapshot, after: &Snapshot, facts: &[Fact], silenced: &Silenced) -> Vec<Notice> {
    let wanted =
        |seen: &Snapshot, text: &str| seen.alerts.iter().any(|alert| alert.text == text && silenced.leaves_open(alert));
    let mut notices = Vec::new();
    for fact in facts {
        if let Fact::AlertRaised { level, text } = fact
            && wanted(after, text)
        {
            notices.push(Notice::AlertRaised { level: *level, text: text.clone() });
        } else if let Fact::AlertCleared { text } = fact
            && wanted(before, text)
        {
            notices.push(Notice::AlertCleared { text: text.clone() });
        }
    }
    notices
}
