//! The simulated NAS, with more people than the demo has.

use std::net::SocketAddr;

use farol::runtime::{Clock, Tasks};
use farol::sim::{self, Profile, Sim};
use farol::truenas::Fingerprint;

use crate::wire::{Nas, PASSWORD, orders, say};

/// Far beyond the numbers of the demo's own people.
const FIRST: u32 = 10_000;

/// The account's number and name of the hired person of this number.
pub fn person(number: u32) -> (u32, String) {
    (FIRST + number, format!("pessoa{number}"))
}

#[tokio::main(flavor = "current_thread")]
pub async fn run() {
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let settings = sim::Settings { release: Profile::R25_10, listen: anywhere, plain: None, panel: None, seed: 1 };
    let tasks = Tasks::default();
    let sim = sim::start(settings, Clock::real(), &tasks).await.expect("two free ports");
    let mut orders = orders::<u32>();
    while let Some(people) = orders.recv().await {
        hire(&sim, people);
        say(&Nas {
            url: sim.url(),
            username: sim.username().to_owned(),
            key: sim.api_key(),
            fingerprint: Fingerprint(sim.fingerprint()).to_string(),
        });
    }
}

/// Colleagues of ana, with her groups and her password.
fn hire(sim: &Sim, people: u32) {
    let mut world = sim.world();
    let ana = world.people.find("ana").expect("the demo has her").clone();
    for number in 0..people {
        let (uid, username) = person(number);
        let (id, password) = (u64::from(uid), PASSWORD.to_owned());
        world.people.persons.push(sim::world::Person { id, uid, username, password, ..ana.clone() });
    }
}
