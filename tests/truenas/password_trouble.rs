//! Trouble while a password is checked is no answer to it, and nothing that was typed is ever told.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use farol::domain::Secret;
use farol::sim::Profile;
use farol::truenas::{Error, PasswordVerdict, Trust};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt as _};

use crate::fake::{self, Fake};
use crate::nas::{Nas, ROADS, RPC, Stage, soon};
use crate::passwords::{answer, check, code_of_fabio, says, word};

/// Lets everybody in but fabio: for that name it does what `fabio` says, with what was asked so far.
async fn acting(stage: &Stage, fabio: impl Fn(&str, usize) -> Value + Send + Sync + 'static) -> Fake {
    let passwords = Mutex::new(0);
    let ears = move |asked: &Value| {
        let method = asked["method"].as_str().unwrap();
        if asked["params"][0]["username"] == "fabio" || method == "auth.login_ex_continue" {
            let mut passwords = passwords.lock().unwrap();
            *passwords += 1;
            return fabio(method, *passwords);
        }
        fake::welcoming(method)
    };
    Fake::listening(&stage.tasks, fake::modern, Arc::new(ears)).await
}

fn said(response_type: &str) -> Value {
    json!({"result": {"response_type": response_type}})
}

#[tokio::test]
async fn a_wrong_code_may_be_tried_again_when_the_nas_asks_again() {
    let stage = Stage::new();
    let fake = acting(&stage, |_, asked| said(["OTP_REQUIRED", "OTP_REQUIRED", "SUCCESS"][asked - 1])).await;
    let owed = code_of_fabio(&stage.passwords(fake.settings())).await;
    let Ok(PasswordVerdict::SecondFactor(owed)) = soon(owed.answer(&Secret::from("000000"))).await else {
        panic!("no second try")
    };
    let Ok(PasswordVerdict::SecondFactor(owed)) = soon(owed.answer(&Secret::from(""))).await else {
        panic!("an empty code was sent")
    };
    assert_eq!(answer(owed, "123456").await, "accepted");
    stage.stop().await;
}

#[tokio::test]
async fn nothing_but_a_clear_yes_accepts_and_no_word_of_the_nas_is_repeated() {
    for strange in [
        said("SUCCESSFUL"),
        said("SCRAM_RESPONSE"),
        json!({"result": true}),
        json!({"result": null}),
        json!({"error": {"code": -32001, "data": {"error": 14, "reason": "demo-fabio"}}}),
        json!({"error": {"code": -32602, "data": {"error": 22, "reason": "demo-fabio", "extra": [["x", "demo-fabio", 22]]}}}),
        json!({"result": {"response_type": "demo-fabio"}}),
    ] {
        let stage = Stage::new();
        let told = strange.clone();
        let fake = acting(&stage, move |_, _| told.clone()).await;
        let error = check(&stage.passwords(fake.settings()), "fabio", "demo-fabio").await.expect_err("no yes");
        assert!(!format!("{error} {error:?}").contains("demo-fabio"), "{strange}: {error:?}");
        stage.stop().await;
    }
}

#[tokio::test]
async fn a_password_is_never_sent_twice_when_its_answer_is_lost() {
    let stage = Stage::new();
    let fake = acting(&stage, |_, _| Value::Null).await;
    let passwords = stage.passwords(fake.settings());
    let lost = stage.pass_until(passwords.check("fabio", &Secret::from("demo-fabio"))).await;
    assert!(matches!(lost, Err(Error::TimedOut(limit)) if limit == Duration::from_secs(30)), "{lost:?}");
    assert_eq!(fake.count("auth.login_ex"), 2, "the key and one password");
    assert_eq!(says(&passwords, "ana", "demo-ana").await, "accepted", "the next one is served");
    stage.stop().await;
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let passwords = nas.passwords();
        assert_eq!(says(&passwords, "bruno", "demo-bruno").await, "accepted", "{profile}");
        soon(passwords.reach()).await.unwrap();
        nas.turn("mid-frame-drop", true);
        assert!(matches!(check(&passwords, "ana", "demo-ana").await, Err(Error::Disconnected(_))), "{profile}");
        assert_eq!(says(&passwords, "ana", "demo-ana").await, "accepted", "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn trouble_is_an_error_of_its_own_and_passes() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let passwords = nas.passwords();
        soon(passwords.reach()).await.unwrap();
        for (fault, expected) in
            [("power-off", "the NAS cannot be reached"), ("502", "the NAS is not ready (HTTP 502)")]
        {
            nas.turn(fault, true);
            // A connection may only now be noticed to be gone.
            let _ = check(&passwords, "ana", "demo-ana").await;
            nas.stage.pass(Duration::from_secs(15)).await;
            assert_eq!(says(&passwords, "ana", "demo-ana").await, expected, "{profile} {fault}");
            nas.turn(fault, false);
            nas.stage.pass(Duration::from_secs(15)).await;
            assert_eq!(says(&passwords, "ana", "demo-ana").await, "accepted", "{profile} {fault}");
        }
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_dead_service_key_is_told_as_such_and_rarely_tried() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        nas.turn("revoked-key", true);
        let passwords = nas.passwords();
        assert!(matches!(check(&passwords, "ana", "demo-ana").await, Err(Error::KeyRefused { .. })), "{profile}");
        nas.turn("revoked-key", false);
        assert!(matches!(check(&passwords, "ana", "demo-ana").await, Err(Error::KeyRefused { .. })), "{profile}");
        nas.stage.pass(Duration::from_secs(61)).await;
        assert_eq!(says(&passwords, "ana", "demo-ana").await, "accepted", "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_key_that_dies_between_two_people_does_not_take_the_first_ones_yes_away() {
    let nas = Nas::start(Profile::R25_10).await;
    let passwords = nas.passwords();
    soon(passwords.reach()).await.unwrap();
    nas.turn("revoked-key", true);
    assert_eq!(says(&passwords, "ana", "demo-ana").await, "accepted");
    assert!(matches!(check(&passwords, "bruno", "demo-bruno").await, Err(Error::KeyRefused { .. })));
    nas.stop().await;
}

#[tokio::test]
async fn the_limit_of_the_nas_is_told_as_such() {
    let nas = Nas::start(Profile::R25_10).await;
    nas.turn("rate-limited", true);
    assert!(matches!(check(&nas.passwords(), "ana", "demo-ana").await, Err(Error::RateLimited)));
    let busy = json!({"error": {"code": -32001, "data": {"error": 16, "reason": "[EBUSY] Rate Limit Exceeded"}}});
    let fake = acting(&nas.stage, move |_, _| busy.clone()).await;
    let at_the_password = check(&nas.stage.passwords(fake.settings()), "fabio", "demo-fabio").await;
    assert!(matches!(at_the_password, Err(Error::RateLimited)), "{at_the_password:?}");
    nas.stop().await;
}

/// Each costs one of the sign-ins the NAS counts.
fn opened(fake: &Fake) -> usize {
    fake.count("/api/current")
}

#[tokio::test]
async fn our_own_share_of_sign_ins_is_kept_and_one_is_spared_for_the_shared_connection() {
    let stage = Stage::new();
    let fake = acting(&stage, |method, _| match method {
        "auth.login_ex" => said("OTP_REQUIRED"),
        _ => said("SUCCESS"),
    })
    .await;
    let passwords = stage.passwords(fake.settings());
    let mut owed = Vec::new();
    for _ in 0..30 {
        owed.push(code_of_fabio(&passwords).await);
    }
    soon(passwords.reach()).await.unwrap();
    assert_eq!(opened(&fake), 13);
    for code in owed {
        assert_eq!(answer(code, "123456").await, "accepted");
    }
    assert_eq!(opened(&fake), 13);
    stage.stop().await;
}

#[tokio::test]
async fn who_comes_when_our_share_is_used_up_waits_instead_of_failing() {
    let nas = Nas::start(Profile::R25_10).await;
    let passwords = nas.passwords();
    for _ in 0..14 {
        soon(passwords.reach()).await.unwrap();
        nas.turn("idle-cut", true);
    }
    let before = nas.stage.clock.uptime();
    let hasty = nas.stage.clock.timeout(Duration::from_secs(5), passwords.reach());
    assert!(nas.stage.pass_until(Box::pin(hasty)).await.is_err());
    let password = Secret::from("demo-ana");
    assert_eq!(word(nas.stage.pass_until(passwords.check("ana", &password)).await), "accepted");
    let waited = nas.stage.since(before);
    assert!((60..65).contains(&waited.as_secs()), "{waited:?}");
    assert_eq!(says(&passwords, "bruno", "demo-bruno").await, "accepted");
    nas.stop().await;
}

#[tokio::test]
async fn the_other_controller_is_followed_under_the_same_trust_only() {
    let (standby, active) = (Nas::start(Profile::R25_10).await, Nas::start(Profile::R25_10).await);
    standby.turn("standby-redirect", true);
    standby.sim.world().other_controller = active.sim.url();
    // Its certificate is another one than the pinned.
    let pinned = standby.passwords();
    assert!(matches!(check(&pinned, "ana", "demo-ana").await, Err(Error::WrongCertificate { .. })));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), [standby.sim.certificate_pem(), active.sim.certificate_pem()].concat()).unwrap();
    let mut settings = standby.settings();
    settings.trust = Trust::Authority(file.path().to_owned());
    assert_eq!(says(&standby.stage.passwords(settings.clone()), "ana", "demo-ana").await, "accepted");
    standby.sim.world().other_controller = active.sim.plain_url().unwrap();
    let plain = check(&standby.stage.passwords(settings), "ana", "demo-ana").await;
    assert!(matches!(plain, Err(Error::Standby { .. })), "{plain:?}");
    active.stop().await;
    standby.stop().await;
}

#[tokio::test]
async fn a_controller_that_steps_back_at_the_password_did_not_judge_it() {
    let (stage, here) = (Stage::new(), Arc::new(OnceLock::<String>::new()));
    let url = Arc::clone(&here);
    let fake = acting(&stage, move |_, asked| match asked {
        1 => json!({"result": {"response_type": "REDIRECT", "urls": [url.get().unwrap()]}}),
        _ => said("SUCCESS"),
    })
    .await;
    here.set(fake.url.clone()).unwrap();
    assert_eq!(says(&stage.passwords(fake.settings()), "fabio", "demo-fabio").await, "accepted");
    stage.stop().await;
}

/// Remembers who was asked about, and keeps silent about the one called silent.
async fn minuting(stage: &Stage) -> (Fake, Arc<Mutex<Vec<String>>>) {
    let minutes = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&minutes);
    let ears = move |asked: &Value| {
        let login = &asked["params"][0];
        if login["mechanism"] == "PASSWORD_PLAIN" {
            let name = login["username"].as_str().unwrap();
            written.lock().unwrap().push(name.to_owned());
            if name == "silent" {
                return Value::Null;
            }
        }
        fake::welcoming(asked["method"].as_str().unwrap())
    };
    (Fake::listening(&stage.tasks, fake::modern, Arc::new(ears)).await, minutes)
}

#[tokio::test]
async fn people_are_asked_about_one_by_one_in_the_order_they_came() {
    let stage = Stage::new();
    let (fake, minutes) = minuting(&stage).await;
    let passwords = stage.passwords(fake.settings());
    let names: Vec<String> = (0..100).map(|number| format!("person{number}")).collect();
    for said in join_all(names.iter().map(|name| says(&passwords, name, "x"))).await {
        assert_eq!(said, "accepted");
    }
    assert_eq!(*minutes.lock().unwrap(), names);
    stage.stop().await;
}

#[tokio::test]
async fn whoever_gives_up_before_the_turn_is_not_asked_about() {
    let stage = Stage::new();
    let (fake, minutes) = minuting(&stage).await;
    let passwords = stage.passwords(fake.settings());
    let password = Secret::from("x");
    let first = async { word(passwords.check("silent", &password).await) };
    let gives_up = stage.clock.timeout(Duration::from_secs(5), passwords.check("hasty", &password));
    let last = async { word(passwords.check("patient", &password).await) };
    let (first, hasty, last) = stage.pass_until(Box::pin(async { tokio::join!(first, gives_up, last) })).await;
    assert_eq!((first.as_str(), last.as_str()), ("the NAS did not answer within 30 s", "accepted"));
    assert!(hasty.is_err());
    assert_eq!(*minutes.lock().unwrap(), ["silent", "patient"]);
    stage.stop().await;
}

#[tokio::test]
async fn an_idle_connection_is_kept_for_a_while_and_opened_again_when_needed() {
    let stage = Stage::new();
    let (fake, minutes) = minuting(&stage).await;
    let passwords = stage.passwords(fake.settings());
    for (idle, keys) in [(0, 1), (8, 1), (11, 2)] {
        stage.pass(Duration::from_mins(idle)).await;
        soon(passwords.reach()).await.unwrap();
        assert_eq!(fake.count("auth.login_ex") - minutes.lock().unwrap().len(), keys, "after {idle} minutes");
    }
    stage.stop().await;
}

#[tokio::test]
async fn a_connection_that_ended_unnoticed_is_no_trouble() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let passwords = nas.passwords();
        for fault in ["expired-session", "idle-cut", "oversized-frame-close"] {
            soon(passwords.reach()).await.unwrap();
            nas.turn(fault, true);
            assert!(soon(passwords.reach()).await.is_ok(), "{profile} {fault}");
            assert_eq!(says(&passwords, "ana", "demo-ana").await, "accepted", "{profile} {fault}");
        }
        nas.stop().await;
    }
}

/// An old release with only one of the two addresses, or with neither.
fn old_with(path: &str, address: &str) -> (u16, Option<String>, Value) {
    match path {
        "/api/versions" => (302, Some("/ui/".to_owned()), Value::Null),
        "/api/v2.0/system/state" => (200, None, json!("READY")),
        path if path == address => {
            (200, None, if path.contains("/user/") { json!({"valid": true}) } else { json!(true) })
        }
        _ => (404, None, Value::Null),
    }
}

#[tokio::test]
async fn the_address_this_nas_has_is_found_once_and_kept() {
    const SPECIFIED: &str = "/api/v2.0/user/check_password";
    const REAL: &str = "/api/v2.0/auth/check_password";
    let stage = Stage::new();
    let cases: [(fake::Pages, usize, usize); 2] =
        [(|path| old_with(path, SPECIFIED), 3, 0), (|path| old_with(path, REAL), 1, 3)];
    for (pages, specified, real) in cases {
        let fake = Fake::start(&stage.tasks, pages, fake::welcoming).await;
        let passwords = stage.passwords(fake.settings());
        for _ in 0..3 {
            assert_eq!(says(&passwords, "ana", "demo-ana").await, "accepted");
        }
        assert_eq!((fake.count(SPECIFIED), fake.count(REAL)), (specified, real));
    }
    let fake = Fake::start(&stage.tasks, |path| old_with(path, ""), fake::welcoming).await;
    assert!(matches!(check(&stage.passwords(fake.settings()), "ana", "demo-ana").await, Err(Error::Protocol { .. })));
    // An answer that cannot be read may have judged the password.
    let garbling = |path: &str| if path == SPECIFIED { (200, None, json!("demo")) } else { old_with(path, REAL) };
    let fake = Fake::start(&stage.tasks, garbling, fake::welcoming).await;
    assert!(matches!(check(&stage.passwords(fake.settings()), "ana", "demo-ana").await, Err(Error::Protocol { .. })));
    assert_eq!(fake.count(REAL), 0);
    stage.stop().await;
}

/// Everything that is logged, at every level.
#[derive(Clone, Default)]
struct Ledger(Arc<Mutex<String>>);

impl Visit for Ledger {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Ledger {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        event.record(&mut self.clone());
    }
}

#[tokio::test]
async fn no_password_and_no_code_is_ever_logged() {
    const CANARY: &str = "kanarienvogel";
    let ledger = Ledger::default();
    let _logging = tracing::subscriber::set_default(tracing_subscriber::registry().with(ledger.clone()));
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let passwords = nas.passwords();
        let mut told = format!("{passwords:?}");
        for fault in ["malformed-reply", "mid-frame-drop", "revoked-key", "standby-redirect", "power-off"] {
            told.push_str(&says(&passwords, "ana", CANARY).await);
            nas.turn(fault, true);
            write!(told, "{:?}", check(&passwords, "ana", CANARY).await).unwrap();
            nas.turn(fault, false);
            nas.stage.pass(Duration::from_secs(61)).await;
        }
        if RPC.contains(&profile) {
            write!(told, "{:?}", soon(code_of_fabio(&passwords).await.answer(&Secret::from(CANARY))).await).unwrap();
        }
        assert!(!told.contains(CANARY), "{profile}");
        nas.stop().await;
    }
    let logged = ledger.0.lock().unwrap();
    assert!(logged.contains("message="), "nothing was logged");
    assert!(!logged.contains(CANARY));
}
