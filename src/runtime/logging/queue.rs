//! Lines on their way to the disk, written by a thread of its own so that nobody waits for it. What cannot be written is
//! lost, and the loss is counted and told.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tracing::Level;

use super::daily::Daily;
use super::line::{Line, Paint};

/// A disk may hang for as long as a busy office takes to say this much.
pub(super) const WAITING_LINES: usize = 10_000;

/// How long the end of the process waits for the last lines; only a broken disk takes longer.
const FLUSH_LIMIT: Duration = Duration::from_secs(2);

#[derive(Debug, Clone)]
pub(super) struct Queue {
    /// Nothing once the log has ended.
    sender: Arc<Mutex<Option<SyncSender<String>>>>,
    lost: Arc<AtomicU64>,
}

impl Queue {
    /// Never waits: a line that finds no room is lost.
    pub(super) fn send(&self, line: String) {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        if sender.as_ref().is_some_and(|sender| sender.try_send(line).is_err()) {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
impl Queue {
    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

/// Keeps the log alive. Dropping it writes what still waits and ends the file.
#[derive(Debug)]
#[must_use = "the log ends when this is dropped"]
pub struct Guard {
    queue: Queue,
    ended: Receiver<()>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Without a sender the thread ends after the last line.
        self.queue.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        if self.ended.recv_timeout(FLUSH_LIMIT) == Err(RecvTimeoutError::Timeout) {
            let _ = writeln!(io::stderr(), "the last lines of the log could not be written in time");
        }
    }
}

pub(super) fn start(daily: Daily) -> io::Result<(Queue, Guard)> {
    let (sender, lines) = sync_channel(WAITING_LINES);
    let (end, ended) = sync_channel(0);
    let queue = Queue { sender: Arc::new(Mutex::new(Some(sender))), lost: Arc::default() };
    let mut writer = Writer { lost: Arc::clone(&queue.lost), ..Writer::new(daily) };
    std::thread::Builder::new().name("log".into()).spawn(move || {
        for line in lines {
            writer.write(&line);
        }
        // Whoever waits for the end hears of it now that all is written.
        drop(end);
    })?;
    Ok((queue.clone(), Guard { queue, ended }))
}

pub(super) struct Writer {
    daily: Daily,
    lost: Arc<AtomicU64>,
    in_trouble: bool,
}

impl Writer {
    pub(super) fn new(daily: Daily) -> Self {
        Self { daily, lost: Arc::default(), in_trouble: false }
    }

    /// Trouble is told once on standard error, and the next line is tried again.
    pub(super) fn write(&mut self, line: &str) {
        let outcome = self.tell_loss().and_then(|()| self.daily.write(line));
        let was_in_trouble = std::mem::replace(&mut self.in_trouble, outcome.is_err());
        let Err(error) = outcome else { return };
        self.lost.fetch_add(1, Ordering::Relaxed);
        if !was_in_trouble {
            let directory = self.daily.directory.display().to_string();
            let fields = [("directory", directory), ("error", error.to_string())];
            let _ = writeln!(io::stderr(), "{}", self.warning("the log cannot be written", &fields));
        }
    }

    fn tell_loss(&mut self) -> io::Result<()> {
        let lost = self.lost.load(Ordering::Relaxed);
        if lost > 0 {
            let line = self.warning("lines of the log were lost", &[("lines", lost.to_string())]);
            self.daily.write(&line)?;
            self.lost.fetch_sub(lost, Ordering::Relaxed);
        }
        Ok(())
    }

    fn warning(&self, message: &str, fields: &[(&'static str, String)]) -> String {
        let (at, zone) = (self.daily.clock.now(), &self.daily.zone);
        Line { at, zone, level: Level::WARN, ip: None, user: None, message, fields }.text(Paint::Plain)
    }
}
