//! Thousands who connect and ask nothing, or only by and by: people notice nothing of them, and they are let go.

use std::time::Duration;

use farol::runtime::handles;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{Browser, House, soon};
use crate::sockets::announce;
use crate::tls::self_signed;

const MANY: usize = 5_000;
/// For the server, and for everything else.
const SPARE_FILES: usize = 2_000;

/// The head of a record that holds a greeting, which does not come.
const BEGUN_GREETING: &str = "\x16\x03\x01\x02\0\x01";

async fn knock(house: &House, words: &str) -> TcpStream {
    let mut stream = TcpStream::connect(house.address()).await.unwrap();
    stream.write_all(words.as_bytes()).await.unwrap();
    stream
}

/// Everything until the other side lets go.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8(bytes).unwrap()
}

async fn assert_served(browser: &Browser) {
    assert_eq!(soon(browser.get("/dashboard")).await.status, 200);
}

async fn keep_nobody_waiting(house: House, words: &str) {
    assert!(handles::raise() > MANY + SPARE_FILES, "this story needs more open files than this machine allows");
    let (ana, mut bruno) = (house.signed_in("ana").await, house.signed_in("bruno").await.live().await);
    bruno.until("id=\"storage\"").await;
    let mut half_open = Vec::new();
    for number in 0..MANY {
        half_open.push(knock(&house, words).await);
        if number % 500 == 0 {
            assert_served(&ana).await;
        }
    }
    // The clock has stood still: nobody had to wait for a limit.
    assert_served(&ana).await;
    house.signed_in("carla").await;
    announce(&house, "still here").await;
    soon(bruno.until("still here")).await;
    assert_eq!(soon(rest(&mut half_open[0])).await, "", "the oldest of them have made room");
    let last = half_open.last_mut().unwrap();
    assert_eq!(house.pass_until(rest(last)).await, "", "and none is waited for");
    house.close().await;
}

#[tokio::test]
async fn thousands_of_half_open_connections_keep_nobody_waiting() {
    keep_nobody_waiting(House::open().await, "GET /dashboard HTTP/1.1\r\nHost: fa").await;
}

#[tokio::test]
async fn thousands_of_half_open_connections_over_tls_keep_nobody_waiting() {
    keep_nobody_waiting(self_signed().await, BEGUN_GREETING).await;
}

#[tokio::test]
async fn a_head_or_a_body_that_does_not_come_is_not_waited_for() {
    let house = House::open().await;
    let ana = house.signed_in("ana").await;
    for words in [
        "GET /dashboard HTTP/1.1\r\nHost: fa",
        // A sign-in may take minutes, but not to be asked for.
        "POST / HTTP/1.1\r\nHost: farol\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\nusername=",
    ] {
        let mut slow = knock(&house, words).await;
        house.pass(Duration::from_secs(5)).await;
        assert_served(&ana).await;
        let begun = house.clock.uptime();
        assert_eq!(house.pass_until(rest(&mut slow)).await, "");
        assert!(house.clock.uptime() < begun + Duration::from_mins(2), "{words}");
    }
    assert_served(&ana).await;
    house.close().await;
}

#[tokio::test]
async fn what_trickles_is_not_waited_for_either() {
    const EVERY: Duration = Duration::from_secs(4);
    const FORM: &str = "POST / HTTP/1.1\r\nHost: farol\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9999\r\n\r\nusername=";
    for (house, begin, limit_s) in [
        (House::open().await, "GET / HTTP/1.1\r\n", 20),
        (House::open().await, FORM, 45),
        (self_signed().await, BEGUN_GREETING, 20),
    ] {
        let ana = house.signed_in("ana").await;
        let (mut slow, begun) = (knock(&house, begin).await, house.clock.uptime());
        while slow.write_all(b"a").await.is_ok() {
            assert!(house.clock.uptime() < begun + Duration::from_secs(limit_s), "{begin}");
            house.pass(EVERY).await;
            assert_served(&ana).await;
        }
        house.close().await;
    }
}
