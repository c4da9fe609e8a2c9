//! A NAS that moves to another address.

use std::net::Ipv4Addr;

use crate::machine::Machine;
use crate::machine::road::Road;

const HOSTS: &str = "cp /etc/hosts hosts; echo '127.0.0.1 nas.test' >> hosts; mount --bind hosts /etc/hosts";

#[tokio::test]
async fn a_nas_whose_name_leads_to_another_address_is_found_there() {
    let machine = Machine::new(HOSTS).await;
    let nas = machine.sim.url().trim_start_matches("https://").parse().unwrap();
    let old = Road::build(Ipv4Addr::LOCALHOST, 0, nas, &machine.tasks).await;
    let port = old.address.port();
    let _new = Road::build(Ipv4Addr::new(127, 0, 0, 2), port, nas, &machine.tasks).await;
    let mut machine = machine.with("TRUENAS_API_URL", format!("https://nas.test:{port}"));
    machine.start().await;
    let ana = machine.signed_in("ana").await;
    let mut page = ana.live().await;
    page.until("id=\"storage\"").await;
    old.close();
    page.until("banner-line").await;
    let (code, said) = machine.run(&["doctor"]);
    let told = format!("https://nas.test:{port}/: ninguém responde nesse endereço");
    assert!(code == Some(11) && said.contains(&told) && said.contains("corrija truenas.url"), "{said}");
    machine.shell("sed -i 's/127.0.0.1 nas.test/127.0.0.2 nas.test/' hosts && cat hosts > /etc/hosts");
    machine.comes_in("bruno").await;
    machine.close().await;
}
