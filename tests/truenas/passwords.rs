<<<<<<< HEAD
//! The password of an employee, checked on every release: what each answer means, and that trouble is no answer.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, OnceLock};
=======
//! The password of an employee, checked on every release: what each answer means.

>>>>>>> 7e658db3198d3c59f9bab1978c2b7d82ec1dd467
use std::time::Duration;

use farol::domain::Secret;
use farol::runtime::{Clock, Random};
use farol::sim::Profile;
<<<<<<< HEAD
use farol::truenas::{Error, PasswordVerdict, Passwords, SecondFactor, Settings, Trust};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt as _};

use crate::fake::{self, Fake};
use crate::nas::{Nas, REST, ROADS, RPC, Stage, soon};

impl Stage {
    fn passwords(&self, settings: Settings) -> Passwords {
=======
use farol::truenas::{Error, PasswordVerdict, Passwords, SecondFactor, Settings};
use futures_util::future::join_all;

use crate::nas::{Nas, REST, RPC, Stage, soon};

impl Stage {
    pub fn passwords(&self, settings: Settings) -> Passwords {
>>>>>>> 7e658db3198d3c59f9bab1978c2b7d82ec1dd467
        Passwords::start(settings, &self.clock, &Random::seeded(1), &self.tasks).unwrap()
    }
}

impl Nas {
<<<<<<< HEAD
    fn passwords(&self) -> Passwords {
=======
    pub fn passwords(&self) -> Passwords {
>>>>>>> 7e658db3198d3c59f9bab1978c2b7d82ec1dd467
        self.stage.passwords(self.settings())
    }
}

<<<<<<< HEAD
async fn check(passwords: &Passwords, username: &str, password: &str) -> Result<PasswordVerdict, Error> {
=======
pub async fn check(passwords: &Passwords, username: &str, password: &str) -> Result<PasswordVerdict, Error> {
>>>>>>> 7e658db3198d3c59f9bab1978c2b7d82ec1dd467
    soon(passwords.check(username, &Secret::from(password))).await
}

/// The verdict in a word, so that a whole list of them compares.
<<<<<<< HEAD
fn word(outcome: Result<PasswordVerdict, Error>) -> String {
=======
pub fn word(outcome: Result<PasswordVerdict, Error>) -> String {
>>>>>>> 7e658db3198d3c59f9bab1978c2b7d82ec1dd467
    match outcome {
        Ok(PasswordVerdict::Accepted) => "accepted".to_owned(),
        Ok(PasswordVerdict::Refused) => "refused".to_owned(),
        Ok(PasswordVerdict::Expired) => "expired".to_owned(),
        Ok(PasswordVerdict::SecondFactor(_)) => "code".to_owned(),
        Ok(PasswordVerdict::Withheld) => "withheld".to_owned(),
        Err(error) => error.to_string(),
    }
}

<<<<<<< HEAD
async fn says(passwords: &Passwords, username: &str, password: &str) -> String {
    word(check(passwords, username, password).await)
}

async fn code_of_fabio(passwords: &Passwords) -> SecondFactor {
=======
pub async fn says(passwords: &Passwords, username: &str, password: &str) -> String {
    word(check(passwords, username, password).await)
}

pub async fn code_of_fabio(passwords: &Passwords) -> SecondFactor {
>>>>>>> 7e658db3198d3c59f9bab1978c2b7d82ec1dd467
    let said = check(passwords, "fabio", "demo-fabio").await;
    let Ok(PasswordVerdict::SecondFactor(owed)) = said else { panic!("no code was asked for: {said:?}") };
    owed
}

<<<<<<< HEAD
async fn answer(owed: SecondFactor, code: &str) -> String {
=======
pub async fn answer(owed: SecondFactor, code: &str) -> String {
>>>>>>> 7e658db3198d3c59f9bab1978c2b7d82ec1dd467
    word(soon(owed.answer(&Secret::from(code))).await)
}

#[tokio::test]
async fn right_wrong_unknown_and_locked_are_told_apart_from_trouble_on_every_release() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let passwords = nas.passwords();
        for (username, password, expected) in [
            ("ana", "demo-ana", "accepted"),
            ("ana", "wrong", "refused"),
            ("bruno", "demo-bruno", "accepted"),
            ("nobody", "demo-ana", "refused"),
            ("elisa", "demo-elisa", "refused"),
            ("svc-farol", "demo", "refused"),
            ("", "demo-ana", "refused"),
            ("ana", "", "refused"),
            ("ana\"}],\"x\":[{\"", "a\"\\\u{0}\u{2028}ç𝄞", "refused"),
            ("ana", "demo-ana", "accepted"),
        ] {
            assert_eq!(says(&passwords, username, password).await, expected, "{profile} {username}");
        }
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_password_past_its_age_is_expired_where_the_nas_knows_ages() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        nas.turn("password-expired", true);
        let passwords = nas.passwords();
        assert_eq!(says(&passwords, "ana", "demo-ana").await, "expired", "{profile}");
        assert_eq!(says(&passwords, "ana", "wrong").await, "refused", "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn without_the_privilege_nobody_is_accepted_and_26_does_not_say_why() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        nas.turn("sign-in-withdrawn", true);
        let passwords = nas.passwords();
        let expected = if profile == Profile::R26 { "withheld" } else { "refused" };
        assert_eq!(says(&passwords, "davi", "demo-davi").await, expected, "{profile}");
        nas.turn("sign-in-withdrawn", false);
        assert_eq!(says(&passwords, "davi", "demo-davi").await, "accepted", "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn names_and_passwords_longer_than_any_are_refused_without_asking() {
    let nas = Nas::start(Profile::R25_10).await;
    nas.turn("refused", true);
    let passwords = nas.passwords();
    let long = |length| "a".repeat(length);
    assert_eq!(says(&passwords, &long(257), "x").await, "refused");
    assert_eq!(says(&passwords, "ana", &long(1_025)).await, "refused");
    assert_eq!(says(&passwords, "", "").await, "refused");
    assert!(matches!(check(&passwords, &long(256), &long(1_024)).await, Err(Error::Unreachable(_))));
    nas.stop().await;
}

#[tokio::test]
async fn sixty_people_at_once_are_served_within_ten_seconds_and_no_limit_is_met() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let passwords = nas.passwords();
        let clock = Clock::real();
        let people = ["ana", "bruno", "carla", "davi", "elisa"];
        let checks = (0..60).map(|number| {
            let (name, passwords) = (people[number % people.len()], &passwords);
            async move {
                soon(passwords.reach()).await.unwrap();
                (name, says(passwords, name, &format!("demo-{name}")).await)
            }
        });
        for (name, said) in join_all(checks).await {
            assert_eq!(said, if name == "elisa" { "refused" } else { "accepted" }, "{profile} {name}");
        }
        assert!(clock.uptime() < Duration::from_secs(10), "{profile}: {:?}", clock.uptime());
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_code_is_answered_on_a_connection_of_its_own_while_others_sign_in() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let passwords = nas.passwords();
        let (first, second) = (code_of_fabio(&passwords).await, code_of_fabio(&passwords).await);
        assert_eq!(says(&passwords, "ana", "demo-ana").await, "accepted", "{profile}");
        assert_eq!(answer(first, "000000").await, "refused", "{profile}");
        // Longer than the proxy keeps a silent connection.
        nas.stage.pass(Duration::from_secs(150)).await;
        assert_eq!(answer(second, "123456").await, "accepted", "{profile}");
        assert_eq!(says(&passwords, "bruno", "demo-bruno").await, "accepted", "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn releases_before_json_rpc_ask_for_no_code() {
    for profile in REST {
        let nas = Nas::start(profile).await;
        assert_eq!(says(&nas.passwords(), "fabio", "demo-fabio").await, "accepted", "{profile}");
        nas.stop().await;
    }
}

fn parked(nas: &Nas) -> usize {
    nas.stage.tasks.running().iter().filter(|name| **name == "truenas-second-factor").count()
}

#[tokio::test]
async fn an_abandoned_or_late_code_leaves_nothing_behind() {
    let nas = Nas::start(Profile::R25_10).await;
    let passwords = nas.passwords();
    drop(code_of_fabio(&passwords).await);
    nas.stage
        .settle(async {
            while parked(&nas) > 0 {
                tokio::task::yield_now().await;
            }
        })
        .await;
    assert_eq!(parked(&nas), 0, "abandoned");
    let late = code_of_fabio(&passwords).await;
    assert_eq!(parked(&nas), 1);
    nas.stage.pass(Duration::from_secs(185)).await;
    assert_eq!(parked(&nas), 0, "late");
    assert!(matches!(soon(late.answer(&Secret::from("123456"))).await, Err(Error::SessionEnded)));
    nas.stop().await;
}

#[tokio::test]
async fn only_so_many_codes_are_waited_for_and_nobody_else_suffers() {
    let nas = Nas::start(Profile::R25_10).await;
    let passwords = nas.passwords();
    let mut owed = Vec::new();
    for _ in 0..12 {
        owed.push(code_of_fabio(&passwords).await);
    }
    assert!(matches!(check(&passwords, "fabio", "demo-fabio").await, Err(Error::Busy)));
    assert_eq!(says(&passwords, "ana", "demo-ana").await, "accepted");
    assert_eq!(answer(owed.remove(0), "123456").await, "accepted");
    owed.push(code_of_fabio(&passwords).await);
    nas.stop().await;
}
<<<<<<< HEAD

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
    nas.stop().await;
}

#[tokio::test]
async fn our_own_share_of_sign_ins_is_kept() {
    let nas = Nas::start(Profile::R25_10).await;
    let passwords = nas.passwords();
    let mut opened = 0;
    while soon(passwords.reach()).await.is_ok() {
        opened += 1;
        drop(code_of_fabio(&passwords).await);
        assert!(opened < 20, "no end");
    }
    assert_eq!(opened, 14);
    nas.stage.pass(Duration::from_secs(75)).await;
    assert_eq!(says(&passwords, "ana", "demo-ana").await, "accepted");
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
=======
>>>>>>> 7e658db3198d3c59f9bab1978c2b7d82ec1dd467
