//! Disks that are full or cannot be written.

use crate::faults::database::{NOT_IN, REFUSED, assert_says_sorry};
use crate::machine::{Machine, until};

#[tokio::test]
async fn a_full_data_folder_keeps_nobody_out_who_is_in_and_loses_nothing_acknowledged() {
    let mut machine = Machine::started("mount -t tmpfs -o size=16m none data").await;
    let (ana, elsewhere) = (machine.signed_in("ana").await, machine.signed_in("ana").await);
    let mut page = ana.live().await;
    page.until("id=\"storage\"").await;
    machine.fill("data");
    let refused = machine.browser().sign_in("bruno", "demo-bruno").await;
    assert_says_sorry(&refused, NOT_IN);
    let refused = ana.post("/sessions/end-others", &[]).await;
    assert_says_sorry(&refused, REFUSED);
    machine.sim.set_fault("power-off", true).unwrap();
    page.until("banner-line").await;
    machine.sim.set_fault("power-off", false).unwrap();
    for browser in [&ana, &elsewhere] {
        assert_eq!(browser.get("/dashboard").await.status, 200, "what is there is shown");
    }
    machine.empty("data");
    let bruno = machine.comes_in("bruno").await;
    machine.kill();
    machine.start().await;
    for browser in [&ana, &elsewhere, &bruno] {
        assert_eq!(browser.get("/dashboard").await.status, 200);
    }
    let (code, said) = machine.run(&["audit", "verify"]);
    assert_eq!(code, Some(0), "{said}");
    machine.close().await;
}

/// The log: all its lines are whole, and tell that some of them are missing.
async fn it_goes_on_and_is_whole(machine: &Machine) {
    until("the log goes on", async || {
        machine.browser().get("/status").await;
        machine.log().contains("lines of the log were lost")
    })
    .await;
    let log = machine.log();
    let whole = |line: &&str| line.starts_with("[20") && line.matches("[20").count() == 1 && line.contains("] [-] ");
    let broken: Vec<&str> = log.lines().filter(|line| !whole(line)).collect();
    assert_eq!(broken, Vec::<&str>::new());
    assert!(log.ends_with('\n'));
}

#[tokio::test]
async fn a_full_log_folder_costs_lines_that_are_counted_and_nothing_else() {
    let machine = Machine::started("mount -t tmpfs -o size=1m none logs").await;
    let stranger = machine.browser();
    machine.fill("logs");
    // What is left of the last block of the file fills up, and a line breaks off there.
    while !machine.errors().contains("the log cannot be written") {
        assert_eq!(stranger.get("/status").await.status, 200);
    }
    machine.signed_in("bruno").await;
    // A shorter line may still find room, but not again and again.
    assert!(machine.errors().lines().count() < 6, "{}", machine.errors());
    machine.empty("logs");
    it_goes_on_and_is_whole(&machine).await;
    machine.close().await;
}

#[tokio::test]
async fn a_log_folder_that_becomes_read_only_costs_lines_that_are_counted_and_nothing_else() {
    let machine = Machine::started("true").await;
    let ana = machine.signed_in("ana").await;
    machine.shell("mount -t tmpfs -o ro none logs");
    let (code, said) = machine.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("O registro (log) não pôde ser aberto.") && said.contains("log.directory"), "{said}");
    // The file that is open lies below what was mounted, and another one is needed when it is gone.
    for file in std::fs::read_dir(machine.home().join("logs")).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    until("somebody is told", async || {
        machine.browser().get("/status").await;
        machine.errors().contains("the log cannot be written")
    })
    .await;
    assert!(machine.errors().contains("Read-only file system"), "{}", machine.errors());
    machine.signed_in("bruno").await;
    assert_eq!(ana.get("/dashboard").await.status, 200);
    machine.shell("umount logs");
    it_goes_on_and_is_whole(&machine).await;
    machine.close().await;
}
