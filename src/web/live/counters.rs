//! How much passes through the sockets.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Cheap to clone; all clones count together.
#[derive(Debug, Clone, Default)]
pub struct Counters(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    open: AtomicU64,
    waiting: AtomicU64,
    frames: AtomicU64,
    merged: AtomicU64,
    dropped: AtomicU64,
    resyncs: AtomicU64,
    too_slow: AtomicU64,
    refused: AtomicU64,
    violations: AtomicU64,
}

/// All of them at one moment, since the start; but `open` and `waiting`, which are now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    pub open: u64,
    /// Frames behind a socket that is full.
    pub waiting: u64,
    /// Given to a socket to send.
    pub frames: u64,
    /// Not sent, because a newer one of the same part was waiting too.
    pub merged: u64,
    /// Not sent, because a socket lagged too far behind; it was sent the present instead, or closed.
    pub dropped: u64,
    pub resyncs: u64,
    pub too_slow: u64,
    /// Not opened.
    pub refused: u64,
    /// Closed for what the browser sent.
    pub violations: u64,
}

impl Counters {
    pub fn opened(&self) {
        self.0.open.fetch_add(1, Ordering::Relaxed);
    }

    pub fn closed(&self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }

    /// A shard counts its own; `before` is what it had counted last.
    pub fn wait(&self, before: u64, now: u64) {
        // Wraps to the same as adding the difference.
        self.0.waiting.fetch_add(now.wrapping_sub(before), Ordering::Relaxed);
    }

    pub fn sent(&self, frames: u64) {
        self.0.frames.fetch_add(frames, Ordering::Relaxed);
    }

    pub fn merged(&self, frames: usize) {
        self.0.merged.fetch_add(frames as u64, Ordering::Relaxed);
    }

    pub fn dropped(&self, frames: usize) {
        self.0.dropped.fetch_add(frames as u64, Ordering::Relaxed);
    }

    pub fn resynced(&self) {
        self.0.resyncs.fetch_add(1, Ordering::Relaxed);
    }

    pub fn too_slow(&self) {
        self.0.too_slow.fetch_add(1, Ordering::Relaxed);
    }

    pub fn refused(&self) {
        self.0.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub fn violated(&self) {
        self.0.violations.fetch_add(1, Ordering::Relaxed);
    }

    pub fn figures(&self) -> Figures {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let Inner { open, waiting, frames, merged, dropped, resyncs, too_slow, refused, violations } = &*self.0;
        Figures {
            open: read(open),
            waiting: read(waiting),
            frames: read(frames),
            merged: read(merged),
            dropped: read(dropped),
            resyncs: read(resyncs),
            too_slow: read(too_slow),
            refused: read(refused),
            violations: read(violations),
        }
    }
}
