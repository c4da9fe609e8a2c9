//! The one task that owns the connection passwords are checked on.

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::sync::mpsc;
use tracing::debug;

use crate::domain::Secret;
use crate::domain::nas::Road as Offered;
use crate::runtime::{Backoff, Clock, Random, Tasks};
use crate::truenas::password::asking::Asking;
use crate::truenas::password::line::{Line, Said};
use crate::truenas::password::logins::Logins;
use crate::truenas::password::second_factor::{Parked, SecondFactor, Unparked};
use crate::truenas::password::{Ask, PasswordVerdict};
use crate::truenas::rpc::{Connection, gone};
use crate::truenas::{Error, Settings, probe, tls};

/// People wait for it: a NAS that is back must not stay away for us.
const FIRST_DELAY: Duration = Duration::from_secs(1);
const LONGEST_DELAY: Duration = Duration::from_secs(10);
/// Trying a dead key more often only fills the log of the NAS.
const DEAD_KEY_DELAY: Duration = Duration::from_mins(1);
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
        (own_asks, asks): (mpsc::Sender<Ask>, mpsc::Receiver<Ask>),
    ) -> Result<Self, Error> {
        let desk = Desk {
            tls: Arc::new(tls::client_config(&settings.trust)?),
            settings,
            clock: clock.clone(),
            road: Road::Closed,
            down: None,
            backoff: Backoff::new(FIRST_DELAY, LONGEST_DELAY, random.clone()),
            logins: Logins::new(clock),
            own_asks,
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
    /// For codes that found no connection of their own to wait on.
    own_asks: mpsc::Sender<Ask>,
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
                let outcome = match self.open().await {
                    // Opening may have taken its time.
                    Ok(()) if answer.is_closed() => return,
                    Ok(()) => self.check(&username, &password, tasks).await,
                    Err(error) => Err(error),
                };
                self.forget_broken(outcome.as_ref().err());
                let _ = answer.send(outcome);
                self.take_back().await;
            }
            Ask::Code { username, password, code, answer } if !answer.is_closed() => {
                let outcome = match self.open().await {
                    Ok(()) if answer.is_closed() => return,
                    Ok(()) => self.check_with_code(&username, &password, &code).await,
                    Err(error) => Err(error),
                };
                self.forget_broken(outcome.as_ref().err());
                let _ = answer.send(outcome);
                self.take_back().await;
            }
            // Whoever gave up before the turn came is not asked about.
            Ask::Reach(_) | Ask::Check { .. } | Ask::Code { .. } => {}
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
        if let Road::Rest(asking) = &mut self.road {
            return asking.check(username, password).await;
        }
        match self.say(username, password).await? {
            Said::Accepted => Ok(PasswordVerdict::Accepted),
            Said::Refused => Ok(PasswordVerdict::Refused),
            Said::Expired => Ok(PasswordVerdict::Expired),
            Said::Withheld => Ok(PasswordVerdict::Withheld),
            Said::CodeWanted => Ok(PasswordVerdict::SecondFactor(self.park(username, password, tasks)?)),
            Said::Elsewhere(urls) => Err(Error::Standby { urls }),
        }
    }

    /// Of somebody whose password was right a moment ago: both in one go, so that nobody else comes in between.
    async fn check_with_code(
        &mut self,
        username: &str,
        password: &Secret<String>,
        code: &Secret<String>,
    ) -> Result<Said, Error> {
        match (self.say(username, password).await?, &mut self.road) {
            (Said::CodeWanted, Road::Socket(line)) => line.answer(code).await,
            (said, _) => Ok(said),
        }
    }

    async fn say(&mut self, username: &str, password: &Secret<String>) -> Result<Said, Error> {
        let Road::Socket(line) = &mut self.road else { return Err(gone()) };
        let said = line.check(username, password).await?;
        let Said::Elsewhere(urls) = said else { return Ok(said) };
        // Whoever has taken over judges it; this one did not.
        self.road = Road::Closed;
        let mut line = Line::new(self.follow(&urls).await?, &self.clock);
        let said = line.check(username, password).await?;
        self.road = Road::Socket(Box::new(line));
        Ok(said)
    }

    /// The code belongs to the connection: this one waits for it, the next check opens another. When the NAS would
    /// not let us open another, it stays for all, and the password is said again together with the code.
    fn park(&mut self, username: &str, password: &Secret<String>, tasks: &Tasks) -> Result<SecondFactor, Error> {
        let clock = self.clock.clone();
        if !self.logins.can_spare_one() {
            let (username, password, asks) = (username.to_owned(), password.clone(), self.own_asks.clone());
            return Ok(Unparked { username, password, asks, clock }.keep(tasks));
        }
        match std::mem::replace(&mut self.road, Road::Closed) {
            Road::Socket(line) => Ok(Parked { connection: line.connection, clock }.keep(tasks)),
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
        // Before anything is dialled: the NAS closes what stays nobody's.
        self.logins.wait().await;
        let mut connection = Box::pin(Connection::open(settings, Arc::clone(&self.tls), &self.clock)).await?;
        self.logins.count();
        connection.login(settings).await?;
        Ok(connection)
    }
}
