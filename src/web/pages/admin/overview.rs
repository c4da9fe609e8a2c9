//! `/admin`: how things are, at a glance.

use axum::extract::State;
use axum::response::Response;

use crate::web::error::Error;
use crate::web::room::Room;
use crate::web::views::{Chart, FeedView, OverviewPanel, Range};
use crate::web::visit::Visit;
use crate::web::watch::Watch;

pub async fn show(State(room): State<Room>, State(watch): State<Watch>, visit: Visit) -> Result<Response, Error> {
    let viewpoint = room.viewpoint(&visit);
    let panel = OverviewPanel {
        figures: watch.figures(&viewpoint).await?,
        feed: FeedView { lines: watch.feed(None, None, &viewpoint).await?.lines },
        latency: watch.latency(&viewpoint),
        chart: Chart::of(Range::Hour, &viewpoint),
        online: watch.online(&viewpoint),
    };
    room.page(&visit, panel)
}
