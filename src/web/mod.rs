//! HTTP: pages and interfaces.
//!
//! Must never know: store, truenas, smb. It asks the rooms of floors 2 to 4.
//!
//! Invariants: every answer carries the security headers; every request that reaches a handler has a time and a size it
//! cannot exceed.

mod api;
mod assets;
mod layers;
mod pages;
mod settings;
pub mod words;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::health::Health;
use crate::runtime::Clock;

pub use settings::{InvalidProxies, InvalidPublicUrl, Settings};

/// Everything we answer, ready to be served.
#[derive(Debug)]
pub struct Site(Router);

impl Site {
    /// Joins the areas, each with its own state.
    pub fn new(health: &Health, clock: &Clock) -> Self {
        let areas = Router::new()
            .merge(api::routes(health.clone(), clock.clone()))
            .merge(pages::routes())
            .merge(assets::routes());
        Self(layers::around(areas))
    }

    /// Answers until the stop; then no new connection, and those in flight are finished.
    pub async fn serve(self, listener: TcpListener, stop: CancellationToken) -> std::io::Result<()> {
        axum::serve(listener, self.0).with_graceful_shutdown(stop.cancelled_owned()).await
    }
}
