//! Views into answers: the frame around a page is put together here.

use axum::response::{Html, IntoResponse as _, Response};
use jiff::tz::TimeZone;

use crate::domain::caller::Role;
use crate::domain::health::{Level, Snapshot};
use crate::health::Health;
use crate::runtime::Clock;
use crate::web::error::Error;
use crate::web::live::Tickets;
use crate::web::templates::Templates;
use crate::web::views::{
    BannerView, BellView, Frame, LiveView, Page, PersonView, Piece, StorageView, Trouble, Viewpoint,
};
use crate::web::visit::Visit;
use crate::web::words::Language;

#[derive(Debug, Clone)]
pub struct Renderer {
    templates: Templates,
    health: Health,
    clock: Clock,
    zone: TimeZone,
    tickets: Tickets,
}

impl Renderer {
    pub fn new(templates: Templates, health: Health, clock: Clock, zone: TimeZone, tickets: Tickets) -> Self {
        Self { templates, health, clock, zone, tickets }
    }

    pub fn page<P: Page>(&self, visit: &Visit, page: &P) -> Result<Response, Error> {
        Ok(self.templates.page(&self.frame::<P>(visit), page)?.into_response())
    }

    pub fn piece<P: Piece>(&self, visit: &Visit, piece: &P) -> Result<Response, Error> {
        Ok(Html(self.markup(visit.language, piece)?).into_response())
    }

    pub fn markup<P: Piece>(&self, language: Language, piece: &P) -> Result<String, Error> {
        Ok(self.templates.piece(language, piece)?)
    }

    /// From where the person sees moments.
    pub fn viewpoint(&self, visit: &Visit) -> Viewpoint {
        self.viewpoint_in(visit.language)
    }

    pub fn viewpoint_in(&self, language: Language) -> Viewpoint {
        Viewpoint { now: self.clock.now(), zone: self.zone.clone(), language }
    }

    /// As the storage was seen last.
    pub fn seen(&self) -> Snapshot {
        self.health.latest()
    }

    pub fn banner(&self, role: Role, viewpoint: &Viewpoint) -> BannerView {
        BannerView::of(&Trouble { seen: &self.seen(), windows: &[], role }, viewpoint)
    }

    pub fn level(&self) -> Level {
        self.health.latest().level
    }

    fn frame<P: Page>(&self, visit: &Visit) -> Frame {
        let live = visit.caller.as_ref().zip(visit.cursor.as_ref()).map(|(caller, cursor)| LiveView {
            topics: P::LIVE,
            cursor: cursor.to_string(),
            ticket: self.tickets.issue(&caller.session),
        });
        let viewpoint = self.viewpoint(visit);
        let role = visit.caller.as_ref().map_or(Role::Employee, |caller| caller.account.role);
        Frame {
            language: visit.language,
            theme: visit.theme,
            path: visit.path.clone(),
            person: visit.caller.as_ref().map(PersonView::of),
            storage: StorageView::of(&self.seen(), &viewpoint),
            banner: self.banner(role, &viewpoint),
            bell: BellView::of(0),
            live,
        }
    }
}
