//! `/live`, the socket of every page; `/live/ticket`, what opens it once; `/live/poll`, the same pieces without a socket.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRef, Query, State};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, Response};
use hyper::upgrade::OnUpgrade;
use serde::{Deserialize, Serialize};
use tracing::{debug, info, warn};

use crate::domain::caller::{Access, Caller};
use crate::domain::event::Cursor;
use crate::web::csrf::{NotCrossSite, OwnOrigin};
use crate::web::error::Error;
use crate::web::identity::SignedIn;
use crate::web::live::beginning::Start;
use crate::web::live::desk::Desk;
use crate::web::live::frame::{self, Ending};
use crate::web::live::handshake::Handshake;
use crate::web::live::registry::{Id, Look, Person};
use crate::web::live::shard::Order;
use crate::web::live::{Tickets, Topics, wire};
use crate::web::routes::Routes;
use crate::web::visit::Visit;
use crate::web::words::Language;

/// As many as a socket may say in a minute.
const MOST_SEEN: usize = 60;
/// For our answer to be on its way.
const UPGRADE_WITHIN: Duration = Duration::from_secs(10);
/// The longest name a host can have, with room for what stands around it. In bytes.
const LONGEST_ORIGIN: usize = 300;

#[derive(Debug, Clone, FromRef)]
struct SocketState {
    desk: Desk,
    tickets: Tickets,
}

pub fn routes(desk: Desk, tickets: Tickets) -> Routes {
    Routes::new()
        .get("/live", Access::SignedIn, open)
        .get("/live/poll", Access::SignedIn, poll)
        .post("/live/ticket", Access::SignedIn, ticket)
        .with_state(SocketState { desk, tickets })
}

/// As the address says it: how far the page has heard, and what of it is to be kept up to date.
#[derive(Debug, Deserialize)]
struct Asked {
    cursor: String,
    topics: String,
    #[serde(default)]
    ticket: String,
    /// The numbers of toasts somebody has seen, from a page that has no socket to say it.
    #[serde(default)]
    seen: String,
}

impl Asked {
    fn read(&self, caller: &Caller, language: Language) -> Result<(Cursor, Look), Error> {
        let cursor = Cursor::parse(&self.cursor).ok_or(Error::Malformed)?;
        let topics = Topics::parse(&self.topics).ok_or(Error::Malformed)?;
        if topics.iter().all(|topic| topic.admits(caller.standing)) {
            Ok((cursor, Look { language, topics }))
        } else {
            Err(Error::Forbidden)
        }
    }

    fn seen(&self) -> Result<Vec<u64>, Error> {
        let numbers = self.seen.split(',').filter(|number| !number.is_empty()).take(MOST_SEEN);
        numbers.map(|number| number.parse().map_err(|_| Error::Malformed)).collect()
    }
}

/// What a page brings along to open its socket.
type Brought = (Result<OwnOrigin, Error>, Result<Query<Asked>, QueryRejection>, Result<Handshake, Error>);

async fn open(
    State(state): State<SocketState>,
    SignedIn(caller): SignedIn,
    visit: Visit,
    headers: HeaderMap,
    brought: Brought,
) -> Result<Response, Error> {
    let (look, cursor, handshake) = state.admit(&caller, visit.language, brought).inspect_err(|error| {
        let (user, origin, reason) = (&caller.account.username, origin(&headers), error.public().code);
        info!(user, origin, reason, "a socket was refused");
        state.desk.counters().refused();
    })?;
    let (response, upgrade) = handshake.accept();
    let person = Person { account: caller.account, session: caller.session };
    let desk = state.desk;
    let tasks = desk.inner().tasks.clone();
    tasks.run("socket opens", async move { desk.open(upgrade, person, look, cursor).await });
    Ok(response)
}

/// As the browser says it, or whoever plays one: on one line, and no longer than any that is true.
fn origin(headers: &HeaderMap) -> String {
    let said = headers.get(ORIGIN).map(HeaderValue::as_bytes).unwrap_or_default();
    said[..said.len().min(LONGEST_ORIGIN)].escape_ascii().to_string()
}

impl SocketState {
    fn admit(&self, caller: &Caller, language: Language, brought: Brought) -> Result<(Look, Cursor, Handshake), Error> {
        let (origin, asked, handshake) = brought;
        origin?;
        let (Query(asked), handshake) = (asked.map_err(|_| Error::Malformed)?, handshake?);
        let (cursor, look) = asked.read(caller, language)?;
        if self.tickets.take(&asked.ticket, &caller.session) {
            Ok((look, cursor, handshake))
        } else {
            Err(Error::Forbidden)
        }
    }
}

impl Desk {
    async fn open(&self, upgrade: OnUpgrade, person: Person, look: Look, cursor: Cursor) {
        let inner = self.inner();
        let upgraded = match inner.clock.timeout(UPGRADE_WITHIN, upgrade).await {
            Ok(Ok(upgraded)) => upgraded,
            Ok(Err(error)) => return debug!(?error, "a browser left before its socket was open"),
            Err(error) => return debug!(?error, "a browser's socket was never opened"),
        };
        let (input, mut out, begun) = wire::split(upgraded);
        let user = person.account.username.clone();
        let follow = self.follow(&person);
        let seat = match inner.registry.enter(person, look, inner.clock.now(), || follow) {
            Ok(seat) => seat,
            Err(full) => {
                inner.counters.refused();
                info!(user, reason = %full, "one socket too many");
                let _ = out.try_write(&frame::close(Ending::Busy));
                return;
            }
        };
        self.tell_online();
        let (id, person) = (seat.id, seat.person.clone());
        self.order(id, Order::Open { seat, input, out, begun }).await;
        // It may have ended since the request was let in; from now on that is noticed.
        if let Err(error) = self.look_at(std::slice::from_ref(&person)).await {
            warn!(error = &error as &dyn std::error::Error, "whether the session of a new socket lives cannot be read");
            return self.order(id, Order::Close(id, None, Ending::Busy)).await;
        }
        self.begin(id, &person, look, &Start::At(cursor)).await;
    }
}

#[derive(Debug, Serialize)]
struct Ticket {
    ticket: String,
}

async fn ticket(State(tickets): State<Tickets>, SignedIn(caller): SignedIn) -> Json<Ticket> {
    Json(Ticket { ticket: tickets.issue(&caller.session) })
}

async fn poll(
    State(desk): State<Desk>,
    _: NotCrossSite,
    SignedIn(caller): SignedIn,
    visit: Visit,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Html<String>, Error> {
    let Query(asked) = asked.map_err(|_| Error::Malformed)?;
    let (cursor, look) = asked.read(&caller, visit.language)?;
    let seen = asked.seen()?;
    desk.read_rights(&caller.account).await;
    let person = Arc::new(Person { account: caller.account, session: caller.session });
    for seq in seen {
        desk.see(Id::NONE, person.clone(), seq);
    }
    let composed = desk.compose(&person.account, look, &Start::At(cursor)).await.ok_or(Error::NotKept)?;
    Ok(Html(composed.pieces.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_page_says_it_is_from_commands_no_terminal_and_fills_no_log() {
        let said = |value: &[u8]| origin(&HeaderMap::from_iter([(ORIGIN, HeaderValue::from_bytes(value).unwrap())]));
        assert_eq!(said(b"http://evil.example"), "http://evil.example");
        assert_eq!(said(b"a\tb\"\xff"), "a\\tb\\\"\\xff");
        assert_eq!(said(&[b'a'; 10_000]).len(), LONGEST_ORIGIN);
        assert_eq!(origin(&HeaderMap::new()), "");
    }
}
