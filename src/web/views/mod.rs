//! What templates are given: a typed context for each page and each piece, with samples reaching every branch of it.
//!
//! **A page** is a struct that implements [`Page`], in the file of its area here, and a template of its own below
//! `templates/pages/<area>/`. The template opens with `{% extends "layout/base.html" %}`, fills the blocks `title` and
//! `content`, and sees two names: `frame` (what surrounds every page, [`Frame`]) and `page` (the struct).
//!
//! **A piece** is whatever is also rendered alone - for htmx, for the socket: a struct that implements [`Piece`] and a
//! component in `templates/components/<area>.html`, named `<area>.<thing>`. The fields of the struct are the arguments of
//! the component, all of them, by name:
//!
//! ```text
//! {% component signin.steps(id: string, steps: array) %}<ol id="{{ id }}" role="status"> ... </ol>{% endcomponent signin.steps %}
//! ```
//!
//! A page holds the struct of its piece as a field and calls the component with it: `{{ <signin.steps {...page.steps} /> }}`;
//! so page and live update share one template. Components only pages use need no struct. A component sees its arguments
//! and nothing else; put what it needs into the struct, permissions as booleans.
//!
//! **What changes while somebody looks** is a piece whose outermost element has an id. The page names its topic in
//! [`Page::LIVE`], and `web/live/render.rs` says how the present of the topic becomes the piece.
//!
//! **Texts** stand in `templates/locales/{pt-BR,en}/<area>.ftl`, one file an area, keys `area-thing`. In templates:
//! `{{ t(key="signin-title") }}`, with arguments `{{ t(key="share-letter", letter=share.letter) }}`. A text that depends on a
//! value comes as a whole key from the struct, a `&'static str` written out in Rust (`"step-queue"`), and the template says
//! `t(key=step.text)`. Never join a key from parts: a test finds texts missing, unused, in one language only, or asked for
//! with other arguments in the other language. Sentences about rights come from `words::reach` as finished text.
//!
//! **Files**: `{{ asset(path="css/base.css") }}` gives the address below `/assets/`. **Values** are escaped wherever they
//! stand; there is no `safe`. What may be absent is an `Option`: `{% if page.wait_s is not none %}`; an unknown name is an error.
//!
//! **To have it tested**, add one line to `everything` in `tests.rs` below. The test renders all samples in both languages, and
//! fails on a template or component nobody uses. To answer with it: `templates.page(&frame, &page)`,
//! `templates.piece(language, &piece)`.

mod admin;
mod dashboard;
mod device;
mod errors;
mod frame;
mod live;
mod notices;
mod planning;
mod room;
mod sessions;
mod shares;
mod signin;
mod status;
mod time;

use serde::Serialize;

pub use admin::{
    AlertsView, AskEndPanel, AuditPanel, BansPanel, ChannelsView, Chart, ChartData, ConfirmPage, ConnectionPanel,
    FeedPanel, FiguresView, HealthPanel, LatencyRow, LatencyView, Light, LogPanel, LogView, Looking, MessagesPanel,
    OnlineView, OverviewPanel, PoolsView, Range, RoundsView, SessionRow, SessionsPanel, SystemPanel, TestsView,
    TriedView, VerdictView,
};
pub use dashboard::{Dashboard, DashboardPage, LocalDashboardPage, StateView};
pub use errors::{ErrorNotice, ErrorPage};
pub use frame::{Frame, LiveView, PersonView, StorageView, Theme};
pub use live::{
    AnnouncementView, AnnouncementsView, BannerView, BellView, FactView, FarewellView, FeedView, NoticeView, Trouble,
};
pub use notices::{EntryView, NoticesPage};
pub use planning::{
    AnnouncementsPanel, AskOffPanel, AskRemovePanel, ConfirmationsPanel, IncidentPanel, IncidentsPanel, Known,
    MaintenancePanel, MaintenanceView, OccurrenceView, PlanPanel, PreviewView, PublishedView, ShareChoice,
};
pub use room::{Panel, RoomPage};
pub use sessions::{SessionsPage, SessionsView};
pub use shares::{BoardView, CardView, Offered};
pub use signin::{CodePage, CodePanel, EmergencyPage, Ended, PasswordPage, PasswordPanel, ProblemView, StepsView};
pub use status::{Seen, StatusPage, StatusView, length, outages, state_word};
pub use time::{TimeView, Viewpoint};

/// The context of a whole page.
pub trait Page: Serialize {
    /// Below `templates/`.
    const TEMPLATE: &'static str;

    /// What of it changes while a signed-in person looks, besides what is around every page: words of topics, with spaces
    /// between them.
    const LIVE: &'static str = "";

    /// Together they reach every branch of the template.
    #[cfg(test)]
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// The arguments of a component that is also rendered alone.
pub trait Piece: Serialize {
    /// As its template names it.
    const COMPONENT: &'static str;

    /// Together they reach every branch of the component.
    #[cfg(test)]
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

#[cfg(test)]
mod tests;
