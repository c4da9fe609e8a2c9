//! Lines on their way into the database: whoever comes while one write is under way goes along with the next.

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::domain::Timestamp;
use crate::domain::event::{Audience, Line, Told};
use crate::live::{Error, Hub};
use crate::store;

/// What one write takes along: enough for a burst, little enough to be quick.
const TOGETHER: usize = 64;

/// Lines that wait, and whether a task is at work on them.
#[derive(Debug, Default)]
pub struct Waiting {
    lines: Vec<Coming>,
    kept_by_task: bool,
}

/// A line somebody wants told.
#[derive(Debug)]
pub struct Coming {
    pub audience: Audience,
    pub line: Line,
    /// The two of them as they are kept.
    pub texts: (String, String),
    /// Not told when the first of them was taken before. Empty: told in any case.
    pub keys: Vec<String>,
    pub answer: oneshot::Sender<Answer>,
}

/// `None`: it was told before.
pub type Answer = Result<Option<Arc<Told>>, Error>;

impl Waiting {
    /// Says whether somebody has to begin the work.
    pub fn add(&mut self, coming: Coming) -> bool {
        self.lines.push(coming);
        !std::mem::replace(&mut self.kept_by_task, true)
    }

    /// The next to be written together; `None`, and the work is over, when nobody waits.
    fn take(&mut self) -> Option<Vec<Coming>> {
        let Some(first) = self.lines.first() else {
            self.kept_by_task = false;
            return None;
        };
        // A line with keys decides in a transaction of its own.
        let together = self.lines.iter().take(TOGETHER).take_while(|coming| coming.keys.is_empty()).count();
        let count = if first.keys.is_empty() { together } else { 1 };
        Some(self.lines.drain(..count).collect())
    }
}

impl Hub {
    /// Keeps and tells until nobody waits. It is a task of its own, so that nobody who gives up waiting takes along what
    /// was written already.
    pub(super) async fn keep_waiting(self) {
        let mut work = Work { hub: self.clone(), done: false };
        loop {
            let Some(mut batch) = self.waiting().take() else {
                work.done = true;
                return;
            };
            // Who gave up before anything was written wants nothing told.
            batch.retain(|coming| !coming.answer.is_closed());
            let at = self.0.clock.now();
            match self.keep(at, &batch).await {
                Ok(last) => self.told_together(at, batch, last),
                Err(error) if batch.len() == 1 => answer(batch, &error),
                // One of them may be at fault, which is no reason for the others to be lost.
                Err(_) => {
                    for coming in batch {
                        let alone = [coming];
                        let kept = self.keep(at, &alone).await;
                        match kept {
                            Ok(last) => self.told_together(at, alone, last),
                            Err(error) => answer(alone, &error),
                        }
                    }
                }
            }
        }
    }

    /// Gives the number of the last one. `None`: it was told before.
    async fn keep(&self, at: Timestamp, batch: &[Coming]) -> Result<Option<i64>, Arc<store::Error>> {
        let texts: Vec<(String, String)> = batch.iter().map(|coming| coming.texts.clone()).collect();
        let kept = match batch {
            [] => return Ok(None),
            [one] if !one.keys.is_empty() => self.0.store.add_event_once(at, &one.keys, &one.texts).await,
            _ => self.0.store.add_events(at, &texts).await.map(Some),
        };
        kept.map_err(Arc::new)
    }

    /// As of the moment it is kept with, so that a replay is word for word what was told.
    fn told_together(
        &self,
        at: Timestamp,
        batch: impl IntoIterator<Item = Coming, IntoIter: ExactSizeIterator>,
        last: Option<i64>,
    ) {
        let batch = batch.into_iter();
        let count = i64::try_from(batch.len()).unwrap_or_default();
        for (place, Coming { audience, line, answer, .. }) in (1..).zip(batch) {
            let told = last.map(|last| {
                let seq = u64::try_from(last - count + place).unwrap_or_default();
                self.remember(Told { seq, at, audience, line })
            });
            // Who waited for it may have given up meanwhile; it is told all the same.
            let _ = answer.send(Ok(told));
        }
    }
}

/// The task at work. Should it break, those who wait hear so, and the next line begins the work anew.
struct Work {
    hub: Hub,
    done: bool,
}

impl Drop for Work {
    fn drop(&mut self) {
        if !self.done {
            *self.hub.waiting() = Waiting::default();
        }
    }
}

fn answer(batch: impl IntoIterator<Item = Coming>, error: &Arc<store::Error>) {
    for coming in batch {
        let _ = coming.answer.send(Err(Error::Keep(error.clone())));
    }
}
