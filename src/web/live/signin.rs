//! `/live/signin`: the steps of one sign-in, for whoever holds the cookie of the attempt. It gives no right and takes
//! nothing in; without it the form works all the same.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{FromRef, State};
use axum::http::HeaderMap;
use axum::response::Response;
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::auth::SignIn;
use crate::domain::caller::Access;
use crate::domain::signin::{AttemptId, Outcome, Progress};
use crate::runtime::{Clock, Tasks};
use crate::web::cookies::{Cookies, Kept};
use crate::web::csrf::OwnOrigin;
use crate::web::error::Error;
use crate::web::layers::network_of;
use crate::web::renderer::Renderer;
use crate::web::routes::Routes;
use crate::web::views::StepsView;
use crate::web::visit::Visit;
use crate::web::words::Language;

/// More than an office signs in at once. Who finds no place signs in without watching.
const MOST_SOCKETS: usize = 500;
/// A proxy nobody declared makes an office one address; a stranger still cannot take every place.
const MOST_OF_ADDRESS: usize = 100;
/// Nothing is taken in, so whatever comes is small: answers to pings, and goodbyes.
const LARGEST_MESSAGE: usize = 1 << 10;
const PING_EVERY: Duration = Duration::from_secs(25);
/// Without an answer the browser is gone.
const PONG_WITHIN: Duration = Duration::from_secs(10);
/// A sign-in page left open gives its place to somebody else.
const LONGEST: Duration = Duration::from_mins(15);
/// More than answers to our pings in all that time.
const MOST_FRAMES: usize = 60;

/// The server goes; browsers come back by themselves.
const RESTART: u16 = 1012;

#[derive(Debug, Clone, FromRef)]
struct LiveState {
    sign_in: SignIn,
    renderer: Renderer,
    cookies: Cookies,
    places: Places,
    process: Process,
}

/// How many watch from where.
#[derive(Debug, Clone, Default)]
struct Places(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// Given back when dropped.
struct Place {
    places: Places,
    network: IpAddr,
}

impl Places {
    fn take(&self, address: IpAddr) -> Option<Place> {
        let network = network_of(address);
        let mut taken = self.taken();
        if taken.values().sum::<usize>() >= MOST_SOCKETS
            || taken.get(&network).is_some_and(|few| *few >= MOST_OF_ADDRESS)
        {
            return None;
        }
        *taken.entry(network).or_default() += 1;
        Some(Place { places: self.clone(), network })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        if let Some(few) = taken.get_mut(&self.network) {
            *few -= 1;
        }
        taken.retain(|_, few| *few > 0);
    }
}

/// What a socket lives by.
#[derive(Debug, Clone)]
struct Process {
    clock: Clock,
    tasks: Tasks,
}

pub fn routes(sign_in: SignIn, renderer: Renderer, cookies: Cookies, clock: Clock, tasks: Tasks) -> Routes {
    let state = LiveState { sign_in, renderer, cookies, places: Places::default(), process: Process { clock, tasks } };
    Routes::new().get("/live/signin", Access::Anyone, open).with_state(state)
}

async fn open(
    State(state): State<LiveState>,
    _: OwnOrigin,
    visit: Visit,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Error> {
    let LiveState { sign_in, renderer, cookies, places, process } = state;
    let attempt = cookies.find(&headers, Kept::Attempt).ok_or(Error::Malformed)?;
    let place = places.take(visit.visitor.address).ok_or(Error::Unavailable)?;
    let progress = sign_in.watch(&AttemptId::new(attempt.reveal().clone())).ok_or(Error::Unavailable)?;
    // The framework would own the task; handed over like this it is one of ours, which a stop waits for.
    let (hand_over, socket) = oneshot::channel();
    let stop = process.tasks.stopping();
    let watcher = Watcher { renderer, language: visit.language, progress, clock: process.clock, _place: place };
    process.tasks.run("sign-in socket", async move {
        if let Ok(socket) = socket.await {
            watcher.run(socket, stop).await;
        }
    });
    Ok(upgrade.max_message_size(LARGEST_MESSAGE).max_frame_size(LARGEST_MESSAGE).on_upgrade(async |socket| {
        // Nobody takes it when the server has just stopped.
        drop(hand_over.send(socket));
    }))
}

/// One browser that watches.
struct Watcher {
    renderer: Renderer,
    language: Language,
    progress: watch::Receiver<Progress>,
    clock: Clock,
    _place: Place,
}

/// Why a socket ends: the code a browser is told.
type Ending = u16;

impl Watcher {
    async fn run(mut self, mut socket: WebSocket, stop: CancellationToken) {
        let clock = self.clock.clone();
        let ending = tokio::select! {
            // First: whatever else ends with the stop is not the reason.
            biased;
            () = stop.cancelled() => Some(RESTART),
            ending = self.watch(&mut socket) => ending,
            () = clock.sleep(LONGEST) => Some(close_code::NORMAL),
        };
        if let Some(code) = ending {
            let goodbye = Message::Close(Some(CloseFrame { code, reason: "".into() }));
            // A browser that is gone needs none.
            let _ = clock.timeout(PONG_WITHIN, socket.send(goodbye)).await;
        }
    }

    /// First the present, then changes. `None`: the browser has gone.
    async fn watch(&mut self, socket: &mut WebSocket) -> Option<Ending> {
        let mut ping_at = Box::pin(self.clock.sleep(PING_EVERY));
        let (mut answered, mut frames) = (true, 0);
        self.progress.mark_changed();
        loop {
            tokio::select! {
                changed = self.progress.changed() => {
                    changed.ok()?;
                    if let Some(ending) = self.show(socket).await? {
                        return Some(ending);
                    }
                }
                () = &mut ping_at => {
                    if !answered {
                        return None;
                    }
                    socket.send(Message::Ping(Bytes::new())).await.ok()?;
                    answered = false;
                    ping_at = Box::pin(self.clock.sleep(PONG_WITHIN));
                }
                message = socket.recv() => match message?.ok()? {
                    Message::Pong(_) | Message::Ping(_) if frames == MOST_FRAMES => return Some(close_code::POLICY),
                    Message::Pong(_) => {
                        frames += 1;
                        answered = true;
                        ping_at = Box::pin(self.clock.sleep(PING_EVERY));
                    }
                    Message::Ping(_) => frames += 1,
                    Message::Close(_) => return None,
                    Message::Text(_) | Message::Binary(_) => return Some(close_code::POLICY),
                },
            }
        }
    }

    /// The whole state. `Some(None)`: there is more to come.
    async fn show(&mut self, socket: &mut WebSocket) -> Option<Option<Ending>> {
        let progress = *self.progress.borrow_and_update();
        let steps = match self.renderer.markup(self.language, &StepsView::of(&progress)) {
            Ok(steps) => steps,
            Err(error) => {
                debug!(?error, "the steps of a sign-in could not be shown");
                return Some(Some(close_code::ERROR));
            }
        };
        socket.send(Message::text(steps)).await.ok()?;
        Some((progress.outcome == Some(Outcome::SignedIn)).then_some(close_code::NORMAL))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_leaves_places_for_the_others_and_gives_its_own_back() {
        let places = Places::default();
        let (crowd, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let mut held: Vec<Place> = (0..MOST_OF_ADDRESS).filter_map(|_| places.take(crowd)).collect();
        assert_eq!(held.len(), MOST_OF_ADDRESS);
        assert!(places.take(crowd).is_none());
        assert!(places.take(other).is_some());
        held.pop();
        assert!(places.take(crowd).is_some());
        drop(held);
        assert!(places.taken().is_empty());
    }
}
