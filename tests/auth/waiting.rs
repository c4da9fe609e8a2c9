//! The line, the second click, and whoever hangs up in between.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use farol::auth::{Entered, Proofs, Prove, Refused, Verdict};
use farol::domain::Secret;
use farol::domain::audit::Action;
use farol::domain::session::End;
use farol::domain::signin::{AttemptId, Step};
use farol::sim::Profile;
use futures_util::FutureExt as _;
use tokio::sync::{Notify, Semaphore};

use crate::office::{Office, form, soon, word};

/// Answers only when told to: no to "wrong", yes to the rest.
#[derive(Debug, Clone)]
struct Slow(Arc<Semaphore>);

#[async_trait]
impl Prove for Slow {
    fn at_once(&self) -> usize {
        1
    }

    async fn reach(&self) -> Result<Duration, Refused> {
        Ok(Duration::ZERO)
    }

    async fn check(&self, _: &str, password: &Secret<String>) -> Verdict {
        self.0.acquire().await.unwrap().forget();
        if password.reveal() == "wrong" {
            return Verdict::Refused("wrong".to_owned());
        }
        Verdict::Accepted(Proofs::new())
    }
}

async fn slow_office() -> (Office, Arc<Semaphore>) {
    slow_office_of(Profile::R25_10).await
}

async fn slow_office_of(release: Profile) -> (Office, Arc<Semaphore>) {
    let turn = Arc::new(Semaphore::new(0));
    (Office::open_with(release, Some(Arc::new(Slow(turn.clone())))).await, turn)
}

fn id(text: &str) -> AttemptId {
    AttemptId::new(text)
}

/// Until the attempt has come this far.
async fn reaches(office: &Office, attempt: &str, step: Step) {
    let mut watched = office.server.sign_in.watch(&id(attempt)).unwrap();
    soon(watched.wait_for(|progress| progress.step == Some(step))).await.unwrap();
}

#[tokio::test]
async fn a_second_click_while_the_first_is_under_way_starts_nothing() {
    let (office, turn) = slow_office().await;
    let click = || office.server.sign_in.with_password(form(id("a"), "10.0.0.7", "ana", "x"));
    let first = click();
    let second = async {
        reaches(&office, "a", Step::Check).await;
        let second = click().await;
        turn.add_permits(1);
        second
    };
    let (first, second) = soon(async { tokio::join!(first, second) }).await;
    assert!(matches!(second, Err(Refused::AlreadyUnderWay)), "{second:?}");
    assert_eq!(word(first), "ana employee");
    assert_eq!(office.server.sessions.list_all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_hangs_up_leaves_the_line_and_the_others_move_up() {
    let (office, turn) = slow_office().await;
    let sign_in = &office.server.sign_in;
    let enter = |attempt: &str, name| Box::pin(sign_in.with_password(form(id(attempt), "10.0.0.7", name, "x")));
    let first = enter("first", "ana");
    let story = async {
        reaches(&office, "first", Step::Check).await;
        let mut second = enter("second", "bruno");
        // Into the line, in this order.
        while sign_in.watch(&id("second")).unwrap().borrow().place.is_none() {
            assert!(second.as_mut().now_or_never().is_none());
            tokio::task::yield_now().await;
        }
        let third = enter("third", "davi");
        let last = async {
            reaches(&office, "third", Step::Queue).await;
            let mut watched = sign_in.watch(&id("third")).unwrap();
            assert_eq!(watched.borrow().place, Some(2));
            drop(second);
            watched.wait_for(|progress| progress.place == Some(1)).await.unwrap();
            turn.add_permits(2);
        };
        tokio::join!(third, last).0
    };
    let (first, third) = soon(async { tokio::join!(first, story) }).await;
    assert_eq!([word(first), word(third)], ["ana employee", "davi employee"]);
}

#[tokio::test]
async fn a_guess_counts_even_when_whoever_guessed_hangs_up_before_the_answer() {
    let (office, turn) = slow_office().await;
    for number in 0..6 {
        let attempt = number.to_string();
        let name = format!("guess{number}");
        let guessing = office.server.sign_in.with_password(form(id(&attempt), "10.0.0.66", &name, "wrong"));
        tokio::select! {
            _ = guessing => panic!("there was no answer yet"),
            () = reaches(&office, &attempt, Step::Check) => {}
        }
        let mut watched = office.server.sign_in.watch(&id(&attempt)).unwrap();
        turn.add_permits(1);
        soon(watched.wait_for(|progress| progress.outcome.is_some())).await.unwrap();
    }
    assert_eq!(word(office.sign_in_from("10.0.0.66", "ana", "x").await), "throttled");
    turn.add_permits(1);
    assert_eq!(word(office.sign_in_from("10.0.0.7", "ana", "x").await), "ana employee");
}

#[tokio::test]
async fn a_session_nobody_is_there_to_take_ends_at_once() {
    let (office, turn) = slow_office().await;
    let signing_in = office.server.sign_in.with_password(form(id("a"), "10.0.0.7", "ana", "x"));
    tokio::select! {
        _ = signing_in => panic!("there was no answer yet"),
        () = reaches(&office, "a", Step::Check) => {}
    }
    let mut ends = office.server.sessions.ends();
    turn.add_permits(1);
    soon(ends.changed()).await.unwrap();
    assert_eq!(office.server.sessions.list_all().await.unwrap(), []);
}

#[tokio::test]
async fn too_many_tries_are_told_how_long_to_wait_and_leave_the_nas_alone() {
    let (office, turn) = slow_office().await;
    turn.add_permits(5);
    for _ in 0..5 {
        assert_eq!(office.says("ana", "wrong").await, "the name or the password is wrong");
    }
    let Err(Refused::Throttled { wait }) = office.sign_in("ana", "x").await else { panic!("not slowed down") };
    assert_eq!(wait, Duration::from_mins(1));
    assert_eq!(turn.available_permits(), 0);
    let refusals = office.deeds().await.into_iter().filter(|(action, ..)| *action == Action::SignInRefused);
    assert_eq!(refusals.count(), 5);
}

#[tokio::test]
async fn a_password_that_is_changed_while_it_is_tried_opens_nothing() {
    // Those that say when a password was changed.
    for release in [Profile::R25_04, Profile::R25_10, Profile::R26] {
        let (office, turn) = slow_office_of(release).await;
        let click = office.server.sign_in.with_password(form(id("a"), "10.0.0.7", "ana", "x"));
        let change = async {
            reaches(&office, "a", Step::Check).await;
            office.turn("password-changed", true);
            turn.add_permits(1);
        };
        let (entered, ()) = tokio::join!(soon(click), change);
        assert!(matches!(entered, Err(Refused::WrongCredentials)), "{release} {entered:?}");
        assert_eq!(office.server.sessions.list_all().await.unwrap(), [], "{release}");
    }
}

#[tokio::test]
async fn an_account_that_is_locked_while_its_sign_in_is_under_way_is_not_in_when_it_ends() {
    let (office, turn) = slow_office().await;
    office.watch();
    let done = Notify::new();
    let click = async {
        let entered = office.server.sign_in.with_password(form(id("a"), "10.0.0.7", "ana", "x")).await;
        done.notify_one();
        entered
    };
    let lock = async {
        reaches(&office, "a", Step::Check).await;
        office.turn("slow", true);
        turn.add_permits(1);
        reaches(&office, "a", Step::Rights).await;
        // Who it is has been read by then, and what they reach has not.
        office.pass_until(office.clock.sleep(Duration::from_secs(12))).await;
        office.turn("user-locked", true);
        office.turn("slow", false);
        office.pass_until(done.notified()).await;
    };
    let (entered, ()) = tokio::join!(click, lock);
    let Ok(Entered::SignedIn(signed_in)) = entered else { panic!("{entered:?}") };
    assert_eq!(office.server.sessions.list_all().await.unwrap(), []);
    assert_eq!(office.server.sessions.why_over(&signed_in.session.id), Some(End::AccountLocked));
}
