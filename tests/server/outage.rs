//! The NAS goes and comes back under two hundred open pages: all of them say so in time, and in the end each shows what a
//! page that is fetched anew shows.

use std::collections::BTreeMap;
use std::time::Duration;

use farol::runtime::Clock;
use farol::sim::Profile;
use futures_util::future::join_all;

use crate::crowd::arrive;
use crate::harness::{Browser, House, Socket, element, element_within, pieces_of, toasts_of};
use crate::health::{status, well};
use crate::sockets::announce;

const PAGES: u32 = 200;
const MOMENT: Duration = Duration::from_millis(50);

/// A page in a browser: what its live parts show, and which toasts it has been given.
struct Page {
    browser: Browser,
    socket: Socket,
    shown: BTreeMap<String, String>,
    toasts: Vec<u64>,
}

impl Page {
    async fn open((number, browser): (usize, Browser)) -> Self {
        if number % 2 == 1 {
            browser.set_cookie("lang", "en");
        }
        let socket = browser.live().await;
        let mut page = Self { browser, socket, shown: BTreeMap::new(), toasts: Vec::new() };
        page.until("shares", "shares-list").await;
        page
    }

    fn take(&mut self, frame: &str) {
        self.toasts.extend(toasts_of(frame));
        for (target, swap, markup) in pieces_of(frame) {
            if swap.ends_with("Morph") {
                self.shown.insert(target.trim_start_matches('#').to_owned(), markup);
            }
        }
    }

    async fn next(&mut self) {
        let frame = self.socket.next().await.unwrap();
        self.take(&frame);
    }

    /// Until this part says this.
    async fn until(&mut self, part: &str, words: &str) {
        while !self.shown.get(part).is_some_and(|shown| shown.contains(words)) {
            self.next().await;
        }
    }

    /// Bells ring one after the other, and not at once: until this one counts what a new page counts.
    async fn until_the_bell_has_rung(&mut self) {
        let fresh = self.browser.get("/dashboard").await.body;
        while self.shown.get("bell").map(String::as_str) != element(&fresh, "bell") {
            self.next().await;
        }
    }

    /// Whatever has come and was not looked at.
    async fn rest(&mut self) {
        while Clock::real().timeout(Duration::from_millis(300), self.next()).await.is_ok() {}
    }

    async fn assert_shows_what_a_new_page_shows(&self) {
        let fresh = self.browser.get("/dashboard").await.body;
        assert!(self.shown.len() >= 4, "{:?}", self.shown.keys());
        for (id, shown) in &self.shown {
            let there = if id == "banner" { element_within(&fresh, id) } else { element(&fresh, id) };
            assert_eq!(Some(shown.as_str()), there, "{id}");
        }
    }
}

async fn office(release: Profile) -> (House, Vec<Page>) {
    let house = well(release).await;
    let browsers = arrive(&house, PAGES).await;
    let pages = house.live_until(join_all(browsers.into_iter().enumerate().map(Page::open))).await;
    (house, pages)
}

/// How long it takes until every page has the banner.
async fn reported(house: &House, pages: &mut [Page], fault: &str) -> Duration {
    let before = house.clock.uptime();
    house.turn(fault, true);
    house.live_until(join_all(pages.iter_mut().map(|page| page.until("banner", "banner-line")))).await;
    house.clock.uptime().saturating_sub(before)
}

/// While `work` is done, all read, and so answer what asks whether they are there.
async fn reading<T>(pages: &mut [Page], work: impl Future<Output = T>) -> T {
    let all = pages.iter_mut().map(|page| async {
        loop {
            page.next().await;
        }
    });
    tokio::select! {
        done = work => done,
        _ = join_all(all) => unreachable!("reading never ends"),
    }
}

/// Time for everybody to read what comes.
async fn slowly(house: &House, span: Duration) {
    let end = house.clock.uptime() + span;
    while house.clock.uptime() < end {
        house.hand.advance(MOMENT);
        Clock::real().sleep(Duration::from_millis(2)).await;
    }
}

/// Until a page has been shown once more when the NAS was seen: from then on ages read the same everywhere.
async fn seen_just_now(house: &House, pages: &mut [Page]) {
    let (first, others) = pages.split_first_mut().unwrap();
    first.rest().await;
    first.shown.remove("storage");
    let seen = async {
        while !first.shown.contains_key("storage") {
            house.hand.advance(MOMENT * 4);
            let _ = Clock::real().timeout(Duration::from_millis(5), first.next()).await;
        }
    };
    reading(others, seen).await;
}

/// The NAS is well again, and so is every page.
async fn mended(house: &House, pages: &mut [Page]) {
    let well = async {
        while status(house).await["status"] != "online" {
            house.hand.advance(MOMENT * 5);
        }
        // Longer than the rest of the way: nobody is told of a state that may not last.
        slowly(house, Duration::from_secs(6)).await;
        announce(house, "the end").await;
        // What one toast is counted for comes last.
        slowly(house, Duration::from_secs(3)).await;
    };
    reading(pages, well).await;
    house.live_until(join_all(pages.iter_mut().map(Page::until_the_bell_has_rung))).await;
    seen_just_now(house, pages).await;
    // The clock stands still: whatever is shown is of this moment.
    join_all(pages.iter_mut().map(Page::rest)).await;
    for page in pages {
        page.assert_shows_what_a_new_page_shows().await;
        assert!(page.toasts.is_sorted_by(|a, b| a < b), "in order, none twice: {:?}", page.toasts);
        assert!(page.toasts.len() >= 3, "gone, back, the end: {:?}", page.toasts);
    }
}

/// The whole story: gone on every page within the limit, and true again on each after it.
async fn passes(release: Profile, fault: &str, limit: Duration) {
    let (house, mut pages) = office(release).await;
    let took = reported(&house, &mut pages, fault).await;
    assert!(took < limit, "{took:?}");
    house.turn(fault, false);
    mended(&house, &mut pages).await;
    house.close().await;
}

#[tokio::test]
async fn lost_power_is_on_every_page_within_five_seconds_by_looking() {
    passes(Profile::R24_10, "power-off", Duration::from_secs(5)).await;
}

#[tokio::test]
async fn lost_power_is_on_every_page_within_a_second_by_the_lost_link() {
    passes(Profile::R25_10, "power-off", Duration::from_secs(1)).await;
}

#[tokio::test]
async fn a_shutdown_is_on_every_page_within_a_second_by_its_event() {
    passes(Profile::R25_10, "shutdown", Duration::from_secs(1)).await;
}

#[tokio::test]
async fn a_reboot_is_on_every_page_within_a_second_by_its_event() {
    let (house, mut pages) = office(Profile::R25_10).await;
    let took = reported(&house, &mut pages, "reboot").await;
    assert!(took < Duration::from_secs(1), "{took:?}");
    mended(&house, &mut pages).await;
    house.close().await;
}
