//! Building the rooms from the ground up, starting them, stopping them.
//!
//! Must never know: the command line, the simulator, words for people.
//!
//! Invariants: building is not starting - whatever can be wrong is found before the first task runs; every task stops
//! within [`lifecycle::STOP_LIMIT`] of the signal.

mod entrance;
mod error;
pub mod lifecycle;
mod planned;
pub mod supervisor;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use tokio::net::TcpListener;
use tracing::{info, warn};

use crate::auth::Sessions;
use crate::config::{Handed, Settings};
use crate::health::{self, Health, Inspector, Silenced};
use crate::live::Hub;
use crate::notices::Notices;
use crate::outbox::{self, Outbox};
use crate::runtime::{Clock, Hold, Pulse, Random, Tasks};
use crate::shares::{Access, Board};
use crate::store::{self, Store};
use crate::truenas::{Client, LinkTask};
use crate::web::{self, Keeper};

use entrance::Entrance;
use planned::Planned;

pub use error::Error;

/// Whoever only asks whether a folder is in use is done in a moment; a restore takes longer.
const HOLD_TRIES: u32 = 20;
const HOLD_PAUSE: Duration = Duration::from_millis(50);

/// What every room of this process shares: its time, its chance, its tasks.
#[derive(Debug, Clone)]
pub struct Process {
    pub clock: Clock,
    pub random: Random,
    pub tasks: Tasks,
}

impl Process {
    pub fn real() -> Self {
        Self { clock: Clock::real(), random: Random::from_system(), tasks: Tasks::default() }
    }
}

/// All rooms, ready to start.
pub struct App {
    entrances: web::Entrances,
    address: SocketAddr,
    site: web::Site,
    link: LinkTask,
    hub: Hub,
    health: Health,
    notices: Notices,
    planned: Planned,
    outbox: Outbox,
    board: Board,
    entrance: Entrance,
    clock: Clock,
    hold: Option<Hold>,
}

/// `handed` are listening sockets somebody has opened for us.
pub async fn build(settings: &Settings, process: &Process, handed: Handed) -> Result<App, Error> {
    let Process { clock, random, .. } = process;
    let hold = hold(&settings.data_dir, clock).await?;
    let store = Store::open(&settings.store).await.map_err(Error::OpenStore)?;
    store.migrate().await.map_err(Error::MigrateStore)?;
    let entrances = open(settings, clock, handed).await?;
    let address = entrances.main.local_addr().map_err(Error::Handed)?;
    let (client, link) = Client::new(settings.truenas.clone(), clock, random).map_err(Error::PrepareLink)?;
    let hub = Hub::open(store.clone(), clock.clone(), random, &process.tasks).await.map_err(Error::WriteStore)?;
    let notices = Notices::open(store.clone(), hub.clone(), clock.clone(), random.clone());
    let notices = notices.await.map_err(Error::ReadStore)?;
    let outbox = outbox::Rooms { store: store.clone(), hub: hub.clone(), clock: clock.clone(), random: random.clone() };
    let outbox = Outbox::new(settings.outbox.clone(), outbox).map_err(Error::PrepareMessages)?;
    let (planned, silences) = (Planned::new(&notices.windows), notices.silences.clone());
    let watching = health::Parts {
        client: client.clone(),
        clock: clock.clone(),
        random: random.clone(),
        store: store.clone(),
        hub: hub.clone(),
        planned: planned.watch(),
        silenced: Silenced::new(move |alert| silences.is_silenced(alert)),
    };
    let health = Health::new(settings.health.clone(), watching);
    let board = Board::new(Access::new(client.clone(), clock.clone()), hub.clone(), clock.clone());
    let entrance = entrance::build(settings, process, &store, &hub, (&client, &board))?;
    let rooms = web::Rooms {
        clock: clock.clone(),
        random: random.clone(),
        tasks: process.tasks.clone(),
        hub: hub.clone(),
        health: health.clone(),
        inspector: Inspector::new(settings.truenas.clone(), client.clone(), clock.clone(), process.tasks.clone()),
        notices: notices.clone(),
        board: board.clone(),
        sessions: entrance.sessions.clone(),
        sign_in: entrance.sign_in.clone(),
        emergency: entrance.emergency.clone(),
        factors: entrance.factors.clone(),
        throttle: entrance.throttle.clone(),
        audit: entrance.audit.clone(),
        outbox: outbox.clone(),
        installation: web::Installation {
            in_force: settings.in_force.clone(),
            database: settings.store.product(),
            data_dir: settings.data_dir.clone(),
            log_dir: settings.log.directory.clone(),
        },
        is_passing: store::is_passing,
    };
    let site = web::Site::new(&settings.web, &settings.shares, address, rooms);
    let clock = clock.clone();
    Ok(App { entrances, address, site, link, hub, health, notices, planned, outbox, board, entrance, clock, hold })
}

async fn open(settings: &Settings, clock: &Clock, handed: Handed) -> Result<web::Entrances, Error> {
    let settings = &settings.web;
    let keeper = Keeper::open(&settings.tls, clock.clone()).map_err(Error::Certificate)?;
    let main = listen(handed.main, settings.listen).await?;
    let address = main.local_addr().map_err(Error::Handed)?;
    if keeper.is_none() && web::Settings::exposes_cookies(address, settings.public_url.as_ref()) {
        return Err(Error::Exposed(address));
    }
    let redirect = match (handed.redirect, settings.redirect_listen) {
        (None, None) => None,
        // Nowhere to send anybody: whoever opened it for us finds it closed.
        _ if !settings.is_secure() => None,
        (Some(handed), _) => Some(take(handed)?),
        (None, Some(address)) => redirecting(address).await,
    };
    Ok(web::Entrances { main, redirect, keeper, pulse: Pulse::default() })
}

/// A convenience for people: without it the pages are there all the same.
async fn redirecting(address: SocketAddr) -> Option<TcpListener> {
    let told = |error: &std::io::Error| {
        warn!(error = error as &dyn std::error::Error, %address, "nobody is redirected: this address cannot be listened on");
    };
    TcpListener::bind(address).await.inspect_err(told).ok()
}

async fn listen(handed: Option<std::net::TcpListener>, address: SocketAddr) -> Result<TcpListener, Error> {
    match handed {
        Some(handed) => take(handed),
        None => TcpListener::bind(address).await.map_err(|source| Error::Listen { address, source }),
    }
}

fn take(handed: std::net::TcpListener) -> Result<TcpListener, Error> {
    handed.set_nonblocking(true).map_err(Error::Handed)?;
    TcpListener::from_std(handed).map_err(Error::Handed)
}

impl App {
    /// The certificate, where TLS is spoken.
    pub fn keeper(&self) -> Option<Keeper> {
        self.entrances.keeper.clone()
    }

    /// Of the loop that lets people in.
    pub fn pulse(&self) -> Pulse {
        self.entrances.pulse.clone()
    }

    /// Where the server listens: the port is known even when the settings left it open.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Who may call what.
    pub fn routes(&self) -> &[web::Route] {
        self.site.routes()
    }

    /// Where everything that is told live goes through.
    pub fn hub(&self) -> Hub {
        self.hub.clone()
    }

    /// Who is signed in.
    pub fn sessions(&self) -> Sessions {
        self.entrance.sessions.clone()
    }

    /// What goes on over sockets.
    pub fn desk(&self) -> web::Desk {
        self.site.desk().clone()
    }

    pub fn start(self, tasks: &Tasks) {
        let stop = tasks.stopping();
        self.link.start(tasks);
        tasks.keep("lines", self.hub.run(stop.clone()));
        tasks.keep("notices", self.notices.scheduler.run(self.health.watch(), stop.clone()));
        tasks.keep("planned", self.planned.run(stop.clone()));
        tasks.keep("health", self.health.run(stop.clone()));
        tasks.keep("messages", self.outbox.run(stop.clone()));
        tasks.keep("rights", self.board.run(stop.clone()));
        self.entrance.start(self.clock, tasks);
        if let Some(keeper) = self.entrances.keeper.clone() {
            tasks.keep("certificate", keeper.run(stop.clone()));
        }
        let (entrances, site, address, hold) = (self.entrances, self.site, self.address, self.hold);
        let closing = tasks.closing();
        tasks.keep_door("http", async move {
            let _until_the_end = hold;
            info!(%address, "listening");
            site.serve(entrances, closing).await;
        });
    }
}

/// Says that a server uses the folder, so that nobody changes its files under our feet.
async fn hold(data_dir: &Path, clock: &Clock) -> Result<Option<Hold>, Error> {
    for _ in 0..HOLD_TRIES {
        match Hold::share(data_dir) {
            Ok(Some(hold)) => return Ok(Some(hold)),
            Ok(None) => clock.sleep(HOLD_PAUSE).await,
            // A database elsewhere does without the folder; one that is in it will say what is wrong.
            Err(error) => {
                warn!(%error, data_dir = %data_dir.display(), "others cannot be told that a server uses this folder");
                return Ok(None);
            }
        }
    }
    Err(Error::FolderTaken(data_dir.to_owned()))
}
