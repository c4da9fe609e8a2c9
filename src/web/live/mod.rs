//! Browser sockets: pages that keep themselves up to date.
//!
//! One task owns a share of all sockets ([`shard::Shard`]); it is told what to show by the two tasks that listen to the hub
//! ([`tell`]) and whom to close by the one that looks after sessions ([`ends`]). Everything for many is rendered and encoded
//! once. A socket takes its place in the shard first, and is then given the lines since its cursor and the present: what comes
//! in between waits for it there, so nothing is missed and nothing comes twice.

mod backlog;
mod beginning;
mod counters;
mod desk;
mod ends;
mod frame;
mod handshake;
mod hearing;
mod input;
mod open;
mod present;
mod registry;
mod render;
mod seen;
mod shard;
mod signin;
mod socket;
mod tell;
mod ticket;
mod together;
mod topic;
mod wire;

use tokio::sync::mpsc;

use crate::runtime::Tasks;
use shard::{Order, Shard};

pub use counters::{Counters, Figures};
pub use desk::{Desk, Rooms};
pub use open::routes as socket;
pub use present::{Present, Viewer};
pub use registry::{OnlinePerson, Registry};
pub use render::Render;
pub use signin::routes as signin;
pub use ticket::Tickets;
pub use topic::{Topic, Topics};

/// The tasks of the sockets, ready to start.
#[derive(Debug)]
pub struct Live {
    desk: Desk,
    orders: Vec<mpsc::Receiver<Order>>,
}

impl Live {
    pub fn new(rooms: Rooms) -> Self {
        let (desk, orders) = Desk::new(rooms);
        Self { desk, orders }
    }

    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    pub fn start(self, tasks: &Tasks) {
        let Self { desk, orders } = self;
        let inner = desk.inner();
        let (heard, ends) = (inner.hub.subscribe(), inner.sessions.ends());
        let last = inner.hub.cursor();
        for orders in orders {
            let shard = Shard::new(desk.clone(), inner.clock.clone(), orders);
            tasks.keep("sockets", shard.run(tasks.stopping()));
        }
        tasks.keep("live lines", tell::lines(desk.clone(), heard, last, tasks.stopping()));
        tasks.keep("live rounds", tell::rounds(desk.clone(), tasks.stopping()));
        tasks.keep("live parts", tell::parts(desk.clone(), tasks.stopping()));
        tasks.keep("live bells", tell::bells(desk.clone(), tasks.stopping()));
        tasks.keep("live sessions", ends::watch(desk.clone(), ends, tasks.stopping()));
    }
}
