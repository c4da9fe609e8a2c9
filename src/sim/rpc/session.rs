//! What one connection remembers: who is logged in, and what it listens to.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::sim::failure::Failure;
use crate::sim::login::Identity;

/// How long a login lasts.
const LIFETIME: Duration = Duration::from_hours(30 * 24);

#[derive(Debug)]
pub(super) struct Session {
    identity: Option<(Identity, Duration)>,
    /// Who has given the right password and still owes the code.
    pub(super) owes_code: Option<String>,
    /// Subscription id to the name asked for, parameters included.
    pub(super) subscriptions: BTreeMap<String, String>,
    /// Long calls answer their job's id at once.
    pub(super) legacy_jobs: bool,
    /// The legacy greeting was exchanged.
    pub(super) greeted: bool,
}

impl Default for Session {
    fn default() -> Self {
        Self { identity: None, owes_code: None, subscriptions: BTreeMap::new(), legacy_jobs: true, greeted: false }
    }
}

impl Session {
    pub(super) fn log_in(&mut self, identity: Identity, uptime: Duration) {
        self.owes_code = None;
        self.identity = Some((identity, uptime));
    }

    pub(super) fn log_out(&mut self) {
        self.identity = None;
        self.subscriptions.clear();
    }

    /// Nothing is pushed when a session ends: the next call finds out.
    pub(super) fn identity(&self, uptime: Duration) -> Result<&Identity, Failure> {
        let lasting = |since: Duration| uptime.saturating_sub(since) < LIFETIME;
        let identity = self.identity.as_ref().filter(|(_, since)| lasting(*since));
        identity.map(|(identity, _)| identity).ok_or(Failure::NotAuthenticated)
    }

    pub(super) fn is_logged_in(&self) -> bool {
        self.identity.is_some()
    }
}
