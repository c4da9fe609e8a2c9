//! `/admin`: how things are.

use axum::extract::State;
use axum::response::Response;

use crate::auth::Sessions;
use crate::health::Health;
use crate::web::error::Error;
use crate::web::room::Room;
use crate::web::views::OverviewPanel;
use crate::web::visit::Visit;

pub async fn show(
    State(room): State<Room>,
    State(health): State<Health>,
    State(sessions): State<Sessions>,
    visit: Visit,
) -> Result<Response, Error> {
    let open = sessions.list_all().await.map_err(Error::broken)?;
    room.page(&visit, OverviewPanel::of(&health.latest(), &open, &room.viewpoint(&visit)))
}
