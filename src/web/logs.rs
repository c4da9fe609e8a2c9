//! Days of the log as a file: a text, or an archive of several, made while it is sent.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::spawn_blocking;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::runtime::Clock;
use crate::runtime::logging::{Day, Files, Wanted};
use crate::web::error::Error;

/// Each keeps a thread busy for as long as somebody takes to receive it.
const AT_ONCE: usize = 2;
const TRY_AGAIN: Duration = Duration::from_secs(30);
/// Whoever takes nothing for so long has gone without saying so.
const TAKEN_WITHIN: Duration = Duration::from_secs(30);
/// Made ahead of what was sent.
const CHUNKS: usize = 4;
const CHUNK: usize = 64 << 10;
/// From here on an archive needs larger numbers for its entries.
const LARGE: u64 = 1 << 31;

/// Cheap to clone; all clones share their turns.
#[derive(Debug, Clone)]
pub struct Logs {
    files: Files,
    clock: Clock,
    turns: Arc<Semaphore>,
}

impl Logs {
    pub fn new(files: Files, clock: Clock) -> Self {
        Self { files, clock, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Reads where waiting for a disk keeps nobody else waiting.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Files) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let files = self.files.clone();
        spawn_blocking(move || work(&files)).await.map_err(Error::broken)?.map_err(Error::broken)
    }

    /// The lines of the days that are wanted, one day as a text and several as an archive.
    pub fn send(&self, days: Vec<Day>, wanted: Wanted) -> Result<Body, Error> {
        let turn = self.turns.clone().try_acquire_owned().map_err(|_| Error::TooMany { wait: TRY_AGAIN })?;
        let (sender, chunks) = mpsc::channel(CHUNKS + 1);
        let for_trouble = sender.clone().try_reserve_owned().map_err(Error::broken)?;
        let pipe = Pipe { sender: Some(sender), clock: self.clock.clone(), runtime: Handle::current() };
        let files = self.files.clone();
        // It ends by itself: with the last line, or when nobody receives any more.
        drop(spawn_blocking(move || {
            let mut out = BufWriter::with_capacity(CHUNK, pipe);
            let written = match days.as_slice() {
                [day] => copy(&files, *day, &wanted, &mut out),
                days => pack(&files, days, &wanted, &mut out),
            };
            if let Err(error) = written.and_then(|()| out.flush()) {
                // Half of it must not pass for all of it.
                for_trouble.send(Err(error));
            }
            drop(turn);
        }));
        let chunks = stream::unfold(chunks, async |mut chunks: mpsc::Receiver<_>| Some((chunks.recv().await?, chunks)));
        Ok(Body::from_stream(chunks))
    }
}

fn copy(files: &Files, day: Day, wanted: &Wanted, out: &mut impl Write) -> io::Result<()> {
    for line in files.lines(day)? {
        let line = line?;
        if wanted.admits(&line) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn pack(files: &Files, days: &[Day], wanted: &Wanted, out: &mut impl Write) -> io::Result<()> {
    let mut archive = ZipWriter::new_stream(out);
    for day in days {
        let options = SimpleFileOptions::default().large_file(day.bytes >= LARGE);
        archive.start_file(format!("farol-{}.log", day.date), options)?;
        copy(files, *day, wanted, &mut archive)?;
    }
    archive.finish()?;
    Ok(())
}

/// From the thread that writes to the task that sends.
struct Pipe {
    /// `None`: nobody takes anything.
    sender: Option<mpsc::Sender<io::Result<Bytes>>>,
    clock: Clock,
    runtime: Handle,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sender = self.sender.as_ref().ok_or(io::ErrorKind::BrokenPipe)?;
        let sent = sender.send(Ok(Bytes::copy_from_slice(bytes)));
        if !matches!(self.runtime.block_on(self.clock.timeout(TAKEN_WITHIN, sent)), Ok(Ok(()))) {
            // Whoever wrote tries once more at its end, and need not wait again.
            self.sender = None;
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;
    use crate::domain::Timestamp;

    #[tokio::test]
    async fn whoever_takes_nothing_loses_their_turn_and_never_gets_half_of_it_for_all_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let line = format!("{}\n", "x".repeat(1_000));
        std::fs::write(folder.path().join("farol.2026-11-21.log"), line.repeat(2_000)).unwrap();
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
        let logs = Logs::new(Files::new(folder.path().to_owned()), clock);
        let days = logs.read(Files::list).await.unwrap();
        assert_eq!(days.len(), 1);
        let send = || logs.send(days.clone(), Wanted::default());
        let stalled = [send().unwrap(), send().unwrap()];
        assert!(matches!(send(), Err(Error::TooMany { .. })));
        let mut third = send();
        while third.is_err() {
            assert!(logs.clock.uptime() < Duration::from_hours(1), "nobody's turn ever ends");
            hand.advance(Duration::from_secs(1));
            Clock::real().sleep(Duration::from_millis(1)).await;
            third = send();
        }
        assert_eq!(to_bytes(third.unwrap(), usize::MAX).await.unwrap().len(), line.len() * 2_000);
        let mut cut = 0;
        for body in stalled {
            match to_bytes(body, usize::MAX).await {
                Ok(all) => assert_eq!(all.len(), line.len() * 2_000),
                Err(_) => cut += 1,
            }
        }
        assert!(cut > 0, "whoever lost their turn is told that it is not all");
    }
}
