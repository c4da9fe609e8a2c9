//! What either road can do for the client, and what opening one gives.

use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use crate::domain::nas::Road;
use crate::truenas::Error;
use crate::truenas::method::Call;

/// The NAS runs ten calls of a connection at once and queues ten more: we stay below, so that nobody is refused.
pub const CALLS_AT_ONCE: usize = 8;
/// Answers have no limit on the NAS; ours keeps a broken one from eating the memory.
pub const LONGEST_ANSWER: usize = 64 << 20;

/// An open road to the NAS. Calls may be made side by side.
#[async_trait]
pub trait Transport: Send + Sync + std::fmt::Debug {
    fn road(&self) -> Road;

    async fn call(&self, call: Call) -> Result<Value, Error>;
}

pub struct Opened {
    pub transport: Arc<dyn Transport>,
    /// Must be driven for the road to work; ends with the reason why it no longer does.
    pub life: Pin<Box<dyn Future<Output = Error> + Send>>,
}
