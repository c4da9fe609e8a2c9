//! From messages that wait to messages handed over, one channel at a time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::{debug, error, warn};

use crate::domain::Timestamp;
use crate::domain::event::{Audience, Line};
use crate::domain::notice::Notice;
use crate::outbox::intake::OLDEST;
use crate::outbox::message::Level;
use crate::outbox::way::Parcel;
use crate::outbox::{Error, Exit, Failure, Inner, Outbox, REST, words};
use crate::runtime::Backoff;
use crate::runtime::rounds::{self, Turn};
use crate::store::{MessageRecord, MessageState};

/// The first pause after a failure, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(30), Duration::from_hours(1));
/// Nothing waits, or the clock was set: look again after that.
const IDLE: Duration = Duration::from_mins(1);

/// What became of messages since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub delivered: u64,
    /// Tries that came to nothing.
    pub failed: u64,
    pub given_up: u64,
    /// Because too many waited.
    pub dropped: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    delivered: AtomicU64,
    failed: AtomicU64,
    given_up: AtomicU64,
    dropped: AtomicU64,
}

impl Counters {
    pub(super) fn now(&self) -> Counts {
        let Self { delivered, failed, given_up, dropped } = self;
        let [delivered, failed, given_up, dropped] =
            [delivered, failed, given_up, dropped].map(|counter| counter.load(Ordering::Relaxed));
        Counts { delivered, failed, given_up, dropped }
    }

    pub(super) fn dropped(&self, count: u64) {
        self.dropped.fetch_add(count, Ordering::Relaxed);
    }
}

impl Outbox {
    /// Until the stop. A message under way then is sent again after the next start.
    pub(super) async fn hand_over_all(&self, exit: &Exit, stop: &CancellationToken) {
        let mut poked = self.0.poke.listen();
        loop {
            poked.mark_unchanged();
            let turn = Turn::begin(&self.0.clock);
            let handed = tokio::select! {
                () = stop.cancelled() => return,
                handed = self.hand_over_due(exit) => handed,
            };
            let pause = handed.unwrap_or_else(|error| {
                rounds::failed(&error);
                error!(error = &error as &dyn std::error::Error, "the messages that wait could not be handed over");
                REST
            });
            turn.end(&self.0.clock, pause);
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.0.clock.sleep(pause) => {}
                _ = poked.changed() => {}
            }
        }
    }

    /// All whose turn has come; gives how long there is nothing to do.
    async fn hand_over_due(&self, exit: &Exit) -> Result<Duration, Error> {
        let Inner { store, clock, zone, .. } = &*self.0;
        loop {
            let Some(next) = store.find_next_message(exit.kind.as_str()).await.map_err(Error::Read)? else {
                return Ok(IDLE);
            };
            let now = clock.now();
            if next.next_at > now {
                return Ok(next.next_at.since(now).min(IDLE));
            }
            // A level of another version is one that matters.
            let level = Level::parse(&next.level).unwrap_or(Level::Trouble);
            if now.since(next.due_at) > OLDEST {
                self.give_up(exit, &next, now).await?;
            } else if let Some(end) = exit.rule.pause(level, now, zone) {
                store.postpone_message(&next.id, end).await.map_err(Error::Keep)?;
            } else {
                self.hand_over(exit, &next, level).await?;
            }
        }
    }

    async fn hand_over(&self, exit: &Exit, next: &MessageRecord, level: Level) -> Result<(), Error> {
        let Inner { store, clock, random, .. } = &*self.0;
        let (first, longest) = PAUSES;
        let pause = Backoff::delay(first, longest, u32::try_from(next.attempts).unwrap_or(u32::MAX), random);
        let taken = store.take_message(&next.id, clock.now().plus(pause)).await.map_err(Error::Keep)?;
        let Some(message) = taken else { return Ok(()) };
        let parcel = Parcel {
            id: &message.id,
            event: &message.event,
            level,
            subject: &words::subject_of_many(exit.rule.language, &message.subject, message.count),
            text: &message.text,
            count: message.count,
            created_at: message.created_at,
            sent_at: clock.now(),
        };
        let (channel, attempts) = (exit.kind.as_str(), message.attempts);
        match exit.way.hand_over(&parcel, clock).await {
            Ok(()) => {
                store.end_message(&message.id, MessageState::Delivered, clock.now()).await.map_err(Error::Keep)?;
                exit.counters.delivered.fetch_add(1, Ordering::Relaxed);
                debug!(channel, attempts, message.id, "a message was handed over");
            }
            Err(failure) => self.failed(exit, &message, failure).await?,
        }
        self.changed();
        Ok(())
    }

    async fn failed(&self, exit: &Exit, message: &MessageRecord, failure: Failure) -> Result<(), Error> {
        let Inner { store, clock, .. } = &*self.0;
        let (channel, attempts) = (exit.kind.as_str(), message.attempts);
        exit.counters.failed.fetch_add(1, Ordering::Relaxed);
        warn!(channel, attempts, message.id, %failure, "a message could not be handed over");
        store.fail_message(&message.id, &failure.to_string(), clock.now()).await.map_err(Error::Keep)
    }

    /// Administrators hear of it once, until something is delivered again.
    async fn give_up(&self, exit: &Exit, message: &MessageRecord, now: Timestamp) -> Result<(), Error> {
        let Inner { store, hub, .. } = &*self.0;
        let channel = exit.kind.as_str();
        let record = store.find_channel(channel).await.map_err(Error::Read)?;
        if record.given_up_at.is_none() || record.given_up_at < record.delivered_at {
            let notice = Notice::MessageUndelivered { channel: channel.to_owned() };
            hub.tell(Audience::Administrators, Line::Notice(notice)).await.map_err(Error::Lines)?;
        }
        store.end_message(&message.id, MessageState::GivenUp, now).await.map_err(Error::Keep)?;
        exit.counters.given_up.fetch_add(1, Ordering::Relaxed);
        warn!(channel, attempts = message.attempts, message.id, "a message was given up");
        self.changed();
        Ok(())
    }
}
