//! What one person was told in thirty days, and how far they have read.

use std::sync::Arc;

use crate::domain::caller::AccountId;
use crate::domain::event::{Line, Listener, Region, Told};
use crate::notices::{Base, Error};

/// Of one page.
const PAGE: usize = 30;
/// Read at once.
const CHUNK: u64 = 250;
/// How many lines are looked through for one page: most of them may be for others. Then the person goes on from there.
const MOST_READ: u64 = 5_000;
/// The same for a count, which is asked for far more often.
const MOST_COUNTED: u64 = 1_000;
/// Nobody counts further.
pub const MOST_UNREAD: usize = 99;

#[derive(Debug, Clone)]
pub struct Centre(Arc<Base>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The newest first; notices only.
    pub lines: Vec<Arc<Told>>,
    /// Where the next page begins; `None` when nothing older is kept.
    pub older: Option<u64>,
    /// Up to which number this person has read.
    pub read_up_to: u64,
}

/// How many notices wait for a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unread {
    /// At most [`MOST_UNREAD`].
    pub count: usize,
    /// There are more than that.
    pub more: bool,
}

/// What is looked for, and how hard.
#[derive(Clone, Copy)]
struct Bounds {
    /// Up to this number nothing is looked for.
    after: u64,
    most: usize,
    /// In lines, whoever they are for.
    most_read: u64,
}

impl Centre {
    pub(super) fn new(base: Arc<Base>) -> Self {
        Self(base)
    }

    /// From before number `before`, or from the newest on.
    pub async fn page(&self, listener: &Listener<'_>, before: Option<u64>) -> Result<Page, Error> {
        let read_up_to = self.read_mark(&listener.account.id).await?;
        let (lines, older) =
            self.gather(listener, before, Bounds { after: 0, most: PAGE, most_read: MOST_READ }).await?;
        Ok(Page { lines, older, read_up_to })
    }

    pub async fn unread(&self, listener: &Listener<'_>) -> Result<Unread, Error> {
        let mark = self.read_mark(&listener.account.id).await?;
        let bounds = Bounds { after: mark, most: MOST_UNREAD, most_read: MOST_COUNTED };
        let (lines, older) = self.gather(listener, None, bounds).await?;
        Ok(Unread { count: lines.len(), more: lines.len() == MOST_UNREAD && older.is_some() })
    }

    /// Says whether the mark moved: it only moves forward, and never beyond what was told.
    pub async fn read_up_to(&self, account: &AccountId, seq: u64) -> Result<bool, Error> {
        let Base { store, hub, clock, .. } = &*self.0;
        let seq = i64::try_from(seq.min(hub.cursor().seq)).unwrap_or(i64::MAX);
        let moved = store.move_read_mark(account, seq, clock.now()).await.map_err(Error::Write)?;
        if moved {
            hub.changed(Region::Bell(account.clone()));
        }
        Ok(moved)
    }

    async fn read_mark(&self, account: &AccountId) -> Result<u64, Error> {
        let mark = self.0.store.find_read_mark(account).await.map_err(Error::Read)?;
        Ok(u64::try_from(mark).unwrap_or_default())
    }

    /// The newest notices for this person, and where to go on if there may be more.
    async fn gather(
        &self,
        listener: &Listener<'_>,
        mut before: Option<u64>,
        bounds: Bounds,
    ) -> Result<(Vec<Arc<Told>>, Option<u64>), Error> {
        let hub = &self.0.hub;
        let Bounds { after, most, most_read } = bounds;
        let fits = |told: &Told| matches!(told.line, Line::Notice(_)) && told.audience.admits(listener);
        let (mut found, mut read) = (Vec::new(), 0);
        while read < most_read {
            let left = before.map_or(hub.cursor().seq, |before| before.saturating_sub(1)).saturating_sub(after);
            if left == 0 {
                return Ok((found, None));
            }
            // Whoever has read nearly all waits for a line or two only. A line more: it may just have come.
            let limit = CHUNK.min(left + 1);
            let lines = hub.list_before(before, limit).await.map_err(Error::List)?;
            let last = u64::try_from(lines.len()).unwrap_or(u64::MAX) < limit;
            read += limit;
            for told in lines {
                if told.seq <= after {
                    return Ok((found, None));
                }
                if found.len() == most && fits(&told) {
                    return Ok((found, Some(told.seq + 1)));
                }
                before = Some(told.seq);
                found.extend(Some(told).filter(|told| fits(told)));
            }
            if last {
                return Ok((found, None));
            }
        }
        Ok((found, before))
    }
}
