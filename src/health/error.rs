//! What can fail when the history is read.

use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the history of the storage cannot be read")]
    ReadHistory(#[source] store::Error),
}
