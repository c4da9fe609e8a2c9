//! The morning rush: everybody opens their page and its socket at the same time, and nobody is sent away.

use std::time::Duration;

use farol::domain::event::Audience;
use farol::runtime::Clock;
use farol::sim::Profile;
use futures_util::future::join_all;

use crate::crowd::arrive;
use crate::harness::{Asked, Browser, House, Socket};
use crate::health::status;
use crate::sockets::announcement;

/// Longer than any page waits for its first pieces.
const BEGUN_WITHIN: Duration = Duration::from_secs(10);

async fn office(release: Profile, people: u32) -> (House, Vec<Browser>) {
    let house = House::before(release, |_| {}).await;
    let browsers = arrive(&house, people).await;
    (house, browsers)
}

/// As the browser does it by itself when the server is there again.
async fn back(browser: &Browser, page: &Asked) -> Socket {
    let asked = Asked { ticket: browser.ticket().await, ..page.clone() };
    browser.open(&asked, Some(browser.origin())).await.unwrap()
}

async fn all_at_once(release: Profile, people: u32) {
    let (mut house, browsers) = office(release, people).await;
    let opened = browsers.iter().map(|browser| async move {
        let page = browser.page().await;
        let mut socket = browser.open(&page, Some(browser.origin())).await.unwrap();
        socket.until("id=\"shares\"").await;
        page
    });
    let pages = house.live_until(join_all(opened)).await;
    assert_eq!(house.desk().counters().figures().refused, 0);
    house.restart().await;
    let again = browsers.iter().zip(&pages).map(|(browser, page)| async move {
        back(browser, page).await.until("Financeiro").await;
    });
    house.live_until(join_all(again)).await;
    assert_eq!(house.desk().counters().figures().refused, 0, "{release}");
    house.close().await;
}

#[tokio::test]
async fn three_hundred_pages_and_sockets_at_once_all_show_their_shares() {
    all_at_once(Profile::R25_10, 300).await;
}

#[tokio::test]
async fn a_hundred_do_before_an_older_nas() {
    all_at_once(Profile::R24_10, 100).await;
}

#[tokio::test]
async fn a_nas_that_answers_nobody_keeps_no_page_from_its_socket() {
    let (mut house, browsers) = office(Profile::R25_10, 100).await;
    let pages = house.live_until(join_all(browsers.iter().map(Browser::page))).await;
    house.restart().await;
    house.turn("silent", true);
    let clock = Clock::real();
    let again = browsers.iter().zip(&pages).map(|(browser, page)| async move {
        let mut socket = back(browser, page).await;
        socket.until("id=\"bell\"").await;
        socket
    });
    let sockets = house.live_until(join_all(again)).await;
    assert!(clock.uptime() < BEGUN_WITHIN, "{:?}", clock.uptime());
    house.turn("silent", false);
    let shown = sockets.into_iter().map(|mut socket| async move { socket.until("Financeiro").await });
    let shown = async {
        while status(&house).await["status"] == "unreachable" {
            house.hand.advance(Duration::from_millis(50));
        }
        house.live_until(join_all(shown)).await;
    };
    shown.await;
    house.close().await;
}

#[tokio::test]
async fn after_a_new_start_somebody_whose_rights_are_not_known_yet_hears_what_was_said_to_their_group() {
    let mut house = House::open().await;
    let (ana, bruno) = (house.signed_in("ana").await, house.signed_in("bruno").await);
    let pages = [ana.page().await, bruno.page().await];
    house.restart().await;
    house.hub().tell(Audience::Group("financeiro".into()), announcement("to finance")).await.unwrap();
    house.hub().tell(Audience::Everybody, announcement("to all")).await.unwrap();
    let (mut of_ana, mut of_bruno) = (back(&ana, &pages[0]).await, back(&bruno, &pages[1]).await);
    let heard = house.live_until(of_ana.until("to all")).await.concat();
    assert!(heard.contains("to finance"), "{heard}");
    assert!(!house.live_until(of_bruno.until("to all")).await.concat().contains("to finance"));
    house.close().await;
}
