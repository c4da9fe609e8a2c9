//! Where a person is signed in.

use serde::Serialize;

use crate::domain::session::{Session, SessionId};
use crate::web::views::device::{DeviceView, device};
use crate::web::views::{Page, Piece, TimeView, Viewpoint};

#[derive(Debug, Serialize)]
pub struct SessionsPage {
    pub list: SessionsView,
}

#[derive(Debug, Clone, Serialize)]
pub struct SessionsView {
    pub sessions: Vec<SessionView>,
    /// How many there are besides this one.
    pub others: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct SessionView {
    pub id: String,
    #[serde(flatten)]
    pub device: DeviceView,
    pub address: String,
    pub since: TimeView,
    pub used: TimeView,
    pub ends: TimeView,
    /// The one that asks.
    pub current: bool,
}

impl SessionsView {
    /// The asking one first, then by their latest use.
    pub fn of(sessions: &[Session], current: &SessionId, viewpoint: &Viewpoint) -> Self {
        let mut sorted: Vec<&Session> = sessions.iter().collect();
        sorted.sort_by_key(|session| (&session.id != current, std::cmp::Reverse(session.used_at)));
        let others = sorted.iter().filter(|session| &session.id != current).count();
        let view = |session: &Session| SessionView {
            id: session.id.as_str().to_owned(),
            device: device(&session.visitor.device),
            address: session.visitor.address.to_string(),
            since: viewpoint.see(session.created_at),
            used: viewpoint.see(session.used_at),
            ends: viewpoint.see(session.ends_at),
            current: &session.id == current,
        };
        Self { sessions: sorted.into_iter().map(view).collect(), others }
    }
}

impl Page for SessionsPage {
    const TEMPLATE: &'static str = "pages/sessions/sessions.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        SessionsView::samples().into_iter().map(|list| Self { list }).collect()
    }
}

impl Piece for SessionsView {
    const COMPONENT: &'static str = "sessions.list";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let current = SessionId::new("s1");
        let all: Vec<Session> = (0..DEVICES.len()).map(|at| sample(at, &viewpoint)).collect();
        vec![Self::of(&all, &current, &viewpoint), Self::of(&all[1..2], &current, &viewpoint)]
    }
}

#[cfg(test)]
const DEVICES: [(&str, &str); 5] = [
    ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "192.168.10.57"),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
        "192.168.10.23",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18.0 Safari/605",
        "2001:db8:85a3:8d3:1319:8a2e:370:7348",
    ),
    ("\"><img src=x onerror=1>", "10.0.0.9"),
    ("curl/8.19", "10.0.0.10"),
];

#[cfg(test)]
fn sample(at: usize, viewpoint: &Viewpoint) -> Session {
    use std::time::Duration;

    use crate::domain::caller::{Account, AccountId, Role};
    use crate::domain::session::Visitor;

    let (device, address) = DEVICES[at];
    let username = "ana".to_owned();
    let hours = u64::try_from(at).unwrap() * 11;
    Session {
        id: SessionId::new(format!("s{at}")),
        account: Account { id: AccountId::of_uid(3001), username, full_name: "Ana Lima".into(), role: Role::Employee },
        visitor: Visitor { address: address.parse().unwrap(), device: device.into() },
        created_at: viewpoint.before(Duration::from_hours(hours + 1)),
        used_at: viewpoint.before(Duration::from_mins(hours)),
        ends_at: viewpoint.now.plus(Duration::from_hours(7)),
        password_changed_at: None,
        confirmed_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_that_asks_stands_first_and_the_rest_by_use() {
        let page = &SessionsView::samples()[0];
        let ids: Vec<&str> = page.sessions.iter().map(|session| session.id.as_str()).collect();
        assert_eq!(ids, ["s1", "s0", "s2", "s3", "s4"]);
        assert_eq!((page.sessions[0].current, page.others), (true, 4));
    }
}
