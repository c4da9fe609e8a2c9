//! What can fail in what people are told.

use crate::{live, store};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("what people are told cannot be read")]
    Read(#[source] store::Error),
    #[error("what people are told cannot be written")]
    Write(#[source] store::Error),
    #[error("people cannot be told")]
    Tell(#[source] live::Error),
    #[error("the lines people were told cannot be read")]
    List(#[source] live::Error),
}
