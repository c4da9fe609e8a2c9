//! The log of the process: one line an event, to daily files and, if asked, to the terminal.
//!
//! A layer of our own instead of the formatter of `tracing-subscriber`, because every part of a line is escaped here
//! and the columns of the caller come from the spans around the event.

mod line;
#[cfg(test)]
mod tests;

use std::fs::DirBuilder;
use std::io::{self, IsTerminal as _, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::filter::{FilterExt as _, Targets, filter_fn};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

use crate::runtime::Clock;
pub use line::escape;
use line::{Line, Paint};

/// The owner writes, the group reads, nobody else: a log names people and machines.
const DIRECTORY_MODE: u32 = 0o750;

/// First part of every target of ours.
const HOUSE: &str = env!("CARGO_CRATE_NAME");

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub directory: PathBuf,
    /// One file a day, so this many files.
    pub keep_days: usize,
    /// A level for everything, then levels of targets that differ: `info`, or `info,farol::web=debug`.
    pub filter: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the log directory {} cannot be created", .directory.display())]
    CreateDirectory { directory: PathBuf, source: io::Error },
    #[error("no log file can be written in {}", .directory.display())]
    OpenFile { directory: PathBuf, source: InitError },
    #[error("the log filter {0:?} is not a level, with or without levels of targets")]
    ReadFilter(String),
    #[error("this process already has a log")]
    Started(#[from] TryInitError),
}

/// Keeps the log alive. Dropping it writes what still waits and ends the file.
#[derive(Debug)]
#[must_use = "the log ends when this is dropped"]
pub struct Guard {
    _writer: WorkerGuard,
}

/// Starts the log of this process; `terminal` also shows it on standard error. May succeed once in a process.
pub fn start(settings: &Settings, clock: Clock, terminal: bool) -> Result<Guard, Error> {
    let filter = read_filter(&settings.filter)?;
    let (file, writer) = tracing_appender::non_blocking(open(&settings.directory, settings.keep_days)?);
    let paint = if io::stderr().is_terminal() { Paint::Colour } else { Paint::Plain };
    let lines = Lines::new(clock, TimeZone::system(), move |line: &Line<'_>| {
        // A log that cannot be written has nowhere to say so.
        let _ = writeln!(file.clone(), "{}", line.text(Paint::Plain));
        if terminal {
            let _ = writeln!(io::stderr(), "{}", line.text(paint));
        }
    });
    tracing_subscriber::registry().with(lines.with_filter(filter.and(filter_fn(may_be_told)))).try_init()?;
    Ok(Guard { _writer: writer })
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

fn open(directory: &Path, keep_days: usize) -> Result<RollingFileAppender, Error> {
    DirBuilder::new()
        .recursive(true)
        .mode(DIRECTORY_MODE)
        .create(directory)
        .map_err(|source| Error::CreateDirectory { directory: directory.into(), source })?;
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(HOUSE)
        .filename_suffix("log")
        .max_log_files(keep_days)
        .build(directory)
        .map_err(|source| Error::OpenFile { directory: directory.into(), source })
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
        let mut said = Said::default();
        attributes.record(&mut said);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(said);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(said) = span.extensions_mut().get_mut::<Said>()
        {
            values.record(said);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut said = Said::default();
        event.record(&mut said);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(outer) = span.extensions().get::<Said>() {
                said.ip = said.ip.or_else(|| outer.ip.clone());
                said.user = said.user.or_else(|| outer.user.clone());
            }
        }
        (self.write)(&Line {
            at: self.clock.now(),
            zone: &self.zone,
            level: *event.metadata().level(),
            ip: said.ip.as_deref(),
            user: said.user.as_deref(),
            message: &said.message,
            fields: &said.fields,
        });
    }
}

/// What an event or a span carries.
#[derive(Default)]
struct Said {
    ip: Option<String>,
    user: Option<String>,
    message: String,
    fields: Vec<(&'static str, String)>,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "ip" => self.ip = Some(value.into()),
            "user" => self.user = Some(value.into()),
            "message" => self.message = value.into(),
            name => self.fields.push((name, value.into())),
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
