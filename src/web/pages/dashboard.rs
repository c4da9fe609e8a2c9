//! `/dashboard`: what a person may map. What is known is shown at once; what is not, fills its place when it is there.

use axum::extract::State;
use axum::response::Response;

use crate::web::drives::{Drives, OLD};
use crate::web::error::Error;
use crate::web::identity::SignedIn;
use crate::web::renderer::Renderer;
use crate::web::views::{AnnouncementsView, BoardView, Dashboard, DashboardPage, LocalDashboardPage};
use crate::web::visit::Visit;

pub async fn show(
    State(renderer): State<Renderer>,
    State(drives): State<Drives>,
    SignedIn(caller): SignedIn,
    visit: Visit,
) -> Result<Response, Error> {
    let viewpoint = renderer.viewpoint(&visit);
    if caller.account.id.is_local() {
        let page = LocalDashboardPage::of(caller.account.display_name(), viewpoint.hour(), renderer.level());
        return renderer.page(&visit, &page);
    }
    let known = drives.at_once(&caller.account).await;
    let board = match &known {
        Some(known) => drives.view(&caller.account, known, visit.language),
        None => BoardView::reading(),
    };
    let old = known.filter(|known| viewpoint.now.since(known.read_at) >= OLD);
    let page = DashboardPage::of(Dashboard {
        name: caller.account.display_name(),
        hour: viewpoint.hour(),
        level: renderer.level(),
        old: old.map(|known| viewpoint.see(known.read_at)),
        board,
        announcements: AnnouncementsView { announcements: Vec::new() },
    });
    renderer.page(&visit, &page)
}

/// `/dashboard/shares`: the same part of the page, however long the NAS takes.
pub async fn shares(
    State(renderer): State<Renderer>,
    State(drives): State<Drives>,
    SignedIn(caller): SignedIn,
    visit: Visit,
) -> Result<Response, Error> {
    let board = match drives.known(&caller.account).await {
        Ok(Some(known)) => drives.view(&caller.account, &known, visit.language),
        Ok(None) => BoardView::empty(),
        Err(_) => BoardView::unread(),
    };
    renderer.piece(&visit, &board)
}
