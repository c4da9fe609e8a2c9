//! Eight in the morning: everybody at once. The clock stands still, so nobody can be waiting for a limit to pass.

use std::time::Duration;

use farol::runtime::Clock;
use futures_util::future::join_all;

use crate::harness::{House, RELEASES, soon};

#[tokio::test]
async fn sixty_people_at_one_address_are_in_within_ten_seconds_on_every_release() {
    for release in RELEASES {
        let house = House::before(release, |_| {}).await;
        hire(&house, 60);
        let clock = Clock::real();
        let all = (0..60).map(|number| {
            let browser = house.browser();
            async move { browser.sign_in(&format!("pessoa{number}"), "demo-ana").await }
        });
        for answer in soon(join_all(all)).await {
            assert_eq!(answer.status, 303, "{release}: {}", answer.body);
            assert_eq!(answer.header("location"), "/dashboard");
        }
        assert!(clock.uptime() < Duration::from_secs(10), "{release}: {:?}", clock.uptime());
        house.close().await;
    }
}

/// Colleagues of ana, with her password.
fn hire(house: &House, how_many: u32) {
    let mut world = house.sim.world();
    let ana = world.people.find("ana").unwrap().clone();
    for number in 0..how_many {
        let mut person = ana.clone();
        person.id += 1_000 + u64::from(number);
        person.uid += 1_000 + number;
        person.username = format!("pessoa{number}");
        world.people.persons.push(person);
    }
}
