//! A person's drives: what the house last knew of them, and the script that maps them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tracing::warn;

use crate::domain::Language;
use crate::domain::caller::Account;
use crate::domain::share::Proof;
use crate::runtime::Clock;
use crate::shares;
use crate::shares::{Board, Known, Offer, Order, Settings};
use crate::web;
use crate::web::assets::hexadecimal;
use crate::web::error::Error;
use crate::web::views::{BoardView, CardView, Offered};

/// Longer without a table, and a page shows where it will be instead.
const PATIENCE: Duration = Duration::from_millis(300);

/// A table this old is shown with its age.
pub const OLD: Duration = Duration::from_mins(5);

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Drives {
    board: Board,
    clock: Clock,
    settings: Arc<Settings>,
    portal: Arc<str>,
}

impl Drives {
    pub fn new(board: Board, clock: Clock, settings: Settings, web: &web::Settings, address: SocketAddr) -> Self {
        Self { board, clock, settings: Arc::new(settings), portal: web.portal(address).into() }
    }

    /// For an open page of the person, which is told when there is more.
    pub fn shown(&self, account: &Account) -> Option<Known> {
        self.board.current(&account.id)
    }

    /// Where people find us.
    pub fn portal(&self) -> &str {
        &self.portal
    }

    /// What is known without a wait anybody would notice. `None`: it takes longer, or cannot be read for now.
    pub async fn at_once(&self, account: &Account) -> Option<Known> {
        let known = self.board.known(&account.id);
        if account.id.is_local() || self.is_fresh(known.as_ref()).await {
            return known;
        }
        match self.clock.timeout(PATIENCE, self.board.refresh(&account.username)).await {
            // The name may meanwhile be somebody else's.
            Ok(Ok(read)) => read.and_then(|_| self.board.known(&account.id)),
            Ok(Err(_)) | Err(_) => known.filter(|known| self.board.holds(known)),
        }
    }

    /// Waits for the NAS when it has told of a change since, or nothing is known; while it is in trouble, what was known
    /// serves unless it is known not to hold. `Ok(None)`: the NAS knows nobody like this.
    pub async fn known(&self, account: &Account) -> Result<Option<Known>, Error> {
        let known = self.board.known(&account.id);
        if self.is_fresh(known.as_ref()).await {
            return Ok(known);
        }
        match self.read(account).await {
            Ok(read) => Ok(read),
            Err(error) => known.filter(|known| self.board.holds(known)).map(Some).ok_or(error),
        }
    }

    async fn is_fresh(&self, known: Option<&Known>) -> bool {
        match known {
            Some(known) => self.board.is_fresh(known).await,
            None => false,
        }
    }

    /// What a person is shown of it.
    pub fn view(&self, account: &Account, known: &Known, language: Language) -> BoardView {
        let card = |offer: &Offer| {
            let offered = Offered {
                share: &offer.share,
                reach: &offer.reach,
                proved: offer.proof == Some(Proof::Reached),
                letter: offer.letter,
                host: &self.settings.host,
            };
            CardView::of(language, &offered)
        };
        let script = self.script(account, known, None, language).unwrap_or_default();
        let sha256 = hexadecimal(&Sha256::digest(script.as_bytes()));
        BoardView::known(known.offers(&self.settings).iter().map(card).collect(), sha256)
    }

    async fn read(&self, account: &Account) -> Result<Option<Known>, Error> {
        // Nobody on the NAS, even if somebody there has the same name.
        if account.id.is_local() {
            return Ok(None);
        }
        let read = self.board.refresh(&account.username).await.map_err(|error| trouble(&error))?;
        // The name may meanwhile be somebody else's.
        Ok(read.and_then(|_| self.board.known(&account.id)))
    }

    /// `None`: no such share is theirs.
    pub fn script(&self, account: &Account, known: &Known, share: Option<&str>, language: Language) -> Option<String> {
        let offers = known.offers(&self.settings);
        let only = match share {
            Some(name) => Some(offers.iter().find(|offer| offer.share.name == name)?.share.id),
            None => None,
        };
        let order = Order {
            settings: &self.settings,
            username: &account.username,
            full_name: &account.full_name,
            portal: &self.portal,
            offers: &offers,
            only,
            language,
        };
        Some(order.script())
    }
}

fn trouble(error: &shares::Error) -> Error {
    warn!(error = error as &dyn std::error::Error, "a person's shares could not be read");
    if error.is_odd_answer() { Error::BadGateway } else { Error::Unavailable }
}
