//! The one shared state behind every connection.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::failure::Failure;
use super::faults::{Fault, Switches};
use super::limits::Limits;
use super::network::Door;
use super::profile::Profile;
use super::rights::Rights;
use super::world::{Alert, World, uuid};
use super::{events, records};
use crate::runtime::{Clock, Random, Tasks};

/// News waiting for a slow connection. A burst of a thousand fits.
const NEWS: usize = 4_096;

/// What every open socket hears.
#[derive(Debug, Clone)]
pub(super) enum News {
    Event(events::Event),
    Malformed,
    Close(u16),
    SessionsExpire,
}

#[derive(Debug)]
pub(super) struct Nas {
    pub(super) profile: Profile,
    pub(super) clock: Clock,
    pub(super) random: Random,
    pub(super) tasks: Tasks,
    pub(super) switches: Switches,
    pub(super) news: broadcast::Sender<News>,
    pub(super) doors: Vec<Arc<Door>>,
    world: Mutex<World>,
    limits: Mutex<Limits>,
    /// Cancelled to cut every connection at once, then replaced.
    lifeline: Mutex<CancellationToken>,
    /// Cancelled to end the script that runs, then replaced.
    script: Mutex<CancellationToken>,
    rest_alert_day: Mutex<Option<i64>>,
}

impl Nas {
    pub(super) fn new(profile: Profile, seed: u64, clock: Clock, tasks: Tasks, doors: Vec<Arc<Door>>) -> Self {
        let random = Random::seeded(seed);
        Self {
            profile,
            world: Mutex::new(World::demo(&random)),
            clock,
            random,
            lifeline: Mutex::new(tasks.stopping().child_token()),
            script: Mutex::new(tasks.stopping().child_token()),
            tasks,
            switches: Switches::default(),
            news: broadcast::Sender::new(NEWS),
            doors,
            limits: Mutex::default(),
            rest_alert_day: Mutex::default(),
        }
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.clock.now().as_millis()
    }

    pub(super) fn lifeline(&self) -> CancellationToken {
        lock(&self.lifeline).clone()
    }

    pub(super) fn cut_everybody(&self) {
        renew(&self.lifeline, &self.tasks);
    }

    /// Ends the script that runs, if any, and gives the token of the next.
    pub(super) fn renew_script(&self) -> CancellationToken {
        renew(&self.script, &self.tasks)
    }

    pub(super) fn open_doors(&self, open: bool) {
        for door in &self.doors {
            if open { door.open() } else { door.close() }
        }
    }

    /// Whether somebody from this address may call a method that needs no login.
    pub(super) fn admits(&self, from: IpAddr, method: &str, logged_in: bool) -> bool {
        if logged_in && !self.profile.counts_after_login() {
            return true;
        }
        if self.switches.is_on(Fault::RateLimited) {
            return false;
        }
        !self.profile.limits_calls() || lock(&self.limits).admit(from, method, self.clock.uptime())
    }

    pub(super) fn authorize(&self, rights: &Rights, role: &str) -> Result<(), Failure> {
        let withheld = self.switches.is_on(Fault::KeyMissingRole) && role == "FILESYSTEM_ATTRS_READ";
        let allowed = rights.holds(role) && (!withheld || rights.is_full_admin());
        if allowed { Ok(()) } else { Err(Failure::NotAuthorized) }
    }

    pub(super) fn tell(&self, news: News) {
        // Nobody listening is fine.
        let _ = self.news.send(news);
    }

    pub(super) fn announce(&self, collection: &str, msg: &'static str, id: Value, fields: Option<Value>) {
        self.tell(News::Event(events::Event { collection: collection.to_owned(), msg, id, fields }));
    }

    pub(super) fn raise_alert(&self, class: &str, level: &'static str, formatted: &str) {
        let alert = Alert {
            uuid: uuid(&self.random),
            class: class.to_owned(),
            level,
            formatted: formatted.to_owned(),
            raised_ms: self.now_ms(),
            dismissed: false,
        };
        self.announce("alert.list", "added", json!(alert.uuid), Some(records::system::alert(&alert)));
        self.world().alerts.push(alert);
    }

    pub(super) fn clear_alert(&self, class: &str) {
        let cleared: Vec<Alert> = self.world().alerts.extract_if(.., |alert| alert.class == class).collect();
        for alert in cleared {
            if self.profile == Profile::R22_12 {
                let mut fields = records::system::alert(&alert);
                fields["cleared"] = json!(true);
                self.announce("alert.list", "changed", json!(alert.uuid), Some(fields));
            }
            self.announce("alert.list", "removed", json!(alert.uuid), None);
        }
    }

    /// Each day somebody uses REST is worth an alert on the releases about to drop it.
    pub(super) fn note_rest_use(&self) {
        const DAY_MS: i64 = 86_400_000;
        let today = self.now_ms() / DAY_MS;
        let first = lock(&self.rest_alert_day).replace(today) != Some(today);
        if first && self.profile.raises_rest_alert() {
            self.clear_alert("RESTAPIUsage");
            self.raise_alert("RESTAPIUsage", "WARNING", "The deprecated REST API was used today.");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn renew(token: &Mutex<CancellationToken>, tasks: &Tasks) -> CancellationToken {
    let next = tasks.stopping().child_token();
    std::mem::replace(&mut *lock(token), next.clone()).cancel();
    next
}
