//! The log of the process: one line an event, to daily files and, if asked, to the terminal.
//!
//! A layer of our own instead of the formatter of `tracing-subscriber`, because every part of a line is escaped here
//! and the columns of the caller come from the spans around the event.

mod daily;
mod files;
mod line;
mod queue;
#[cfg(test)]
mod tests;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;

use jiff::tz::TimeZone;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::filter::{FilterExt as _, Targets, filter_fn};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

use crate::runtime::Clock;
use daily::Daily;
pub use files::{Day, Files, Wanted, level_of};
pub use line::escape;
use line::{Line, Paint};
pub use queue::Guard;

/// First part of every target of ours.
const HOUSE: &str = env!("CARGO_CRATE_NAME");

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub directory: PathBuf,
    /// Files of days longer ago than this are removed.
    pub keep_days: usize,
    /// A level for everything, then levels of targets that differ: `info`, or `info,farol::web=debug`.
    pub filter: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no log file can be written in {}", .directory.display())]
    OpenFile { directory: PathBuf, source: io::Error },
    #[error("the log filter {0:?} is not a level, with or without levels of targets")]
    ReadFilter(String),
    #[error("this process already has a log")]
    Started(#[from] TryInitError),
}

/// Starts the log of this process; `terminal` also shows it on standard error. May succeed once in a process.
pub fn start(settings: &Settings, clock: Clock, terminal: bool) -> Result<Guard, Error> {
    let filter = read_filter(&settings.filter)?;
    let zone = TimeZone::system();
    let (queue, guard) = Daily::open(settings.directory.clone(), settings.keep_days, clock.clone(), zone.clone())
        .and_then(queue::start)
        .map_err(|source| Error::OpenFile { directory: settings.directory.clone(), source })?;
    let paint = if io::stderr().is_terminal() { Paint::Colour } else { Paint::Plain };
    let lines = Lines::new(clock, zone, move |line: &Line<'_>| {
        queue.send(line.text(Paint::Plain));
        if terminal {
            // A terminal that has gone has nowhere to say so.
            let _ = writeln!(io::stderr(), "{}", line.text(paint));
        }
    });
    tracing_subscriber::registry().with(lines.with_filter(filter.and(filter_fn(may_be_told)))).try_init()?;
    Ok(guard)
}

/// Without a level for everything a misspelt level would pass as a target, and silence the log.
///
/// `EnvFilter` would read more than this, and panic over some letters.
pub fn read_filter(text: &str) -> Result<Targets, Error> {
    let compact: String = text.split_whitespace().collect();
    // An empty piece would pass for the level `ERROR`.
    let whole = compact.split(',').all(|piece| !piece.is_empty());
    let targets = compact.parse::<Targets>().ok().filter(|targets| whole && targets.default_level().is_some());
    targets.ok_or_else(|| Error::ReadFilter(text.into()))
}

/// Below `INFO` other people's crates print whole messages, keys and passwords included, so no filter lets them speak.
fn may_be_told(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= tracing::Level::INFO || metadata.target().split("::").next() == Some(HOUSE)
}

/// Turns events into lines and hands each to `write`.
struct Lines<W> {
    clock: Clock,
    zone: TimeZone,
    write: W,
}

impl<W: Fn(&Line<'_>)> Lines<W> {
    fn new(clock: Clock, zone: TimeZone, write: W) -> Self {
        Self { clock, zone, write }
    }
}

impl<S, W> Layer<S> for Lines<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(&Line<'_>) + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut caller = Caller::default();
        attributes.record(&mut caller);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(caller);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(caller) = span.extensions_mut().get_mut::<Caller>()
        {
            values.record(caller);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut said = Said::default();
        event.record(&mut said);
        let Caller { mut ip, mut user } = said.caller;
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(outer) = span.extensions().get::<Caller>() {
                ip = ip.or_else(|| outer.ip.clone());
                user = user.or_else(|| outer.user.clone());
            }
        }
        (self.write)(&Line {
            at: self.clock.now(),
            zone: &self.zone,
            level: *event.metadata().level(),
            ip: ip.as_deref(),
            user: user.as_deref(),
            message: &said.message,
            fields: &said.fields,
        });
    }
}

/// Who is being served.
#[derive(Default)]
struct Caller {
    ip: Option<String>,
    user: Option<String>,
}

impl Caller {
    fn column(&mut self, field: &Field) -> Option<&mut Option<String>> {
        match field.name() {
            "ip" => Some(&mut self.ip),
            "user" => Some(&mut self.user),
            _ => None,
        }
    }
}

/// Spans are many and their other fields are for nobody, so those are not even made into text.
impl Visit for Caller {
    fn record_str(&mut self, field: &Field, value: &str) {
        if let Some(column) = self.column(field) {
            *column = Some(value.into());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if let Some(column) = self.column(field) {
            *column = Some(format!("{value:?}"));
        }
    }
}

/// What an event carries.
#[derive(Default)]
struct Said {
    caller: Caller,
    message: String,
    fields: Vec<(&'static str, String)>,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        match (self.caller.column(field), field.name()) {
            (Some(column), _) => *column = Some(value.into()),
            (None, "message") => self.message = value.into(),
            (None, name) => self.fields.push((name, value.into())),
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let chain = std::iter::successors(Some(value), |error| error.source());
        self.record_str(field, &chain.map(ToString::to_string).collect::<Vec<_>>().join(": "));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
