//! Who gets in, by release, with password, code or key; and what a key may call.

use farol::sim::Profile;
use serde_json::{Value, json};

use crate::lab::{Lab, Socket, key_login, lab, password_login};

async fn response_type(socket: &mut Socket, login: Value) -> Value {
    socket.result("auth.login_ex", json!([login])).await["response_type"].clone()
}

#[tokio::test]
async fn checking_a_password_up_to_24_10_answers_a_bare_yes_or_no() {
    for release in [Profile::R22_12, Profile::R24_10, Profile::Spec] {
        let lab = lab(release).await;
        let people = [("ana", "demo-ana", true), ("ana", "wrong", false), ("elisa", "demo-elisa", false)];
        for (username, password, right) in
            people.into_iter().chain([("nobody", "x", false), ("fabio", "demo-fabio", true)])
        {
            let body = json!({"username": username, "password": password});
            for path in ["/auth/check_password", "/auth/check_user"] {
                assert_eq!(lab.rest("POST", path, body.clone()).await.json(), right, "{release} {username} {path}");
            }
        }
        lab.sim.set_fault("sign-in-withdrawn", true).unwrap();
        let body = json!({"username": "ana", "password": "demo-ana"});
        assert_eq!(lab.rest("POST", "/auth/check_password", body).await.json(), false, "{release}: no privilege");
    }
}

#[tokio::test]
async fn the_customers_address_for_checking_a_password_exists_in_spec_only() {
    let body = json!({"username": "ana", "password": "demo-ana"});
    let spec = lab(Profile::Spec).await;
    assert_eq!(spec.rest("POST", "/user/check_password", body.clone()).await.json(), json!({"valid": true}));
    let real = lab(Profile::R24_10).await;
    assert_eq!(real.rest("POST", "/user/check_password", body).await.status, 404);
}

#[tokio::test]
async fn a_password_without_privilege_is_refused_and_26_says_denied() {
    for (release, refusal) in [(Profile::R25_04, "AUTH_ERR"), (Profile::R25_10, "AUTH_ERR"), (Profile::R26, "DENIED")] {
        let lab = lab(release).await;
        let mut socket = lab.rpc().await;
        assert_eq!(response_type(&mut socket, password_login("davi", "demo-davi")).await, "SUCCESS", "{release}");
        assert_eq!(response_type(&mut socket, password_login("davi", "wrong")).await, "AUTH_ERR", "{release}");
        assert_eq!(response_type(&mut socket, password_login("elisa", "demo-elisa")).await, "AUTH_ERR", "{release}");
        lab.sim.set_fault("sign-in-withdrawn", true).unwrap();
        assert_eq!(response_type(&mut socket, password_login("davi", "demo-davi")).await, refusal, "{release}");
        lab.sim.set_fault("sign-in-withdrawn", false).unwrap();
        assert_eq!(response_type(&mut socket, password_login("davi", "demo-davi")).await, "SUCCESS", "{release}");
    }
}

#[tokio::test]
async fn a_password_past_its_age_is_expired_and_still_has_to_be_right() {
    for release in [Profile::R25_04, Profile::R25_10, Profile::R26] {
        let lab = lab(release).await;
        lab.sim.set_fault("password-expired", true).unwrap();
        let mut socket = lab.rpc().await;
        assert_eq!(response_type(&mut socket, password_login("ana", "demo-ana")).await, "EXPIRED", "{release}");
        assert_eq!(response_type(&mut socket, password_login("ana", "wrong")).await, "AUTH_ERR", "{release}");
        assert_eq!(response_type(&mut socket, password_login("bruno", "demo-bruno")).await, "SUCCESS", "{release}");
        lab.sim.set_fault("password-expired", false).unwrap();
        assert_eq!(response_type(&mut socket, password_login("ana", "demo-ana")).await, "SUCCESS", "{release}");
    }
}

#[tokio::test]
async fn a_second_factor_is_asked_for_on_the_same_connection() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = lab.rpc().await;
    for (code, outcome) in [("000000", "AUTH_ERR"), ("123456", "SUCCESS")] {
        let asked = socket.result("auth.login_ex", json!([password_login("fabio", "demo-fabio")])).await;
        assert_eq!((&asked["response_type"], &asked["username"]), (&json!("OTP_REQUIRED"), &json!("fabio")));
        let code = json!([{"mechanism": "OTP_TOKEN", "otp_token": code}]);
        assert_eq!(socket.result("auth.login_ex_continue", code).await["response_type"], outcome);
    }
    assert_eq!(socket.result("auth.me", json!([])).await["pw_name"], "fabio");
    assert_eq!(socket.errno("user.query", json!([])).await, 13);
}

#[tokio::test]
async fn logging_in_replaces_who_the_connection_is() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = lab.rpc().await;
    assert!(socket.result("pool.query", json!([])).await.is_array());
    response_type(&mut socket, password_login("ana", "demo-ana")).await;
    assert_eq!(socket.errno("pool.query", json!([])).await, 13);
}

#[tokio::test]
async fn a_key_calls_what_its_roles_allow() {
    for release in [Profile::R25_04, Profile::R25_10, Profile::R26] {
        let lab = lab(release).await;
        let mut socket = lab.socket("/api/current").await;
        let login = key_login("svc-limited", &lab.sim.limited_key());
        assert_eq!(response_type(&mut socket, login).await, "SUCCESS");
        assert!(socket.result("sharing.smb.query", json!([])).await.is_array());
        for method in ["filesystem.getacl", "alert.list", "system.info", "pool.query"] {
            assert_eq!(socket.errno(method, json!(["/mnt/tank"])).await, 13, "{release} {method}");
        }
        assert_eq!(socket.errno("core.subscribe", json!(["alert.list"])).await, 13);
    }
    let lab = lab(Profile::R24_10).await;
    let status = |path: &'static str| {
        let (lab, key) = (&lab, lab.sim.limited_key());
        async move { lab.rest_as(&key, "GET", path, Value::Null).await.status }
    };
    assert_eq!((status("/sharing/smb").await, status("/alert/list").await), (200, 403));
}

#[tokio::test]
async fn a_key_sent_in_the_clear_is_revoked_for_good_since_25_04() {
    for release in [Profile::R25_04, Profile::R25_10, Profile::R26] {
        let lab = lab(release).await;
        let login = || key_login("svc-farol", &lab.sim.api_key());
        let mut open = lab.rpc().await;
        assert_eq!(response_type(&mut lab.plain_socket("/api/current").await, login()).await, "EXPIRED");
        assert_eq!(response_type(&mut lab.socket("/api/current").await, login()).await, "EXPIRED");
        let alerts = open.result("alert.list", json!([])).await;
        assert!(alerts.to_string().contains("ApiKeyRevoked"), "an open session lives on: {alerts}");
    }
    let lab = lab(Profile::R24_10).await;
    let mut plain = lab.plain_socket("/websocket").await;
    plain.greet().await;
    for _ in 0..2 {
        assert_eq!(plain.result("auth.login_with_api_key", json!([lab.sim.api_key()])).await, true);
    }
}

#[tokio::test]
async fn a_dead_key_is_refused_in_the_way_of_each_release() {
    for (release, status) in
        [(Profile::R22_12, 401), (Profile::R24_10, 401), (Profile::R25_04, 500), (Profile::R25_10, 500)]
    {
        let lab = lab(release).await;
        lab.sim.set_fault("revoked-key", true).unwrap();
        let page = lab.rest_as(&lab.sim.full_admin_key(), "GET", "/pool", Value::Null).await;
        assert_eq!(page.status, status, "{release}");
        lab.sim.set_fault("revoked-key", false).unwrap();
        assert_eq!(lab.rest_as(&lab.sim.full_admin_key(), "GET", "/pool", Value::Null).await.status, 200, "{release}");
        assert_eq!(lab.visit("/api/v2.0/pool").await.status, 401, "{release}");
    }
}

async fn ping_before_login(lab: &Lab) -> Value {
    lab.socket("/api/current").await.call("core.ping", json!([])).await
}

#[tokio::test]
async fn ping_needs_a_session_up_to_25_04() {
    assert_eq!(ping_before_login(&lab(Profile::R25_04).await).await["error"]["data"]["error"], 207);
    assert_eq!(ping_before_login(&lab(Profile::R25_10).await).await["result"], "pong");
}

#[tokio::test]
async fn a_standby_controller_points_to_the_other_one() {
    let lab = lab(Profile::R25_10).await;
    lab.sim.set_fault("standby-redirect", true).unwrap();
    let login = key_login("svc-farol", &lab.sim.api_key());
    lab.sim.world().other_controller = "https://10.0.0.7".to_owned();
    let answer = lab.socket("/api/current").await.result("auth.login_ex", json!([login])).await;
    assert_eq!((&answer["response_type"], &answer["urls"]), (&json!("REDIRECT"), &json!(["https://10.0.0.7"])));
}
