//! What the link lives through, and how it comes back.

use std::time::Duration;

use farol::domain::nas::Change;
use farol::sim::Profile;
use farol::truenas::Error;
use futures_util::future::join_all;
use serde_json::Value;

use crate::fake::{self, Fake};
use crate::nas::{CONNECTED, DISCONNECTED, Nas, ROADS, RPC, Stage, hear, soon, works};

#[tokio::test]
async fn half_a_minute_of_502_is_survived() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = nas.connected().await;
        nas.turn("502", true);
        nas.stage.pass(Duration::from_secs(30)).await;
        assert!(matches!(soon(client.list_shares()).await, Err(Error::NotReady { status: 502 })), "{profile}");
        nas.turn("502", false);
        nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
        assert!(works(&client).await, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_connection_cut_in_the_middle_of_an_answer_comes_back_with_right_answers() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = nas.connected().await;
        nas.turn("mid-frame-drop", true);
        assert!(matches!(soon(client.list_shares()).await, Err(Error::Disconnected(_))), "{profile}");
        if RPC.contains(&profile) {
            nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
        }
        // Over REST there is no connection to lose: the next answer is a new one.
        assert!(works(&client).await, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn everybody_who_waits_when_the_connection_is_cut_is_told() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let (client, _) = nas.connected().await;
        nas.turn("slow", true);
        let calls = join_all((0..20).map(|_| client.list_shares()));
        let cutting = async {
            nas.stage.settle(std::future::pending()).await;
            nas.turn("power-off", true);
        };
        // The clock stands still: nobody is saved by a timeout.
        let (answers, ()) = soon(async { tokio::join!(calls, cutting) }).await;
        assert!(answers.iter().all(Result::is_err), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_malformed_event_is_unclear_and_the_link_stays() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = nas.connected().await;
        nas.turn("malformed-event", true);
        assert_eq!(hear(&mut changes, |change| *change == Change::Unclear).await, []);
        assert!(works(&client).await, "{profile}");
        nas.turn("alert-raised", true);
        let before = hear(&mut changes, |change| *change == Change::Alerts).await;
        assert!(!before.contains(&Change::Disconnected), "{profile}: {before:?}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn what_changes_on_the_nas_is_heard_of() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let (_client, mut changes) = nas.connected().await;
        for (fault, wanted) in [
            ("alert-raised", Change::Alerts),
            ("alert-cleared", Change::Pools),
            ("share-added", Change::Shares),
            ("user-locked", Change::People),
        ] {
            nas.turn(fault, true);
            hear(&mut changes, |change| *change == wanted).await;
        }
        nas.stop().await;
    }
}

#[tokio::test]
async fn asking_to_retry_does_not_wait_for_the_next_try() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = nas.connected().await;
        nas.turn("power-off", true);
        nas.stage.pass_until_error(&client, |error| matches!(error, Error::Unreachable(_))).await;
        nas.turn("power-off", false);
        client.retry();
        // The clock stands still.
        hear(&mut changes, CONNECTED).await;
        assert!(works(&client).await, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_reboot_is_announced_lived_through_and_known_by_its_new_boot_id() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = nas.connected().await;
        let boot_id = client.find_boot_id().await.unwrap();
        nas.turn("reboot", true);
        let reason = Some("Simulated by the panel".to_owned());
        hear(&mut changes, |change| *change == Change::Rebooting { reason: reason.clone() }).await;
        nas.stage.pass_until(hear(&mut changes, DISCONNECTED)).await;
        nas.stage.pass_until_error(&client, |error| matches!(error, Error::NotReady { status: 502 })).await;
        nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
        let after = soon(client.find_boot_id()).await.unwrap();
        assert_eq!(after.is_some(), profile >= Profile::R25_10, "{profile}");
        assert_eq!(after != boot_id, profile >= Profile::R25_10, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_cut_connection_is_told_from_a_reboot_by_the_same_boot_id() {
    let nas = Nas::start(Profile::R26).await;
    let (client, mut changes) = nas.connected().await;
    let boot_id = client.find_boot_id().await.unwrap();
    for fault in ["idle-cut", "oversized-frame-close"] {
        nas.turn(fault, true);
        hear(&mut changes, DISCONNECTED).await;
        nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
        assert_eq!(client.find_boot_id().await.unwrap(), boot_id, "{fault}");
    }
    nas.stop().await;
}

#[tokio::test]
async fn a_thousand_events_at_once_leave_the_link_and_a_bounded_memory() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = nas.connected().await;
        nas.turn("event-burst", true);
        assert!(works(&client).await, "{profile}");
        nas.stage.settle(std::future::pending()).await;
        // Who did not listen meanwhile is told that there was more, and gets the latest only.
        assert_eq!(soon(changes.next()).await, Some(Change::Unclear), "{profile}");
        let mut kept = 0;
        while let Some(Some(change)) = futures_util::FutureExt::now_or_never(changes.next()) {
            assert_eq!(change, Change::Alerts, "{profile}");
            kept += 1;
        }
        assert!((1..=256).contains(&kept), "{profile}: {kept}");
        assert!(works(&client).await, "{profile}: the link stays");
        nas.stop().await;
    }
}

#[tokio::test]
async fn an_answer_of_forty_mebibytes_is_read() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let (client, _) = nas.connected().await;
        nas.turn("oversized-reply", true);
        assert!(works(&client).await, "{profile}");
        assert!(!nas.sim.faults().iter().any(|fault| fault.on), "{profile}: it was the long one");
        nas.stop().await;
    }
}

#[tokio::test]
async fn pings_keep_the_proxy_from_cutting_an_idle_link() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = nas.connected().await;
        nas.stage.pass(Duration::from_mins(5)).await;
        assert_eq!(futures_util::FutureExt::now_or_never(changes.next()), None, "{profile}: nothing happened");
        assert!(works(&client).await, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_link_that_answers_no_ping_is_given_up() {
    // The proxy of this release would keep it for an hour.
    let nas = Nas::start(Profile::R26).await;
    let (_client, mut changes) = nas.connected().await;
    nas.turn("silent", true);
    let before = nas.stage.clock.uptime();
    nas.stage.pass_until(hear(&mut changes, DISCONNECTED)).await;
    let waited = nas.stage.since(before);
    assert!((40..=62).contains(&waited.as_secs()), "{waited:?}");
    nas.turn("silent", false);
    nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
    nas.stop().await;
}

#[tokio::test]
async fn over_rest_a_power_cut_is_noticed_without_anybody_asking() {
    for profile in crate::nas::REST {
        let nas = Nas::start(profile).await;
        let (_client, mut changes) = nas.connected().await;
        nas.turn("power-off", true);
        let before = nas.stage.clock.uptime();
        nas.stage.pass_until(hear(&mut changes, DISCONNECTED)).await;
        assert!(nas.stage.since(before) <= Duration::from_secs(21), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_nas_that_was_away_for_long_is_found_within_a_minute_of_its_return() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = nas.connected().await;
        nas.turn("power-off", true);
        nas.stage.pass(Duration::from_mins(5)).await;
        nas.turn("power-off", false);
        let before = nas.stage.clock.uptime();
        nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
        assert!(nas.stage.since(before) <= Duration::from_secs(70), "{profile}");
        assert!(works(&client).await, "{profile}");
        nas.stop().await;
    }
}

fn starting(_path: &str) -> (u16, Option<String>, Value) {
    (502, None, Value::Null)
}

#[tokio::test]
async fn tries_grow_rarer_while_the_nas_is_not_ready() {
    let stage = Stage::new();
    let fake = Fake::start(&stage.tasks, starting, fake::welcoming).await;
    let client = stage.client(fake.settings());
    stage.pass(Duration::from_mins(1)).await;
    let first = fake.count("/api/versions");
    stage.pass(Duration::from_mins(9)).await;
    let later = fake.count("/api/versions") - first;
    // Two seconds, four, eight … with jitter; then one a minute, give or take.
    assert!((4..=8).contains(&first), "{first} tries in the first minute");
    assert!((9..=20).contains(&later), "{later} tries in the nine minutes after it");
    assert!(matches!(soon(client.list_shares()).await, Err(Error::NotReady { status: 502 })));
    stage.stop().await;
}

/// Signs us in and never confirms what we want to hear of.
fn deaf_to_subscriptions(method: &str) -> Value {
    if method == "core.subscribe" { Value::Null } else { fake::welcoming(method) }
}

#[tokio::test]
async fn a_nas_that_stops_answering_in_the_middle_of_the_opening_is_a_timeout() {
    let stage = Stage::new();
    let fake = Fake::start(&stage.tasks, fake::modern, deaf_to_subscriptions).await;
    let client = stage.client(fake.settings());
    let outcome = stage.pass_until(client.list_shares()).await;
    assert!(matches!(outcome, Err(Error::TimedOut(_))), "{outcome:?}");
    assert_eq!(fake.count("core.subscribe"), 12, "all were asked for at once");
    stage.stop().await;
}

#[tokio::test]
async fn stopping_is_quick_whatever_the_link_is_doing() {
    for fault in ["502", "silent", "slow", "power-off", "revoked-key", "malformed-reply"] {
        for profile in ROADS {
            let nas = Nas::start(profile).await;
            nas.turn(fault, true);
            let client = nas.client();
            let call = client.list_shares();
            tokio::pin!(call);
            let _ = futures_util::poll!(&mut call);
            nas.stage.settle(std::future::pending()).await;
            // Fails when any task had to be aborted.
            nas.stage.stop().await;
            assert!(soon(call).await.is_err(), "{fault} on {profile}: a caller was left waiting");
            nas.stop().await;
        }
    }
}
