//! People somebody looks at: their tables are kept fresh, and what changes for them is told.

use std::error::Error as Cause;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::standing::{Difference, Standing, differences};
use super::{Board, Known};
use crate::domain::caller::{Account, AccountId};
use crate::domain::event::{Audience, Line, Region};
use crate::domain::nas::{Road, SystemState};
use crate::domain::notice::Notice;
use crate::runtime::{Pace, periodic};
use crate::truenas::Client;

/// How often is looked for tables that have become old. Nobody is asked anything while there are none.
const TICK: Duration = Duration::from_secs(5);

/// Whoever goes from page to page, or loses the connection for a moment, is still being followed.
const LINGER: Duration = Duration::from_mins(1);

/// Leaves most of the calls a connection may have in flight to everybody else.
const PEOPLE_AT_ONCE: usize = 4;

/// While it is held, the person's table is kept fresh, and the hub hears what changes for them.
#[derive(Debug)]
#[must_use = "nobody is followed once it is dropped"]
pub struct Following {
    board: Board,
    account: AccountId,
}

/// Somebody who is being looked at.
#[derive(Debug)]
pub(super) struct Followed {
    username: String,
    /// How many hold a [`Following`].
    holders: usize,
    /// When the last of them let go.
    left_at: Duration,
    /// `None`: nothing has been read since the first look, so nothing that is read is news.
    standing: Option<Standing>,
    /// Somebody wanted to show what was not known: the next reading is shown, whatever it says.
    awaited: bool,
}

/// What is to be told once the table is there for all to see.
#[derive(Debug, Default)]
pub(super) struct News {
    is_shown_differently: bool,
    differences: Vec<Difference>,
}

impl Drop for Following {
    fn drop(&mut self) {
        let now = self.board.0.clock.uptime();
        if let Some(followed) = self.board.people().followed.get_mut(&self.account) {
            followed.holders = followed.holders.saturating_sub(1);
            followed.left_at = now;
        }
    }
}

impl Followed {
    pub(super) fn learn(&mut self, before: Option<&Known>, known: &Known) -> News {
        let is_same = |before: &Known| before.access == known.access && before.proofs == known.proofs;
        let is_shown_differently = std::mem::take(&mut self.awaited) || !before.is_some_and(is_same);
        let now = Standing::of(known);
        let (now, differences) = match &self.standing {
            None => (now, Vec::new()),
            Some(before) => {
                let now = now.settled(before);
                let differences = differences(before, &now);
                (now, differences)
            }
        };
        self.standing = Some(now);
        News { is_shown_differently, differences }
    }
}

impl Board {
    /// Keeps the person's table fresh from now on. What they are shown already is where changes count from.
    pub fn follow(&self, account: &AccountId, username: &str) -> Following {
        let mut people = self.people();
        let shown = people.known.get(account).filter(|known| self.holds(known)).map(Standing::of);
        let followed = people.followed.entry(account.clone()).or_insert_with(|| Followed {
            username: username.to_owned(),
            holders: 0,
            left_at: Duration::ZERO,
            standing: shown,
            awaited: false,
        });
        followed.holders += 1;
        self.0.followers.now();
        Following { board: self.clone(), account: account.clone() }
    }

    /// What is believed of somebody now: not old, with no word of a change since. Asks nobody. While there is no road to
    /// the NAS nobody can know more, and a NAS that is away for a night shall not silence what people are told of it: then
    /// what was known last serves, unless it is known to be wrong. `None`: it has to be read first. Whoever is followed is
    /// read at once, and the hub hears when that has been.
    pub fn current(&self, account: &AccountId) -> Option<Known> {
        let road = self.0.access.client().open_road();
        let mut people = self.people();
        let is_current = |known: &&Known| match road {
            Some(road) => self.0.access.is_current(&known.basis, road),
            None => self.holds(known),
        };
        let known = people.known.get(account).filter(is_current).cloned();
        if known.is_none()
            && let Some(followed) = people.followed.get_mut(account)
        {
            followed.awaited = true;
            self.0.followers.now();
        }
        known
    }

    /// The same, read first where that is needed, for somebody who waits no longer than this.
    pub async fn current_within(&self, patience: Duration, account: &Account) -> Option<Known> {
        let known = self.current(&account.id);
        if known.is_some() || account.id.is_local() {
            return known;
        }
        let _ = self.0.clock.timeout(patience, Box::pin(self.refresh(&account.username))).await;
        // The name may meanwhile be somebody else's.
        self.current(&account.id)
    }

    /// Reads again what has become old, at once when the NAS tells of something that rights may hang on, until the stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut changes = self.0.access.client().changes();
        let listening = async {
            while let Some(change) = changes.next().await {
                if self.0.access.hear(&change) {
                    self.0.followers.now();
                }
            }
            // The client is gone; the stop is on its way.
            std::future::pending::<()>().await;
        };
        let pace = Pace::default();
        let round = || async {
            if self.round().await {
                pace.rest(&self.0.clock).await;
            }
        };
        tokio::select! {
            () = periodic::every(TICK, &self.0.clock, &self.0.followers, stop, round) => {}
            () = listening => {}
        }
    }

    /// Whether anybody had to be read.
    async fn round(&self) -> bool {
        let client = self.0.access.client();
        if self.people().followed.is_empty() {
            return false;
        }
        // Without a road nobody's rights can be read, and what was known stays.
        let Ok(road) = client.road().await else { return false };
        let due = self.due(road);
        if due.is_empty() || is_starting(client).await {
            return false;
        }
        let reads = due.into_iter().map(|username| self.read_again(username));
        let reads = stream::iter(reads).buffer_unordered(PEOPLE_AT_ONCE);
        let all_read = reads.fold(true, |all_read, read| std::future::ready(all_read && read)).await;
        if all_read && self.0.reads_fail.swap(false, Ordering::Relaxed) {
            info!("the rights of those who look can be read again");
        }
        true
    }

    /// Whether that worked. Somebody looks all the time: trouble is said when it begins, and when it is over.
    async fn read_again(&self, username: String) -> bool {
        let Err(error) = self.refresh(&username).await else { return true };
        if !self.0.reads_fail.swap(true, Ordering::Relaxed) {
            let error = &error as &dyn Cause;
            warn!(user = username, error, "the rights of somebody who looks cannot be read");
        }
        false
    }

    fn due(&self, road: Road) -> Vec<String> {
        let now = self.0.clock.uptime();
        let mut people = self.people();
        people.followed.retain(|_, one| one.holders > 0 || now.saturating_sub(one.left_at) < LINGER);
        let is_fresh = |account: &AccountId| {
            people.known.get(account).is_some_and(|known| self.0.access.is_fresh(&known.basis, road))
        };
        let due = people.followed.iter().filter(|(account, _)| !is_fresh(account));
        due.map(|(_, followed)| followed.username.clone()).collect()
    }

    pub(super) async fn tell(&self, account: &AccountId, news: News) {
        if news.is_shown_differently {
            self.0.hub.changed(Region::Shares(account.clone()));
        }
        for difference in news.differences {
            let (audience, notice) = told(account, difference);
            if let Err(error) = self.0.hub.tell(audience, Line::Notice(notice)).await {
                warn!(error = &error as &dyn Cause, "somebody could not be told of a change of rights");
            }
        }
    }
}

/// A NAS that is starting may not know its shares yet: what it says of them then is no word about anybody.
async fn is_starting(client: &Client) -> bool {
    matches!(client.read_state().await, Ok(SystemState::Booting | SystemState::ShuttingDown))
}

/// Whoever has lost the share again by the time they hear is not told its name anew.
fn told(account: &AccountId, difference: Difference) -> (Audience, Notice) {
    match difference {
        Difference::Gained { share, name, right } => {
            (Audience::AccountReaching(account.clone(), share), Notice::ShareGained { name, right })
        }
        Difference::Changed { share, name, right } => {
            (Audience::AccountReaching(account.clone(), share), Notice::ShareChanged { name, right })
        }
        Difference::Lost { name } => (Audience::Account(account.clone()), Notice::ShareLost { name }),
    }
}
