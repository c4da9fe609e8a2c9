//! Incidents as administrators write of them, for the public page.

use std::sync::Arc;

use crate::domain::Timestamp;
use crate::domain::audit::Action;
use crate::domain::caller::Caller;
use crate::domain::event::Region;
use crate::domain::incident::{Incident, MOST_UPDATES, Update, Words};
use crate::domain::language::Texts;
use crate::notices::documents::HISTORY;
use crate::notices::{Base, Done, Error};

#[derive(Debug, Clone)]
pub struct Incidents(Arc<Base>);

impl Incidents {
    pub(super) fn new(base: Arc<Base>) -> Self {
        Self(base)
    }

    pub async fn create(&self, caller: &Caller, title: Texts, words: Words) -> Result<Done<Incident>, Error> {
        let (id, created_at) = (self.0.new_id(), self.0.clock.now());
        let incident = Incident { id, title, created_at, updates: vec![update(caller, words, created_at)] };
        self.0.store.create_document(&incident).await.map_err(Error::Write)?;
        Ok(self.done(caller, incident))
    }

    /// `None`: there is none, or more was written about it than anybody reads.
    pub async fn update(&self, caller: &Caller, id: &str, words: Words) -> Result<Option<Done<Incident>>, Error> {
        let update = update(caller, words, self.0.clock.now());
        let change = |mut incident: Incident| {
            incident.updates.push(update.clone());
            (incident.updates.len() <= MOST_UPDATES).then_some(incident)
        };
        let changed = self.0.store.change_document(id, change).await.map_err(Error::Write)?;
        Ok(changed.map(|incident| self.done(caller, incident)))
    }

    pub async fn find(&self, id: &str) -> Result<Option<Incident>, Error> {
        self.0.store.find_document(id).await.map_err(Error::Read)
    }

    /// Those that go on, and those resolved within ninety days; the newest first.
    pub async fn list(&self) -> Result<Vec<Incident>, Error> {
        self.0.store.list_documents(self.0.clock.now().minus(HISTORY)).await.map_err(Error::Read)
    }

    fn done(&self, caller: &Caller, incident: Incident) -> Done<Incident> {
        self.0.hub.changed(Region::Status);
        self.0.owed.notify_one();
        let detail = format!("{}: {}", incident.state().as_str(), incident.title.portuguese);
        Done::by(caller, Action::IncidentWritten, &incident.id.clone(), detail, incident)
    }
}

fn update(caller: &Caller, words: Words, at: Timestamp) -> Update {
    let Words { state, text } = words;
    Update { at, by: caller.account.username.clone(), state, text }
}
