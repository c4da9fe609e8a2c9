//! What keeps us from saying what a person may reach.

use crate::truenas;

#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    #[error("the account could not be read")]
    ReadPerson(#[source] truenas::Error),
    #[error("the shares could not be listed")]
    ListShares(#[source] truenas::Error),
    #[error("the lists of rights could not be read")]
    ReadRights(#[source] truenas::Error),
}

impl Error {
    /// The NAS is there and answers, only not with what we need.
    pub fn is_odd_answer(&self) -> bool {
        self.nas().is_about_one_item()
    }

    /// What the NAS, or the way to it, did.
    pub fn nas(&self) -> &truenas::Error {
        match self {
            Self::ReadPerson(error) | Self::ListShares(error) | Self::ReadRights(error) => error,
        }
    }
}
