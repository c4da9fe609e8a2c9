//! Views into answers: the frame around a page is put together here.

use axum::response::{Html, IntoResponse as _, Response};
use jiff::tz::TimeZone;

use crate::domain::health::{Level, Snapshot};
use crate::health::Health;
use crate::runtime::Clock;
use crate::web::error::Error;
use crate::web::inbox::Inbox;
use crate::web::live::Tickets;
use crate::web::templates::Templates;
use crate::web::views::{Frame, LiveView, Page, PersonView, Piece, StorageView, Viewpoint};
use crate::web::visit::Visit;
use crate::web::words::Language;

#[derive(Debug, Clone)]
pub struct Renderer {
    pub templates: Templates,
    pub health: Health,
    pub inbox: Inbox,
    pub clock: Clock,
    /// Of the office.
    pub zone: TimeZone,
    pub tickets: Tickets,
    /// Whoever is not signed in may see how the storage is.
    pub public_status: bool,
}

impl Renderer {
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

    pub fn level(&self) -> Level {
        self.health.latest().level
    }

    fn frame<P: Page>(&self, visit: &Visit) -> Frame {
        let live = visit.caller.as_ref().zip(visit.cursor.as_ref());
        let live = live.map(|(caller, cursor)| LiveView::of::<P>(cursor, self.tickets.issue(&caller.session)));
        let viewpoint = self.viewpoint(visit);
        let (seen, account) = (self.seen(), visit.caller.as_ref().map(|caller| &caller.account));
        Frame {
            language: visit.language,
            theme: visit.theme,
            path: visit.path.clone(),
            person: visit.caller.as_ref().map(PersonView::of),
            storage: StorageView::of(&seen, &viewpoint),
            banner: self.inbox.banner(account, &seen, &viewpoint),
            bell: visit.bell.clone(),
            live,
            status: self.public_status || visit.caller.is_some(),
        }
    }
}
