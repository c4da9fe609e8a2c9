//! Alerts nobody wants to hear of for a while.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::audit::Action;
use crate::domain::caller::Caller;
use crate::domain::event::{Panel, Region};
use crate::domain::nas::Alert;
use crate::domain::silence::{LONGEST_HOURS, Silence, Target};
use crate::notices::{Base, Done, Error};
use crate::store;

#[derive(Debug, Clone)]
pub struct Silences {
    base: Arc<Base>,
    /// As they are kept, so that nobody waits for the database to know. Written by whoever changes one.
    known: Arc<Mutex<Vec<Silence>>>,
}

impl Silences {
    pub(super) async fn open(base: Arc<Base>) -> Result<Self, store::Error> {
        let known = base.store.list_documents(base.clock.now()).await?;
        Ok(Self { base, known: Arc::new(Mutex::new(known)) })
    }

    /// For 1 to 168 hours from now.
    pub async fn create(&self, caller: &Caller, target: Target, hours: u32) -> Result<Done<Silence>, Error> {
        let now = self.base.clock.now();
        let until = now.plus(Duration::from_hours(u64::from(hours.clamp(1, LONGEST_HOURS))));
        let (id, created_by) = (self.base.new_id(), caller.account.username.clone());
        let silence = Silence { id, target, created_at: now, created_by, until };
        self.base.store.create_document(&silence).await.map_err(Error::Write)?;
        self.known().insert(0, silence.clone());
        Ok(self.done(caller, Action::AlertSilenced, format!("{hours} h"), silence))
    }

    /// `None`: it is over.
    pub async fn remove(&self, caller: &Caller, id: &str) -> Result<Option<Done<Silence>>, Error> {
        let now = self.base.clock.now();
        let change = |old: Silence| (old.until > now).then_some(Silence { until: now, ..old });
        let removed = self.base.store.change_document(id, change).await.map_err(Error::Write)?;
        self.known().retain(|silence| silence.id != id);
        Ok(removed.map(|silence| self.done(caller, Action::AlertHeardAgain, String::new(), silence)))
    }

    /// Those in force, the newest first.
    pub fn list(&self) -> Vec<Silence> {
        let now = self.base.clock.now();
        let mut known = self.known();
        known.retain(|silence| silence.until > now);
        known.clone()
    }

    pub fn is_silenced(&self, alert: &Alert) -> bool {
        let now = self.base.clock.now();
        self.known().iter().any(|silence| silence.until > now && silence.target.covers(alert))
    }

    fn known(&self) -> MutexGuard<'_, Vec<Silence>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn done(&self, caller: &Caller, action: Action, detail: String, silence: Silence) -> Done<Silence> {
        self.base.hub.changed(Region::Room(Panel::Alerts));
        let subject: String = silence.target.text().chars().take(300).collect();
        Done::by(caller, action, &subject, detail, silence)
    }
}
