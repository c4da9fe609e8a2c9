//! How we listen: who is let in, how long each of them may take, and how all of them are let go.

mod bodies;
mod connection;
mod crowd;
mod redirect;
#[cfg(test)]
mod tests;
mod watched;

use std::io::{Error, ErrorKind};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use crate::runtime::{Clock, Pulse};

pub use connection::Manner;
use crowd::Crowd;
pub use crowd::Limits;
pub use redirect::Redirect;
pub use watched::Watched;

const BEAT: Duration = Duration::from_secs(1);
/// Where the system has nothing left for another connection, asking again at once would only keep us from freeing some.
const PAUSE: Duration = Duration::from_secs(1);
/// After so long without trouble it is over: while one leaves and one comes, it is the same trouble still.
const CALM: Duration = Duration::from_secs(10);

/// A listener, and how people are spoken to there.
pub struct Door {
    pub listener: TcpListener,
    pub manner: Manner,
    /// Of the loop that lets people in.
    pub pulse: Pulse,
}

/// Answers at every door until the stop; then no new connection, and those in flight are finished.
pub async fn serve(doors: Vec<Door>, limits: Limits, clock: &Clock, stop: &CancellationToken) {
    let crowd = Crowd::new(limits);
    let open = doors.into_iter().map(|door| admit(door, &crowd, clock, stop));
    // Beats on while the last ones are finished: none of them may take longer for it.
    tokio::select! {
        _ = futures_util::future::join_all(open) => {}
        () = beat(&crowd, clock) => {}
    }
}

async fn beat(crowd: &Crowd, clock: &Clock) {
    loop {
        clock.sleep(BEAT).await;
        crowd.beat();
    }
}

async fn admit(door: Door, crowd: &Crowd, clock: &Clock, stop: &CancellationToken) {
    let Door { listener, manner, pulse } = door;
    let mut guests = JoinSet::new();
    let mut trouble_at = None;
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = guests.join_next() => continue,
            () = pulse.beat() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                if trouble_at.take_if(|at| clock.uptime() >= *at + CALM).is_some() {
                    info!("connections are accepted again");
                }
                if let Some(place) = crowd.enter() {
                    guests.spawn(connection::attend(manner.clone(), stream, peer, place, stop.clone()));
                }
            }
            Err(trouble) if is_of_one(&trouble) => {}
            Err(trouble) => {
                if trouble_at.replace(clock.uptime()).is_none() {
                    error!(error = &trouble as &dyn std::error::Error, "no connection can be accepted for now");
                }
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = clock.sleep(PAUSE) => {}
                }
            }
        }
    }
    // The place is free for whoever comes after us, while we finish.
    drop(listener);
    while guests.join_next().await.is_some() {}
}

/// Of somebody who left before they were let in: the next one may be well.
fn is_of_one(error: &Error) -> bool {
    let gone = [ErrorKind::ConnectionAborted, ErrorKind::ConnectionReset, ErrorKind::Interrupted];
    gone.contains(&error.kind())
}
