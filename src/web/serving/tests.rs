//! Doors with a clock moved by hand.

use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::domain::Timestamp;
use crate::runtime::{Hand, handles};

/// Longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// More than the system takes of what nobody reads.
const LARGE: usize = 32 << 20;

/// One door, and the hand that moves its clock.
struct Porch {
    address: std::net::SocketAddr,
    hand: Hand,
    pulse: Pulse,
    stop: CancellationToken,
    served: tokio::task::JoinHandle<()>,
}

impl Porch {
    #[expect(clippy::disallowed_methods, reason = "the test itself waits for this task")]
    async fn open(manner: Manner) -> Self {
        // Both ends of every connection are in this process.
        handles::raise();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
        let stop = CancellationToken::new();
        let (stopped, pulse) = (stop.clone(), Pulse::default());
        let felt = pulse.clone();
        let served = tokio::spawn(async move {
            serve(vec![Door { listener, manner, pulse }], Limits::within(1_000), &clock, &stopped).await;
        });
        Self { address, hand, pulse: felt, stop, served }
    }

    async fn plain() -> Self {
        let router = Router::new()
            .route("/", get(|| async { "well" }).post(|_: String| async {}))
            .route("/large", get(|| async { vec![0; LARGE] }))
            .route("/deaf", post(|| async {}));
        Self::open(Manner::Plain(router)).await
    }

    async fn knock(&self, words: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(words.as_bytes()).await.unwrap();
        stream
    }

    /// Moves the clock until `work` is done; how many seconds that took.
    async fn pass_until<T>(&self, work: impl Future<Output = T>) -> (T, u32) {
        let mut work = Box::pin(work);
        for seconds in 0.. {
            // Everybody has their turn in between.
            if let Ok(done) = Clock::real().timeout(Duration::from_millis(5), &mut work).await {
                return (done, seconds);
            }
            assert!(seconds < 1_000, "it never came");
            self.hand.advance(BEAT);
        }
        unreachable!("there is always another second")
    }

    async fn close(self) {
        self.stop.cancel();
        Clock::real().timeout(PATIENCE, self.served).await.expect("it does not end").unwrap();
    }
}

/// Everything until the other side lets go.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8(bytes).unwrap()
}

/// A whole answer without a body, or with this one.
async fn answer(stream: &mut TcpStream, body: &str) -> String {
    let mut text = String::new();
    while !text.ends_with(&format!("\r\n\r\n{body}")) {
        text.push(stream.read_u8().await.unwrap().into());
    }
    text
}

#[tokio::test]
async fn whoever_does_not_finish_asking_is_cut_off_when_their_time_is_over() {
    const ASKED: &str = "GET / HTTP/1.1\r\nhost: farol\r\n\r\n";
    for (words, limit) in [
        ("", 10),
        ("GET / HTTP/1.1\r\nhost: fa", 10),
        ("POST / HTTP/1.1\r\nhost: farol\r\ncontent-length: 9\r\n\r\nabc", 30),
        (ASKED, 75),
        (&format!("{ASKED}GET / HT"), 75),
    ] {
        let porch = Porch::plain().await;
        let mut stream = porch.knock(words).await;
        let (said, seconds) = porch.pass_until(rest(&mut stream)).await;
        assert_eq!(
            said.matches("HTTP/1.1 200 OK").count(),
            words.matches("\r\n\r\n").count().min(1) * usize::from(limit == 75)
        );
        // A second begins before somebody comes, and one may be lost on a busy machine.
        assert!((limit..limit + 9).contains(&seconds), "{words:?}: {seconds}");
        porch.close().await;
    }
}

#[tokio::test]
async fn a_head_that_trickles_has_no_longer_than_one_that_stops() {
    let porch = Porch::plain().await;
    let mut stream = porch.knock("GET / HTTP/1.1\r\n").await;
    let trickle = async {
        let mut gone = false;
        while !gone {
            gone = stream.write_all(b"x-a: b\r\n").await.is_err();
            Clock::real().sleep(Duration::from_millis(2)).await;
        }
    };
    let ((), seconds) = porch.pass_until(trickle).await;
    assert!((10..30).contains(&seconds), "{seconds}");
    porch.close().await;
}

#[tokio::test]
async fn another_request_on_a_connection_has_its_own_time() {
    let porch = Porch::plain().await;
    let mut stream = porch.knock("GET / HTTP/1.1\r\nhost: farol\r\n\r\n").await;
    answer(&mut stream, "well").await;
    stream.write_all(b"GET / HT").await.unwrap();
    let (said, seconds) = porch.pass_until(rest(&mut stream)).await;
    assert_eq!(said, "");
    assert!((10..19).contains(&seconds), "{seconds}");
    porch.close().await;
}

#[tokio::test]
async fn whoever_reads_slowly_and_steadily_is_sent_all_of_it() {
    let porch = Porch::plain().await;
    let mut stream = porch.knock("GET /large HTTP/1.1\r\nhost: farol\r\nconnection: close\r\n\r\n").await;
    let reading = async {
        let (mut got, mut part) = (0, vec![0; 128 << 10]);
        loop {
            let read = stream.read(&mut part).await.unwrap_or_default();
            got += read;
            if read == 0 {
                return got;
            }
            Clock::real().sleep(Duration::from_millis(2)).await;
        }
    };
    let (got, seconds) = porch.pass_until(reading).await;
    assert!(got >= LARGE && seconds > 76, "{got} bytes in {seconds} s");
    porch.close().await;
}

#[tokio::test]
async fn of_a_crowd_that_says_nothing_the_oldest_go_and_whoever_asks_is_answered() {
    let porch = Porch::plain().await;
    let mut silent = Vec::new();
    // Of a thousand files and connections a quarter may be such.
    for _ in 0..400 {
        silent.push(porch.knock("GET / HT").await);
    }
    let mut asking = porch.knock("GET / HTTP/1.1\r\nhost: farol\r\n\r\n").await;
    assert!(answer(&mut asking, "well").await.starts_with("HTTP/1.1 200 OK"));
    // No time has passed.
    let gone = Clock::real().timeout(PATIENCE, rest(&mut silent[0])).await;
    assert_eq!(gone.as_deref(), Ok(""));
    let last = silent.last_mut().unwrap();
    last.write_all(b"TP/1.1\r\nhost: farol\r\n\r\n").await.unwrap();
    assert!(answer(last, "well").await.starts_with("HTTP/1.1 200 OK"));
    drop(silent);
    porch.close().await;
}

#[tokio::test]
async fn however_many_announce_a_form_and_send_none_whoever_asks_is_answered() {
    let porch = Porch::plain().await;
    let mut announced = Vec::new();
    // More than the half of a thousand files and connections that are for people.
    for _ in 0..700 {
        announced.push(porch.knock("POST / HTTP/1.1\r\nhost: farol\r\ncontent-length: 9\r\n\r\n").await);
    }
    let mut asking = porch.knock("GET / HTTP/1.1\r\nhost: farol\r\n\r\n").await;
    let answered = Clock::real().timeout(PATIENCE, answer(&mut asking, "well")).await;
    assert!(answered.is_ok_and(|text| text.starts_with("HTTP/1.1 200 OK")));
    drop(announced);
    porch.close().await;
}

#[tokio::test]
async fn an_answer_nobody_had_to_read_the_request_for_reaches_whoever_is_still_sending() {
    let ask = |length: usize| format!("POST /deaf HTTP/1.1\r\nhost: farol\r\ncontent-length: {length}\r\n\r\n");
    let redirect = Manner::Redirect(Redirect { public: None, port: 8443 });
    for (porch, begin) in
        [(Porch::plain().await, "HTTP/1.1 200 OK"), (Porch::open(redirect).await, "HTTP/1.1 308 Permanent Redirect")]
    {
        let mut sending = porch.knock(&ask(LARGE)).await;
        sending.write_all(&vec![b'x'; LARGE]).await.unwrap();
        let said = Clock::real().timeout(PATIENCE, rest(&mut sending)).await.unwrap();
        assert!(said.starts_with(begin), "{said}");

        // Not for ever.
        let mut announced = porch.knock(&ask(9)).await;
        assert!(rest(&mut announced).await.starts_with(begin));
        let trickle = async {
            while announced.write_all(b"x").await.is_ok() {
                Clock::real().sleep(Duration::from_millis(2)).await;
            }
        };
        let ((), seconds) = porch.pass_until(trickle).await;
        assert!((30..39).contains(&seconds), "{seconds}");

        // Nor does a stop wait for them.
        let mut last = porch.knock(&ask(9)).await;
        assert!(rest(&mut last).await.starts_with(begin));
        porch.close().await;
    }
}

#[tokio::test]
async fn a_stop_waits_for_nobody_whose_request_came_whole_and_was_not_read() {
    let porch = Porch::plain().await;
    let mut kept = porch.knock("POST /deaf HTTP/1.1\r\nhost: farol\r\ncontent-length: 4\r\n\r\nwell").await;
    assert!(answer(&mut kept, "").await.starts_with("HTTP/1.1 200 OK"));
    porch.close().await;
}

#[tokio::test]
async fn a_door_that_only_redirects_does_that_and_hangs_up() {
    let porch = Porch::open(Manner::Redirect(Redirect { public: None, port: 8443 })).await;
    let mut stream = porch.knock("POST /a?b HTTP/1.1\r\nhost: farol\r\ncontent-length: 9\r\n\r\n").await;
    let said = Clock::real().timeout(PATIENCE, rest(&mut stream)).await.unwrap();
    assert!(said.starts_with("HTTP/1.1 308 Permanent Redirect"), "{said}");
    assert!(said.contains("\r\nlocation: https://farol:8443/a?b\r\n"), "{said}");
    porch.close().await;
}

#[tokio::test]
async fn the_pulse_of_a_door_is_felt_while_it_lets_people_in_and_no_longer() {
    let porch = Porch::plain().await;
    for _ in 0..3 {
        Clock::real().timeout(PATIENCE, porch.pulse.felt()).await.unwrap();
    }
    let mut asking = porch.knock("GET / HTTP/1.1\r\nhost: farol\r\n\r\n").await;
    answer(&mut asking, "well").await;
    let pulse = porch.pulse.clone();
    porch.close().await;
    assert!(futures_util::FutureExt::now_or_never(pulse.felt()).is_none());
}

#[tokio::test]
async fn a_stop_finishes_who_has_asked_and_waits_a_moment_for_who_has_just_come() {
    let porch = Porch::plain().await;
    let mut idle = porch.knock("GET / HTTP/1.1\r\nhost: farol\r\n\r\n").await;
    answer(&mut idle, "well").await;
    let mut kept = porch.knock("GET / HTTP/1.1\r\nhost: farol\r\n\r\n").await;
    assert!(!answer(&mut kept, "well").await.contains("connection: close"));
    let mut new = porch.knock("").await;
    // It has been let in, or it would not be there when we stop.
    let mut seen = porch.knock("GET / HTTP/1.1\r\nhost: farol\r\n\r\n").await;
    answer(&mut seen, "well").await;
    porch.stop.cancel();
    // It has not been let go yet, and nobody keeps it for another request.
    kept.write_all(b"GET / HTTP/1.1\r\nhost: farol\r\n\r\n").await.unwrap();
    let said = Clock::real().timeout(PATIENCE, rest(&mut kept)).await.unwrap();
    assert!(said.starts_with("HTTP/1.1 200 OK") && said.contains("\r\nconnection: close\r\n"), "{said}");
    new.write_all(b"GET / HTTP/1.1\r\nhost: farol\r\n\r\n").await.unwrap();
    let said = Clock::real().timeout(PATIENCE, rest(&mut new)).await.unwrap();
    assert!(said.starts_with("HTTP/1.1 200 OK"), "{said}");
    assert_eq!(rest(&mut idle).await, "");
    porch.close().await;
}
