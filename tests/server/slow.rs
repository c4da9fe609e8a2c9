//! Browsers that read slowly, or not at all: they delay nobody, cost little, and are let go in the end.

use std::time::Duration;

use farol::domain::event::Region;

use crate::harness::{Asked, Browser, House, Raw, Socket, soon, toasts_of};
use crate::sockets::announce;

/// More than the kernel takes for somebody who does not read.
const MANY: usize = 900;

fn long(number: usize) -> String {
    format!("line {number}. {}", "x".repeat(5_000))
}

async fn unread(house: &House, browser: &Browser) -> Raw {
    let asked =
        Asked { topics: "storage".into(), cursor: house.hub().cursor().to_string(), ticket: browser.ticket().await };
    Raw::open(browser, &asked).await
}

/// Tells much more than fits on the way to somebody who does not read, while somebody else does.
async fn tell_much(house: &House, other: &mut Socket) -> Vec<u64> {
    let mut told = Vec::new();
    for number in 0..MANY {
        house.hub().changed(Region::Storage);
        told.push(announce(house, &long(number)).await);
        // Nobody waits for the one who does not read.
        let heard = other.until(&format!("line {number}. ")).await;
        assert_eq!(heard.iter().flat_map(|frame| toasts_of(frame)).collect::<Vec<_>>(), told[number..]);
    }
    told
}

#[tokio::test]
async fn who_does_not_read_delays_nobody_and_is_let_go() {
    let house = House::open().await;
    let (ana, bruno) = (house.signed_in("ana").await, house.signed_in("bruno").await);
    let mut other = bruno.live().await;
    other.until("id=\"storage\"").await;
    let stalled = unread(&house, &ana).await;
    let told = tell_much(&house, &mut other).await;
    let reading = async {
        loop {
            other.next().await.unwrap();
        }
    };
    let wait = house.pass(Duration::from_secs(40));
    tokio::select! {
        () = wait => {}
        () = reading => unreachable!("it never ends"),
    }
    let taken = String::from_utf8_lossy(&stalled.rest().await).into_owned();
    assert!(toasts_of(&taken).len() < told.len() / 2, "far less than all was ever sent");
    let figures = house.desk().counters().figures();
    assert_eq!((figures.too_slow, figures.open), (1, 1), "{figures:?}");
    assert!(figures.dropped > 0, "{figures:?}");
    announce(&house, "still here").await;
    other.until("still here").await;
    house.close().await;
}

#[tokio::test]
async fn who_reads_again_in_time_is_given_the_present_and_no_line_twice() {
    let house = House::open().await;
    let (ana, bruno) = (house.signed_in("ana").await, house.signed_in("bruno").await);
    let mut other = bruno.live().await;
    other.until("id=\"storage\"").await;
    let mut slow = unread(&house, &ana).await;
    // The first of it has come, so that it is open.
    slow.some().await;
    let told: Vec<u64> = tell_much(&house, &mut other).await;
    let mut bytes = Vec::new();
    let last = format!("data-cursor=\"{}\"", house.hub().cursor());
    let reading = async {
        let mut looked_at = 0;
        while !bytes[looked_at..].windows(last.len()).any(|window| window == last.as_bytes()) {
            looked_at = bytes.len().saturating_sub(last.len());
            let some = slow.some().await;
            assert!(!some.is_empty(), "it was let go");
            bytes.extend(some);
        }
    };
    // The clock stands still: nobody is too late.
    soon(reading).await;
    let taken = String::from_utf8_lossy(&bytes).into_owned();
    let toasted = toasts_of(&taken);
    assert!(toasted.is_sorted_by(|a, b| a < b), "in order, none twice: {toasted:?}");
    assert!(toasted.len() <= told.len(), "{toasted:?}");
    assert!(taken.contains("id=\"storage\""));
    assert_eq!(house.desk().counters().figures().resyncs, 1);
    house.close().await;
}
