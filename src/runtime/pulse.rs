//! Whether a loop still has its turns: somebody feels for it, and the loop itself answers.

use std::sync::Arc;

use tokio::sync::Notify;

/// Cheap to clone; all clones are one.
#[derive(Debug, Clone, Default)]
pub struct Pulse(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    asked: Notify,
    beaten: Notify,
}

impl Pulse {
    /// Waits until the loop has had another turn: for ever, when it has none any more.
    pub async fn felt(&self) {
        self.0.asked.notify_one();
        self.0.beaten.notified().await;
    }

    /// In the loop, beside all else it waits for. Somebody has asked, and has their answer with this.
    pub async fn beat(&self) {
        self.0.asked.notified().await;
        self.0.beaten.notify_one();
    }
}
