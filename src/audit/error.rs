//! What can fail about the trail itself; that it was tampered with is an answer, not an error.

use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a deed could not be recorded in the audit trail")]
    Record(#[source] store::Error),
    #[error("the audit trail could not be read")]
    List(#[source] store::Error),
    #[error("the audit trail could not be verified")]
    Verify(#[source] store::Error),
    #[error("entry {number} of the audit trail holds no {column} that is known")]
    Unknown { number: i64, column: &'static str },
}
