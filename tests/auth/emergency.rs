//! The break-glass administrator: made at the command line, signs in without the NAS, loudly.

use std::time::Duration;

use farol::auth::{EmergencyForm, Kept, Refused, SignedIn};
use farol::domain::Secret;
use farol::domain::audit::Action;
use farol::domain::caller::Role;
use farol::sim::Profile;
use futures_util::FutureExt as _;
use totp_rs::Builder;

use crate::office::{Office, soon, visitor};

const PASSWORD: &str = "long enough to keep";

fn code_at(office: &Office, secret: &Secret<String>) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.reveal()).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("root").build().unwrap();
    totp.generate(u64::try_from(office.clock.now().as_millis() / 1_000).unwrap()).to_string()
}

/// An office with an administrator, whose first code is used up by proving that codes work.
async fn with_root() -> (Office, Secret<String>) {
    let office = Office::open(Profile::R25_10).await;
    let candidate = office.server.administrators.prepare("root", &Secret::from(PASSWORD)).unwrap();
    let uri = candidate.uri().unwrap();
    assert!(uri.reveal().starts_with("otpauth://totp/") && uri.reveal().contains(candidate.secret().reveal().as_str()));
    let keep = async |code: &str| office.server.administrators.keep(&candidate, &Secret::from(code)).await.unwrap();
    assert_eq!(keep("no").await, Kept::WrongCode);
    let code = code_at(&office, candidate.secret());
    assert_eq!(keep(&code).await, Kept::Created);
    assert_eq!(keep(&code).await, Kept::Exists);
    let secret = candidate.secret().clone();
    (office, secret)
}

async fn enter(office: &Office, username: &str, password: &str, code: &str) -> Result<SignedIn, Refused> {
    let form = EmergencyForm {
        username: username.to_owned(),
        password: Secret::from(password),
        code: Secret::from(code),
        visitor: visitor("10.0.0.9"),
        held: None,
    };
    soon(office.server.emergency.sign_in(form)).await
}

#[tokio::test]
async fn it_works_while_the_nas_is_off_and_is_written_down() {
    let (office, secret) = with_root().await;
    office.turn("refused", true);
    office.hand.advance(Duration::from_secs(30));
    let signed_in = enter(&office, "root", PASSWORD, &code_at(&office, &secret)).await.unwrap();
    assert_eq!(signed_in.session.account.role, Role::Administrator);
    assert!(signed_in.session.account.id.is_local());
    let actions: Vec<Action> = office.deeds().await.into_iter().map(|(action, ..)| action).collect();
    assert_eq!(actions, [Action::BreakGlassSignIn, Action::AdministratorCreated]);
}

#[tokio::test]
async fn a_code_opens_once_and_an_older_one_never_again() {
    let (office, secret) = with_root().await;
    let first = code_at(&office, &secret);
    office.hand.advance(Duration::from_secs(30));
    let second = code_at(&office, &secret);
    assert!(matches!(enter(&office, "root", PASSWORD, &first).await, Err(Refused::WrongCredentials)));
    assert!(enter(&office, "root", PASSWORD, &second).await.is_ok());
    assert!(matches!(enter(&office, "root", PASSWORD, &second).await, Err(Refused::WrongCredentials)));
}

#[tokio::test]
async fn a_wrong_name_password_or_code_is_one_answer_and_all_are_slowed_down() {
    let (office, secret) = with_root().await;
    office.hand.advance(Duration::from_secs(30));
    let code = code_at(&office, &secret);
    for (name, password, code) in
        [("nobody", PASSWORD, &*code), ("root", "wrong", &*code), ("root", PASSWORD, "000000"), ("root", PASSWORD, "x")]
    {
        let said = enter(&office, name, password, code).await;
        assert!(matches!(said, Err(Refused::WrongCredentials)), "{name} {said:?}");
    }
    let refusals = office.deeds().await.into_iter().filter(|(action, ..)| *action == Action::BreakGlassRefused);
    assert_eq!(refusals.count(), 4);
    for _ in 0..2 {
        enter(&office, "root", "wrong", &code).await.unwrap_err();
    }
    assert!(matches!(enter(&office, "root", PASSWORD, &code).await, Err(Refused::Throttled { .. })));
}

#[tokio::test]
async fn a_removed_administrator_is_out_at_once() {
    let (office, secret) = with_root().await;
    office.hand.advance(Duration::from_secs(30));
    let token = enter(&office, "root", PASSWORD, &code_at(&office, &secret)).await.unwrap().token;
    assert!(office.server.administrators.remove("root").await.unwrap());
    assert!(!office.server.administrators.remove("root").await.unwrap());
    assert!(office.server.sessions.find(&token, farol::auth::Use::ByPerson).await.unwrap().is_none());
    assert_eq!(office.server.administrators.list().await.unwrap(), []);
}

/// Signs in three times at once and hangs up. Two were at the hash by then, the third in line.
async fn hang_up(office: &Office, password: &str, code: &str) {
    let working = || office.server.tasks.running().iter().filter(|name| **name == "emergency sign-in").count();
    let mut all = [1, 2, 3].map(|_| Box::pin(enter(office, "root", password, code)));
    while working() < 2 {
        for one in &mut all {
            assert!(one.as_mut().now_or_never().is_none(), "a hash was done at once");
        }
        tokio::task::yield_now().await;
    }
    drop(all);
    assert_eq!(working(), 2);
    let done = async {
        while working() > 0 {
            tokio::task::yield_now().await;
        }
    };
    soon(done).await;
}

#[tokio::test]
async fn a_guess_counts_when_whoever_guessed_hangs_up_and_who_only_stood_in_line_leaves() {
    let (office, secret) = with_root().await;
    office.hand.advance(Duration::from_secs(30));
    hang_up(&office, "wrong", "000000").await;
    let refusals = office.deeds().await.into_iter().filter(|(action, ..)| *action == Action::BreakGlassRefused);
    assert_eq!(refusals.count(), 2);
    let counted = office.server.store.find_ban("account:local\\root").await.unwrap();
    assert_eq!(counted.map(|ban| ban.failures), Some(2));
    assert!(enter(&office, "root", PASSWORD, &code_at(&office, &secret)).await.is_ok());
}

#[tokio::test]
async fn a_session_that_nobody_is_there_to_take_ends_and_the_entry_stays() {
    let (office, secret) = with_root().await;
    office.hand.advance(Duration::from_secs(30));
    hang_up(&office, PASSWORD, &code_at(&office, &secret)).await;
    let signed_in = office.deeds().await.into_iter().filter(|(action, ..)| *action == Action::BreakGlassSignIn);
    assert_eq!(signed_in.count(), 1, "the code opens once");
    assert_eq!(office.server.sessions.list_all().await.unwrap(), []);
}
