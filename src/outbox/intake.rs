//! From lines to messages that wait.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crate::domain::Timestamp;
use crate::domain::event::{Cursor, Told};
use crate::live::{Heard, Replay, Subscription};
use crate::outbox::message::{Level, Message, message};
use crate::outbox::{CURSOR, Error, Exit, Inner, Outbox, REST, words};
use crate::runtime::{Poke, periodic, rounds};
use crate::store::{MessageDraft, MessageRecord};

/// What happens in the same moment is told in one message.
const GATHER: Duration = Duration::from_secs(3);
/// Older news are in the notification centre, and nobody needs them by mail.
pub const OLDEST: Duration = Duration::from_hours(24);
/// More than that waiting for one channel helps nobody.
const MOST_WAITING: u64 = 200;
/// As many lines as are read at once when we were away for long.
const PAGE: u64 = 200;
/// How long administrators see what became of a message.
const KEPT: Duration = Duration::from_hours(30 * 24);
const TIDY_EVERY: Duration = Duration::from_hours(1);

impl Outbox {
    /// Until the stop.
    pub(super) async fn take_in_all(&self, stop: &CancellationToken) {
        let Inner { hub, clock, .. } = &*self.0;
        // Before reading what was told: nothing falls in between.
        let mut subscription = hub.subscribe();
        let heard = async {
            loop {
                if let Err(error) = self.take_in().await {
                    error!(error = &error as &dyn std::error::Error, "messages could not be made of what was told");
                    clock.sleep(REST).await;
                    continue;
                }
                next_line(&mut subscription).await;
            }
        };
        let nobody = Poke::default();
        let tidied = periodic::every(TIDY_EVERY, clock, &nobody, stop.clone(), || self.tidy());
        tokio::select! {
            () = stop.cancelled() => {}
            () = heard => {}
            () = rounds::under("tidy messages", tidied) => {}
        }
    }

    /// Makes messages of all that was told since the last time.
    async fn take_in(&self) -> Result<(), Error> {
        let Inner { store, hub, clock, exits, poke, .. } = &*self.0;
        let kept = store.find_setting(CURSOR).await.map_err(Error::Read)?;
        let kept = kept.and_then(|setting| Cursor::parse(&setting.value));
        let (lines, cursor) = match &kept {
            Some(cursor) => self.lines_after(cursor).await?,
            // The first start: what was before is no news.
            None => (Vec::new(), hub.cursor()),
        };
        if kept.as_ref() == Some(&cursor) {
            return Ok(());
        }
        let now = clock.now();
        let (lines, old): (Vec<_>, Vec<_>) = lines.into_iter().partition(|told| now.since(told.at) < OLDEST);
        if !old.is_empty() {
            warn!(lines = old.len(), "too old to be sent: dropped");
        }
        let mut drafts = Vec::new();
        for exit in exits {
            for message in self.gathered(exit, &cursor, &lines) {
                drafts.push(self.draft(message).await?);
            }
        }
        store.put_messages(&drafts, (CURSOR, &cursor.to_string()), now).await.map_err(Error::Keep)?;
        if drafts.is_empty() {
            return Ok(());
        }
        for exit in exits {
            self.drop_beyond(exit, now).await?;
        }
        poke.now();
        self.changed();
        Ok(())
    }

    /// What was told since the cursor, and where that ends.
    async fn lines_after(&self, cursor: &Cursor) -> Result<(Vec<Arc<Told>>, Cursor), Error> {
        let hub = &self.0.hub;
        let end = hub.cursor();
        let lines = match hub.since(cursor).await.map_err(Error::Lines)? {
            Replay::Lines(lines) => lines,
            Replay::Gap if end.epoch != cursor.epoch => {
                warn!("the lines were begun anew: what was told before is not sent");
                Vec::new()
            }
            Replay::Gap => self.many_lines_after(cursor.seq).await?,
        };
        let last = lines.last().map_or(end.seq, |told| told.seq);
        Ok((lines, Cursor { seq: last, ..end }))
    }

    /// As far back as anybody is told of by a message.
    async fn many_lines_after(&self, seq: u64) -> Result<Vec<Arc<Told>>, Error> {
        let Inner { hub, clock, .. } = &*self.0;
        let now = clock.now();
        let mut lines: Vec<Arc<Told>> = Vec::new();
        loop {
            let before = lines.last().map(|told| told.seq);
            let page = hub.list_before(before, PAGE).await.map_err(Error::Lines)?;
            let fresh = page.into_iter().filter(|told| told.seq > seq && now.since(told.at) < OLDEST);
            let known = lines.len();
            lines.extend(fresh);
            // A page that holds an older one, or is not full, is the last.
            if lines.len() - known < usize::try_from(PAGE).unwrap_or(usize::MAX) {
                lines.reverse();
                return Ok(lines);
            }
        }
    }

    /// What one channel says of the lines: one message for each event and level.
    fn gathered(&self, exit: &Exit, cursor: &Cursor, lines: &[Arc<Told>]) -> Vec<MessageRecord> {
        let (name, now) = (exit.kind.as_str(), self.0.clock.now());
        let mut gathered: Vec<MessageRecord> = Vec::new();
        for told in lines {
            let Some(message) = message(name, &exit.rule, told, &self.0.zone) else { continue };
            let same = |record: &&mut MessageRecord| {
                record.event == message.event.as_str() && record.level == message.level.as_str()
            };
            if let Some(record) = gathered.iter_mut().find(same) {
                join(record, &message.text, 1);
                continue;
            }
            let due_at = exit.rule.pause(message.level, now, &self.0.zone).unwrap_or(now.plus(GATHER));
            let id = format!("{name}-{}", Cursor { seq: told.seq, ..cursor.clone() });
            gathered.push(record(id, name, message, (now, due_at)));
        }
        gathered
    }

    /// One of the same kind that was not tried yet takes this one in.
    async fn draft(&self, message: MessageRecord) -> Result<MessageDraft, Error> {
        let waiting = self.0.store.find_untried_message(&message.channel, &message.event, &message.level).await;
        let joined = waiting.map_err(Error::Read)?.map(|mut waiting| {
            join(&mut waiting, &message.text, message.count);
            waiting
        });
        Ok(MessageDraft { message, joined })
    }

    async fn drop_beyond(&self, exit: &Exit, now: Timestamp) -> Result<(), Error> {
        let channel = exit.kind.as_str();
        let dropped = self.0.store.drop_messages_beyond(channel, MOST_WAITING, now).await.map_err(Error::Keep)?;
        if dropped > 0 {
            exit.counters.dropped(dropped);
            warn!(channel, dropped, "too many messages waited: the oldest were dropped");
        }
        Ok(())
    }

    async fn tidy(&self) {
        let Inner { store, clock, .. } = &*self.0;
        if let Err(error) = store.remove_messages_before(clock.now().minus(KEPT)).await {
            rounds::failed(&error);
            warn!(error = &error as &dyn std::error::Error, "old messages could not be let go");
        }
    }
}

async fn next_line(subscription: &mut Subscription) {
    while let Some(Heard::Changed(_)) = subscription.next().await {}
}

fn record(id: String, channel: &str, message: Message, (created_at, due_at): (Timestamp, Timestamp)) -> MessageRecord {
    MessageRecord {
        id,
        channel: channel.to_owned(),
        event: message.event.as_str().to_owned(),
        level: message.level.as_str().to_owned(),
        subject: message.subject,
        text: message.text,
        count: 1,
        created_at,
        due_at,
        next_at: due_at,
        attempts: 0,
    }
}

fn join(record: &mut MessageRecord, text: &str, count: i64) {
    record.text = text.lines().fold(std::mem::take(&mut record.text), |all, line| words::with_line(&all, line));
    record.count += count;
}

impl crate::outbox::Rule {
    /// Until when a message of this level waits; `None`: it may go.
    pub(super) fn pause(&self, level: Level, now: Timestamp, zone: &jiff::tz::TimeZone) -> Option<Timestamp> {
        let passes = level == Level::Trouble && self.trouble_anytime;
        self.quiet.filter(|_| !passes)?.end(now, zone)
    }
}
