//! The last-known table of each person, with its age, and what the file server showed at the last sign-in.

mod follow;
mod standing;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::Timestamp;
use crate::domain::caller::AccountId;
use crate::domain::share::{Proof, Reach, Share};
use crate::live::Hub;
use crate::runtime::{Clock, Poke};
use crate::shares::access::Basis;
use crate::shares::{Access, Error, PersonAccess, Settings, ShareAccess, hand_out};

/// Far more than an office has people. Who was read longest ago makes room, unless somebody looks.
const PEOPLE_KEPT: usize = 500;

use follow::{Followed, News};

pub use follow::Following;

/// What was true when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub access: Arc<PersonAccess>,
    pub read_at: Timestamp,
    /// By the share's name. Nothing is said of a share that was not tried, or whose rights have changed since.
    pub proofs: BTreeMap<String, Proof>,
    basis: Basis,
}

/// A share as a person is offered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub share: Share,
    pub reach: Reach,
    pub proof: Option<Proof>,
    /// `None`: the letters of the settings did not suffice, the script finds one on the person's machine.
    pub letter: Option<char>,
}

impl Known {
    /// What the person is shown and may map, in the order of names.
    pub fn offers(&self, settings: &Settings) -> Vec<Offer> {
        let offered: Vec<&ShareAccess> = self.offered().collect();
        let all: Vec<Share> = self.access.shares.iter().map(|access| access.share.clone()).collect();
        let mine: BTreeSet<i64> = offered.iter().map(|access| access.share.id).collect();
        let letters = hand_out(settings, &all, &mine);
        let offer = |access: &ShareAccess| Offer {
            share: access.share.clone(),
            reach: access.reach.clone(),
            proof: self.proofs.get(&access.share.name).copied(),
            letter: letters.get(&access.share.id).copied(),
        };
        let mut offers: Vec<Offer> = offered.into_iter().map(offer).collect();
        offers.sort_by_key(|offer| (offer.share.name.to_lowercase(), offer.share.id));
        offers
    }

    /// The ids of what the person is shown.
    pub fn share_ids(&self) -> Vec<i64> {
        self.offered().map(|access| access.share.id).collect()
    }

    /// The groups the person is in, by name.
    pub fn group_names(&self) -> Vec<String> {
        self.access.person.groups.iter().map(|group| group.name.clone()).collect()
    }

    fn offered(&self) -> impl Iterator<Item = &ShareAccess> {
        self.access.shares.iter().filter(|access| self.is_offered(access))
    }

    /// A share the file server has just refused is not offered, whatever its lists of rights seem to say. That it lets
    /// somebody in says nothing about the folders below, so it never adds to what was computed.
    fn is_offered(&self, access: &ShareAccess) -> bool {
        access.is_offered() && !matches!(self.proofs.get(&access.share.name), Some(Proof::Denied | Proof::Missing))
    }
}

/// Cheap to clone; all clones are one board. Nothing here is lost that the next reading does not bring back.
#[derive(Debug, Clone)]
pub struct Board(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    access: Access,
    hub: Hub,
    clock: Clock,
    people: Mutex<People>,
    readings: Mutex<HashMap<String, Arc<Reading>>>,
    /// Asks for a look at those who are followed.
    followers: Poke,
    /// Those who look could not be read the last time.
    reads_fail: AtomicBool,
}

#[derive(Debug, Default)]
struct People {
    known: HashMap<AccountId, Known>,
    /// Whom somebody looks at now, or did until a moment ago.
    followed: HashMap<AccountId, Followed>,
}

/// The readings of one person while somebody waits for them.
#[derive(Debug, Default)]
struct Reading {
    begun: Mutex<u64>,
    /// The latest to have ended and its number. Held by the one who reads.
    last: tokio::sync::Mutex<Option<(u64, Answer)>>,
}

type Answer = Result<Option<Known>, Error>;

impl Board {
    /// `hub` hears what changes for people who are being looked at.
    pub fn new(access: Access, hub: Hub, clock: Clock) -> Self {
        let (people, readings, followers) = (Mutex::default(), Mutex::default(), Poke::default());
        let reads_fail = AtomicBool::new(false);
        Self(Arc::new(Inner { access, hub, clock, people, readings, followers, reads_fail }))
    }

    /// However old: its age says how much to believe. Asks nobody.
    pub fn known(&self, account: &AccountId) -> Option<Known> {
        self.people().known.get(account).cloned()
    }

    /// All shares there are, by name, as whoever was read last had them told.
    pub fn last_shares(&self) -> Vec<Share> {
        let people = self.people();
        let last = people.known.values().max_by_key(|known| known.read_at);
        let mut shares: Vec<Share> =
            last.iter().flat_map(|known| &known.access.shares).map(|access| access.share.clone()).collect();
        shares.sort_by_key(|share| share.name.to_lowercase());
        shares
    }

    /// The names of all groups somebody known is in.
    pub fn group_names(&self) -> BTreeSet<String> {
        self.people().known.values().flat_map(Known::group_names).collect()
    }

    /// Whether it need not be read again.
    pub async fn is_fresh(&self, known: &Known) -> bool {
        match self.0.access.client().road().await {
            Ok(road) => self.0.access.is_fresh(&known.basis, road),
            Err(_) => false,
        }
    }

    /// `false`: the NAS has told since of a change that rights may hang on. Nobody is given anything by it.
    pub fn holds(&self, known: &Known) -> bool {
        self.0.access.holds(&known.basis)
    }

    /// Reads the person's table now. Who asks while one reading waits to begin shares it. `None`: the NAS knows nobody by
    /// this name. When the NAS is in trouble, what was known stays.
    pub async fn refresh(&self, username: &str) -> Answer {
        let reading = self.reading(username);
        // One under way may have seen the NAS before what the caller wants to see happened: only the next one will do.
        let enough = *lock(&reading.begun) + 1;
        let mut last = reading.last.lock().await;
        if let Some((number, answer)) = last.as_ref()
            && *number >= enough
        {
            return answer.clone();
        }
        let number = {
            let mut begun = lock(&reading.begun);
            *begun += 1;
            *begun
        };
        let answer = self.read(username).await;
        *last = Some((number, answer.clone()));
        answer
    }

    /// What the file server showed of each share, by name, when the person signed in.
    pub async fn keep(&self, account: &AccountId, proofs: BTreeMap<String, Proof>) {
        let news = {
            let mut people = self.people();
            let Some(known) = people.known.get(account).cloned() else { return };
            people.learn(account, Known { proofs, ..known })
        };
        self.tell(account, news).await;
    }

    /// For when nobody with this account is signed in any more.
    pub fn forget(&self, account: &AccountId) {
        self.people().known.remove(account);
    }

    fn people(&self) -> MutexGuard<'_, People> {
        lock(&self.0.people)
    }

    fn reading(&self, username: &str) -> Arc<Reading> {
        let mut readings = lock(&self.0.readings);
        readings.retain(|_, reading| Arc::strong_count(reading) > 1);
        readings.entry(username.to_owned()).or_default().clone()
    }

    async fn read(&self, username: &str) -> Answer {
        // The age counts from before the question, so that it is never flattered.
        let read_at = self.0.clock.now();
        let table = self.0.access.read(username).await?;
        let Some((access, basis)) = table.map(|(access, basis)| (Arc::new(access), basis)) else {
            self.people().known.retain(|_, known| known.access.person.username != username);
            return Ok(None);
        };
        let account = AccountId::of_uid(access.person.uid);
        let (known, news) = {
            let mut people = self.people();
            let before = people.known.get(&account);
            let proofs = before.map(|before| still_true(before, &access)).unwrap_or_default();
            let known = Known { access, read_at, proofs, basis };
            (known.clone(), people.learn(&account, known))
        };
        self.tell(&account, news).await;
        Ok(Some(known))
    }
}

impl People {
    fn learn(&mut self, account: &AccountId, known: Known) -> News {
        let before = self.known.remove(account);
        let news = match self.followed.get_mut(account) {
            Some(followed) => followed.learn(before.as_ref(), &known),
            None => News::default(),
        };
        self.make_room();
        self.known.insert(account.clone(), known);
        news
    }

    /// Those who are followed would only have to be read again.
    fn make_room(&mut self) {
        while self.known.len() >= PEOPLE_KEPT {
            let others = self.known.iter().filter(|(account, _)| !self.followed.contains_key(*account));
            let oldest = others.min_by_key(|(_, known)| known.read_at).map(|(account, _)| account.clone());
            let Some(oldest) = oldest else { return };
            self.known.remove(&oldest);
        }
    }
}

/// A proof speaks of the moment it was made: once the rights differ, so may the file server's answer.
fn still_true(before: &Known, now: &PersonAccess) -> BTreeMap<String, Proof> {
    let unchanged = |name: &String| {
        let find = |access: &PersonAccess| access.shares.iter().find(|one| one.share.name == *name).cloned();
        find(now).is_some_and(|after| find(&before.access) == Some(after))
    };
    before.proofs.iter().filter(|(name, _)| unchanged(name)).map(|(name, proof)| (name.clone(), *proof)).collect()
}

/// Plain maps: a panic elsewhere leaves them whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
