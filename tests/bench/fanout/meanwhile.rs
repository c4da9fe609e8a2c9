//! Somebody who asks for a page again and again while the server is busy.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use farol::runtime::Clock;

use crate::http::Caller;
use crate::machine;
use crate::wire::stamp;

/// Static files and this one are not counted against whoever asks.
const PAGE: &str = "/healthz";
/// Between an answer and the next question.
const PAUSE: Duration = Duration::from_millis(1);

pub struct Meanwhile {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Vec<u64>>,
}

impl Meanwhile {
    pub fn start(address: SocketAddr) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        Self {
            stop,
            thread: std::thread::spawn(move || {
                machine::put_first();
                ask(address, &told)
            }),
        }
    }

    /// How long each answer took, the quickest first.
    pub fn stop(self) -> Vec<u64> {
        self.stop.store(true, Ordering::Relaxed);
        let mut waits = self.thread.join().expect("a server that answers");
        waits.sort_unstable();
        waits
    }
}

#[tokio::main(flavor = "current_thread")]
async fn ask(address: SocketAddr, stop: &AtomicBool) -> Vec<u64> {
    let (mut caller, clock, mut waits) = (Caller::connect(address, 0).await, Clock::real(), Vec::new());
    while !stop.load(Ordering::Relaxed) {
        let begun = stamp();
        let answer = caller.ask("GET", PAGE, "", "").await;
        assert_eq!(answer.status, 200, "{}", answer.head);
        waits.push(stamp().saturating_sub(begun));
        clock.sleep(PAUSE).await;
    }
    waits
}
