//! `/dashboard`: what a person may map. What is known is shown at once; what is not, fills its place when it is there.

use axum::extract::State;
use axum::response::Response;
use sha2::{Digest as _, Sha256};

use crate::domain::caller::Caller;
use crate::domain::share::Proof;
use crate::shares::{Known, Offer};
use crate::web::assets::hexadecimal;
use crate::web::drives::{Drives, OLD};
use crate::web::error::Error;
use crate::web::identity::SignedIn;
use crate::web::renderer::Renderer;
use crate::web::views::{BoardView, CardView, Dashboard, DashboardPage, LocalDashboardPage, Offered};
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
    let known = drives.at_once(&caller).await;
    let board = match &known {
        Some(known) => board(&drives, &caller, known, &visit),
        None => BoardView::reading(),
    };
    let old = known.filter(|known| viewpoint.now.since(known.read_at) >= OLD);
    let page = DashboardPage::of(Dashboard {
        name: caller.account.display_name(),
        hour: viewpoint.hour(),
        level: renderer.level(),
        old: old.map(|known| viewpoint.see(known.read_at)),
        board,
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
    let board = match drives.known(&caller).await {
        Ok(Some(known)) => board(&drives, &caller, &known, &visit),
        Ok(None) => BoardView::empty(),
        Err(_) => BoardView::unread(),
    };
    renderer.piece(&visit, &board)
}

fn board(drives: &Drives, caller: &Caller, known: &Known, visit: &Visit) -> BoardView {
    let settings = drives.settings();
    let card = |offer: &Offer| {
        let offered = Offered {
            share: &offer.share,
            reach: &offer.reach,
            proved: offer.proof == Some(Proof::Reached),
            letter: offer.letter,
            host: &settings.host,
        };
        CardView::of(visit.language, &offered)
    };
    let script = drives.script(caller, known, None, visit.language).unwrap_or_default();
    let sha256 = hexadecimal(&Sha256::digest(script.as_bytes()));
    BoardView::known(known.offers(settings).iter().map(card).collect(), sha256)
}
