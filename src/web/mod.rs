//! HTTP: pages and interfaces.
//!
//! Must never know: store, truenas, smb. It asks the rooms of floors 2 to 4.
//!
//! Invariants: every answer carries the security headers; every request has a time and a size it cannot exceed.

mod api;
mod assets;
mod layers;
mod pages;
mod settings;
pub mod words;

use axum::Router;

use crate::health::Health;
use crate::runtime::Clock;

pub use settings::{SESSION_TIMEOUT, Settings};

/// Joins the areas, each with its own state.
pub fn router(health: &Health, clock: &Clock) -> Router {
    let areas =
        Router::new().merge(api::routes(health.clone(), clock.clone())).merge(pages::routes()).merge(assets::routes());
    layers::around(areas)
}
