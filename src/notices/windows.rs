//! Maintenance windows: planned, changed, called off, listed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::domain::audit::Action;
use crate::domain::caller::Caller;
use crate::domain::event::{Audience, Panel, Region};
use crate::domain::maintenance::{Occurrence, Plan, Shown, Stage, Window};
use crate::domain::{Language, Timestamp, calendar};
use crate::notices::documents::HISTORY;
use crate::notices::{Base, Done, Error};

/// How far ahead occurrences are listed.
const AHEAD: Duration = Duration::from_hours(60 * 24);
/// A calendar is asked for again within days, and plans a year.
const CALENDAR_AHEAD: Duration = Duration::from_hours(366 * 24);
/// What was called off lately, so that calendars hear of it.
const CALENDAR_BACK: Duration = Duration::from_hours(30 * 24);
/// The setting the server keeps it as.
const CALENDAR_KEY: &str = "calendar key";
/// Of each list.
const MOST_LISTED: usize = 200;

#[derive(Debug, Clone)]
pub struct Windows(Arc<Base>);

/// All occurrences a page lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// The next first, those called off one by one as well.
    pub coming: Vec<Shown>,
    /// Under way, or late.
    pub running: Vec<Shown>,
    /// The last first.
    pub past: Vec<Shown>,
}

impl Windows {
    pub(super) fn new(base: Arc<Base>) -> Self {
        Self(base)
    }

    pub async fn create(&self, caller: &Caller, plan: Plan) -> Result<Done<Window>, Error> {
        let Base { store, clock, .. } = &*self.0;
        let window = Window::new(self.0.new_id(), plan, caller.account.username.clone(), clock.now());
        store.create_document(&window).await.map_err(Error::Write)?;
        Ok(self.done(caller, Action::MaintenancePlanned, window))
    }

    /// `None`: there is none, it was called off, or it has been over for a day.
    pub async fn change(&self, caller: &Caller, id: &str, plan: Plan) -> Result<Option<Done<Window>>, Error> {
        let now = self.0.clock.now();
        let change = |window: Window| window.may_change(now).then(|| window.changed(plan.clone(), now));
        let changed = self.0.store.change_document(id, change).await.map_err(Error::Write)?;
        Ok(changed.map(|window| self.done(caller, Action::MaintenanceChanged, window)))
    }

    /// The occurrence with this start, or all that have not ended. `None`: there was nothing left to call off.
    pub async fn call_off(
        &self,
        caller: &Caller,
        id: &str,
        which: Option<Timestamp>,
    ) -> Result<Option<Done<Window>>, Error> {
        let now = self.0.clock.now();
        let change = |window: Window| window.without(which, now);
        let changed = self.0.store.change_document(id, change).await.map_err(Error::Write)?;
        let done = changed.map(|window| self.done(caller, Action::MaintenanceCalledOff, window));
        Ok(done.map(|mut done| {
            done.deed.detail += &which.map_or("; all of it".to_owned(), |start| format!("; the one of {start}"));
            done
        }))
    }

    pub async fn find(&self, id: &str) -> Result<Option<Window>, Error> {
        self.0.store.find_document(id).await.map_err(Error::Read)
    }

    /// Those that may still take place, the newest first.
    pub async fn list(&self) -> Result<Vec<Window>, Error> {
        self.0.store.list_documents(self.0.clock.now()).await.map_err(Error::Read)
    }

    pub async fn list_occurrences(&self) -> Result<Listed, Error> {
        let now = self.0.clock.now();
        let earliest = now.minus(HISTORY);
        let windows: Vec<Window> = self.0.store.list_documents(earliest).await.map_err(Error::Read)?;
        let late = self.0.shown.borrow().iter().filter(|shown| shown.stage == Stage::Overdue).cloned().collect();
        let mut listed = Listed { running: late, ..Listed::default() };
        for window in &windows {
            let until = window.called_off_at.unwrap_or_else(|| now.plus(AHEAD));
            for occurrence in window.occurrences(earliest, until) {
                listed.add(window, occurrence, now);
            }
        }
        listed.coming.sort_by_key(|shown| shown.at);
        listed.past.sort_by_key(|shown| std::cmp::Reverse(shown.at));
        listed.coming.truncate(MOST_LISTED);
        listed.past.truncate(MOST_LISTED);
        Ok(listed)
    }

    /// What comes within a day, what is under way and what is late, with the moments to count down to.
    pub fn present(&self) -> Arc<Vec<Shown>> {
        self.0.shown.borrow().clone()
    }

    /// Hears of every change of [`Windows::present`].
    pub fn watch(&self) -> watch::Receiver<Arc<Vec<Shown>>> {
        self.0.shown.subscribe()
    }

    /// For the calendars of whoever `may_see`.
    pub async fn calendar(
        &self,
        language: Language,
        name: &str,
        may_see: impl Fn(&Audience) -> bool,
    ) -> Result<String, Error> {
        let now = self.0.clock.now();
        let from = now.minus(CALENDAR_BACK);
        let mut windows: Vec<Window> = self.0.store.list_documents(from).await.map_err(Error::Read)?;
        windows.retain(|window| may_see(&window.plan.audience()));
        Ok(calendar::text(&windows, from, now.plus(CALENDAR_AHEAD), language, name))
    }

    /// What stands in the address of the calendar: whoever was given it reads what concerns everybody.
    pub async fn calendar_key(&self) -> Result<String, Error> {
        let Base { store, clock, .. } = &*self.0;
        let read = || async { store.find_setting(CALENDAR_KEY).await.map_err(Error::Read) };
        if let Some(kept) = read().await? {
            return Ok(kept.value);
        }
        let new = self.0.new_id();
        let created = store.create_setting(CALENDAR_KEY, &new, clock.now()).await.map_err(Error::Write)?;
        // Somebody else was quicker.
        Ok(if created { new } else { read().await?.map_or(new, |kept| kept.value) })
    }

    /// The old address stops working.
    pub async fn renew_calendar_key(&self, caller: &Caller) -> Result<Done<()>, Error> {
        let Base { store, clock, .. } = &*self.0;
        store.put_setting(CALENDAR_KEY, &self.0.new_id(), clock.now()).await.map_err(Error::Write)?;
        Ok(Done::by(caller, Action::CalendarRenewed, "", String::new(), ()))
    }

    fn done(&self, caller: &Caller, action: Action, window: Window) -> Done<Window> {
        // The banner follows from the round.
        for region in [Region::Status, Region::Room(Panel::Maintenance)] {
            self.0.hub.changed(region);
        }
        self.0.owed.notify_one();
        Done::by(caller, action, &window.id.clone(), window.plan.to_string(), window)
    }
}

impl Listed {
    fn add(&mut self, window: &Window, occurrence: Occurrence, now: Timestamp) {
        let over = occurrence.ends_at <= now;
        if window.is_called_off(occurrence) {
            let list = if over || window.called_off_at.is_some() { &mut self.past } else { &mut self.coming };
            list.push(window.shown(occurrence, Stage::CalledOff));
        } else if over {
            self.past.push(window.shown(occurrence, Stage::Over));
        } else if occurrence.starts_at > now {
            self.coming.push(window.shown(occurrence, Stage::Ahead));
        } else {
            self.running.push(window.shown(occurrence, Stage::Running));
        }
    }
}
