//! Answers with the pages of the administrators' room.

use axum::response::Response;

use crate::auth::SecondFactor;
use crate::runtime::Clock;
use crate::web::error::Error;
use crate::web::renderer::Renderer;
use crate::web::views::{Panel, Piece, RoomPage, Viewpoint};
use crate::web::visit::Visit;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Room {
    renderer: Renderer,
    second_factor: SecondFactor,
}

impl Room {
    pub fn new(renderer: Renderer, second_factor: SecondFactor) -> Self {
        Self { renderer, second_factor }
    }

    pub fn page<P: Panel>(&self, visit: &Visit, panel: P) -> Result<Response, Error> {
        self.renderer.page(visit, &RoomPage::of(panel, self.second_factor == SecondFactor::Off))
    }

    /// A part of one of them, alone.
    pub fn piece<P: Piece>(&self, visit: &Visit, piece: &P) -> Result<Response, Error> {
        self.renderer.piece(visit, piece)
    }

    pub fn clock(&self) -> &Clock {
        &self.renderer.clock
    }

    pub fn viewpoint(&self, visit: &Visit) -> Viewpoint {
        self.renderer.viewpoint(visit)
    }
}
