//! `/dashboard`: what a person may map. What is known is shown at once; what is not, fills its place when it is there.

use axum::extract::State;
use axum::response::Response;
use sha2::{Digest as _, Sha256};

use crate::domain::share::Proof;
use crate::shares::{Known, Offer};
use crate::web::assets::hexadecimal;
use crate::web::drives::{Drives, OLD};
use crate::web::error::Error;
use crate::web::identity::SignedIn;
use crate::web::renderer::Renderer;
use crate::web::views::{BoardView, CardView, Dashboard, DashboardPage, Offered};
use crate::web::visit::Visit;

pub async fn show(
    State(renderer): State<Renderer>,
    State(drives): State<Drives>,
    SignedIn(caller): SignedIn,
    visit: Visit,
) -> Result<Response, Error> {
    let known = drives.at_once(&caller).await;
    let board = match &known {
        Some(known) => board(&drives, known, &visit),
        // Nobody on the NAS has nothing to wait for.
        None if caller.account.id.is_local() => BoardView::known(Vec::new()),
        None => BoardView::reading(),
    };
    let script = known.as_ref().and_then(|known| drives.script(&caller, known, None, visit.language));
    let viewpoint = renderer.viewpoint(&visit);
    let old = known.filter(|known| viewpoint.now.since(known.read_at) >= OLD);
    let page = DashboardPage::of(Dashboard {
        name: caller.account.display_name(),
        hour: viewpoint.hour(),
        level: renderer.level(),
        old: old.map(|known| viewpoint.see(known.read_at)),
        board,
        sha256: script.map(|script| hexadecimal(&Sha256::digest(script.as_bytes()))).unwrap_or_default(),
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
        Ok(Some(known)) => board(&drives, &known, &visit),
        Ok(None) => BoardView::known(Vec::new()),
        Err(_) => BoardView::unread(),
    };
    renderer.piece(&visit, &board)
}

fn board(drives: &Drives, known: &Known, visit: &Visit) -> BoardView {
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
    BoardView::known(known.offers(settings).iter().map(card).collect())
}
