//! What can fail in telling.

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a line cannot be kept")]
    Keep(#[source] crate::store::Error),
    #[error("the lines cannot be read")]
    Read(#[source] crate::store::Error),
    #[error("a line cannot be written down")]
    Write(#[source] serde_json::Error),
    #[error("line {seq} means nothing to this program")]
    Unknown {
        seq: i64,
        #[source]
        source: serde_json::Error,
    },
}
