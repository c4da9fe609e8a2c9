//! When to look, and passing on what was seen.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tracing::{info, warn};

use crate::domain::event::{Panel, Region};
use crate::domain::health::{Fact, Snapshot, compare};
use crate::domain::nas::Change;
use crate::health::look::{Depth, Look, look};
use crate::health::memory::{CONFIRM_AFTER, Memory, Moment, Picture};
use crate::health::records::{Entry, alert_notices};
use crate::health::{Parts, Settings};
use crate::runtime::Backoff;
use crate::runtime::rounds::Turn;
use crate::truenas::{Changes, Error};

/// While it is away we look ever more rarely, and yet see it come back soon.
const FIRST_DELAY: Duration = Duration::from_secs(2);
const LONGEST_DELAY: Duration = Duration::from_secs(15);
/// What the second look is given when the first found trouble.
const CONFIRM_LIMIT: Duration = Duration::from_secs(3);
/// The longest that looking itself takes, timeouts and all: time beyond a period and this was not watched.
const LONGEST_LOOK: Duration = Duration::from_mins(1);
/// Ages count in the browser; this often is soon enough to show that somebody still looks.
const RENEW_EVERY: Duration = Duration::from_secs(30);

pub struct Watcher<'a> {
    settings: &'a Settings,
    parts: &'a Parts,
    latest: &'a watch::Sender<Snapshot>,
    entries: mpsc::Sender<Entry>,
    poke: Notify,
    /// Locked while a picture is made, so that pictures follow one another.
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    memory: Memory,
    /// The link is another one than when the NAS was last asked what it is.
    new_link: bool,
    renewed_at: Option<Duration>,
    /// Said once.
    overfull: bool,
}

impl<'a> Watcher<'a> {
    pub fn new(
        settings: &'a Settings,
        parts: &'a Parts,
        latest: &'a watch::Sender<Snapshot>,
        entries: mpsc::Sender<Entry>,
    ) -> Self {
        let memory = Memory::new(settings.period * 2 + LONGEST_LOOK);
        let state = State { memory, new_link: true, renewed_at: None, overfull: false };
        Self { settings, parts, latest, entries, poke: Notify::new(), state: Mutex::new(state) }
    }

    pub async fn run(&self) {
        let changes = self.parts.client.changes();
        tokio::join!(self.looking(), self.listening(changes), self.planning());
    }

    async fn looking(&self) {
        let mut backoff = Backoff::new(FIRST_DELAY, LONGEST_DELAY, self.parts.random.clone());
        let mut knock = false;
        loop {
            let turn = Turn::begin(&self.parts.clock);
            self.round(knock).await;
            let delay = if self.latest.borrow().level.is_up() {
                backoff.reset();
                knock = !knock;
                self.settings.period / 2
            } else {
                knock = false;
                backoff.next_delay()
            };
            turn.end(&self.parts.clock, delay);
            tokio::select! {
                () = self.parts.clock.sleep(delay) => {
                    if !self.latest.borrow().level.is_up() {
                        self.parts.client.try_again().await;
                    }
                }
                // Whatever was asked for until now, the next look answers.
                () = self.poke.notified() => knock = false,
            }
        }
    }

    async fn round(&self, knock: bool) {
        let was_up = self.latest.borrow().level.is_up();
        let mut found = self.look(if knock { Depth::Knock } else { self.depth() }).await;
        if was_up && !found.is_certain() {
            found = self.confirm().await;
        } else if knock && found.level.is_up() {
            return;
        } else if knock {
            found = self.look(self.depth()).await;
        }
        self.take(found);
    }

    /// One lost answer is no trouble: the second look, on a link tried anew, says what it was.
    async fn confirm(&self) -> Look {
        let Parts { client, clock, .. } = self.parts;
        clock.sleep(CONFIRM_AFTER).await;
        let asked_at = clock.uptime();
        let again = async {
            client.try_again().await;
            self.look(self.depth()).await
        };
        let silent = |_| Look::failed(asked_at, &Error::TimedOut(CONFIRM_LIMIT));
        clock.timeout(CONFIRM_LIMIT, again).await.unwrap_or_else(silent)
    }

    fn depth(&self) -> Depth {
        if self.state().new_link { Depth::Anew } else { Depth::Whole }
    }

    async fn look(&self, depth: Depth) -> Look {
        look(self.parts, depth).await
    }

    /// A round reads the state, the alerts and the pools. A directory being synchronised tells thousands of other changes.
    async fn listening(&self, mut changes: Changes) {
        while let Some(change) = changes.next().await {
            match change {
                Change::Shares | Change::People | Change::Directory | Change::Services | Change::RebootRequired => {
                    continue;
                }
                Change::Rebooting { reason } => self.announce(true, &reason.unwrap_or_default()),
                Change::ShuttingDown { reason } => self.announce(false, &reason.unwrap_or_default()),
                Change::Connected => {
                    let mut state = self.state();
                    state.memory.linked();
                    state.new_link = true;
                }
                Change::Disconnected
                | Change::Unclear
                | Change::Alerts
                | Change::Pools
                | Change::Failover
                | Change::Ready => {}
            }
            self.poke.notify_one();
        }
    }

    /// A window begins or ends: what is seen is the same, what it means is not.
    async fn planning(&self) {
        let mut planned = self.parts.planned.clone();
        while planned.changed().await.is_ok() {
            let mut state = self.state();
            if self.latest.borrow().checked_at.is_some() {
                let seen = self.latest.borrow().clone();
                self.show(&mut state, seen);
            }
        }
    }

    fn announce(&self, restarts: bool, words: &str) {
        let mut state = self.state();
        let before = self.latest.borrow().clone();
        let seen = state.memory.announce(&before, restarts, words, self.now());
        self.show(&mut state, seen);
    }

    fn take(&self, found: Look) {
        let mut state = self.state();
        let before = self.latest.borrow().clone();
        let told_start = found.start.is_some();
        let Some(seen) = state.memory.take(&before, found, self.now()) else { return };
        state.new_link &= !told_start;
        self.show(&mut state, seen);
    }

    fn show(&self, state: &mut State, seen: Snapshot) {
        let now = self.now();
        let before = self.latest.borrow().clone();
        let planned = *self.parts.planned.borrow();
        let Picture { snapshot, tally, jumped, unsteady } = state.memory.place(&before, seen, planned, now);
        if snapshot.level != before.level {
            info!(before = %before.level, after = %snapshot.level, reason = snapshot.reason.as_str(), "the state of the NAS changed");
        }
        let mut facts = compare(&before, &snapshot);
        facts.extend(jumped.map(|by_ms| Fact::ClockJumped { by_s: by_ms / 1_000 }));
        let entry = Entry {
            at: now.at,
            level: snapshot.level,
            reason: snapshot.reason,
            tally,
            notices: alert_notices(&before, &snapshot, &facts, &self.parts.silenced),
            facts,
            quiet: unsteady,
        };
        self.latest.send_replace(snapshot.clone());
        self.tell_changes(state, &before, &snapshot, now.uptime);
        let kept = self.entries.try_send(entry).is_ok();
        if !kept && !state.overfull {
            warn!("the history of the storage cannot be written fast enough: some of it is lost");
        }
        state.overfull = !kept;
    }

    /// Whoever shows a part of it reads it anew.
    fn tell_changes(&self, state: &mut State, before: &Snapshot, after: &Snapshot, now: Duration) {
        let hub = &self.parts.hub;
        let turned = (before.level, before.planned) != (after.level, after.planned);
        let renewed = state.renewed_at.is_some_and(|at| now.saturating_sub(at) < RENEW_EVERY);
        if turned || !renewed {
            state.renewed_at = Some(now);
            hub.changed(Region::Storage);
        }
        if turned || before.reason != after.reason {
            hub.changed(Region::Banner);
            hub.changed(Region::Status);
        }
        hub.changed(Region::Room(Panel::Figures));
        hub.changed(Region::Room(Panel::Latency));
        if before.pools != after.pools {
            hub.changed(Region::Room(Panel::Pools));
        }
        if before.alerts != after.alerts {
            hub.changed(Region::Room(Panel::Alerts));
        }
    }

    fn now(&self) -> Moment {
        Moment { at: self.parts.clock.now(), uptime: self.parts.clock.uptime() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
