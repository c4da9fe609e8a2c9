//! Sign-ins that run out, and keys that die and come back.

use std::time::Duration;

use farol::domain::nas::Change;
use farol::sim::Profile;
use farol::truenas::Error;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::fake::{self, Fake};
use crate::nas::{CONNECTED, DISCONNECTED, Nas, RPC, Stage, hear, soon, works};

#[tokio::test]
async fn a_session_that_ran_out_is_renewed_without_the_callers_noticing() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = nas.connected().await;
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

/// On many threads a caller may learn of the end before the link does, or after it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_caller_notices_a_renewal_however_the_threads_fall() {
    for round in 0..20 {
        let nas = Nas::start(RPC[round % RPC.len()]).await;
        let (client, _) = nas.connected().await;
        nas.turn("expired-session", true);
        let (told, mut answers) = tokio::sync::mpsc::channel(40);
        for _ in 0..40 {
            let (client, told) = (client.clone(), told.clone());
            nas.stage.tasks.run("caller", async move { told.send(client.list_pools().await).await.unwrap() });
        }
        for _ in 0..40 {
            assert_eq!(soon(answers.recv()).await.unwrap().unwrap().len(), 2);
        }
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_call_made_while_the_session_is_renewed_waits_for_it() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let (client, mut changes) = nas.connected().await;
        nas.turn("expired-session", true);
        let first = client.list_shares();
        let second = async {
            hear(&mut changes, DISCONNECTED).await;
            client.list_pools().await
        };
        let (first, second) = soon(Box::pin(async { tokio::join!(first, second) })).await;
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
    let (client, mut changes) = nas.connected().await;
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
    let waited = nas.stage.since(before);
    assert!(waited <= Duration::from_secs(70), "{waited:?}");
    assert!(works(&client).await);
    nas.stop().await;
}

#[tokio::test]
async fn a_revoked_key_is_noticed_at_the_next_call_over_rest() {
    let nas = Nas::start(Profile::R24_10).await;
    let (client, mut changes) = nas.connected().await;
    nas.turn("revoked-key", true);
    assert!(matches!(soon(client.list_shares()).await, Err(Error::KeyRefused { .. })));
    hear(&mut changes, DISCONNECTED).await;
    nas.turn("revoked-key", false);
    nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
    assert!(works(&client).await);
    nas.stop().await;
}

#[tokio::test]
async fn a_key_that_dies_while_there_is_no_link_is_told_once() {
    let nas = Nas::start(Profile::R25_10).await;
    let (client, mut changes) = nas.connected().await;
    nas.turn("revoked-key", true);
    nas.turn("idle-cut", true);
    hear(&mut changes, DISCONNECTED).await;
    nas.stage.pass_until(hear(&mut changes, DISCONNECTED)).await;
    assert!(matches!(soon(client.list_shares()).await, Err(Error::KeyRefused { .. })));
    nas.stage.pass(Duration::from_mins(5)).await;
    nas.turn("revoked-key", false);
    let between = nas.stage.pass_until(hear(&mut changes, CONNECTED)).await;
    assert_eq!(between, [], "the same again is no news");
    nas.stop().await;
}
