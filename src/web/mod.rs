//! HTTP: pages and interfaces.
//!
//! Must never know: store, truenas, smb. It asks the rooms of floors 2 to 4.
//!
//! Invariants: every answer carries the security headers; every request that reaches a handler has a time and a size it
//! cannot exceed, and a caller its route admits; nothing is changed for a page that is not ours.

mod api;
mod assets;
mod calendar;
mod cookies;
mod csrf;
mod csv;
mod drives;
mod error;
mod forms;
mod identity;
mod inbox;
mod layers;
mod live;
mod logs;
mod pages;
mod planning;
mod renderer;
mod room;
mod routes;
mod serving;
mod settings;
mod status;
mod system;
mod templates;
mod tls;
mod views;
mod visit;
mod watch;
pub mod words;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::audit::{Audit, Verifier};
use crate::auth::{Emergency, Factors, Sessions, SignIn, Throttle};
use crate::domain::caller::Access;
use crate::health::{Health, Inspector};
use crate::live::Hub;
use crate::notices::Notices;
use crate::outbox::Outbox;
use crate::runtime::logging::Files;
use crate::runtime::{Clock, Pulse, Random, Tasks, handles};
use crate::shares::{self, Board};
use crate::web::calendar::Calendar;
use crate::web::cookies::Cookies;
use crate::web::csrf::Origins;
use crate::web::drives::Drives;
use crate::web::inbox::Inbox;
use crate::web::layers::{Layers, Requests};
use crate::web::live::{Live, Registry, Render, Tickets};
use crate::web::logs::Logs;
use crate::web::planning::Planning;
use crate::web::renderer::Renderer;
use crate::web::room::Room;
use crate::web::routes::Routes;
use crate::web::serving::{Door, Limits, Manner, Redirect};
use crate::web::status::Status;
use crate::web::system::System;
use crate::web::templates::Templates;
use crate::web::watch::Watch;

pub use error::IsPassing;
pub use live::{Desk, Figures, OnlinePerson};
pub use routes::Route;
pub use settings::{InvalidProxies, InvalidPublicUrl, Scrapers, Settings};
pub use system::Installation;
pub use tls::{Keeper, Pair, Tls, Trouble};

/// What the pages ask of the house.
#[derive(Debug, Clone)]
pub struct Rooms {
    pub clock: Clock,
    pub random: Random,
    pub tasks: Tasks,
    pub hub: Hub,
    pub health: Health,
    pub inspector: Inspector,
    pub notices: Notices,
    pub board: Board,
    pub sessions: Sessions,
    pub sign_in: SignIn,
    pub emergency: Emergency,
    pub factors: Factors,
    pub throttle: Throttle,
    pub audit: Audit,
    pub outbox: Outbox,
    pub installation: Installation,
    pub is_passing: IsPassing,
}

/// Everything we answer, ready to be served.
#[derive(Debug)]
pub struct Site {
    router: Router,
    list: Vec<Route>,
    live: Live,
    tasks: Tasks,
    clock: Clock,
    redirect: Redirect,
}

/// Where we listen, and with which certificate.
#[derive(Debug)]
pub struct Entrances {
    pub main: TcpListener,
    pub redirect: Option<TcpListener>,
    pub keeper: Option<Keeper>,
    /// Of the loop that lets people in at the main one.
    pub pulse: Pulse,
}

impl Site {
    /// Joins the areas, each with its own state. `address` is where we really listen.
    pub fn new(settings: &Settings, shares: &shares::Settings, address: SocketAddr, rooms: Rooms) -> Self {
        let tickets = Tickets::new(rooms.clock.clone(), rooms.random.clone());
        let inbox = Inbox::new(rooms.notices.clone(), rooms.board.clone());
        let renderer = renderer(settings, &rooms, inbox.clone(), tickets.clone());
        let room = Room::new(renderer.clone(), rooms.factors.setting());
        let cookies = Cookies { secure: settings.is_secure() };
        let requests = Requests::default();
        let layers = Layers {
            clock: rooms.clock.clone(),
            random: rooms.random.clone(),
            hub: rooms.hub.clone(),
            inbox: inbox.clone(),
            renderer: renderer.clone(),
            is_passing: rooms.is_passing,
            origins: Origins::new(settings, address),
            trusted_proxies: settings.trusted_proxies.clone(),
            identity: identity::Source { sessions: rooms.sessions.clone(), factors: rooms.factors.clone(), cookies },
            secure: settings.is_secure(),
            requests: requests.clone(),
        };
        let drives = Drives::new(rooms.board.clone(), rooms.clock.clone(), shares.clone(), settings, address);
        let status = Status::new(renderer.clone(), rooms.health.clone(), rooms.notices.clone());
        let access = if settings.public_status { Access::Anyone } else { Access::SignedIn };
        let place = pages::Place { base: settings.portal(address), access };
        let registry = Registry::default();
        let watch = Watch {
            hub: rooms.hub.clone(),
            health: rooms.health.clone(),
            notices: rooms.notices.clone(),
            sessions: rooms.sessions.clone(),
            registry: registry.clone(),
        };
        let planning = Planning::new(rooms.notices.clone(), rooms.board.clone(), inbox.clone(), rooms.audit.clone());
        let calendar = Calendar::new(rooms.notices.windows.clone(), inbox.clone(), drives.portal());
        let render = Render {
            renderer: renderer.clone(),
            drives: drives.clone(),
            inbox: inbox.clone(),
            watch: watch.clone(),
            status: status.clone(),
            tasks: rooms.tasks.clone(),
            outbox: rooms.outbox.clone(),
            planning: planning.clone(),
        };
        let live = Live::new(live::Rooms {
            hub: rooms.hub.clone(),
            sessions: rooms.sessions.clone(),
            board: rooms.board.clone(),
            present: Arc::new(render),
            clock: rooms.clock.clone(),
            tasks: rooms.tasks.clone(),
            registry,
        });
        let (tasks, clock) = (rooms.tasks.clone(), rooms.clock.clone());
        let public = settings.public_url.as_ref().filter(|url| url.scheme() == "https");
        let public = public.map(|url| url.origin().ascii_serialization());
        let redirect = Redirect { public, port: address.port() };
        let metrics = api::metrics(settings.scrapers.clone(), rooms.clone(), requests, live.desk().counters().clone());
        let sockets = live::socket(live.desk().clone(), tickets);
        let works = works(&rooms, room.clone(), settings.is_secure(), live.desk());
        let desk = live.desk().clone();
        let plans = pages::PlanningState { room: room.clone(), planning, calendar: calendar.clone(), desk };
        let areas = areas(rooms, &renderer, room, cookies, (drives, inbox, watch, calendar))
            .merge(api::status(status.clone(), access))
            .merge(pages::status(renderer.clone(), status, place))
            .merge(pages::planning(plans));
        let (router, list) = areas.merge(works).merge(sockets).merge(metrics).finish();
        Self { router: layers.around(router), list, live, tasks, clock, redirect }
    }

    /// Who may call what, by path.
    pub fn routes(&self) -> &[Route] {
        &self.list
    }

    /// What goes on over sockets.
    pub fn desk(&self) -> &Desk {
        self.live.desk()
    }

    /// Answers until the stop; then no new connection, and those in flight are finished.
    pub async fn serve(self, entrances: Entrances, stop: CancellationToken) {
        self.live.start(&self.tasks);
        let Self { router, redirect, clock, .. } = self;
        let manner = match entrances.keeper {
            Some(keeper) => Manner::Tls(router, keeper.acceptor(), redirect.clone()),
            None => Manner::Plain(router),
        };
        let main = Door { listener: entrances.main, manner, pulse: entrances.pulse };
        let manner = Manner::Redirect(redirect);
        let second = entrances.redirect.map(|listener| Door { listener, manner, pulse: Pulse::default() });
        let doors = [main].into_iter().chain(second).collect();
        serving::serve(doors, Limits::within(handles::raise()), &clock, &stop).await;
    }
}

fn renderer(settings: &Settings, rooms: &Rooms, inbox: Inbox, tickets: Tickets) -> Renderer {
    let templates = Templates::load().expect("the templates are part of the program, and a test renders them all");
    let zone = settings.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
    let zone = zone.unwrap_or_else(TimeZone::system);
    let (health, clock) = (rooms.health.clone(), rooms.clock.clone());
    Renderer { templates, health, inbox, clock, zone, tickets, public_status: settings.public_status }
}

fn areas(
    rooms: Rooms,
    renderer: &Renderer,
    room: Room,
    cookies: Cookies,
    (drives, inbox, watch, calendar): (Drives, Inbox, Watch, Calendar),
) -> Routes {
    let Rooms { clock, random, tasks, inspector, sessions, sign_in, emergency, factors, throttle, audit, .. } = rooms;
    let verifier = Verifier::new(audit.clone(), tasks.clone());
    Routes::new()
        .merge(api::routes(throttle.clone()))
        .merge(pages::entrance(renderer.clone(), cookies, sign_in.clone(), emergency, random))
        .merge(pages::drives(renderer.clone(), drives, inbox.clone(), audit.clone()))
        .merge(pages::notices(renderer.clone(), inbox, calendar))
        .merge(pages::own(renderer.clone(), cookies, sessions.clone()))
        .merge(pages::door(renderer.clone(), cookies, factors))
        .merge(live::signin(sign_in, renderer.clone(), cookies, clock, tasks))
        .merge(pages::watch(pages::WatchState { room: room.clone(), watch, inspector, audit: audit.clone() }))
        .merge(pages::room(pages::RoomState { room, sessions, throttle, verifier, audit }))
        .merge(assets::routes())
}

/// The pages about the server itself.
fn works(rooms: &Rooms, room: Room, secure: bool, desk: &Desk) -> Routes {
    let Rooms { clock, tasks, health, factors, outbox, audit, installation, .. } = rooms;
    let logs = Logs::new(Files::new(installation.log_dir.clone()), clock.clone());
    let system = System::new(system::Parts {
        installation: installation.clone(),
        health: health.clone(),
        clock: clock.clone(),
        tasks: tasks.clone(),
        sockets: desk.counters().clone(),
        second_factor: factors.setting(),
        secure,
        started: (clock.now(), clock.uptime()),
    });
    pages::works(pages::WorksState { room, logs, system, outbox: outbox.clone(), audit: audit.clone() })
}
