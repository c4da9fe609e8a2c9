//! Disks that are full or cannot be written.

use crate::machine::{Machine, until};

#[tokio::test]
async fn a_full_data_folder_keeps_nobody_out_who_is_in_and_loses_nothing_acknowledged() {
    let mut machine = Machine::started("mount -t tmpfs -o size=16m none data").await;
    let ana = machine.signed_in("ana").await;
    let mut page = ana.live().await;
    page.until("id=\"storage\"").await;
    machine.fill("data");
    let refused = machine.browser().sign_in("bruno", "demo-bruno").await;
    println!("{refused:?}");
    println!("{}", machine.log());
    assert_eq!(ana.get("/dashboard").await.status, 200);
    machine.sim.set_fault("power-off", true).unwrap();
    page.until("banner-line").await;
    machine.sim.set_fault("power-off", false).unwrap();
    machine.empty("data");
    until("people come in again", async || machine.browser().sign_in("bruno", "demo-bruno").await.status == 303).await;
    println!("{}", machine.log());
    machine.close().await;
}
