//! Trying the way to the NAS layer by layer, and the calls we make there, because somebody wants to know now.
//!
//! One test at a time and a pause between two: a NAS counts how often it is asked. Whatever is asked only reads.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::Timestamp;
use crate::domain::nas::{Release, Road};
use crate::runtime::{Clock, Tasks};
use crate::truenas::{Client, Error, Need, Settings, Survey, Trust};

/// From the beginning of one test to the beginning of the next.
pub const PAUSE: Duration = Duration::from_secs(10);

/// Each stands on the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    Name,
    Tcp,
    Certificate,
    Road,
    Key,
    Rights,
    Power,
}

impl Layer {
    pub const ALL: [Self; 7] =
        [Self::Name, Self::Tcp, Self::Certificate, Self::Road, Self::Key, Self::Rights, Self::Power];
}

/// What we go by to know the NAS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    BySystem,
    ByAuthority,
    ByFingerprint,
}

/// What a layer that was passed told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Addresses {
        host: String,
        addresses: Vec<String>,
    },
    Port(u16),
    /// Plain HTTP: there is no certificate.
    Unencrypted,
    Certificate {
        known: Known,
        expires_at: Option<Timestamp>,
    },
    Road(Road),
    /// `None`: the key may not ask.
    Release(Option<Release>),
    /// Those that are missing.
    Rights(Vec<Need>),
    /// It may do far more than read.
    TooPowerful(bool),
    /// As many records as a list had.
    Answer(Option<usize>),
}

#[derive(Debug, Clone)]
pub enum Outcome {
    Running,
    Found(Found),
    Failed(Error),
}

#[derive(Debug, Clone)]
pub struct Step<T> {
    pub of: T,
    pub took: Duration,
    pub outcome: Outcome,
}

/// A test under way, or the last one.
#[derive(Debug, Clone)]
pub struct Test<T> {
    pub began_at: Timestamp,
    pub running: bool,
    pub steps: Vec<Step<T>>,
}

/// Cheap to clone; of all clones one test is under way at most.
#[derive(Debug, Clone)]
pub struct Inspector(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    client: Client,
    clock: Clock,
    tasks: Tasks,
    /// Written by whoever begins a test, and by the test.
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// By the clock that nobody sets.
    begun: Option<Duration>,
    layers: Option<Test<Layer>>,
    calls: Option<Test<Need>>,
}

impl Inspector {
    pub fn new(settings: Settings, client: Client, clock: Clock, tasks: Tasks) -> Self {
        Self(Arc::new(Inner { settings, client, clock, tasks, state: Mutex::default() }))
    }

    pub fn layers(&self) -> Option<Test<Layer>> {
        self.state().layers.clone()
    }

    pub fn calls(&self) -> Option<Test<Need>> {
        self.state().calls.clone()
    }

    /// How long until another test may begin; nothing when it may now.
    pub fn pause(&self) -> Duration {
        let state = self.state();
        let begun = state.begun.map_or(Duration::ZERO, |begun| begun + PAUSE);
        begun.saturating_sub(self.0.clock.uptime())
    }

    /// Begins to try every layer, unless it is too soon or something is tried already.
    pub fn try_layers(&self) {
        if self.begin(|state, test| state.layers = Some(test)) {
            self.0.tasks.run("connection test", self.clone().walk());
        }
    }

    async fn walk(self) {
        for layer in Layer::ALL {
            if !self.step(layer, |state| state.layers.as_mut()).await {
                break;
            }
        }
        self.end(|state| state.layers.as_mut());
    }

    /// Begins to make these calls, under the same conditions.
    pub fn try_calls(&self, needs: Vec<Need>) {
        if self.begin(|state, test| state.calls = Some(test)) {
            self.0.tasks.run("call test", self.clone().ask(needs));
        }
    }

    async fn ask(self, needs: Vec<Need>) {
        for need in needs {
            self.step(need, |state| state.calls.as_mut()).await;
        }
        self.end(|state| state.calls.as_mut());
    }

    fn begin<T>(&self, begin: impl FnOnce(&mut State, Test<T>)) -> bool {
        let now = self.0.clock.uptime();
        let mut state = self.state();
        let running = state.layers.as_ref().is_some_and(|test| test.running)
            || state.calls.as_ref().is_some_and(|test| test.running);
        if running || state.begun.is_some_and(|begun| now.saturating_sub(begun) < PAUSE) {
            return false;
        }
        state.begun = Some(now);
        begin(&mut state, Test { began_at: self.0.clock.now(), running: true, steps: Vec::new() });
        true
    }

    fn end<T>(&self, of: impl Fn(&mut State) -> Option<&mut Test<T>>) {
        if let Some(test) = of(&mut self.state()) {
            test.running = false;
        }
    }

    /// Says whether what stands on it can be tried.
    async fn step<T: Try>(&self, one: T, of: impl Fn(&mut State) -> Option<&mut Test<T>>) -> bool {
        let step = Step { of: one, took: Duration::ZERO, outcome: Outcome::Running };
        if let Some(test) = of(&mut self.state()) {
            test.steps.push(step);
        }
        let began = self.0.clock.uptime();
        let limit = self.0.settings.call_timeout;
        let tried = self.0.clock.timeout(limit, one.attempt(&self.0)).await.unwrap_or(Err(Error::TimedOut(limit)));
        let took = self.0.clock.uptime().saturating_sub(began);
        let passed = tried.is_ok();
        let outcome = tried.map_or_else(Outcome::Failed, Outcome::Found);
        if let Some(last) = of(&mut self.state()).and_then(|test| test.steps.last_mut()) {
            *last = Step { of: one, took, outcome };
        }
        passed
    }

    /// Plain values: a panic elsewhere leaves them whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something a test is made of.
trait Try: Copy {
    async fn attempt(self, parts: &Inner) -> Result<Found, Error>;
}

impl Try for Need {
    async fn attempt(self, parts: &Inner) -> Result<Found, Error> {
        parts.client.try_need(self).await.map(Found::Answer)
    }
}

impl Try for Layer {
    async fn attempt(self, parts: &Inner) -> Result<Found, Error> {
        let Inner { settings, client, clock, .. } = parts;
        let survey = Survey { settings, clock };
        match self {
            Self::Name => {
                let addresses = survey.resolve().await?;
                let addresses = addresses.iter().map(|address| address.ip().to_string()).collect();
                Ok(Found::Addresses { host: settings.host().to_owned(), addresses })
            }
            Self::Tcp => {
                survey.connect().await?;
                Ok(Found::Port(settings.url().port_or_known_default().unwrap_or_default()))
            }
            Self::Certificate if settings.url().scheme() == "http" => Ok(Found::Unencrypted),
            Self::Certificate => {
                survey.verify_certificate().await?;
                let known = match settings.trust {
                    Trust::System => Known::BySystem,
                    Trust::Authority(_) => Known::ByAuthority,
                    Trust::Pinned(_) => Known::ByFingerprint,
                };
                Ok(Found::Certificate { known, expires_at: survey.look_at_certificate().await?.expires_at })
            }
            Self::Road => survey.find_road().await.map(Found::Road),
            Self::Key => {
                client.try_again().await;
                client.road().await?;
                match client.read_release().await {
                    Ok(release) => Ok(Found::Release(Some(release))),
                    Err(error) if error.is_about_one_item() => Ok(Found::Release(None)),
                    Err(error) => Err(error),
                }
            }
            Self::Rights => missing(client).await.map(Found::Rights),
            Self::Power => client.is_key_too_powerful().await.map(Found::TooPowerful),
        }
    }
}

async fn missing(client: &Client) -> Result<Vec<Need>, Error> {
    let mut missing = Vec::new();
    for need in Need::ALL {
        match client.try_need(need).await {
            Ok(_) => {}
            Err(error) if error.is_about_one_item() => missing.push(need),
            Err(error) => return Err(error),
        }
    }
    Ok(missing)
}
