//! How much the NAS takes: calls, frames, silence, age.

use std::time::Duration;

use farol::sim::Profile;
use serde_json::json;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::lab::{Heard, lab, password_login};

#[tokio::test]
async fn the_twenty_first_login_within_a_minute_is_refused_even_on_a_new_connection() {
    let lab = lab(Profile::R25_10).await;
    let wrong = || json!([password_login("ana", "wrong")]);
    let mut socket = lab.socket("/api/current").await;
    for _ in 0..20 {
        assert_eq!(socket.result("auth.login_ex", wrong()).await["response_type"], "AUTH_ERR");
    }
    assert_eq!(socket.errno("auth.login_ex", wrong()).await, 16);
    assert_eq!(lab.socket("/api/current").await.errno("auth.login_ex", wrong()).await, 16);
    lab.hand.advance(Duration::from_secs(59));
    assert_eq!(lab.socket("/api/current").await.errno("auth.login_ex", wrong()).await, 16);
    lab.hand.advance(Duration::from_secs(1));
    let login = lab.socket("/api/current").await.result("auth.login_ex", wrong()).await;
    assert_eq!(login["response_type"], "AUTH_ERR");
}

#[tokio::test]
async fn who_is_logged_in_is_not_counted_since_25_04_and_nobody_in_22_12() {
    let new = lab(Profile::R25_10).await;
    let mut socket = new.rpc().await;
    for _ in 0..30 {
        assert_eq!(socket.result("core.ping", json!([])).await, "pong");
    }
    let old = lab(Profile::R22_12).await;
    let mut socket = old.socket("/websocket").await;
    socket.greet().await;
    for _ in 0..30 {
        assert_eq!(socket.result("auth.login", json!(["ana", "wrong"])).await, false);
    }
    let middle = lab(Profile::R24_10).await;
    let mut socket = middle.legacy().await;
    for _ in 0..20 {
        socket.result("auth.login", json!(["ana", "wrong"])).await;
    }
    assert_eq!(socket.errno("auth.login", json!(["ana", "wrong"])).await, 16, "24.10 counts them all the same");
}

#[tokio::test]
async fn ten_calls_run_ten_wait_and_the_next_is_one_too_many() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = lab.rpc().await;
    lab.sim.set_fault("slow", true).unwrap();
    let mut last = 0;
    for _ in 0..21 {
        last = socket.ask("core.ping", json!([])).await;
    }
    let refused = socket.frame().await;
    assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!(last), &json!(-32000)));
    lab.sim.set_fault("slow", false).unwrap();
    lab.hand.advance(Duration::from_secs(5));
    for _ in 0..20 {
        assert_eq!(socket.frame().await["result"], "pong");
    }
}

#[tokio::test]
async fn frames_may_be_longer_after_the_login() {
    let lab = lab(Profile::R25_10).await;
    let call = |length: usize| {
        let frame = |padding: &str| {
            json!({"jsonrpc": "2.0", "id": 1, "method": "system.boot_id", "params": [padding]}).to_string()
        };
        frame(&"x".repeat(length - frame("").len()))
    };
    let mut stranger = lab.socket("/api/current").await;
    stranger.say(call(8_192)).await;
    assert!(stranger.frame().await["result"].is_string());
    stranger.say(call(8_193)).await;
    assert_eq!(stranger.hear().await, Heard::Closed(CloseCode::Invalid));
    let mut known = lab.rpc().await;
    known.say(call(65_536)).await;
    assert!(known.frame().await["result"].is_string());
    known.say(call(65_537)).await;
    assert_eq!(known.hear().await, Heard::Closed(CloseCode::Size));
}

#[tokio::test]
async fn a_minute_of_silence_is_cut_and_any_answer_starts_it_anew() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = lab.rpc().await;
    lab.hand.advance(Duration::from_secs(59));
    assert_eq!(socket.result("core.ping", json!([])).await, "pong");
    lab.hand.advance(Duration::from_secs(59));
    assert_eq!(socket.result("core.ping", json!([])).await, "pong");
    lab.hand.advance(Duration::from_mins(1));
    assert_eq!(socket.hear().await, Heard::Cut);
}

#[tokio::test]
async fn silence_may_last_an_hour_in_26() {
    let lab = lab(Profile::R26).await;
    let mut socket = lab.rpc().await;
    lab.hand.advance(Duration::from_secs(3_599));
    assert_eq!(socket.result("core.ping", json!([])).await, "pong");
    lab.hand.advance(Duration::from_hours(1));
    assert_eq!(socket.hear().await, Heard::Cut);
}

#[tokio::test]
async fn a_login_lasts_thirty_days_and_its_end_is_found_by_the_next_call() {
    let lab = lab(Profile::R26).await;
    let mut socket = lab.rpc().await;
    for _ in 0..30 * 24 {
        assert!(socket.result("pool.query", json!([])).await.is_array());
        lab.hand.advance(Duration::from_mins(59));
        assert!(socket.result("core.ping", json!([])).await.is_string());
        lab.hand.advance(Duration::from_mins(1));
    }
    assert_eq!(socket.errno("pool.query", json!([])).await, 207);
}
