//! Somebody leaves a group while their page is open.

use std::time::Duration;

use farol::domain::event::{Audience, Line};
use farol::domain::notice::Notice;
use farol::domain::share::Right;
use farol::runtime::Clock;
use farol::sim::Profile;

use crate::crowd::hire;
use crate::harness::{Asked, Browser, House, Socket, pieces_of};
use crate::sockets::{announce, announcement};

const AT_ONCE: Duration = Duration::from_secs(2);

async fn opened(house: &House, browser: &Browser) -> Socket {
    let mut socket = browser.live().await;
    house.live_until(socket.until("Financeiro")).await;
    socket
}

/// The list of shares as the page is given it next.
async fn shares(socket: &mut Socket) -> String {
    loop {
        let frame = socket.next().await.unwrap();
        if let Some((_, _, markup)) = pieces_of(&frame).into_iter().find(|(target, ..)| target == "#shares") {
            return markup;
        }
    }
}

fn about_financeiro(share: i64) -> [(Audience, Line); 3] {
    let gained = Notice::ShareGained { name: "Financeiro".into(), right: Right::Read };
    [
        (Audience::Group("financeiro".into()), announcement("Financeiro closes the year")),
        (Audience::Reaching(vec![share]), announcement("Financeiro is being moved")),
        (Audience::Reaching(vec![share]), Line::Notice(gained)),
    ]
}

#[tokio::test]
async fn the_card_goes_from_the_open_page_and_no_replay_brings_back_what_was_said_of_it() {
    let house = House::before(Profile::R25_10, |_| {}).await;
    hire(&house.sim, 1);
    let (ana, colleague) = (house.signed_in("ana").await, house.browser());
    assert_eq!(colleague.sign_in("pessoa0", "demo-ana").await.status, 303);
    let (mut of_ana, mut of_colleague) = (opened(&house, &ana).await, opened(&house, &colleague).await);
    let old = of_ana.cursor.clone();
    let share = house.sim.world().shares.iter().find(|share| share.name == "Financeiro").unwrap().id;
    for (audience, line) in about_financeiro(i64::try_from(share).unwrap()) {
        house.hub().tell(audience, line).await.unwrap();
    }
    of_ana.until("Financeiro is being moved").await;
    house.turn("user-moved", true);
    let gone = async { while shares(&mut of_ana).await.contains("Financeiro") {} };
    Box::pin(Clock::real().timeout(AT_ONCE, house.live_until(gone))).await.expect("the card is still on the page");
    let script = ana.get("/download_bat").await;
    assert!(script.status == 200 && !script.body.contains("Financeiro"), "{}", script.body);
    announce(&house, "the end").await;
    let asked = Asked { topics: "shares".into(), cursor: old.clone(), ticket: ana.ticket().await };
    let replayed = ana.open(&asked, Some(ana.origin())).await.unwrap().until("the end").await.concat();
    let titles: Vec<&str> =
        replayed.split("class=\"toast-title\">").skip(1).map(|rest| &rest[..rest.find('<').unwrap()]).collect();
    assert_eq!(titles, ["Pasta retirada: Financeiro", "the end"], "{replayed}");
    let heard = of_colleague.until("the end").await.concat();
    for told in ["Financeiro closes", "Financeiro is being"] {
        assert!(heard.contains(told), "{heard}");
    }
    house.hub().tell(Audience::Group("financeiro".into()), announcement("of finance alone")).await.unwrap();
    of_colleague.until("of finance alone").await;
    house.close().await;
}
