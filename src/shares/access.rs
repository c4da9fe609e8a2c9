//! Gathers what the rule needs to know about a person's shares, and remembers it for a short while.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::domain::nas::Change;
use crate::domain::person::Person;
use crate::domain::share::{Evidence, FolderAcl, Reach, Right, Seen, Share, ShareAcl, closed, evidence_paths, reach};
use crate::runtime::Clock;
use crate::shares::Error;
use crate::truenas::{self, Client};

/// The NAS tells nobody when a list of rights is edited, and writes down each reading of a share's list.
const LIFETIME: Duration = Duration::from_mins(2);

/// Leaves half of the calls a connection may have in flight to everybody else.
const READS_AT_ONCE: usize = 4;

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
    /// Grows whenever all is forgotten: what was asked for before must not be kept after.
    generation: u64,
    lists: Option<Arc<Lists>>,
}

/// What has been read since `read_at`. The person is not here: whoever left a group has left it at once.
#[derive(Debug)]
struct Lists {
    read_at: Duration,
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
        let Some(person) = self.0.client.find_person(username).await.map_err(Error::ReadPerson)? else {
            return Ok(None);
        };
        let lists = self.lists_for(&person).await?;
        let judge = |share: &Share| {
            let reach = reach(&person, share, &lists.evidence(share, &person));
            ShareAccess { share: share.clone(), reach }
        };
        let shares = lists.shares.iter().map(judge).collect();
        Ok(Some(PersonAccess { person, shares }))
    }

    /// For when the NAS says that something changed: the next table is made from what is true then.
    pub fn forget(&self) {
        let mut kept = self.kept();
        *kept = Kept { generation: kept.generation.wrapping_add(1), lists: None };
    }

    /// Forgets whenever the NAS says something that rights may hang on, until the stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut changes = self.0.client.changes();
        loop {
            let change = tokio::select! {
                () = stop.cancelled() => return,
                change = changes.next() => change,
            };
            match change {
                Some(change) if concerns_rights(&change) => self.forget(),
                Some(_) => {}
                None => return stop.cancelled().await,
            }
        }
    }

    /// With everything the person's table needs. Whoever lacks nothing waits for nobody.
    async fn lists_for(&self, person: &Person) -> Result<Arc<Lists>, Error> {
        if let Some(lists) = self.kept().fresh(self.0.clock.uptime()).filter(|lists| lists.are_enough_for(person)) {
            return Ok(lists);
        }
        let _reading = self.0.reading.lock().await;
        let lists = self.lists().await.map_err(Error::ListShares)?;
        self.read_rights(&lists, person).await.map_err(Error::ReadRights)?;
        Ok(lists)
    }

    async fn lists(&self) -> Result<Arc<Lists>, truenas::Error> {
        let now = self.0.clock.uptime();
        let generation = {
            let kept = self.kept();
            match kept.fresh(now) {
                Some(lists) => return Ok(lists),
                None => kept.generation,
            }
        };
        let shares = self.0.client.list_shares().await?;
        let lists = Arc::new(Lists { read_at: now, shares, share_acls: Mutex::default(), folders: Mutex::default() });
        let mut kept = self.kept();
        if kept.generation == generation {
            kept.lists = Some(lists.clone());
        }
        Ok(lists)
    }

    /// Each list once, however many shares need it.
    async fn read_rights(&self, lists: &Lists, person: &Person) -> Result<(), truenas::Error> {
        let share_acls = self.read_share_acls(lists.shares_to_read()).await?;
        lock(&lists.share_acls).extend(share_acls);
        let folders = self.read_folders(lists.paths_to_read(person)).await?;
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
    fn fresh(&self, now: Duration) -> Option<Arc<Lists>> {
        self.lists.clone().filter(|lists| now.saturating_sub(lists.read_at) < LIFETIME)
    }
}

impl Lists {
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

/// People and their groups are asked for each time. A pool that comes or goes locks and unlocks what lies on it.
fn concerns_rights(change: &Change) -> bool {
    match change {
        Change::Connected
        | Change::Unclear
        | Change::Pools
        | Change::Shares
        | Change::People
        | Change::Directory
        | Change::Failover
        | Change::Ready => true,
        Change::Disconnected
        | Change::Alerts
        | Change::Services
        | Change::RebootRequired
        | Change::Rebooting { .. }
        | Change::ShuttingDown { .. } => false,
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
