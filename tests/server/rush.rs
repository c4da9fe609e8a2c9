//! The morning rush: everybody opens their page and its socket at the same time, and nobody is sent away.

use std::time::Duration;

use farol::domain::event::Audience;
use farol::runtime::Clock;
use farol::sim::Profile;
use futures_util::future::join_all;

use crate::crowd::arrive;
use crate::harness::{Asked, Browser, House, Socket};
use crate::sockets::announcement;

const PEOPLE: u32 = 300;
/// Longer than any page waits for its first pieces.
const BEGUN_WITHIN: Duration = Duration::from_secs(10);

async fn office(release: Profile) -> (House, Vec<Browser>) {
    let house = House::before(release, |_| {}).await;
    let browsers = arrive(&house, PEOPLE).await;
    (house, browsers)
}

/// As the browser does it by itself when the server is there again.
async fn back(browser: &Browser, page: &Asked) -> Socket {
    let asked = Asked { ticket: browser.ticket().await, ..page.clone() };
    browser.open(&asked, Some(browser.origin())).await.unwrap()
}

#[tokio::test]
async fn three_hundred_pages_and_sockets_at_once_all_show_their_shares() {
    for release in [Profile::R25_10, Profile::R24_10] {
        let (mut house, browsers) = office(release).await;
        let opened = browsers.iter().map(|browser| async move {
            let page = browser.page().await;
            let mut socket = browser.open(&page, Some(browser.origin())).await.unwrap();
            socket.until("id=\"shares\"").await;
            page
        });
        let pages = house.live_until(join_all(opened)).await;
        assert_eq!(house.desk().counters().figures().refused, 0);
        house.restart().await;
        // For whom it is, nobody knows before their rights have been read again.
        house.hub().tell(Audience::Group("financeiro".into()), announcement("while away")).await.unwrap();
        let again = browsers.iter().zip(&pages).map(|(browser, page)| async move {
            let frames = back(browser, page).await.until("Financeiro").await;
            assert_eq!(frames.concat().matches("class=\"toast-title\">while away").count(), 1);
        });
        house.live_until(join_all(again)).await;
        assert_eq!(house.desk().counters().figures().refused, 0, "{release}");
        house.close().await;
    }
}

#[tokio::test]
async fn a_nas_that_answers_nobody_keeps_no_page_from_its_socket() {
    let (mut house, browsers) = office(Profile::R25_10).await;
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
    house.pass_until(join_all(shown)).await;
    house.close().await;
}
