//! HTTP: pages and interfaces.
//!
//! Must never know: store, truenas, smb. It asks the rooms of floors 2 to 4.
//!
//! Invariants: every answer carries the security headers; every request that reaches a handler has a time and a size it
//! cannot exceed.

mod api;
mod assets;
mod cookies;
mod csrf;
mod error;
mod forms;
mod identity;
mod layers;
mod pages;
mod renderer;
mod routes;
mod settings;
pub mod templates;
pub mod views;
mod visit;
pub mod words;

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::health::Health;
use crate::runtime::{Clock, Random};
use crate::web::csrf::Origins;
use crate::web::layers::Layers;
use crate::web::renderer::Renderer;
use crate::web::routes::Routes;
use crate::web::templates::Templates;

pub use settings::{InvalidProxies, InvalidPublicUrl, Settings};

/// What the pages ask of the house.
#[derive(Debug, Clone)]
pub struct Rooms {
    pub clock: Clock,
    pub random: Random,
    pub health: Health,
}

/// Everything we answer, ready to be served.
#[derive(Debug)]
pub struct Site(Router);

impl Site {
    /// Joins the areas, each with its own state. `address` is where we really listen.
    pub fn new(settings: &Settings, address: SocketAddr, rooms: Rooms) -> Self {
        let Rooms { clock, random, health } = rooms;
        let templates = Templates::load().expect("the templates are part of the program, and a test renders them all");
        let renderer = Renderer::new(templates, health.clone(), clock.clone());
        let (router, _) = areas(&renderer, health, clock.clone()).finish();
        let layers = Layers {
            clock,
            random,
            renderer,
            origins: Origins::new(settings.public_url.as_ref(), address),
            trusted_proxies: settings.trusted_proxies.clone(),
            secure: settings.is_secure(),
        };
        Self(layers.around(router))
    }

    /// Answers until the stop; then no new connection, and those in flight are finished.
    pub async fn serve(self, listener: TcpListener, stop: CancellationToken) -> std::io::Result<()> {
        let service = self.0.into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(stop.cancelled_owned()).await
    }
}

fn areas(renderer: &Renderer, health: Health, clock: Clock) -> Routes {
    Routes::new().merge(api::routes(health, clock)).merge(pages::routes(renderer.clone())).merge(assets::routes())
}
