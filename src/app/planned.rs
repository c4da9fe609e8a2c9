//! Whether a planned window is running, as the watcher of the NAS wants to know it.

use std::sync::Arc;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::domain::maintenance::{Shown, Stage};
use crate::notices::Windows;

#[derive(Debug)]
pub struct Planned {
    windows: watch::Receiver<Arc<Vec<Shown>>>,
    running: watch::Sender<bool>,
}

impl Planned {
    pub fn new(windows: &Windows) -> Self {
        Self { windows: windows.watch(), running: watch::Sender::default() }
    }

    pub fn watch(&self) -> watch::Receiver<bool> {
        self.running.subscribe()
    }

    /// Until the stop.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            let running = self.windows.borrow_and_update().iter().any(|shown| shown.stage == Stage::Running);
            self.running.send_if_modified(|known| std::mem::replace(known, running) != running);
            tokio::select! {
                () = stop.cancelled() => return,
                Ok(()) = self.windows.changed() => {}
            }
        }
    }
}
