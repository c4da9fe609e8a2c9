//! Fifty of five hundred read nothing: the others get everything, what waits for the fifty is bounded, and they are let go.

use std::time::Duration;

use farol::domain::event::Audience;
use farol::sim::world::Person;
use futures_util::future::join_all;

use crate::crowd::arrive;
use crate::harness::{Asked, Browser, House, Raw, Socket, soon, toasts_of};
use crate::sockets::{announce, announcement};

const SESSIONS: u32 = 90;
const OF_EACH: usize = 5;
/// What the fifty alone are told, more than the kernel takes for them.
const LARGE: usize = 900;
/// After so many of these, everybody is told something.
const STEP: usize = 30;
/// No more frames than these wait for anybody.
const MOST_WAITING: u64 = 256;

async fn page(house: &House, browser: &Browser) -> Asked {
    Asked { topics: "storage".into(), cursor: house.hub().cursor().to_string(), ticket: browser.ticket().await }
}

async fn readers(house: &House) -> Vec<Socket> {
    let browsers = arrive(house, SESSIONS).await;
    let open = browsers.iter().flat_map(|browser| std::iter::repeat_n(browser, OF_EACH)).map(|browser| async move {
        let mut socket = browser.open(&page(house, browser).await, Some(browser.origin())).await.unwrap();
        socket.until("id=\"storage\"").await;
        socket
    });
    join_all(open).await
}

/// Of somebody who is in another group than the others.
async fn stalled(house: &House) -> Vec<Raw> {
    let mut stalled = Vec::new();
    for name in ["bruno", "bruno", "bruno", "bruno", "beto", "beto", "beto", "beto", "bia", "bia"] {
        let browser = house.browser();
        assert_eq!(browser.sign_in(name, "demo-bruno").await.status, 303);
        for _ in 0..OF_EACH {
            stalled.push(Raw::open(&browser, &page(house, &browser).await).await);
        }
    }
    stalled
}

fn hire_like_bruno(house: &House) {
    let mut world = house.sim.world();
    let bruno = world.people.find("bruno").unwrap().clone();
    for (name, number) in [("beto", 5_000), ("bia", 5_001)] {
        let (username, id) = (name.to_owned(), u64::from(number));
        world.people.persons.push(Person { username, id, uid: number, ..bruno.clone() });
    }
}

/// The last of the lines for all that a reader was given, each of which comes once.
async fn assert_all_came(reader: &mut Socket, told: &[u64]) {
    let frames = reader.until("the last of them").await;
    assert_eq!(frames.iter().flat_map(|frame| toasts_of(frame)).collect::<Vec<_>>(), told);
}

#[tokio::test]
async fn fifty_who_read_nothing_delay_none_of_the_others_and_are_let_go() {
    let house = House::open().await;
    hire_like_bruno(&house);
    let (mut readers, stalled) = (readers(&house).await, stalled(&house).await);
    let large = "x".repeat(5_000);
    let mut told = Vec::new();
    for number in 0..LARGE {
        let line = announcement(&format!("{number} {large}"));
        house.hub().tell(Audience::Group("engenharia".into()), line).await.unwrap();
        if number % STEP == 0 {
            told.push(announce(&house, &format!("step {number}")).await);
        }
    }
    told.push(announce(&house, "the last of them").await);
    // The clock stands still: nobody was waited for.
    soon(join_all(readers.iter_mut().map(|reader| assert_all_came(reader, &told)))).await;
    let figures = house.desk().counters().figures();
    assert_eq!((figures.open, figures.too_slow), (500, 0), "{figures:?}");
    let fallen = stalled.len() as u64;
    assert!(figures.dropped >= fallen * 100, "what waited was thrown away: {figures:?}");
    assert!(figures.dropped <= fallen * MOST_WAITING, "and it was never much: {figures:?}");
    let reading = join_all(readers.iter_mut().map(|reader| async { while reader.next().await.is_ok() {} }));
    tokio::select! {
        () = house.pass(Duration::from_secs(40)) => {}
        _ = reading => unreachable!("nobody lets them go"),
    }
    let figures = house.desk().counters().figures();
    assert_eq!((figures.open, figures.too_slow), (450, fallen), "{figures:?}");
    house.close().await;
}
