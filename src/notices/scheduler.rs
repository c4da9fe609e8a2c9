//! The task that tells people: round by round it looks at what is kept and at the time, and tells what nobody was told yet.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::domain::Timestamp;
use crate::domain::announcement::Announcement;
use crate::domain::event::{Audience, Line, Panel, Region};
use crate::domain::health::Snapshot;
use crate::domain::incident::{Incident, State};
use crate::domain::maintenance::{self, Nas, Shown, Window};
use crate::domain::notice::Notice;
use crate::domain::silence::Silence;
use crate::live;
use crate::notices::documents::HISTORY;
use crate::notices::{Base, Error};
use crate::runtime::rounds::{self, Turn};
use crate::runtime::{Poke, periodic};

/// No longer asleep than that: the calendar may jump meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_secs(15);
/// Longer than any window: what was called off or is late may still have to be told.
const WINDOWS_BACK: Duration = Duration::from_hours(8 * 24);
/// News older than that are told to nobody any more.
const NEWS: Duration = Duration::from_hours(24);
const TIDY_EVERY: Duration = Duration::from_hours(1);
/// Longer than anything that might ask for a key, even after the clock was set.
const KEYS_KEPT: Duration = Duration::from_hours(400 * 24);

#[derive(Debug, Clone)]
pub struct Scheduler(Arc<Base>);

impl Scheduler {
    pub(super) fn new(base: Arc<Base>) -> Self {
        Self(base)
    }

    /// Until the stop. `nas` is how the storage is.
    pub async fn run(self, nas: watch::Receiver<Snapshot>, stop: CancellationToken) {
        let nobody = Poke::default();
        let tidying = periodic::every(TIDY_EVERY, &self.0.clock, &nobody, stop.clone(), || self.tidy_round());
        tokio::join!(self.tell_all(nas, &stop), rounds::under("tidy notices", tidying));
    }

    async fn tell_all(&self, mut nas: watch::Receiver<Snapshot>, stop: &CancellationToken) {
        let clock = &self.0.clock;
        loop {
            let turn = Turn::begin(clock);
            let known = Nas::from(nas.borrow_and_update().level);
            let next = self.round(known).await.unwrap_or_else(|error| {
                rounds::failed(&error);
                warn!(error = &error as &dyn std::error::Error, "people could not be told; trying again");
                None
            });
            let span = next.map_or(LONGEST_SLEEP, |at| at.since(clock.now()).min(LONGEST_SLEEP));
            turn.end(clock, span);
            let changed = async {
                if nas.wait_for(|snapshot| Nas::from(snapshot.level) != known).await.is_err() {
                    // Nobody looks at the storage any more: the stop is on its way.
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = clock.sleep(span) => {}
                () = self.0.owed.notified() => {}
                () = changed => {}
            }
        }
    }

    /// Tells what is due, and gives the moment at which something else is.
    pub(super) async fn round(&self, nas: Nas) -> Result<Option<Timestamp>, Error> {
        let Base { store, clock, .. } = &*self.0;
        let now = clock.now();
        let windows: Vec<Window> = store.list_documents(now.minus(WINDOWS_BACK)).await.map_err(Error::Read)?;
        let mut shown = Vec::new();
        for window in &windows {
            shown.extend(self.tell_of(window, now, nas).await?);
        }
        shown.sort_by_key(|shown| shown.at);
        self.show(shown);
        self.tell_announcements(now).await?;
        self.tell_incidents(now).await?;
        Ok(windows.iter().filter_map(|window| maintenance::wake_at(window, now)).min())
    }

    async fn tell_of(&self, window: &Window, now: Timestamp, nas: Nas) -> Result<Vec<Shown>, Error> {
        let mut told = self.told(&maintenance::keys(window, now)).await?;
        for due in maintenance::due(window, now, nas, &|key| told.contains(key)) {
            self.tell_once(&due.keys, window.plan.audience(), due.notice).await?;
            told.extend(due.keys);
        }
        Ok(maintenance::shown(window, now, &|key| told.contains(key)))
    }

    async fn tell_announcements(&self, now: Timestamp) -> Result<(), Error> {
        let pinned: Vec<Announcement> = self.0.store.list_documents(now).await.map_err(Error::Read)?;
        let ids: Vec<String> = pinned.iter().map(|announcement| announcement.id.clone()).collect();
        if self.0.pinned.send_if_modified(|old| std::mem::replace(old, ids.clone()) != ids) {
            self.changed(&[Region::Announcements, Region::Room(Panel::Announcements)]);
        }
        let is_news = |one: &&Announcement| now.since(one.created_at) < NEWS;
        let key = |one: &Announcement| format!("{} announced", one.id);
        let told = self.told(&pinned.iter().filter(is_news).map(key).collect::<Vec<_>>()).await?;
        // The oldest first.
        for one in pinned.iter().rev().filter(is_news).filter(|one| !told.contains(&key(one))) {
            let (announcement, title, text) = (one.id.clone(), one.draft.title.clone(), one.draft.text.clone());
            self.tell_once(&[key(one)], one.audience(), Notice::Announced { announcement, title, text }).await?;
        }
        Ok(())
    }

    async fn tell_incidents(&self, now: Timestamp) -> Result<(), Error> {
        let incidents: Vec<Incident> = self.0.store.list_documents(now.minus(NEWS)).await.map_err(Error::Read)?;
        for Incident { id, title, updates, .. } in incidents.into_iter().rev() {
            let news = updates.into_iter().enumerate().filter(|(_, update)| now.since(update.at) < NEWS);
            let news: Vec<_> = news.map(|(number, update)| (format!("{id} update {number}"), update)).collect();
            let told = self.told(&news.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>()).await?;
            for (key, update) in news.into_iter().filter(|(key, _)| !told.contains(key)) {
                let (incident, title, text) = (id.clone(), title.clone(), update.text);
                let resolved = update.state == State::Resolved;
                let notice = Notice::IncidentUpdated { incident, title, text, resolved };
                self.tell_once(&[key], Audience::Everybody, notice).await?;
            }
        }
        Ok(())
    }

    fn show(&self, shown: Vec<Shown>) {
        let differs = |old: &mut Arc<Vec<Shown>>| {
            let differs = **old != shown;
            *old = Arc::new(shown);
            differs
        };
        if self.0.shown.send_if_modified(differs) {
            self.changed(&[Region::Banner, Region::Status, Region::Room(Panel::Maintenance)]);
        }
    }

    fn changed(&self, regions: &[Region]) {
        for region in regions {
            self.0.hub.changed(region.clone());
        }
    }

    async fn told(&self, keys: &[String]) -> Result<BTreeSet<String>, Error> {
        Ok(self.0.store.list_told_once(keys).await.map_err(Error::Read)?.into_iter().collect())
    }

    async fn tell_once(&self, keys: &[String], audience: Audience, notice: Notice) -> Result<(), Error> {
        self.0.hub.tell_once(keys, audience, Line::Notice(notice)).await.map(drop).map_err(Error::Tell)
    }

    async fn tidy_round(&self) {
        if let Err(error) = self.tidy().await {
            rounds::failed(&error);
            warn!(error = &error as &dyn std::error::Error, "old notices could not be let go");
        }
    }

    pub(super) async fn tidy(&self) -> Result<(), Error> {
        let Base { store, clock, .. } = &*self.0;
        let now = clock.now();
        let tidied = async {
            store.remove_documents::<Window>(now.minus(HISTORY)).await?;
            store.remove_documents::<Incident>(now.minus(HISTORY)).await?;
            store.remove_documents::<Announcement>(now.minus(live::KEPT)).await?;
            store.remove_documents::<Silence>(now).await?;
            store.remove_orphaned_confirmations().await?;
            // Whatever they had read by then is no longer kept.
            store.remove_read_marks_before(now.minus(live::KEPT)).await?;
            store.remove_told_once_before(now.minus(KEYS_KEPT)).await
        };
        tidied.await.map(drop).map_err(Error::Write)
    }
}
