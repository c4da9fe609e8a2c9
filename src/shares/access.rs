//! Gathers what the rule needs to know about a person's shares, and remembers it for a short while.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use tracing::warn;

use crate::domain::nas::{Change, Road};
use crate::domain::person::Person;
use crate::domain::share::{Evidence, FolderAcl, Reach, Right, Seen, Share, ShareAcl, closed, evidence_paths, reach};
use crate::runtime::Clock;
use crate::shares::Error;
use crate::truenas::{self, Client};

/// The NAS tells nobody when a list of rights is edited, and writes down each reading of a share's list.
const LIFETIME: Duration = Duration::from_mins(1);

/// How long people and the list of shares are believed where the NAS tells nothing of them either.
const SILENT_LIFETIME: Duration = Duration::from_secs(15);

/// Those who look are read again a moment after their table is old, and that takes another: until then it serves.
const GRACE: Duration = Duration::from_secs(10);

/// Of shares, and as many of folders. Together they leave some of the calls a connection may have in flight to everybody
/// else.
const READS_AT_ONCE: usize = 3;

/// A share and what one person may do in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareAccess {
    pub share: Share,
    pub reach: Reach,
}

impl ShareAccess {
    /// Whether the person is shown the share at all: reachable, as far as is known, and not hidden.
    pub fn is_offered(&self) -> bool {
        self.share.browsable && self.reach.right != Right::None
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonAccess {
    pub person: Person,
    /// Every share of the NAS, those without access too.
    pub shares: Vec<ShareAccess>,
}

/// Which moment a table is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Basis {
    epoch: Epoch,
    person_at: Duration,
    lists_at: Duration,
}

/// Counts what was heard of the NAS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Epoch {
    /// All that makes it worth reading again.
    heard: u64,
    /// Of these, the changes it told: whatever was read before is known not to hold.
    told: u64,
}

/// Cheap to clone; all clones remember the same.
#[derive(Debug, Clone)]
pub struct Access(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    clock: Clock,
    kept: Mutex<Kept>,
    /// Held by the one who reads: the others find what they need once it is free.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Another one whenever all is forgotten: what was asked for before must not be kept after.
    epoch: Epoch,
    lists: Option<Arc<Lists>>,
}

/// What has been read since `read_at`. The person is not here: whoever left a group has left it at once.
#[derive(Debug)]
struct Lists {
    read_at: Duration,
    listed_at: Duration,
    shares: Vec<Share>,
    share_acls: Mutex<HashMap<i64, Seen<ShareAcl>>>,
    folders: Mutex<HashMap<String, Seen<FolderAcl>>>,
}

impl Access {
    pub fn new(client: Client, clock: Clock) -> Self {
        Self(Arc::new(Inner { client, clock, kept: Mutex::default(), reading: tokio::sync::Mutex::default() }))
    }

    /// `None`: the NAS knows nobody by this name.
    pub async fn table(&self, username: &str) -> Result<Option<PersonAccess>, Error> {
        Ok(self.read(username).await?.map(|(table, _)| table))
    }

    /// The table, and the moment it is of.
    pub(super) async fn read(&self, username: &str) -> Result<Option<(PersonAccess, Basis)>, Error> {
        let (epoch, person_at) = (self.kept().epoch, self.0.clock.uptime());
        let Some(person) = self.0.client.find_person(username).await.map_err(Error::ReadPerson)? else {
            return Ok(None);
        };
        let lists = self.lists_for(&person).await?;
        let judge = |share: &Share| {
            let reach = reach(&person, share, &lists.evidence(share, &person));
            ShareAccess { share: share.clone(), reach }
        };
        let shares = lists.shares.iter().map(judge).collect();
        let basis = Basis { epoch, person_at, lists_at: lists.read_at };
        Ok(Some((PersonAccess { person, shares }, basis)))
    }

    /// Nothing that it was read from is old, nor has anything been heard since.
    pub(super) fn is_fresh(&self, basis: &Basis, road: Road) -> bool {
        self.is_young(basis, road, Duration::ZERO)
    }

    /// The same, as long as those who look are believed: their tables are read again before this is over.
    pub(super) fn is_current(&self, basis: &Basis, road: Road) -> bool {
        self.is_young(basis, road, GRACE)
    }

    fn is_young(&self, basis: &Basis, road: Road, grace: Duration) -> bool {
        let now = self.0.clock.uptime();
        let is_young = |read_at: Duration, lifetime| now.saturating_sub(read_at) < lifetime + grace;
        self.kept().epoch == basis.epoch
            && is_young(basis.person_at, lifetime(road))
            && is_young(basis.lists_at, LIFETIME)
    }

    /// The NAS has not told of any change since.
    pub(super) fn holds(&self, basis: &Basis) -> bool {
        self.kept().epoch.told == basis.epoch.told
    }

    /// For when the NAS says that something changed: the next table is made from what is true then.
    pub fn forget(&self) {
        self.begin_anew(1);
    }

    /// For when nothing was told, and yet all may be different.
    fn read_again(&self) {
        self.begin_anew(0);
    }

    fn begin_anew(&self, told: u64) {
        let mut kept = self.kept();
        let Epoch { heard, told: before } = kept.epoch;
        let epoch = Epoch { heard: heard.wrapping_add(1), told: before.wrapping_add(told) };
        *kept = Kept { epoch, lists: None };
    }

    /// Takes note of what the NAS says. `false`: rights do not hang on it.
    pub(super) fn hear(&self, change: &Change) -> bool {
        match change {
            Change::Unclear | Change::Pools | Change::Shares | Change::People | Change::Directory => self.forget(),
            Change::Connected | Change::Failover | Change::Ready => self.read_again(),
            Change::Disconnected
            | Change::Alerts
            | Change::Services
            | Change::RebootRequired
            | Change::Rebooting { .. }
            | Change::ShuttingDown { .. } => return false,
        }
        true
    }

    pub(super) fn client(&self) -> &Client {
        &self.0.client
    }

    /// With everything the person's table needs. Whoever lacks nothing waits for nobody.
    async fn lists_for(&self, person: &Person) -> Result<Arc<Lists>, Error> {
        let road = self.0.client.road().await.map_err(Error::ListShares)?;
        // Whoever's table is old finds a new list, though that was read a moment after the person.
        let listed = lifetime(road) / 2;
        let fresh = self.kept().fresh(self.0.clock.uptime(), listed);
        if let Some(lists) = fresh.filter(|lists| lists.are_enough_for(person)) {
            return Ok(lists);
        }
        let _reading = self.0.reading.lock().await;
        let lists = self.lists(listed).await.map_err(Error::ListShares)?;
        self.read_rights(&lists, person).await.map_err(Error::ReadRights)?;
        Ok(lists)
    }

    async fn lists(&self, listed: Duration) -> Result<Arc<Lists>, truenas::Error> {
        let now = self.0.clock.uptime();
        let (epoch, before) = {
            let kept = self.kept();
            match kept.fresh(now, listed) {
                Some(lists) => return Ok(lists),
                None => (kept.epoch, kept.fresh(now, LIFETIME)),
            }
        };
        let shares = self.0.client.list_shares().await?;
        let lists = Arc::new(Lists::of(shares, now, before.as_deref()));
        let mut kept = self.kept();
        if kept.epoch == epoch {
            kept.lists = Some(lists.clone());
        }
        Ok(lists)
    }

    /// Each list once, however many shares need it.
    async fn read_rights(&self, lists: &Lists, person: &Person) -> Result<(), truenas::Error> {
        let share_acls = self.read_share_acls(lists.shares_to_read());
        let folders = self.read_folders(lists.paths_to_read(person));
        let (share_acls, folders) = tokio::try_join!(share_acls, folders)?;
        lock(&lists.share_acls).extend(share_acls);
        lock(&lists.folders).extend(folders);
        Ok(())
    }

    async fn read_share_acls(&self, shares: Vec<Share>) -> Result<Vec<(i64, Seen<ShareAcl>)>, truenas::Error> {
        let reads = shares.into_iter().map(|share| async move {
            let answer = self.0.client.read_share_acl(&share).await;
            Ok((share.id, seen(&share.name, answer.map(Some))?))
        });
        stream::iter(reads).buffer_unordered(READS_AT_ONCE).try_collect().await
    }

    async fn read_folders(&self, paths: BTreeSet<String>) -> Result<Vec<(String, Seen<FolderAcl>)>, truenas::Error> {
        let reads = paths.into_iter().map(|path| async move {
            let answer = self.0.client.read_folder_acl(&path).await;
            let seen = seen(&path, answer)?;
            Ok((path, seen))
        });
        stream::iter(reads).buffer_unordered(READS_AT_ONCE).try_collect().await
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        lock(&self.0.kept)
    }
}

impl Kept {
    /// `listed`: how long the list of shares is believed.
    fn fresh(&self, now: Duration, listed: Duration) -> Option<Arc<Lists>> {
        let is_young = |read_at: Duration, lifetime| now.saturating_sub(read_at) < lifetime;
        let fresh = |lists: &Arc<Lists>| is_young(lists.read_at, LIFETIME) && is_young(lists.listed_at, listed);
        self.lists.clone().filter(fresh)
    }
}

impl Lists {
    /// `before`: the lists of rights are kept that are not old yet.
    fn of(shares: Vec<Share>, now: Duration, before: Option<&Self>) -> Self {
        let share_acls = before.map(|before| lock(&before.share_acls).clone()).unwrap_or_default();
        let folders = before.map(|before| lock(&before.folders).clone()).unwrap_or_default();
        let read_at = before.map_or(now, |before| before.read_at);
        Self { read_at, listed_at: now, shares, share_acls: Mutex::new(share_acls), folders: Mutex::new(folders) }
    }

    fn are_enough_for(&self, person: &Person) -> bool {
        self.shares_to_read().is_empty() && self.paths_to_read(person).is_empty()
    }

    /// Nobody reaches a closed share, so its rights are not asked for.
    fn open(&self) -> impl Iterator<Item = &Share> {
        self.shares.iter().filter(|share| closed(share).is_none())
    }

    fn shares_to_read(&self) -> Vec<Share> {
        let known = lock(&self.share_acls);
        self.open().filter(|share| !known.contains_key(&share.id)).cloned().collect()
    }

    fn paths_to_read(&self, person: &Person) -> BTreeSet<String> {
        let known = lock(&self.folders);
        self.open()
            .filter_map(|share| evidence_paths(share, person))
            .flat_map(|paths| paths.parents.into_iter().chain([paths.folder]))
            .filter(|path| !known.contains_key(path))
            .collect()
    }

    fn evidence(&self, share: &Share, person: &Person) -> Evidence {
        let share_acl = lock(&self.share_acls).get(&share.id).cloned().unwrap_or(Seen::Unreadable);
        let folders = lock(&self.folders);
        let folder = |path: &str| folders.get(path).cloned().unwrap_or(Seen::Unreadable);
        match evidence_paths(share, person) {
            None => Evidence { share_acl, ..Evidence::none() },
            Some(paths) => Evidence {
                share_acl,
                folder: folder(&paths.folder),
                parents: paths.parents.into_iter().map(|path| (path.clone(), folder(&path))).collect(),
            },
        }
    }
}

/// How long what the NAS tells of, where it tells, is believed without a word of it.
fn lifetime(road: Road) -> Duration {
    match road {
        Road::Rpc => LIFETIME,
        Road::Rest => SILENT_LIFETIME,
    }
}

/// One list that cannot be read makes one answer unknown; a link in trouble makes all of them so.
fn seen<T>(what: &str, answer: Result<Option<T>, truenas::Error>) -> Result<Seen<T>, truenas::Error> {
    match answer {
        Ok(Some(list)) => Ok(Seen::Known(list)),
        Ok(None) => Ok(Seen::Missing),
        Err(error) if error.is_about_one_item() => {
            warn!(of = what, error = &error as &dyn std::error::Error, "a list of rights could not be read");
            Ok(Seen::Unreadable)
        }
        Err(error) => Err(error),
    }
}

/// Plain maps: a panic elsewhere leaves them whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
