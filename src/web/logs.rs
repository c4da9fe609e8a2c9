//! Days of the log as a file: a text, or an archive of several, made while it is sent.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::spawn_blocking;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::runtime::logging::{Day, Files, Wanted};
use crate::web::error::Error;

/// Each keeps a thread busy for as long as somebody takes to receive it.
const AT_ONCE: usize = 2;
const TRY_AGAIN: Duration = Duration::from_secs(30);
/// Made ahead of what was sent.
const CHUNKS: usize = 4;
const CHUNK: usize = 64 << 10;
/// From here on an archive needs larger numbers for its entries.
const LARGE: u64 = 1 << 31;

/// Cheap to clone; all clones share their turns.
#[derive(Debug, Clone)]
pub struct Logs {
    files: Files,
    turns: Arc<Semaphore>,
}

impl Logs {
    pub fn new(files: Files) -> Self {
        Self { files, turns: Arc::new(Semaphore::new(AT_ONCE)) }
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
        let (sender, chunks) = mpsc::channel(CHUNKS);
        let files = self.files.clone();
        // It ends by itself: with the last line, or when nobody receives any more.
        drop(spawn_blocking(move || {
            let mut out = BufWriter::with_capacity(CHUNK, Pipe(sender));
            let written = match days.as_slice() {
                [day] => copy(&files, *day, &wanted, &mut out),
                days => pack(&files, days, &wanted, &mut out),
            };
            if let Err(error) = written.and_then(|()| out.flush()) {
                // Half of it must not pass for all of it. Whoever has gone does not hear it.
                let _ = out.get_ref().0.blocking_send(Err(error));
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
struct Pipe(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
