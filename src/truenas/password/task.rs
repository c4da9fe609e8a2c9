//! The one task that owns the connection passwords are checked on.

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::sync::{Semaphore, mpsc};
use tracing::debug;

use crate::domain::Secret;
use crate::domain::nas::Road as Offered;
use crate::runtime::{Backoff, Clock, Random, Tasks};
use crate::truenas::password::asking::Asking;
use crate::truenas::password::line::{Line, Said};
use crate::truenas::password::logins::Logins;
use crate::truenas::password::second_factor::Parked;
use crate::truenas::password::{Ask, PasswordVerdict};
use crate::truenas::rpc::{Connection, gone};
use crate::truenas::{Error, Settings, probe, tls};

/// People wait for it: a NAS that is back must not stay away for us.
const FIRST_DELAY: Duration = Duration::from_secs(1);
const LONGEST_DELAY: Duration = Duration::from_secs(10);
/// Trying a dead key more often only fills the log of the NAS.
const DEAD_KEY_DELAY: Duration = Duration::from_mins(1);
/// Connections on which the NAS waits for a code; each cost one of the sign-ins it counts.
const CODES_AT_ONCE: usize = 12;
/// A pair of controllers has one other; a few addresses each.
const ADDRESSES_FOLLOWED: usize = 3;

/// Everything that is needed to check passwords, waiting to be started.
pub struct PasswordTask {
    asks: mpsc::Receiver<Ask>,
    desk: Desk,
}

impl PasswordTask {
    pub(super) fn new(
        settings: Settings,
        clock: &Clock,
        random: &Random,
        asks: mpsc::Receiver<Ask>,
    ) -> Result<Self, Error> {
        let desk = Desk {
            tls: Arc::new(tls::client_config(&settings.trust)?),
            settings,
            clock: clock.clone(),
            road: Road::Closed,
            down: None,
            backoff: Backoff::new(FIRST_DELAY, LONGEST_DELAY, random.clone()),
            logins: Logins::default(),
            places: Arc::new(Semaphore::new(CODES_AT_ONCE)),
        };
        Ok(Self { asks, desk })
    }

    pub fn start(mut self, tasks: &Tasks) {
        let (stop, parking) = (tasks.stopping(), tasks.clone());
        tasks.keep("truenas-passwords", async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.work(&parking) => {}
            }
        });
    }

    async fn work(&mut self, tasks: &Tasks) {
        loop {
            tokio::select! {
                // First: a connection that is over is not asked again.
                biased;
                () = self.desk.road.idle() => self.desk.road = Road::Closed,
                ask = self.asks.recv() => match ask {
                    Some(ask) => self.desk.serve(ask, tasks).await,
                    // Nobody is left to ask.
                    None => std::future::pending().await,
                },
            }
        }
    }
}

/// The way to the NAS, as long as it holds.
enum Road {
    Closed,
    Socket(Box<Line>),
    Rest(Box<Asking>),
}

impl Road {
    /// Ends when there is nothing to keep any more.
    async fn idle(&mut self) {
        match self {
            Self::Socket(line) => line.idle().await,
            Self::Closed | Self::Rest(_) => std::future::pending().await,
        }
    }
}

struct Desk {
    settings: Settings,
    tls: Arc<ClientConfig>,
    clock: Clock,
    road: Road,
    /// Why there is no road, and until when none is tried.
    down: Option<(Error, Duration)>,
    backoff: Backoff,
    logins: Logins,
    places: Arc<Semaphore>,
}

impl Desk {
    async fn serve(&mut self, ask: Ask, tasks: &Tasks) {
        match ask {
            Ask::Reach(answer) if !answer.is_closed() => {
                let outcome = self.reach().await;
                self.forget_broken(outcome.as_ref().err());
                // The caller may have given up meanwhile, here and below.
                let _ = answer.send(outcome);
            }
            Ask::Check { username, password, answer } if !answer.is_closed() => {
                let outcome = self.check(&username, &password, tasks).await;
                self.forget_broken(outcome.as_ref().err());
                let _ = answer.send(outcome);
                self.take_back().await;
            }
            // Whoever gave up before the turn came is not asked about.
            Ask::Reach(_) | Ask::Check { .. } => {}
        }
    }

    async fn reach(&mut self) -> Result<Duration, Error> {
        let was_kept = !matches!(self.road, Road::Closed);
        match self.round_trip().await {
            // It was over without anybody having noticed: the NAS itself may be well.
            Err(Error::Disconnected(_) | Error::SessionEnded) if was_kept => {
                self.road = Road::Closed;
                self.round_trip().await
            }
            outcome => outcome,
        }
    }

    async fn round_trip(&mut self) -> Result<Duration, Error> {
        self.open().await?;
        match &mut self.road {
            Road::Socket(line) => line.reach().await,
            Road::Rest(asking) => asking.reach().await,
            Road::Closed => Err(gone()),
        }
    }

    async fn check(
        &mut self,
        username: &str,
        password: &Secret<String>,
        tasks: &Tasks,
    ) -> Result<PasswordVerdict, Error> {
        self.open().await?;
        let said = match &mut self.road {
            Road::Rest(asking) => return asking.check(username, password).await,
            Road::Socket(line) => line.check(username, password).await?,
            Road::Closed => return Err(gone()),
        };
        let Said::Elsewhere(urls) = said else { return self.verdict(said, tasks) };
        // Whoever has taken over judges it; this one did not.
        self.road = Road::Closed;
        let mut line = Line::new(self.follow(&urls).await?, &self.clock);
        let said = line.check(username, password).await?;
        self.road = Road::Socket(Box::new(line));
        self.verdict(said, tasks)
    }

    fn verdict(&mut self, said: Said, tasks: &Tasks) -> Result<PasswordVerdict, Error> {
        match said {
            Said::Accepted => Ok(PasswordVerdict::Accepted),
            Said::Refused => Ok(PasswordVerdict::Refused),
            Said::Expired => Ok(PasswordVerdict::Expired),
            Said::Withheld => Ok(PasswordVerdict::Withheld),
            Said::CodeWanted => self.park(tasks),
            Said::Elsewhere(urls) => Err(Error::Standby { urls }),
        }
    }

    /// The code belongs to the connection: this one waits for it, the next check opens another.
    fn park(&mut self, tasks: &Tasks) -> Result<PasswordVerdict, Error> {
        // Kept when there is no place: the next password makes the NAS forget the code it waits for.
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Error::Busy)?;
        match std::mem::replace(&mut self.road, Road::Closed) {
            Road::Socket(line) => {
                let parked = Parked { connection: line.connection, clock: self.clock.clone(), place };
                Ok(PasswordVerdict::SecondFactor(parked.keep(tasks)))
            }
            Road::Closed | Road::Rest(_) => Err(gone()),
        }
    }

    /// After the answer, so that nobody waits for it.
    async fn take_back(&mut self) {
        if let Road::Socket(line) = &mut self.road
            && let Err(error) = line.take_back(&self.settings).await
        {
            debug!(
                error = &error as &(dyn std::error::Error + 'static),
                "the connection for passwords was not ours again"
            );
            self.road = Road::Closed;
        }
    }

    /// A refusal of one name or password says nothing about the connection; all else ends it.
    fn forget_broken(&mut self, error: Option<&Error>) {
        let about_one = |error: &Error| error.is_about_one_item() && !matches!(error, Error::Protocol { .. });
        if error.is_some_and(|error| !about_one(error) && !matches!(error, Error::Busy)) {
            self.road = Road::Closed;
        }
    }

    async fn open(&mut self) -> Result<(), Error> {
        if !matches!(self.road, Road::Closed) {
            return Ok(());
        }
        if let Some((error, until)) = &self.down
            && self.clock.uptime() < *until
        {
            return Err(error.clone());
        }
        match self.dial().await {
            Ok(road) => {
                self.road = road;
                self.down = None;
                self.backoff.reset();
                Ok(())
            }
            Err(error) => {
                self.note_down(&error);
                Err(error)
            }
        }
    }

    fn note_down(&mut self, error: &Error) {
        let delay = self.backoff.next_delay();
        let dead = matches!(error, Error::KeyRefused { .. } | Error::PlainRefused);
        let delay = if dead { DEAD_KEY_DELAY } else { delay };
        self.down = Some((error.clone(), self.clock.uptime() + delay));
    }

    async fn dial(&mut self) -> Result<Road, Error> {
        let offer = probe::offer(&self.settings, &self.tls, &self.clock).await?;
        if offer.road == Offered::Rest {
            return Ok(Road::Rest(Box::new(Asking::open(&self.settings, &self.tls, &self.clock).await?)));
        }
        let connection = match self.connect(&self.settings.clone()).await {
            Err(Error::Standby { urls }) => self.follow(&urls).await?,
            connected => connected?,
        };
        Ok(Road::Socket(Box::new(Line::new(connection, &self.clock))))
    }

    /// The other controller, under the same trust: whoever cannot prove to be our NAS is told nothing.
    async fn follow(&mut self, urls: &[String]) -> Result<Connection, Error> {
        let mut failure = Error::Standby { urls: urls.to_vec() };
        let addresses = urls.iter().filter_map(|url| Settings::parse_url(url, false).ok());
        for address in addresses.take(ADDRESSES_FOLLOWED) {
            match self.connect(&self.settings.at(address)).await {
                Ok(connection) => return Ok(connection),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    async fn connect(&mut self, settings: &Settings) -> Result<Connection, Error> {
        let mut connection = Box::pin(Connection::open(settings, Arc::clone(&self.tls), &self.clock)).await?;
        if !self.logins.take(self.clock.uptime()) {
            return Err(Error::RateLimited);
        }
        connection.login(settings).await?;
        Ok(connection)
    }
}
