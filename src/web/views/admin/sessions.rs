//! Everybody who is signed in, and where.

use serde::Serialize;
use url::form_urlencoded;

use crate::domain::caller::{Caller, Role};
use crate::domain::session::{Session, SessionId};
use crate::web::views::admin::Pages;
use crate::web::views::device::{DeviceView, device};
use crate::web::views::{Panel, TimeView, Viewpoint};

const ON_A_PAGE: usize = 50;

#[derive(Debug, Serialize)]
pub struct SessionsPanel {
    pub rows: Vec<SessionRow>,
    /// What was searched for, and the same for addresses.
    pub text: String,
    pub query: String,
    pub by_person: bool,
    pub people: usize,
    pub found: usize,
    pub pages: Pages,
}

#[derive(Debug, Clone, Serialize)]
pub struct SessionRow {
    pub id: String,
    pub person: String,
    pub username: String,
    pub administrator: bool,
    pub local: bool,
    #[serde(flatten)]
    pub device: DeviceView,
    pub address: String,
    pub since: TimeView,
    pub used: TimeView,
    /// The one that asks; it is ended by signing out.
    pub current: bool,
    /// Of the same person, this one among them.
    pub of_person: usize,
}

/// What of the list is asked for.
#[derive(Debug, Default)]
pub struct Looking {
    pub text: String,
    pub by_person: bool,
    /// From one on.
    pub page: usize,
}

impl SessionsPanel {
    pub fn of(sessions: &[Session], looking: Looking, caller: &Caller, viewpoint: &Viewpoint) -> Self {
        let Looking { text, by_person, page } = looking;
        let wanted = text.to_lowercase();
        let mut found: Vec<&Session> = sessions.iter().filter(|session| fits(session, &wanted)).collect();
        if by_person {
            found.sort_by_key(|session| session.account.display_name().to_lowercase());
        }
        let people: std::collections::BTreeSet<_> = found.iter().map(|session| &session.account.id).collect();
        let (people, pages) = (people.len(), Pages::of(page, found.len(), ON_A_PAGE));
        let shown = found.iter().skip(pages.skipped(ON_A_PAGE)).take(ON_A_PAGE);
        let rows = shown
            .map(|session| {
                let of_person = sessions.iter().filter(|other| other.account.id == session.account.id).count();
                SessionRow::of(session, &caller.session, of_person, viewpoint)
            })
            .collect();
        let query = query_of(&text);
        Self { rows, text, query, by_person, people, found: found.len(), pages }
    }
}

fn query_of(text: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish()
}

fn fits(session: &Session, wanted: &str) -> bool {
    let Session { account, visitor, .. } = session;
    let device = device(&visitor.device);
    let address = visitor.address.to_string();
    let texts = [&*account.username, &*account.full_name, &*address, device.browser, device.system];
    texts.iter().any(|text| text.to_lowercase().contains(wanted))
}

impl SessionRow {
    pub fn of(session: &Session, current: &SessionId, of_person: usize, viewpoint: &Viewpoint) -> Self {
        Self {
            id: session.id.as_str().to_owned(),
            person: session.account.display_name().to_owned(),
            username: session.account.username.clone(),
            administrator: session.account.role == Role::Administrator,
            local: session.account.id.is_local(),
            device: device(&session.visitor.device),
            address: session.visitor.address.to_string(),
            since: viewpoint.see(session.created_at),
            used: viewpoint.see(session.used_at),
            current: session.id == *current,
            of_person,
        }
    }
}

impl Panel for SessionsPanel {
    const PATH: &'static str = "/admin/sessions";
    const TEMPLATE: &'static str = "pages/admin/sessions.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let rows = rows();
        let one = || Pages::of(1, rows.len(), ON_A_PAGE);
        let found = rows.len();
        vec![
            Self {
                rows: rows.clone(),
                text: String::new(),
                query: query_of(""),
                by_person: false,
                people: 3,
                found,
                pages: one(),
            },
            Self {
                rows: rows.clone(),
                text: "\"><img src=x onerror=1>".into(),
                query: query_of("\"><img src=x onerror=1>"),
                by_person: true,
                people: 90,
                found: 120,
                pages: Pages::of(2, 120, ON_A_PAGE),
            },
            Self {
                rows: Vec::new(),
                text: "zzz".into(),
                query: query_of("zzz"),
                by_person: false,
                people: 0,
                found: 0,
                pages: one(),
            },
        ]
    }
}

/// An administrator who asks, a person with two browsers, and the local one.
#[cfg(test)]
pub fn rows() -> Vec<SessionRow> {
    use crate::domain::caller::{Account, AccountId};
    use crate::domain::session::Visitor;
    use crate::web::words::Language;

    let viewpoint = Viewpoint::sample(Language::Portuguese);
    let people = [
        ("s1", AccountId::of_uid(3), "carla", "Carla \"><img src=x onerror=1> Nunes", Role::Administrator, 1),
        ("s2", AccountId::of_uid(1), "ana", "Ana Lima", Role::Employee, 2),
        ("s3", AccountId::of_local("plantao"), "plantao", "", Role::Administrator, 1),
    ];
    let row = |(id, account, username, full_name, role, of_person): (&str, AccountId, &str, &str, Role, usize)| {
        let session = Session {
            id: SessionId::new(id),
            account: Account { id: account, username: username.into(), full_name: full_name.into(), role },
            visitor: Visitor::new([10, 0, 0, 7].into(), "Mozilla/5.0 (Windows NT 10.0) Firefox/145.0"),
            created_at: viewpoint.now,
            used_at: viewpoint.now,
            ends_at: viewpoint.now,
            password_changed_at: None,
            confirmed_at: None,
        };
        SessionRow::of(&session, &SessionId::new("s1"), of_person, &viewpoint)
    };
    people.into_iter().map(row).collect()
}
