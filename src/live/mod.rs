//! Fan-out of events inside the process.
//!
//! Must never know: HTML, sockets, languages, who is looking.
//!
//! Invariants: a line is kept before anybody hears of it, and all hear of lines in the order of their numbers; a change of
//! something shown whole carries no state, so losing or repeating one does no harm; nobody who tells waits for whoever hears.

mod error;
mod keeping;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{broadcast, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::domain::Timestamp;
use crate::domain::event::{Audience, Cursor, Line, Region, Told};
use crate::live::keeping::{Coming, Waiting};
use crate::runtime::{Clock, Poke, Random, Tally, Tasks, periodic, rounds};
use crate::store::{self, EventRecord, Store};

pub use error::Error;

/// What somebody who hears may lag behind; then it reads the present and the lines kept.
const LAG: usize = 4_096;
/// Whoever comes back within an hour of a busy day finds what was missed in memory.
const REMEMBERED: usize = 2_000;
/// Coming back after more lines than that is like coming anew.
const MOST_REPLAYED: u64 = 500;
/// As long as the notification centre shows them.
pub const KEPT: Duration = Duration::from_hours(30 * 24);
const TIDY_EVERY: Duration = Duration::from_hours(1);

/// Cheap to clone; all clones are one hub.
#[derive(Debug, Clone)]
pub struct Hub(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    clock: Clock,
    epoch: String,
    tasks: Tasks,
    /// Written by whoever tells, and by the task that keeps.
    waiting: Mutex<Waiting>,
    /// Written by the task that keeps.
    remembered: Mutex<Remembered>,
    heard: broadcast::Sender<Heard>,
    told: Tally<&'static str>,
}

#[derive(Debug)]
struct Remembered {
    last: u64,
    lines: VecDeque<Arc<Told>>,
}

#[derive(Debug, Clone)]
pub enum Heard {
    /// Shown whole: read the present.
    Changed(Region),
    Told(Arc<Told>),
    /// Too much came at once: read the present of everything, and the lines since the last cursor.
    Missed,
}

/// Hears everything from the moment it is made.
#[derive(Debug)]
pub struct Subscription(broadcast::Receiver<Heard>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// All since the cursor, the oldest first; none is missing.
    Lines(Vec<Arc<Told>>),
    /// The cursor is of another epoch, or too old: only the present can be shown.
    Gap,
}

impl Hub {
    pub async fn open(store: Store, clock: Clock, random: &Random, tasks: &Tasks) -> Result<Self, store::Error> {
        let begun = store.begin_events(&random.token()).await?;
        let last = u64::try_from(begun.seq).unwrap_or_default();
        let remembered = Mutex::new(Remembered { last, lines: VecDeque::new() });
        let (heard, _) = broadcast::channel(LAG);
        Ok(Self(Arc::new(Inner {
            store,
            clock,
            epoch: begun.epoch,
            tasks: tasks.clone(),
            waiting: Mutex::default(),
            remembered,
            heard,
            told: Tally::default(),
        })))
    }

    /// How far the lines have come. Read it before the present that it belongs to.
    pub fn cursor(&self) -> Cursor {
        Cursor { epoch: self.0.epoch.clone(), seq: self.remembered().last }
    }

    pub fn subscribe(&self) -> Subscription {
        Subscription(self.0.heard.subscribe())
    }

    /// Something that is shown whole is not as it was.
    pub fn changed(&self, region: Region) {
        // Nobody looks: nobody needs to hear.
        let _ = self.0.heard.send(Heard::Changed(region));
    }

    /// Keeps the line, then tells it.
    pub async fn tell(&self, audience: Audience, line: Line) -> Result<Arc<Told>, Error> {
        self.tell_keyed(Vec::new(), audience, line).await?.ok_or(Error::CutOff)
    }

    /// Keeps and tells the line unless the first key was taken before, even by an earlier process; all keys are kept with it.
    pub async fn tell_once(&self, keys: &[String], audience: Audience, line: Line) -> Result<Option<Arc<Told>>, Error> {
        self.tell_keyed(keys.to_vec(), audience, line).await
    }

    async fn tell_keyed(&self, keys: Vec<String>, audience: Audience, line: Line) -> keeping::Answer {
        let texts = (text(&audience)?, text(&line)?);
        let (answer, answered) = oneshot::channel();
        let idle = self.waiting().add(Coming { audience, line, texts, keys, answer });
        if idle {
            self.0.tasks.run("keep lines", self.clone().keep_waiting());
        }
        answered.await.unwrap_or(Err(Error::CutOff))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Only by the one task that keeps, in the order of numbers.
    fn remember(&self, told: Told) -> Arc<Told> {
        let told = Arc::new(told);
        let mut remembered = self.remembered();
        if told.seq != remembered.last + 1 {
            // Another process told something in between, which only the database knows.
            remembered.lines.clear();
        }
        remembered.last = told.seq;
        remembered.lines.push_back(told.clone());
        if remembered.lines.len() > REMEMBERED {
            remembered.lines.pop_front();
        }
        self.0.told.count(match told.line {
            Line::Notice(_) => "notice",
            Line::Fact(_) => "fact",
        });
        let _ = self.0.heard.send(Heard::Told(told.clone()));
        told
    }

    /// How many lines were told since the start, by kind.
    pub fn told(&self) -> Tally<&'static str> {
        self.0.told.clone()
    }

    /// What came after the cursor, whoever it is for.
    pub async fn since(&self, cursor: &Cursor) -> Result<Replay, Error> {
        let last = self.remembered().last;
        if cursor.epoch != self.0.epoch || cursor.seq > last || last - cursor.seq > MOST_REPLAYED {
            return Ok(Replay::Gap);
        }
        if let Some(lines) = self.remembered().after(cursor.seq) {
            return Ok(Replay::Lines(lines));
        }
        let after = i64::try_from(cursor.seq).unwrap_or(i64::MAX);
        let kept = self.0.store.list_events_after(after, MOST_REPLAYED + 1).await.map_err(Error::Read)?;
        let whole = kept.first().is_some_and(|first| first.seq == after.saturating_add(1));
        if !whole || kept.len() > usize::try_from(MOST_REPLAYED).unwrap_or(usize::MAX) {
            return Ok(Replay::Gap);
        }
        Ok(Replay::Lines(kept.into_iter().filter_map(told).map(Arc::new).collect()))
    }

    /// The newest first, from before number `before` or from the end.
    pub async fn list_before(&self, before: Option<u64>, limit: u64) -> Result<Vec<Arc<Told>>, Error> {
        if let Some(lines) = self.remembered().before(before, limit) {
            return Ok(lines);
        }
        let before = before.map(|seq| i64::try_from(seq).unwrap_or(i64::MAX));
        let kept = self.0.store.list_events_before(before, limit).await.map_err(Error::Read)?;
        Ok(kept.into_iter().filter_map(told).map(Arc::new).collect())
    }

    /// Lets go of lines nobody is shown any more, until the stop.
    pub async fn run(self, stop: CancellationToken) {
        periodic::every(TIDY_EVERY, &self.0.clock, &Poke::default(), stop, || self.let_go()).await;
    }

    async fn let_go(&self) {
        let oldest = self.0.clock.now().minus(KEPT);
        self.remembered().forget_before(oldest);
        if let Err(error) = self.0.store.remove_events_before(oldest).await {
            rounds::failed(&error);
            warn!(error = &error as &dyn std::error::Error, "old lines could not be let go");
        }
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.0.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Remembered {
    /// `None`: some of them are no longer in memory.
    fn after(&self, seq: u64) -> Option<Vec<Arc<Told>>> {
        if seq == self.last {
            return Some(Vec::new());
        }
        let first = self.lines.front()?.seq;
        (first <= seq + 1).then(|| self.lines.iter().filter(|told| told.seq > seq).cloned().collect())
    }

    fn forget_before(&mut self, oldest: Timestamp) {
        let kept = self.lines.iter().position(|told| told.at >= oldest).unwrap_or(self.lines.len());
        self.lines.drain(..kept);
    }

    /// As many as asked for, the newest first. `None`: some of them are no longer in memory, or there are fewer.
    fn before(&self, seq: Option<u64>, limit: u64) -> Option<Vec<Arc<Told>>> {
        let limit = usize::try_from(limit).ok()?;
        let end = seq.map_or(self.lines.len(), |seq| self.lines.partition_point(|told| told.seq < seq));
        let wanted = end.checked_sub(limit)?..end;
        Some(self.lines.range(wanted).rev().cloned().collect())
    }
}

impl Subscription {
    /// `None`: the hub is gone.
    pub async fn next(&mut self) -> Option<Heard> {
        match self.0.recv().await {
            Ok(heard) => Some(heard),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Heard::Missed),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

fn text(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::Write)
}

/// `None`, and a word in the log: a newer or a damaged one, which is no reason to keep all others from people.
fn told(record: EventRecord) -> Option<Told> {
    let EventRecord { seq, at, audience, line } = record;
    match (serde_json::from_str(&audience), serde_json::from_str(&line)) {
        (Ok(audience), Ok(line)) => Some(Told { seq: u64::try_from(seq).unwrap_or_default(), at, audience, line }),
        (Err(error), _) | (_, Err(error)) => {
            warn!(seq, error = &error as &dyn std::error::Error, "a kept line means nothing to this program");
            None
        }
    }
}

#[cfg(test)]
mod tests;
