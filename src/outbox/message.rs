//! What is worth telling outside the page, and in which words.

use jiff::tz::TimeZone;

use crate::domain::Timestamp;
use crate::domain::event::{Audience, Line, Told};
use crate::domain::health::{self, Fact};
use crate::domain::language::Language;
use crate::domain::nas::AlertLevel;
use crate::domain::notice::Notice;
use crate::outbox::settings::Rule;
use crate::outbox::words::{self, Sentence};

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Info,
    Attention,
    Trouble,
}

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// The state of the NAS, and of its pools.
    Storage,
    Alerts,
    /// Whether the NAS accepts our service key.
    Key,
    Maintenance,
    Incidents,
    /// Messages that another channel could not hand over.
    Messages,
}

/// One line as one channel tells it. Neither subject nor text holds control characters but the line breaks of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub event: Event,
    pub level: Level,
    pub subject: String,
    pub text: String,
}

impl Level {
    pub const ALL: [Self; 3] = [Self::Info, Self::Attention, Self::Trouble];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Attention => "attention",
            Self::Trouble => "trouble",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

impl Event {
    pub const ALL: [Self; 6] =
        [Self::Storage, Self::Alerts, Self::Key, Self::Maintenance, Self::Incidents, Self::Messages];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Storage => "storage",
            Self::Alerts => "alerts",
            Self::Key => "key",
            Self::Maintenance => "maintenance",
            Self::Incidents => "incidents",
            Self::Messages => "messages",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == word)
    }
}

/// What `channel` says of a line under its rule; `None`: nothing.
pub fn message(channel: &str, rule: &Rule, told: &Told, zone: &TimeZone) -> Option<Message> {
    // Its own failures would never end.
    if matches!(&told.line, Line::Notice(Notice::MessageUndelivered { channel: failed }) if failed == channel) {
        return None;
    }
    let (event, level, sentence) = meaning(&told.line)?;
    let wanted = level >= rule.least && (rule.events.is_empty() || rule.events.contains(&event));
    let for_all = told.audience == Audience::Everybody;
    let place = words::Place { language: rule.language, zone, at: told.at, for_all };
    wanted.then(|| words::message(event, level, &sentence, &place))
}

/// The test of an administrator.
pub fn test(language: Language, zone: &TimeZone, at: Timestamp) -> Message {
    words::message(Event::Messages, Level::Info, &Sentence::Test, &words::Place { language, zone, at, for_all: true })
}

/// People and the health feed are told of the same things; what people are told is what goes out, but for the pools.
fn meaning(line: &Line) -> Option<(Event, Level, Sentence<'_>)> {
    match line {
        Line::Notice(notice) => of_notice(notice),
        Line::Fact(Fact::PoolChanged { name, after, healthy, .. }) => {
            let level = if *healthy { Level::Attention } else { Level::Trouble };
            Some((Event::Storage, level, Sentence::Pool { name, state: after, healthy: *healthy }))
        }
        Line::Fact(_) => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what nobody thought of as a message for outside stays inside")]
fn of_notice(notice: &Notice) -> Option<(Event, Level, Sentence<'_>)> {
    let maintenance = |sentence| Some((Event::Maintenance, Level::Info, sentence));
    match notice {
        Notice::StorageChanged { before, after } => of_storage(*before, *after),
        Notice::AlertRaised { level, text } => Some((Event::Alerts, of_alert(*level), Sentence::Alert(text))),
        Notice::AlertCleared { text } => Some((Event::Alerts, Level::Info, Sentence::AlertOver(text))),
        Notice::KeyRefused => Some((Event::Key, Level::Trouble, Sentence::KeyRefused)),
        Notice::KeyAccepted => Some((Event::Key, Level::Trouble, Sentence::KeyAccepted)),
        Notice::MaintenanceAhead { window, minutes } => maintenance(Sentence::Ahead(window, *minutes)),
        Notice::MaintenanceBegan(planned) => maintenance(Sentence::Began(planned)),
        Notice::MaintenanceEnded(planned) => maintenance(Sentence::Ended(planned)),
        Notice::MaintenanceMoved(planned) => maintenance(Sentence::Moved(planned)),
        Notice::MaintenanceCalledOff(planned) => maintenance(Sentence::CalledOff(planned)),
        Notice::IncidentUpdated { title, text, resolved, .. } => {
            Some((Event::Incidents, Level::Attention, Sentence::Incident { title, text, resolved: *resolved }))
        }
        Notice::MessageUndelivered { channel } => {
            Some((Event::Messages, Level::Attention, Sentence::Undelivered(channel)))
        }
        _ => None,
    }
}

/// A trouble's end matters as much as the trouble did. The key has notices of its own.
fn of_storage<'a>(before: health::Level, after: health::Level) -> Option<(Event, Level, Sentence<'a>)> {
    let told_by_the_key = after == health::Level::KeyRefused || (before == health::Level::KeyRefused && after.is_up());
    if before == after || told_by_the_key || after == health::Level::Unknown {
        return None;
    }
    Some((Event::Storage, weight(before).max(weight(after)), Sentence::Storage(after)))
}

const fn weight(level: health::Level) -> Level {
    match level {
        health::Level::Unknown | health::Level::Online | health::Level::Planned => Level::Info,
        health::Level::Attention | health::Level::Restarting => Level::Attention,
        health::Level::Unreachable | health::Level::KeyRefused => Level::Trouble,
    }
}

const fn of_alert(level: AlertLevel) -> Level {
    match level {
        AlertLevel::Info | AlertLevel::Notice => Level::Info,
        AlertLevel::Warning => Level::Attention,
        AlertLevel::Error | AlertLevel::Critical | AlertLevel::Alert | AlertLevel::Emergency => Level::Trouble,
    }
}

#[cfg(test)]
mod tests;
