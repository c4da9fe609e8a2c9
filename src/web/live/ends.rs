//! Sessions that end while their pages are open: each page is told why, and closed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::auth::Error;
use crate::domain::session::{End, SessionId};
use crate::domain::{Language, Timestamp};
use crate::runtime::rounds::{self, Turn};
use crate::web::live::desk::Desk;
use crate::web::live::frame::{self, Ending};
use crate::web::live::registry::Person;
use crate::web::live::shard::Order;
use crate::web::views::Ended;

/// An end by time is noticed as soon.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// What other programs ended is told to nobody here.
const LOOK_AT_ALL_EVERY: Duration = Duration::from_secs(30);
/// In one question to the database.
const AT_ONCE: usize = 500;

/// Until the stop. `ends` was made before anybody could come.
pub async fn watch(desk: Desk, mut ends: watch::Receiver<()>, stop: CancellationToken) {
    let inner = desk.inner();
    let mut all_at = inner.clock.uptime();
    loop {
        let told = tokio::select! {
            () = stop.cancelled() => return,
            told = ends.changed() => told.is_ok(),
            () = inner.clock.sleep(LOOK_EVERY) => false,
        };
        let (turn, now) = (Turn::begin(&inner.clock), inner.clock.uptime());
        let all = told || now >= all_at;
        let people = if all { inner.registry.all() } else { inner.registry.due(inner.clock.now()) };
        let looked = desk.look_at(&people).await.inspect_err(|error| rounds::failed(error));
        turn.end(&inner.clock, LOOK_EVERY);
        match looked {
            Ok(()) if all => all_at = now + LOOK_AT_ALL_EVERY,
            Ok(()) => {}
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "whose session has ended cannot be read");
                all_at = now;
                inner.clock.sleep(LOOK_EVERY).await;
            }
        }
    }
}

impl Desk {
    /// Closes the sockets of those whose session is over.
    pub async fn look_at(&self, people: &[Arc<Person>]) -> Result<(), Error> {
        let inner = self.inner();
        for some in people.chunks(AT_ONCE) {
            let ids: Vec<SessionId> = some.iter().map(|person| person.session.clone()).collect();
            let living: HashMap<SessionId, Timestamp> = inner.sessions.list_living(&ids).await?.into_iter().collect();
            for person in some {
                match living.get(&person.session) {
                    Some(until) => inner.registry.set_until(person, *until),
                    None => self.end(person).await,
                }
            }
        }
        Ok(())
    }

    async fn end(&self, person: &Person) {
        let end = self.inner().sessions.why_over(&person.session);
        let mut farewells: HashMap<Language, Bytes> = HashMap::new();
        for (id, language) in self.inner().registry.sockets_of(person) {
            let order = if end == Some(End::Renewed) {
                // The browser already holds another session of its person, and comes back with it.
                Order::Close(id, None, Ending::Restart)
            } else {
                let farewell = || frame::text(&self.inner().present.farewell(language, ended(end)));
                let farewell = farewells.entry(language).or_insert_with(farewell).clone();
                Order::Close(id, Some(farewell), Ending::SessionEnded)
            };
            self.order(id, order).await;
        }
    }
}

fn ended(end: Option<End>) -> Ended {
    end.map_or(Ended::Needed, Ended::Over)
}
