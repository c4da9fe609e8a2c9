//! Handlers answering JSON.

mod bans;
mod metrics;
mod status;

use crate::auth::Throttle;
use crate::domain::caller::Access;
use crate::web::layers::Requests;
use crate::web::live::Counters;
use crate::web::routes::Routes;
use crate::web::status::Status;
use crate::web::{Rooms, Scrapers};

use metrics::Metrics;

pub fn routes(throttle: Throttle) -> Routes {
    Routes::new()
        .get("/healthz", Access::Anyone, || async { "ok\n" })
        .get("/api/admin/bans", Access::Confirmed, bans::list)
        .delete("/api/admin/bans/{id}", Access::Fresh, bans::lift)
        .with_state(throttle)
}

/// How the storage is, for whom the settings let see it.
pub fn status(status: Status, access: Access) -> Routes {
    Routes::new().get("/api/status", access, status::show).with_state(status)
}

/// The figures of all rooms, for whom the settings name.
pub fn metrics(scrapers: Scrapers, rooms: Rooms, requests: Requests, sockets: Counters) -> Routes {
    let metrics = Metrics { scrapers, rooms, requests, sockets };
    Routes::new().get("/metrics", Access::Anyone, metrics::show).with_state(metrics)
}
