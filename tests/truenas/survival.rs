//! What the link lives through, and how it comes back.

use std::time::Duration;

use farol::domain::nas::Change;
use farol::sim::Profile;
use farol::truenas::{Changes, Client, Error};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::fake::{self, Fake};
use crate::nas::{Nas, ROADS, RPC, Stage, hear, soon};

const CONNECTED: fn(&Change) -> bool = |change| *change == Change::Connected;
const DISCONNECTED: fn(&Change) -> bool = |change| *change == Change::Disconnected;

/// A client whose first connection is already heard of.
async fn connected(nas: &Nas) -> (Client, Changes) {
    let client = nas.client();
    let mut changes = client.changes();
    hear(&mut changes, CONNECTED).await;
    (client, changes)
}

async fn works(client: &Client) -> bool {
    soon(client.list_shares()).await.is_ok_and(|shares| shares.len() == 9)
}

#[tokio::test]
async fn half_a_minute_of_502_is_survived() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = connected(&nas).await;
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
        let (client, mut changes) = connected(&nas).await;
        nas.turn("mid-frame-drop", true);
        assert!(matches!(soon(client.list_shares()).await, Err(Error::Disconnected(_))), "{profile}");
        nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
        assert!(works(&client).await, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn everybody_who_waits_when_the_connection_is_cut_is_told() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let (client, _) = connected(&nas).await;
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
        let (client, mut changes) = connected(&nas).await;
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
        let (_client, mut changes) = connected(&nas).await;
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
async fn a_session_that_ran_out_is_renewed_without_the_callers_noticing() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = connected(&nas).await;
        nas.turn("expired-session", true);
        // The clock stands still: nobody waits for it.
        let answers = soon(join_all((0..30).map(|_| client.list_shares()))).await;
        for answer in answers {
            assert_eq!(answer.unwrap().len(), 9, "{profile}");
        }
        assert_eq!(hear(&mut changes, CONNECTED).await, [Change::Disconnected], "{profile}: renewed once");
        assert!(works(&client).await);
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_call_made_while_the_session_is_renewed_waits_for_it() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = connected(&nas).await;
        nas.turn("expired-session", true);
        let first = client.list_shares();
        let second = async {
            hear(&mut changes, DISCONNECTED).await;
            client.list_pools().await
        };
        let (first, second) = soon(async { tokio::join!(first, second) }).await;
        assert_eq!((first.unwrap().len(), second.unwrap().len()), (9, 2), "{profile}");
        nas.stop().await;
    }
}

/// Lets everybody in, then says of every call that nobody is.
fn forgetful(method: &str) -> Value {
    match method {
        "auth.login_ex" | "core.subscribe" | "core.ping" => fake::welcoming(method),
        _ => json!({"error": {"code": -32001, "data": {"error": 207, "reason": "[ENOTAUTHENTICATED] no"}}}),
    }
}

#[tokio::test]
async fn a_nas_that_forgets_every_sign_in_is_not_signed_in_to_for_ever() {
    let stage = Stage::new();
    let fake = Fake::start(&stage.tasks, fake::modern, forgetful).await;
    let client = stage.client(fake.settings());
    assert!(matches!(soon(client.list_shares()).await, Err(Error::SessionEnded)));
    assert_eq!(fake.count("auth.login_ex"), 2, "one, and one renewed");
    // Somebody keeps asking for ten minutes.
    let busy = async {
        loop {
            let _ = client.list_shares().await;
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = stage.pass(Duration::from_mins(10)) => {}
        () = busy => {}
    }
    let logins = fake.count("auth.login_ex");
    assert!((5..=30).contains(&logins), "{logins} logins in ten minutes");
    stage.stop().await;
}

fn refusing(method: &str) -> Value {
    match method {
        "auth.login_ex" => json!({"result": {"response_type": "AUTH_ERR"}}),
        _ => fake::welcoming(method),
    }
}

#[tokio::test]
async fn a_dead_key_is_tried_at_most_once_a_minute() {
    let stage = Stage::new();
    let fake = Fake::start(&stage.tasks, fake::modern, refusing).await;
    let client = stage.client(fake.settings());
    assert!(matches!(soon(client.list_shares()).await, Err(Error::KeyRefused { .. })));
    stage.pass(Duration::from_mins(10)).await;
    let logins = fake.count("auth.login_ex");
    assert!((9..=11).contains(&logins), "{logins} logins in ten minutes");
    stage.stop().await;
}

#[tokio::test]
async fn a_revoked_key_is_noticed_within_hours_and_a_renewed_one_within_a_minute() {
    /// Longer than the link waits before it signs in again.
    const HOURS: Duration = Duration::from_hours(5);
    let nas = Nas::start(Profile::R25_10).await;
    let (client, mut changes) = connected(&nas).await;
    nas.turn("revoked-key", true);
    assert!(works(&client).await, "an open session does not notice");
    let end = nas.stage.clock.uptime() + HOURS;
    let refused = loop {
        assert!(nas.stage.clock.uptime() < end, "never noticed");
        // An answered call a step, so that no step outruns the pings.
        nas.stage.step(Duration::from_secs(15)).await;
        if let Err(error) = soon(client.read_state()).await {
            break error;
        }
    };
    assert!(matches!(refused, Error::KeyRefused { .. }), "{refused}");
    hear(&mut changes, DISCONNECTED).await;
    nas.turn("revoked-key", false);
    let before = nas.stage.clock.uptime();
    nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
    let waited = nas.stage.clock.uptime() - before;
    assert!(waited <= Duration::from_secs(70), "{waited:?}");
    assert!(works(&client).await);
    nas.stop().await;
}

#[tokio::test]
async fn a_revoked_key_is_noticed_at_the_next_call_over_rest() {
    let nas = Nas::start(Profile::R24_10).await;
    let (client, mut changes) = connected(&nas).await;
    nas.turn("revoked-key", true);
    assert!(matches!(soon(client.list_shares()).await, Err(Error::KeyRefused { .. })));
    hear(&mut changes, DISCONNECTED).await;
    nas.turn("revoked-key", false);
    nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
    assert!(works(&client).await);
    nas.stop().await;
}

#[tokio::test]
async fn asking_to_retry_does_not_wait_for_the_next_try() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = connected(&nas).await;
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
        let (client, mut changes) = connected(&nas).await;
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
async fn an_idle_cut_is_told_from_a_reboot_by_the_same_boot_id() {
    let nas = Nas::start(Profile::R26).await;
    let (client, mut changes) = connected(&nas).await;
    let boot_id = client.find_boot_id().await.unwrap();
    nas.turn("idle-cut", true);
    hear(&mut changes, DISCONNECTED).await;
    nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
    assert_eq!(client.find_boot_id().await.unwrap(), boot_id);
    nas.stop().await;
}

#[tokio::test]
async fn a_thousand_events_at_once_leave_the_link_and_a_bounded_memory() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = connected(&nas).await;
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
        let (client, _) = connected(&nas).await;
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
        let (client, mut changes) = connected(&nas).await;
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
    let (_client, mut changes) = connected(&nas).await;
    nas.turn("silent", true);
    let before = nas.stage.clock.uptime();
    nas.stage.pass_until(hear(&mut changes, DISCONNECTED)).await;
    let waited = nas.stage.clock.uptime() - before;
    assert!((40..=62).contains(&waited.as_secs()), "{waited:?}");
    nas.turn("silent", false);
    nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
    nas.stop().await;
}

#[tokio::test]
async fn over_rest_a_power_cut_is_noticed_without_anybody_asking() {
    for profile in crate::nas::REST {
        let nas = Nas::start(profile).await;
        let (_client, mut changes) = connected(&nas).await;
        nas.turn("power-off", true);
        let before = nas.stage.clock.uptime();
        nas.stage.pass_until(hear(&mut changes, DISCONNECTED)).await;
        assert!(nas.stage.clock.uptime() - before <= Duration::from_secs(21), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn tries_grow_rarer_while_the_nas_is_away_and_none_is_lost_in_a_long_night() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = connected(&nas).await;
        nas.turn("power-off", true);
        nas.stage.pass(Duration::from_mins(10)).await;
        nas.turn("power-off", false);
        let before = nas.stage.clock.uptime();
        nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
        assert!(nas.stage.clock.uptime() - before <= Duration::from_secs(62), "{profile}");
        assert!(works(&client).await, "{profile}");
        nas.stop().await;
    }
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
