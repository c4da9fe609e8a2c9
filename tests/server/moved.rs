//! Somebody leaves a group while their page is open.

use std::time::Duration;

use farol::domain::event::{Audience, Line};
use farol::domain::notice::Notice;
use farol::domain::share::Right;
use farol::runtime::Clock;
use farol::sim::Profile;

use crate::crowd::{arrive, hire};
use crate::harness::{Asked, Browser, House, Socket, pieces_of};
use crate::planning::{ONCE, plan, share_of, with};
use crate::sockets::{announce, announcement};

const AT_ONCE: Duration = Duration::from_secs(2);
/// Where the NAS tells nothing, what was read before is not believed any more; where the link was down, it is back.
const LATER: Duration = Duration::from_secs(30);

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

/// Nothing says so: this NAS tells of nothing, or the link is down meanwhile.
fn move_unnoticed(house: &House, usernames: &[String]) {
    house.turn("idle-cut", true);
    let mut world = house.sim.world();
    let financeiro = world.people.groups.iter().find(|group| group.name == "financeiro").unwrap().gid;
    for username in usernames {
        world.people.find_mut(username).unwrap().gids.retain(|gid| *gid != financeiro);
    }
}

#[tokio::test]
async fn what_was_read_long_ago_gives_nobody_anything_where_the_nas_told_of_no_change() {
    for release in [Profile::R22_12, Profile::R24_10, Profile::R25_10] {
        let house = House::before(release, |_| {}).await;
        let (stays, inside) = (house.signed_in("ana").await, arrive(&house, 5).await);
        let carla = house.administrator("carla").await;
        let financeiro = share_of(&carla, "Financeiro").await;
        let mut socket = opened(&house, &inside[4]).await;
        announce(&house, "the beginning").await;
        socket.until("the beginning").await;
        let (page, cursor) = (inside[4].page().await, socket.cursor.clone());
        drop(socket);
        // Nobody is followed any more.
        house.pass(Duration::from_secs(70)).await;
        for browser in &inside {
            browser.get("/download_bat").await;
        }
        move_unnoticed(&house, &[0, 1, 2, 3, 4].map(|number| format!("pessoa{number}")));
        house.pass(LATER).await;
        plan(&carla, &with(&ONCE, &[(financeiro.as_str(), "yes")])).await;
        house.hub().tell(Audience::Group("financeiro".into()), announcement("of finance alone")).await.unwrap();
        announce(&house, "the end").await;
        let secret = |body: &str| body.contains("of finance alone") || body.contains("Troca de discos");
        let poll = format!("/live/poll?cursor={cursor}&topics=bell,banner");
        for (browser, path) in inside.iter().zip(["/notices", "/maintenance.ics", "/dashboard", poll.as_str()]) {
            let (gone, there) = (browser.get(path).await.body, stays.get(path).await.body);
            assert_eq!((secret(&gone), secret(&there)), (false, true), "{release} {path}: {gone}");
        }
        let asked = Asked { cursor, ticket: inside[4].ticket().await, ..page };
        let mut socket = inside[4].open(&asked, Some(stays.origin())).await.unwrap();
        let replayed = house.live_until(socket.until("the end")).await.concat();
        assert!(!secret(&replayed), "{release}: {replayed}");
        house.close().await;
    }
}

#[tokio::test]
async fn without_any_road_what_was_known_last_serves_unless_it_is_known_to_be_wrong() {
    for (change, heard) in [(None, true), (Some("share-added"), false)] {
        let house = House::open().await;
        let ana = house.signed_in("ana").await;
        if let Some(change) = change {
            house.turn(change, true);
            // For the word of it to come over the wire.
            house.live_until(house.clock.sleep(Duration::from_secs(1))).await;
        }
        house.turn("power-off", true);
        house.pass(Duration::from_mins(2)).await;
        house.hub().tell(Audience::Group("financeiro".into()), announcement("of finance alone")).await.unwrap();
        let notices = ana.get("/notices").await.body;
        assert_eq!(notices.contains("of finance alone"), heard, "{notices}");
        house.close().await;
    }
}
