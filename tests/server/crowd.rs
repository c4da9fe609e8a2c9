//! Everybody at once: at eight in the morning, and when the NAS leaves them all waiting.

use std::time::Duration;

use farol::domain::event::{Audience, Region};
use farol::runtime::Clock;
use farol::sim::Sim;
use futures_util::future::join_all;

use crate::harness::{Browser, House, RELEASES, Socket, soon};
use crate::sockets::{announce, announcement};

/// Fewer than may stand in line.
const AT_ONCE: usize = 100;

/// The clock stands still, so nobody can be waiting for a limit to pass.
#[tokio::test]
async fn sixty_people_at_one_address_are_in_within_ten_seconds_on_every_release() {
    for release in RELEASES {
        let house = House::before(release, |_| {}).await;
        hire(&house.sim, 60);
        let clock = Clock::real();
        let all = (0..60).map(|number| {
            let browser = house.browser();
            async move { browser.sign_in(&format!("pessoa{number}"), "demo-ana").await }
        });
        for answer in soon(join_all(all)).await {
            assert_eq!(answer.status, 303, "{release}: {}", answer.body);
            assert_eq!(answer.header("location"), "/dashboard");
        }
        assert!(clock.uptime() < Duration::from_secs(10), "{release}: {:?}", clock.uptime());
        house.close().await;
    }
}

#[tokio::test]
async fn a_line_is_told_at_once_however_many_rights_cannot_be_read_and_to_those_once_they_can() {
    let house = House::open().await;
    hire(&house.sim, 40);
    let mut sockets = Vec::new();
    for number in 0..40 {
        let browser = house.browser();
        browser.sign_in(&format!("pessoa{number}"), "demo-ana").await;
        browser.get("/dashboard").await;
        let mut socket = browser.live().await;
        socket.until("id=\"storage\"").await;
        sockets.push(socket);
    }
    house.turn("slow", true);
    house.turn("share-added", true);
    // For the word of the change to come over the wire.
    house.live_until(house.clock.sleep(Duration::from_secs(1))).await;
    for (group, title) in [("financeiro", "for finance"), ("engenharia", "for engineers")] {
        house.hub().tell(Audience::Group(group.into()), announcement(title)).await.unwrap();
    }
    announce(&house, "for all").await;
    // The clock stands still: nobody's rights are waited for.
    for socket in &mut sockets {
        let heard = socket.until("for all").await.concat();
        assert!(!heard.contains("for finance"), "whose rights are not known is told nothing: {heard}");
    }
    house.turn("slow", false);
    let told = sockets.iter_mut().map(|socket| async {
        let heard = socket.until("for finance").await.concat();
        assert!(!heard.contains("for engineers"), "{heard}");
    });
    house.live_until(join_all(told)).await;
    house.close().await;
}

/// Which of the two an open page is given first.
async fn first_of(socket: &mut Socket, words: [&str; 2]) -> usize {
    loop {
        let frame = socket.next().await.unwrap();
        if let Some(first) = words.iter().position(|words| frame.contains(words)) {
            return first;
        }
    }
}

#[tokio::test]
async fn the_light_does_not_wait_until_everybodys_bell_has_been_counted() {
    let house = House::open().await;
    let lines = (0..1_000).map(|_| house.hub().tell(Audience::Administrators, announcement("for administrators")));
    soon(join_all(lines)).await;
    let browsers = arrive(&house, 40).await;
    let mut sockets = Vec::new();
    for browser in &browsers {
        let mut socket = browser.live().await;
        socket.until("id=\"bell\"").await;
        sockets.push(socket);
    }
    // Whatever was shown last, enough time has passed.
    house.pass(Duration::from_secs(2)).await;
    announce(&house, "for all").await;
    // By now they are being counted.
    house.pass(Duration::from_secs(1)).await;
    house.hub().changed(Region::Storage);
    let first = sockets.iter_mut().map(|socket| first_of(socket, ["id=\"storage\"", "id=\"bell\""]));
    let first = soon(join_all(first)).await;
    assert!(first.contains(&0), "all bells came before the light");
    house.close().await;
}

/// So many colleagues of ana, signed in.
pub async fn arrive(house: &House, how_many: u32) -> Vec<Browser> {
    hire(&house.sim, how_many);
    sign_in_all(&house.browser(), how_many).await
}

/// All who were hired, each in a browser like this one: another one of its own would read anew whom to trust.
pub async fn sign_in_all(first: &Browser, how_many: u32) -> Vec<Browser> {
    let enter = |number| {
        let browser = first.twin();
        async move {
            assert_eq!(browser.sign_in(&format!("pessoa{number}"), "demo-ana").await.status, 303);
            browser
        }
    };
    let mut inside = Vec::new();
    for some in (0..how_many).collect::<Vec<_>>().chunks(AT_ONCE) {
        inside.extend(soon(join_all(some.iter().copied().map(enter))).await);
    }
    inside
}

/// Colleagues of ana, with her password.
pub fn hire(sim: &Sim, how_many: u32) {
    let mut world = sim.world();
    let ana = world.people.find("ana").unwrap().clone();
    for number in 0..how_many {
        let mut person = ana.clone();
        person.id += 1_000 + u64::from(number);
        person.uid += 1_000 + number;
        person.username = format!("pessoa{number}");
        world.people.persons.push(person);
    }
}
