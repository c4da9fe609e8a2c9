//! `/live`, the socket of every page; `/live/ticket`, what opens it once; `/live/poll`, the same pieces without a socket.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRef, Query, State};
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

async fn open(
    State(state): State<SocketState>,
    _: OwnOrigin,
    SignedIn(caller): SignedIn,
    visit: Visit,
    (asked, handshake): (Result<Query<Asked>, QueryRejection>, Handshake),
) -> Result<Response, Error> {
    let Query(asked) = asked.map_err(|_| Error::Malformed)?;
    let (cursor, look) = asked.read(&caller, visit.language)?;
    let SocketState { desk, tickets } = state;
    if !tickets.take(&asked.ticket, &caller.session) {
        info!(user = caller.account.username, "a socket came without a ticket of its page");
        desk.counters().refused();
        return Err(Error::Forbidden);
    }
    let (response, upgrade) = handshake.accept();
    let person = Person { account: caller.account, session: caller.session };
    let tasks = desk.inner().tasks.clone();
    tasks.run("socket opens", async move { desk.open(upgrade, person, look, cursor).await });
    Ok(response)
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
    let composed = desk.compose(&person.account, look, &Start::At(cursor)).await.ok_or(Error::Unavailable)?;
    Ok(Html(composed.pieces.concat()))
}
