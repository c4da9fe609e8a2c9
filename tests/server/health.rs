//! The watcher in the whole server, before a NAS that breaks in every way.

use std::time::Duration;

use farol::domain::Timestamp;
use farol::domain::health::{Level, Reason};
use farol::live::Hub;
use farol::runtime::{Random, Tasks};
use farol::sim::Profile;
use farol::store::Store;
use serde_json::Value;

use crate::harness::{House, soon};

const MOMENT: Duration = Duration::from_millis(50);

/// What anybody is told.
pub async fn status(house: &House) -> Value {
    serde_json::from_str(&house.browser().get("/api/status").await.body).unwrap()
}

/// Lets time pass slowly beside what goes over the wire until the status says `word`, and gives how much passed.
async fn slowly_to(house: &House, word: &str) -> Duration {
    let before = house.clock.uptime();
    let coming = async {
        while status(house).await["status"] != word {
            house.hand.advance(MOMENT);
        }
    };
    soon(coming).await;
    house.clock.uptime().saturating_sub(before)
}

async fn passes_to(house: &House, word: &str) {
    let coming = async {
        while status(house).await["status"] != word {
            house.pass(Duration::from_secs(1)).await;
        }
    };
    soon(coming).await;
}

async fn store(house: &House) -> Store {
    Store::open_existing(&house.settings.store).await.unwrap()
}

/// Everything told so far, the oldest first, each as it is kept.
async fn lines(house: &House) -> Vec<Value> {
    let hub = Hub::open(store(house).await, house.clock.clone(), &Random::seeded(1), &Tasks::default()).await.unwrap();
    let told = hub.list_before(None, 1_000).await.unwrap();
    told.iter().rev().map(|told| serde_json::to_value(&told.line).unwrap()).collect()
}

fn facts(lines: &[Value]) -> Vec<&Value> {
    lines.iter().filter_map(|line| line.get("fact")).collect()
}

fn turns_told_to_people(lines: &[Value]) -> Vec<(&str, &str)> {
    let notices = lines.iter().filter_map(|line| line["notice"].get("storage_changed"));
    notices.map(|turn| (turn["before"].as_str().unwrap(), turn["after"].as_str().unwrap())).collect()
}

/// A NAS of the demo office with nothing to look at.
pub async fn well(release: Profile) -> House {
    let house = House::before(release, |_| {}).await;
    {
        let mut world = house.sim.world();
        world.alerts.clear();
        world.pools.iter_mut().for_each(|pool| pool.warning = false);
    }
    passes_to(&house, "online").await;
    house.pass(Duration::from_secs(6)).await;
    house
}

#[tokio::test]
async fn a_cut_is_told_within_five_seconds_by_looking_and_within_one_by_the_lost_link() {
    for (release, limit) in [(Profile::R24_10, 5), (Profile::R25_10, 1)] {
        let house = well(release).await;
        house.turn("refused", true);
        let passed = slowly_to(&house, "unreachable").await;
        assert!(passed < Duration::from_secs(limit), "{release}: {passed:?}");
        house.turn("refused", false);
        passes_to(&house, "online").await;
        house.pass(Duration::from_secs(6)).await;
        let lines = lines(&house).await;
        assert_eq!(turns_told_to_people(&lines), [("online", "unreachable"), ("unreachable", "online")], "{release}");
        assert!(facts(&lines).contains(&&Value::from("link_mended")), "{release}: {lines:?}");
        house.close().await;
    }
}

#[tokio::test]
async fn a_reboot_is_told_by_event_within_a_second_and_its_end_as_another_start() {
    for release in [Profile::R25_04, Profile::R26] {
        let house = well(release).await;
        house.turn("reboot", true);
        let passed = slowly_to(&house, "restarting").await;
        assert!(passed < Duration::from_secs(1), "{release}: {passed:?}");
        passes_to(&house, "online").await;
        house.pass(Duration::from_secs(6)).await;
        let lines = lines(&house).await;
        assert_eq!(turns_told_to_people(&lines), [("online", "restarting"), ("restarting", "online")], "{release}");
        let facts = facts(&lines);
        let announced = facts.iter().find_map(|fact| fact.get("goes_down")).unwrap();
        assert_eq!((&announced["restarts"], &announced["reason"]), (&true.into(), &"Simulated by the panel".into()));
        assert!(facts.contains(&&Value::from("restarted")), "{release}: {facts:?}");
        house.close().await;
    }
}

#[tokio::test]
async fn an_old_release_that_restarts_is_known_by_its_starting_time() {
    let house = well(Profile::R24_10).await;
    house.turn("reboot", true);
    passes_to(&house, "restarting").await;
    passes_to(&house, "online").await;
    house.pass(Duration::from_secs(6)).await;
    let lines = lines(&house).await;
    assert!(facts(&lines).contains(&&Value::from("restarted")), "{lines:?}");
    house.close().await;
}

#[tokio::test]
async fn an_update_and_a_scrub_are_recognised() {
    let house = well(Profile::R25_10).await;
    house.turn("scrub", true);
    house.pass(Duration::from_secs(6)).await;
    house.turn("scrub", false);
    house.pass(Duration::from_secs(6)).await;
    house.turn("update", true);
    passes_to(&house, "restarting").await;
    passes_to(&house, "online").await;
    house.pass(Duration::from_secs(6)).await;
    let lines = lines(&house).await;
    let facts = facts(&lines);
    let named = |name: &str| facts.iter().find_map(|fact| fact.get(name).cloned());
    assert_eq!(named("scrub_began").unwrap()["pool"], "tank");
    assert_eq!(named("scrub_ended").unwrap()["pool"], "tank");
    assert!(facts.contains(&&Value::from("update_began")), "{facts:?}");
    let updated = named("updated").unwrap();
    assert_eq!((&updated["before"], &updated["after"]), (&"25.10.1".into(), &"25.10.1.1".into()));
    house.close().await;
}

#[tokio::test]
async fn one_lost_answer_is_no_trouble_and_slow_ones_are_only_slow() {
    for release in [Profile::R24_10, Profile::R25_10] {
        let house = well(release).await;
        house.turn("mid-frame-drop", true);
        house.pass(Duration::from_secs(12)).await;
        house.turn("idle-cut", true);
        house.pass(Duration::from_secs(12)).await;
        house.turn("slow", true);
        house.pass(Duration::from_secs(30)).await;
        let seen = status(&house).await;
        assert!(seen["latency_ms"].as_u64().unwrap() >= 5_000, "{release}: {seen}");
        house.turn("slow", false);
        passes_to(&house, "online").await;
        let lines = lines(&house).await;
        assert_eq!(turns_told_to_people(&lines), [], "{release}");
        let turns = facts(&lines).iter().filter(|fact| fact.get("level_changed").is_some()).count();
        assert_eq!(turns, 0, "{release}: {lines:?}");
        house.close().await;
    }
}

#[tokio::test]
async fn a_proxy_that_answers_alone_is_a_restart_and_a_refused_key_no_matter_for_people() {
    for release in [Profile::R24_10, Profile::R25_10] {
        let house = well(release).await;
        house.turn("502", true);
        passes_to(&house, "restarting").await;
        house.turn("502", false);
        passes_to(&house, "online").await;
        house.turn("revoked-key", true);
        house.turn("idle-cut", true);
        passes_to(&house, "key_refused").await;
        house.turn("revoked-key", false);
        passes_to(&house, "online").await;
        house.pass(Duration::from_secs(6)).await;
        let lines = lines(&house).await;
        assert_eq!(turns_told_to_people(&lines), [("online", "restarting"), ("restarting", "online")], "{release}");
        let facts = facts(&lines);
        for told in ["key_refused", "key_accepted", "link_mended"] {
            assert!(facts.contains(&&Value::from(told)), "{release}: {told}: {facts:?}");
        }
        house.close().await;
    }
}

#[tokio::test]
async fn alerts_and_pools_are_told_to_administrators_alone() {
    let house = well(Profile::R25_10).await;
    house.turn("alert-raised", true);
    passes_to(&house, "attention").await;
    house.sim.world().alerts.iter_mut().for_each(|alert| alert.dismissed = true);
    house.pass(Duration::from_secs(6)).await;
    house.turn("alert-raised", false);
    passes_to(&house, "online").await;
    house.pass(Duration::from_secs(6)).await;
    let hub = Hub::open(store(&house).await, house.clock.clone(), &Random::seeded(1), &Tasks::default()).await.unwrap();
    let told = hub.list_before(None, 100).await.unwrap();
    assert!(told.iter().all(|told| told.audience == farol::domain::event::Audience::Administrators), "{told:?}");
    let lines = lines(&house).await;
    let facts = facts(&lines);
    let named = |name: &str| facts.iter().any(|fact| fact.get(name).is_some());
    assert!(named("alert_raised") && named("alert_dismissed") && named("alert_cleared"), "{facts:?}");
    let pools: Vec<_> = facts.iter().filter_map(|fact| fact.get("pool_changed")).map(|pool| &pool["after"]).collect();
    assert_eq!(pools, ["DEGRADED", "ONLINE"]);
    let notices = lines.iter().filter(|line| line["notice"].get("alert_raised").is_some()).count();
    assert_eq!(notices, 1);
    house.close().await;
}

#[tokio::test]
async fn whoever_falls_often_is_unsteady_until_it_is_calm_and_people_hear_of_the_first_falls_only() {
    let house = well(Profile::R25_10).await;
    for _ in 0..4 {
        house.turn("refused", true);
        passes_to(&house, "unreachable").await;
        house.turn("refused", false);
        house.pass(Duration::from_secs(20)).await;
        assert_eq!(status(&house).await["online"], true);
    }
    assert_eq!(status(&house).await["status"], "attention");
    assert_eq!(turns_told_to_people(&lines(&house).await).len(), 4);
    house.pass(Duration::from_mins(11)).await;
    assert_eq!(status(&house).await["status"], "online");
    assert_eq!(turns_told_to_people(&lines(&house).await).len(), 4);
    house.close().await;
}

#[tokio::test]
async fn a_calendar_that_leaps_is_told_and_makes_no_span_negative() {
    const DAY_MS: i64 = 86_400_000;
    let house = well(Profile::R25_10).await;
    for by_ms in [DAY_MS, -2 * DAY_MS] {
        house.hand.set_calendar(by_ms);
        house.pass(Duration::from_secs(12)).await;
        let seen = status(&house).await;
        assert_eq!((&seen["status"], seen["age_ms"].as_u64().unwrap() < 6_000), (&"online".into(), true));
    }
    let lines = lines(&house).await;
    let leaps: Vec<_> = facts(&lines).iter().filter_map(|fact| fact["clock_jumped"]["by_s"].as_i64()).collect();
    assert_eq!(leaps, [86_400, -2 * 86_400]);
    house.close().await;
}

#[tokio::test]
async fn a_new_start_of_the_server_keeps_the_history_and_tells_what_changed_meanwhile() {
    let mut house = well(Profile::R25_10).await;
    let before = Box::pin(house.pass_until(some_looks(&house))).await;
    house.turn("refused", true);
    house.restart().await;
    passes_to(&house, "unreachable").await;
    house.pass(Duration::from_secs(20)).await;
    assert!(looks(&house).await > before);
    let store = store(&house).await;
    let turns = store.list_health_transitions(None, 9).await.unwrap();
    let told: Vec<_> = turns.iter().map(|turn| (turn.before, turn.after, turn.reason)).collect();
    assert_eq!(told[0], (Level::Online, Level::Unreachable, Reason::Refused));
    assert_eq!(turns_told_to_people(&lines(&house).await), [("online", "unreachable")]);
    house.restart().await;
    house.pass(Duration::from_secs(20)).await;
    assert_eq!(turns_told_to_people(&lines(&house).await), [("online", "unreachable")], "nobody is told twice");
    house.close().await;
}

/// Waits until a few looks are kept, and gives how many.
async fn some_looks(house: &House) -> u64 {
    loop {
        let kept = looks(house).await;
        if kept > 2 {
            return kept;
        }
    }
}

/// How many looks are kept.
async fn looks(house: &House) -> u64 {
    let everything = Timestamp::from_millis(0)..house.clock.now().plus(Duration::from_secs(1));
    let sums = store(house).await.list_health_sums(everything, Duration::from_hours(1)).await.unwrap();
    sums.iter().map(|(_, tally)| tally.looks).sum()
}

#[tokio::test]
async fn looking_goes_on_when_nothing_can_be_kept() {
    let house = well(Profile::R25_10).await;
    // The tables are gone, as they are to us on a full disk.
    let database = house.settings.store.url().reveal().clone();
    let connection = sea_orm::Database::connect(database).await.unwrap();
    for table in ["health_sample", "health_transition", "health_lease", "event"] {
        sea_orm::ConnectionTrait::execute_unprepared(&connection, &format!("DROP TABLE {table}")).await.unwrap();
    }
    house.turn("refused", true);
    let passed = slowly_to(&house, "unreachable").await;
    assert!(passed < Duration::from_secs(1), "{passed:?}");
    house.turn("refused", false);
    passes_to(&house, "online").await;
    house.close().await;
}
