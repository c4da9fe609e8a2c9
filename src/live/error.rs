//! What can fail in telling.

use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a line cannot be kept")]
    Keep(#[source] Arc<crate::store::Error>),
    #[error("the server stopped before a line was kept")]
    CutOff,
    #[error("the lines cannot be read")]
    Read(#[source] crate::store::Error),
    #[error("a line cannot be written down")]
    Write(#[source] serde_json::Error),
}
