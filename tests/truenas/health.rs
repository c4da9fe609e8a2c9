//! The rounds that watch the NAS.

use std::time::Duration;

use farol::domain::health::{Level, Reason, Snapshot};
use farol::health::{Health, Parts, Settings, Silenced};
use farol::live::Hub;
use farol::runtime::Random;
use farol::sim::Profile;
use farol::store::{self, Store};
use farol::truenas::Client;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::fake::{self, Fake};
use crate::nas::{Nas, REST, ROADS, RPC, Stage, soon};

const PERIOD: Duration = Duration::from_secs(5);

/// What a watcher is made of, its records in a database of its own.
async fn parts(stage: &Stage, client: Client) -> (Parts, tempfile::TempDir) {
    let home = tempfile::tempdir().unwrap();
    let store = Store::open(&store::Settings::in_file(&home.path().join("farol.db"))).await.unwrap();
    store.migrate().await.unwrap();
    let random = Random::seeded(2);
    let hub = Hub::open(store.clone(), stage.clock.clone(), &random, &farol::runtime::Tasks::default()).await.unwrap();
    let planned = watch::Sender::new(false).subscribe();
    let silenced = Silenced::new(|alert| alert.class == "Silenced");
    (Parts { client, clock: stage.clock.clone(), random, store, hub, planned, silenced }, home)
}

struct Watched {
    health: Health,
    looks: watch::Receiver<Snapshot>,
    _home: tempfile::TempDir,
}

async fn watched(nas: &Nas, period: Duration) -> Watched {
    let (parts, home) = parts(&nas.stage, nas.client()).await;
    let health = Health::new(Settings { period }, parts);
    let looks = health.watch();
    nas.stage.tasks.run("health", health.clone().run(nas.stage.tasks.stopping()));
    Watched { health, looks, _home: home }
}

/// The first look with this level, the clock standing still.
async fn seen(looks: &mut watch::Receiver<Snapshot>, level: Level) -> Snapshot {
    soon(looks.wait_for(|look| look.level == level)).await.unwrap().clone()
}

/// The same while time passes.
async fn passes_to(nas: &Nas, looks: &mut watch::Receiver<Snapshot>, level: Level) -> Snapshot {
    nas.stage.pass_until(seen(looks, level)).await
}

/// The same while time passes slowly beside what goes over the wire, and how much of it passed.
async fn slowly_to(nas: &Nas, looks: &mut watch::Receiver<Snapshot>, level: Level) -> (Snapshot, Duration) {
    const MOMENT: Duration = Duration::from_millis(10);
    let before = nas.stage.clock.uptime();
    let running = async {
        loop {
            nas.stage.step(MOMENT).await;
        }
    };
    let seen = tokio::select! {
        seen = seen(looks, level) => seen,
        () = running => unreachable!("time never ends"),
    };
    (seen, nas.stage.since(before))
}

/// The demo office has a pool and an alert that want a look.
fn make_well(nas: &Nas) {
    let mut world = nas.sim.world();
    world.alerts.clear();
    world.pools.iter_mut().for_each(|pool| pool.warning = false);
}

#[tokio::test]
async fn nobody_has_looked_before_the_first_round() {
    let nas = Nas::start(Profile::R25_10).await;
    let (parts, _home) = parts(&nas.stage, nas.client()).await;
    let health = Health::new(Settings { period: PERIOD }, parts);
    assert_eq!(health.latest(), Snapshot::unknown(nas.stage.clock.now()));
    nas.stop().await;
}

#[tokio::test]
async fn a_nas_that_is_well_is_online_and_an_open_alert_or_a_sick_pool_wants_attention() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let mut watched = watched(&nas, PERIOD).await;
        let looks = &mut watched.looks;
        let first = seen(looks, Level::Attention).await;
        assert_eq!((first.open_alerts, first.checked_at), (1, Some(nas.stage.clock.now())), "{profile}");
        assert!(first.latency_ms.is_some());
        make_well(&nas);
        assert_eq!(passes_to(&nas, looks, Level::Online).await.open_alerts, 0, "{profile}");
        nas.turn("alert-raised", true);
        let sick = passes_to(&nas, looks, Level::Attention).await;
        assert!(sick.open_alerts <= 1, "{profile}");
        nas.turn("alert-raised", false);
        passes_to(&nas, looks, Level::Online).await;
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_silenced_alert_is_seen_and_asks_for_nobody() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        {
            let mut world = nas.sim.world();
            world.pools.iter_mut().for_each(|pool| pool.warning = false);
            world.alerts.iter_mut().for_each(|alert| "Silenced".clone_into(&mut alert.class));
        }
        let mut watched = watched(&nas, PERIOD).await;
        let well = seen(&mut watched.looks, Level::Online).await;
        assert_eq!((well.open_alerts, well.alerts.len()), (0, 2), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_change_told_by_the_nas_leads_to_a_look_without_the_period_passing() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let mut watched = watched(&nas, Duration::from_hours(1)).await;
        let looks = &mut watched.looks;
        seen(looks, Level::Attention).await;
        make_well(&nas);
        // The clock stands still.
        nas.turn("alert-cleared", true);
        seen(looks, Level::Online).await;
        nas.turn("alert-raised", true);
        seen(looks, Level::Attention).await;
        nas.stop().await;
    }
}

#[tokio::test]
async fn since_moves_only_when_the_level_does() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let Watched { health, mut looks, _home } = watched(&nas, PERIOD).await;
        let looks = &mut looks;
        let first = seen(looks, Level::Attention).await;
        nas.stage.pass(Duration::from_mins(1)).await;
        let later = health.latest();
        assert_eq!((later.level, later.since), (Level::Attention, first.since), "{profile}");
        assert!(later.checked_at > first.checked_at, "{profile}");
        nas.turn("power-off", true);
        let away = passes_to(&nas, looks, Level::Unreachable).await;
        assert!(away.since > first.since, "{profile}");
        assert_eq!(away.latency_ms, None);
        nas.turn("power-off", false);
        let back = passes_to(&nas, looks, Level::Attention).await;
        assert!(back.since > away.since, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_power_cut_is_seen_within_a_second_over_json_rpc_and_within_five_by_looking_over_rest() {
    for profile in REST.into_iter().chain(RPC) {
        let nas = Nas::start(profile).await;
        let mut watched = watched(&nas, PERIOD).await;
        let looks = &mut watched.looks;
        seen(looks, Level::Attention).await;
        nas.turn("power-off", true);
        let (away, passed) = slowly_to(&nas, looks, Level::Unreachable).await;
        let limit = if REST.contains(&profile) { 5 } else { 1 };
        assert!(passed < Duration::from_secs(limit), "{profile}: {passed:?}");
        assert_eq!(away.reason, Reason::Refused, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_nas_that_falls_silent_is_unreachable_after_an_unanswered_question_and_a_shorter_one() {
    /// What the client gives a call.
    const CALL: Duration = Duration::from_secs(10);
    /// The wait before the second look and its limit, and a step of this clock for each.
    const SECOND_LOOK: Duration = Duration::from_millis(4_500);
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let mut watched = watched(&nas, PERIOD).await;
        let looks = &mut watched.looks;
        seen(looks, Level::Attention).await;
        nas.turn("silent", true);
        let before = nas.stage.clock.uptime();
        passes_to(&nas, looks, Level::Unreachable).await;
        assert!(nas.stage.since(before) <= PERIOD / 2 + CALL + SECOND_LOOK, "{profile}");
        nas.turn("silent", false);
        passes_to(&nas, looks, Level::Attention).await;
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_nas_that_starts_is_restarting_until_it_is_ready() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        nas.turn("booting", true);
        let mut watched = watched(&nas, PERIOD).await;
        let looks = &mut watched.looks;
        seen(looks, Level::Restarting).await;
        nas.turn("booting", false);
        passes_to(&nas, looks, Level::Attention).await;
        nas.turn("502", true);
        passes_to(&nas, looks, Level::Restarting).await;
        nas.stop().await;
    }
}

#[tokio::test]
async fn an_announced_reboot_is_restarting_from_the_warning_on() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let mut watched = watched(&nas, PERIOD).await;
        let looks = &mut watched.looks;
        seen(looks, Level::Attention).await;
        nas.turn("reboot", true);
        // The clock stands still: the warning itself is enough.
        let announced = seen(looks, Level::Restarting).await;
        // Cut off, refused, starting: all of it is the one restart, until it is over.
        let next = nas.stage.pass_until(looks.wait_for(|look| look.level != Level::Restarting)).await.unwrap().clone();
        assert_eq!(next.level, Level::Attention, "{profile}");
        assert!(next.since > announced.since);
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_restart_that_never_ends_is_called_unreachable_in_the_end() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let mut watched = watched(&nas, PERIOD).await;
        let looks = &mut watched.looks;
        seen(looks, Level::Attention).await;
        nas.turn("shutdown", true);
        let announced = seen(looks, Level::Restarting).await;
        let lost = passes_to(&nas, looks, Level::Unreachable).await;
        assert!(lost.since.since(announced.since) >= Duration::from_mins(10), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_refused_key_is_told_from_a_nas_that_is_away() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        nas.turn("revoked-key", true);
        let mut watched = watched(&nas, PERIOD).await;
        let looks = &mut watched.looks;
        assert_eq!(seen(looks, Level::KeyRefused).await.latency_ms, None);
        nas.turn("revoked-key", false);
        passes_to(&nas, looks, Level::Attention).await;
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_session_that_ran_out_is_no_change_of_health() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let Watched { health, mut looks, _home } = watched(&nas, PERIOD).await;
        let looks = &mut looks;
        let first = seen(looks, Level::Attention).await;
        nas.turn("expired-session", true);
        nas.stage.pass(Duration::from_mins(1)).await;
        assert_eq!(health.latest().since, first.since, "{profile}");
        nas.stop().await;
    }
}

/// Says that it is ready, and nothing more when asked for its alerts.
fn falling_silent(method: &str) -> Value {
    match method {
        "system.state" => json!({"result": "READY"}),
        "alert.list" => Value::Null,
        _ => fake::welcoming(method),
    }
}

#[tokio::test]
async fn a_nas_that_falls_silent_during_a_look_is_not_taken_for_well() {
    let stage = Stage::new();
    let fake = Fake::start(&stage.tasks, fake::modern, falling_silent).await;
    let (parts, _home) = parts(&stage, stage.client(fake.settings())).await;
    let health = Health::new(Settings { period: PERIOD }, parts);
    let mut looks = health.watch();
    stage.tasks.run("health", health.run(stage.tasks.stopping()));
    let first = stage.pass_until(looks.wait_for(|look| look.checked_at.is_some())).await.unwrap().clone();
    assert_eq!((first.level, first.latency_ms), (Level::Unreachable, None));
    stage.stop().await;
}

#[tokio::test]
async fn away_in_a_planned_window_is_planned_from_its_first_to_its_last_moment() {
    let nas = Nas::start(Profile::R25_10).await;
    let (mut parts, _home) = parts(&nas.stage, nas.client()).await;
    let window = watch::Sender::new(true);
    parts.planned = window.subscribe();
    let health = Health::new(Settings { period: PERIOD }, parts);
    let looks = &mut health.watch();
    nas.stage.tasks.run("health", health.clone().run(nas.stage.tasks.stopping()));
    assert!(seen(looks, Level::Attention).await.planned);
    nas.turn("refused", true);
    assert_eq!(passes_to(&nas, looks, Level::Planned).await.reason, Reason::Refused);
    // The clock stands still.
    window.send_replace(false);
    assert!(!seen(looks, Level::Unreachable).await.planned);
    window.send_replace(true);
    seen(looks, Level::Planned).await;
    nas.turn("refused", false);
    passes_to(&nas, looks, Level::Attention).await;
    nas.stop().await;
}

#[tokio::test]
async fn of_two_watchers_on_one_database_one_keeps_until_it_is_gone() {
    let nas = Nas::start(Profile::R25_10).await;
    let (first, _home) = parts(&nas.stage, nas.client()).await;
    let second = Parts { random: Random::seeded(3), ..first.clone() };
    let (store, stop) = (first.store.clone(), nas.stage.tasks.child());
    let one = Health::new(Settings { period: PERIOD }, first);
    let two = Health::new(Settings { period: PERIOD }, second);
    let (looks_of_one, looks_of_two) = (&mut one.watch(), &mut two.watch());
    stop.run("one", one.clone().run(stop.stopping()));
    seen(looks_of_one, Level::Attention).await;
    nas.stage.pass(PERIOD * 2).await;
    nas.stage.tasks.run("two", two.clone().run(nas.stage.tasks.stopping()));
    seen(looks_of_two, Level::Attention).await;
    make_well(&nas);
    passes_to(&nas, looks_of_one, Level::Online).await;
    passes_to(&nas, looks_of_two, Level::Online).await;
    let turns = async || store.list_health_transitions(None, 9).await.unwrap().len();
    let reach = async |count: usize| {
        while turns().await < count {
            nas.stage.pass(PERIOD).await;
        }
    };
    soon(reach(2)).await;
    nas.stage.pass(PERIOD * 2).await;
    assert_eq!(turns().await, 2, "attention and online: each written once");
    stop.stop(&farol::runtime::Clock::real(), Duration::from_secs(5)).await;
    nas.turn("refused", true);
    passes_to(&nas, looks_of_two, Level::Unreachable).await;
    soon(reach(3)).await;
    assert_eq!(turns().await, 3);
    nas.stop().await;
}

#[tokio::test]
async fn the_past_is_read_in_steps_days_and_shares() {
    const MINUTE: Duration = Duration::from_mins(1);
    let nas = Nas::start(Profile::R25_10).await;
    make_well(&nas);
    let Watched { health, mut looks, _home } = watched(&nas, PERIOD).await;
    seen(&mut looks, Level::Online).await;
    let started = nas.stage.clock.now();
    nas.stage.pass(MINUTE * 9).await;
    nas.turn("refused", true);
    nas.stage.pass(MINUTE).await;
    let now = nas.stage.clock.now();
    let tally = health.uptime(Duration::from_hours(24)).await.unwrap();
    let share = tally.share_up().unwrap();
    assert!((0.89..0.94).contains(&share), "{tally:?}");
    let points = health.history(started..now, 10).await.unwrap();
    assert!(points.len() <= 10 && points.last().unwrap().tally.worst() == Level::Unreachable, "{points:?}");
    assert!(points[0].tally.latency_mean_ms().is_some());
    let zone = jiff::tz::TimeZone::get("America/Sao_Paulo").unwrap();
    let days = health.days(3, &zone).await.unwrap();
    assert_eq!(days.len(), 3);
    let today = days.last().unwrap();
    assert!((500..=545).contains(&today.up_s) && (40..=65).contains(&today.down_s), "{today:?}");
    assert_eq!(days[0].unknown_s, 86_400);
    let trouble = &health.troubles(started).await.unwrap()[0];
    assert_eq!((trouble.level, trouble.reason, trouble.ended_at), (Level::Unreachable, Reason::Refused, None));
    nas.stop().await;
}
