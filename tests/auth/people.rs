//! Every person of the demo, on every release; what the steps look like; second factors; sixty at once.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use farol::auth::{Entered, Proofs, Prove, Refused, Use, Verdict};
use farol::domain::Secret;
use farol::domain::audit::Action;
use farol::domain::caller::AccountId;
use farol::domain::share::Proof;
use farol::domain::signin::{AttemptId, Outcome, Progress, Step};
use farol::runtime::Clock;
use farol::sim::Profile;
use futures_util::future::join_all;

use crate::office::{Office, form, soon, word};

const WRONG: &str = "the name or the password is wrong";

#[tokio::test]
async fn everybody_of_the_demo_gets_what_the_list_says_on_every_release() {
    for profile in Profile::ALL {
        let office = Office::open(profile).await;
        let knows_codes = [Profile::R25_04, Profile::R25_10, Profile::R26].contains(&profile);
        for (name, password, expected) in [
            ("ana", "demo-ana", "ana employee"),
            ("  bruno ", "demo-bruno", "bruno employee"),
            ("carla", "demo-carla", "carla administrator"),
            ("davi", "demo-davi", "davi employee"),
            ("elisa", "demo-elisa", WRONG),
            ("fabio", "demo-fabio", if knows_codes { "code" } else { "fabio employee" }),
            ("ana", " demo-ana", WRONG),
            ("nobody", "demo-ana", WRONG),
        ] {
            assert_eq!(office.says(name, password).await, expected, "{profile} {name}");
        }
    }
}

#[tokio::test]
async fn a_session_follows_the_account_and_survives_a_restart() {
    let mut office = Office::open(Profile::R25_10).await;
    let Entered::SignedIn(signed_in) = office.sign_in("ana", "demo-ana").await.unwrap() else { panic!("a code") };
    assert_eq!(signed_in.session.account.id, AccountId::of_uid(3001));
    assert_eq!(office.deeds().await, [(Action::SignIn, "ana".to_owned(), "employee".to_owned())]);
    assert!(office.server.board.known(&AccountId::of_uid(3001)).is_some_and(|known| known.access.shares.len() == 9));
    office.restart().await;
    let found = office.server.sessions.find(&signed_in.token, Use::ByPerson).await.unwrap();
    assert_eq!(found.map(|session| session.account.full_name), Some("Ana Lima".to_owned()));
}

#[tokio::test]
async fn the_steps_come_in_order_and_end_with_the_outcome() {
    let office = Office::open(Profile::R25_10).await;
    let attempt = AttemptId::new("a");
    let mut watched = office.server.sign_in.watch(&attempt).unwrap();
    let mut seen = Vec::new();
    let watching = async {
        loop {
            let progress = *watched.borrow_and_update();
            seen.push(progress);
            if progress.outcome.is_some() || watched.changed().await.is_err() {
                return;
            }
        }
    };
    let signing_in = office.server.sign_in.with_password(form(attempt.clone(), "10.0.0.7", "ana", "demo-ana"));
    let (entered, ()) = soon(async { tokio::join!(signing_in, watching) }).await;
    assert_eq!(word(entered), "ana employee");
    let mut steps: Vec<Option<Step>> = seen.iter().map(|progress| progress.step).collect();
    steps.dedup();
    assert!(steps.is_sorted(), "{steps:?}");
    let last = seen.last().unwrap();
    assert_eq!((last.step, last.outcome), (Some(Step::Ready), Some(Outcome::SignedIn)));
    assert!(last.reach_ms.is_some() && seen[0] == Progress::IDLE);
    let refused = soon(office.server.sign_in.with_password(form(attempt, "10.0.0.7", "ana", "no"))).await;
    assert_eq!(word(refused), WRONG);
    let last = *watched.borrow();
    assert_eq!((last.step, last.outcome), (Some(Step::Check), Some(Outcome::Refused)));
}

async fn handle_of_fabio(office: &Office) -> Secret<String> {
    handle_of(office, "fabio", "demo-fabio").await
}

async fn handle_of(office: &Office, name: &str, password: &str) -> Secret<String> {
    match office.sign_in(name, password).await.unwrap() {
        Entered::CodeWanted(handle) => handle,
        Entered::SignedIn(_) => panic!("no code was asked for"),
    }
}

#[tokio::test]
async fn the_right_code_signs_in_once() {
    let office = Office::open(Profile::R25_10).await;
    let handle = handle_of_fabio(&office).await;
    assert_eq!(office.code(&handle, "123456").await.unwrap().session.account.username, "fabio");
    assert!(matches!(office.code(&handle, "123456").await, Err(Refused::CodeExpired)));
    assert_eq!(office.deeds().await, [(Action::SignIn, "fabio".to_owned(), "employee".to_owned())]);
}

#[tokio::test]
async fn after_a_wrong_code_the_password_is_asked_for_again_and_the_failure_counts() {
    let office = Office::open(Profile::R25_10).await;
    let attempt = AttemptId::new("a");
    let watched = office.server.sign_in.watch(&attempt).unwrap();
    let entered = office.server.sign_in.with_password(form(attempt, "10.0.0.7", "fabio", "demo-fabio"));
    let Ok(Entered::CodeWanted(handle)) = soon(entered).await else { panic!("no code was asked for") };
    assert!(!watched.borrow().code);
    assert!(matches!(office.code(&handle, "654321").await, Err(Refused::WrongCode { again: false })));
    let told = *watched.borrow();
    assert_eq!((told.step, told.code, told.outcome), (Some(Step::Check), true, Some(Outcome::Refused)));
    assert!(matches!(office.code(&handle, "123456").await, Err(Refused::CodeExpired)));
    assert_eq!(office.deeds().await, [(Action::SignInRefused, "fabio".to_owned(), "the code was wrong".to_owned())]);
    assert_eq!(office.server.store.find_ban("account:fabio").await.unwrap().map(|ban| ban.failures), Some(1));
}

#[tokio::test]
async fn a_code_that_comes_too_late_or_with_another_handle_leads_nowhere() {
    let office = Office::open(Profile::R25_10).await;
    let handle = handle_of_fabio(&office).await;
    for planted in ["", "a", &"0".repeat(64)] {
        assert!(matches!(office.code(&Secret::from(planted), "123456").await, Err(Refused::CodeExpired)));
    }
    office.hand.advance(Duration::from_mins(3));
    assert!(matches!(office.code(&handle, "123456").await, Err(Refused::CodeExpired)));
    assert_eq!(office.server.sessions.list_all().await.unwrap(), []);
}

#[tokio::test]
async fn a_second_sign_in_of_an_account_replaces_the_code_page_of_the_first() {
    let office = Office::open(Profile::R25_10).await;
    let (first, second) = (handle_of_fabio(&office).await, handle_of_fabio(&office).await);
    assert!(matches!(office.code(&first, "123456").await, Err(Refused::CodeExpired)));
    assert_eq!(office.code(&second, "123456").await.unwrap().session.account.username, "fabio");
}

#[tokio::test]
async fn a_whole_office_on_the_code_page_comes_in_and_beyond_that_the_oldest_makes_room() {
    let office = Office::open(Profile::R25_10).await;
    let names = office.hire(65, "fabio");
    let mut handles = Vec::new();
    for name in &names {
        handles.push(handle_of(&office, name, &format!("pw-{name}")).await);
        office.hand.advance(Duration::from_millis(1));
    }
    let mut said = handles.iter().zip(&names);
    let (oldest, _) = said.next().unwrap();
    assert!(matches!(office.code(oldest, "123456").await, Err(Refused::CodeExpired)));
    for (handle, name) in said {
        assert_eq!(office.code(handle, "123456").await.unwrap().session.account.username, *name);
    }
}

#[tokio::test]
async fn sixty_people_at_one_address_are_in_within_ten_seconds_on_every_release() {
    for profile in Profile::ALL {
        let office = Office::open(profile).await;
        let names = office.hire(60, "ana");
        let clock = Clock::real();
        let all = names.iter().map(async |name| (name, office.says(name, &format!("pw-{name}")).await));
        for (name, said) in join_all(all).await {
            assert_eq!(said, format!("{name} employee"), "{profile}");
        }
        assert!(clock.uptime() < Duration::from_secs(10), "{profile}: {:?}", clock.uptime());
    }
}

/// Says yes to everybody, like a file server that has been asked already.
#[derive(Debug)]
struct Yes;

#[async_trait]
impl Prove for Yes {
    fn at_once(&self) -> usize {
        8
    }

    async fn reach(&self) -> Result<Duration, Refused> {
        Ok(Duration::ZERO)
    }

    async fn check(&self, _: &str, _: &Secret<String>) -> Verdict {
        Verdict::Accepted(Proofs::from([("Geral".to_owned(), Proof::Reached)]))
    }
}

#[tokio::test]
async fn whoever_proved_a_password_is_told_that_the_account_is_closed() {
    let office = Office::open_with(Profile::R25_10, Some(Arc::new(Yes))).await;
    office.sim.world().people.find_mut("bruno").unwrap().password_disabled = true;
    for (name, expected) in [
        ("elisa", "closed: locked"),
        ("bruno", "closed: disabled"),
        ("nobody", "closed: missing"),
        ("ANA", "ana employee"),
        ("carla", "carla administrator"),
    ] {
        assert_eq!(office.says(name, "x").await, expected, "{name}");
    }
    let known = office.server.board.known(&AccountId::of_uid(3001)).unwrap();
    assert_eq!(known.proofs.get("Geral"), Some(&Proof::Reached));
}
