//! Asked to stop, it stops: soon, whoever still holds a connection, and leaves nothing behind.

use std::io::{ErrorKind, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::demo::{DEMO, addresses};
use crate::harness::{Desk, Program, until};
use crate::web::{connect, get};

/// The promise.
const STOP_LIMIT: Duration = Duration::from_secs(2);
/// Less than requests in flight are granted.
const AT_ONCE: Duration = Duration::from_millis(1_200);

fn started(desk: &Desk) -> (Program, String) {
    let mut demo = desk.start(&DEMO);
    let (farol, _) = addresses(&mut demo);
    assert_eq!(get(&farol, "/healthz").status, 200);
    (demo, farol)
}

/// Somebody who has not finished asking.
fn half_asked(farol: &str) -> TcpStream {
    let mut stream = connect(farol).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: fa").unwrap();
    stream
}

/// Somebody who asks and asks and reads no answer, so that one is always on its way.
fn half_answered(farol: &str) -> TcpStream {
    let mut stream = connect(farol).unwrap();
    stream.set_nonblocking(true).unwrap();
    let question = b"GET /assets/css/farol.css HTTP/1.1\r\nHost: farol\r\n\r\n".repeat(100);
    loop {
        match stream.write(&question) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return stream,
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn each_signal_ends_it_well_within_two_seconds_and_leaves_nothing() {
    for signal in ["INT", "TERM", "HUP"] {
        let desk = Desk::new();
        let (mut demo, farol) = started(&desk);
        assert!(desk.left_over().iter().any(|path| path.to_string_lossy().contains("farol-demo-")));
        assert_eq!(demo.children(), "");
        demo.signal(signal);
        assert!(demo.ends_within(STOP_LIMIT), "{signal}");
        demo.outcome().ended(0);
        assert_eq!(desk.left_over(), Vec::<std::path::PathBuf>::new(), "{signal}");
        assert!(connect(&farol).is_err());
    }
}

#[test]
fn started_to_outlive_the_terminal_it_does() {
    let desk = Desk::new();
    let mut demo = desk.start_deaf_to_the_terminal(&DEMO);
    let (farol, _) = addresses(&mut demo);
    demo.signal("HUP");
    assert!(!demo.ends_within(AT_ONCE));
    assert_eq!(get(&farol, "/healthz").status, 200);
    demo.signal("TERM");
    demo.outcome().ended(0);
}

#[test]
fn connections_still_open_do_not_hold_it() {
    let desk = Desk::new();
    let (mut demo, farol) = started(&desk);
    let _open = (half_asked(&farol), half_answered(&farol), connect(&farol).unwrap());
    demo.signal("INT");
    assert!(demo.ends_within(STOP_LIMIT));
    demo.outcome().ended(0);
    assert_eq!(desk.left_over(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let desk = Desk::new();
    let (mut demo, farol) = started(&desk);
    let _open = (half_asked(&farol), half_answered(&farol));
    demo.signal("INT");
    until("nobody is let in any more", || connect(&farol).err());
    demo.signal("TERM");
    assert!(demo.ends_within(AT_ONCE));
    demo.outcome().ended(0);
    assert_eq!(desk.left_over(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn the_simulator_stops_as_soon() {
    let desk = Desk::new();
    let mut nas = crate::nas::Nas::start(&desk, "25.10");
    let _open = half_asked(&nas.panel);
    nas.program.signal("INT");
    assert!(nas.program.ends_within(STOP_LIMIT));
    nas.program.outcome().ended(0);
}
