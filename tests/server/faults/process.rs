//! A process that is stopped for a while, and one that may open no more files.

use std::time::Duration;

use farol::runtime::Clock;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::harness::soon;
use crate::machine::{Machine, until};

/// Longer than two looks at the NAS. What a minute would add is that limits run out all at once: that is told with a clock
/// moved by hand.
const STOPPED: Duration = Duration::from_secs(6);

#[tokio::test]
async fn a_process_that_was_stopped_goes_on_where_it_was() {
    let machine = Machine::started("true").await;
    let (ana, bruno) = (machine.signed_in("ana").await, machine.browser());
    let mut page = ana.live().await;
    page.until("id=\"storage\"").await;
    machine.signal("STOP");
    let (clock, asking) = (Clock::real(), bruno.sign_in("bruno", "demo-bruno"));
    let going_on = async {
        // Every connection to the NAS is gone by then.
        machine.sim.set_fault("power-off", true).unwrap();
        clock.sleep(STOPPED).await;
        machine.sim.set_fault("power-off", false).unwrap();
        machine.signal("CONT");
    };
    let (entered, ()) = soon(async { tokio::join!(asking, going_on) }).await;
    if entered.status != 303 {
        assert_eq!(entered.status, 503, "who asked meanwhile is answered: {}", entered.body);
        entered.assert_says("O armazenamento não respondeu; a senha não chegou a ser conferida.");
    }
    machine.comes_in("bruno").await;
    assert_eq!(ana.get("/dashboard").await.status, 200);
    machine.sim.set_fault("power-off", true).unwrap();
    page.until("banner-line").await;
    machine.close().await;
}

#[tokio::test]
async fn a_process_that_may_open_no_more_files_says_so_once_and_goes_on_when_it_may_again() {
    let machine = Machine::started("true").await;
    let ana = machine.signed_in("ana").await;
    let mut page = ana.live().await;
    page.until("id=\"storage\"").await;
    let open = std::fs::read_dir(format!("/proc/{}/fd", machine.pid())).unwrap().count();
    machine.limit_files(open + 20);
    let mut crowd = Vec::new();
    for _ in 0..60 {
        let mut stream = TcpStream::connect(machine.address()).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: farol\r\n\r\n").await.unwrap();
        crowd.push(stream);
    }
    until("it is told", async || machine.log().contains("no connection can be accepted for now")).await;
    machine.sim.set_fault("power-off", true).unwrap();
    page.until("banner-line").await;
    machine.sim.set_fault("power-off", false).unwrap();
    drop(crowd);
    until("people are let in", async || machine.browser().get("/healthz").await.status == 200).await;
    machine.comes_in("bruno").await;
    let told = machine.log().matches("no connection can be accepted for now").count();
    assert_eq!(told, 1, "however often somebody leaves and another comes");
    machine.close().await;
}
