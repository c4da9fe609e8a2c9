//! What a person may hear of: their groups and the shares they are offered, as last known.

use std::sync::Arc;

use crate::domain::caller::AccountId;
use crate::shares::{Board, Settings};

/// Of nothing, until something is known.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rights {
    pub groups: Vec<String>,
    pub shares: Vec<i64>,
}

#[derive(Debug)]
pub struct RightsSource {
    board: Board,
    settings: Settings,
}

impl RightsSource {
    pub fn new(board: Board, settings: Settings) -> Self {
        Self { board, settings }
    }

    pub fn read(&self, account: &AccountId) -> Arc<Rights> {
        let known = self.board.known(account);
        Arc::new(known.map_or_else(Rights::default, |known| Rights {
            groups: known.access.person.groups.iter().map(|group| group.name.clone()).collect(),
            shares: known.offers(&self.settings).iter().map(|offer| offer.share.id).collect(),
        }))
    }
}
