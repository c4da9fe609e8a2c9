//! Eight in the morning: everybody at once.

use std::time::Duration;

use farol::domain::Timestamp;
use farol::runtime::Clock;
use futures_util::future::join_all;

use crate::harness::{Office, PROFILES};

#[tokio::test]
async fn sixty_people_sign_in_at_once_on_every_release() {
    for release in PROFILES {
        let office = Office::open_before(release).await;
        hire(&office, 60);
        let started: Timestamp = office.settings_clock();
        let all = (0..60).map(|number| {
            let mut browser = office.browser();
            async move { browser.sign_in(&format!("pessoa{number}"), "demo-ana").await }
        });
        let real = Clock::real();
        let answers = office.pass_until(join_all(all)).await;
        for answer in &answers {
            assert_eq!((answer.status, answer.location()), (303, "/dashboard"), "{release}: {}", answer.body);
        }
        let _ = (started, real);
        assert!(office.now().since(started) < Duration::from_secs(10), "{release}");
        office.close().await;
    }
}

/// Colleagues of ana, with her password.
fn hire(office: &Office, how_many: u32) {
    let mut world = office.sim.world();
    let ana = world.people.find("ana").unwrap().clone();
    for number in 0..how_many {
        let mut person = ana.clone();
        person.id += 1_000 + u64::from(number);
        person.uid += 1_000 + number;
        person.username = format!("pessoa{number}");
        world.people.persons.push(person);
    }
}
