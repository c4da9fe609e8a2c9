//! From the sign-in to each of its ends, against a real store and a clock moved by hand.

use std::net::IpAddr;

use super::*;
use crate::auth::{Authenticator, OnKeyRefused, SecondFactor};
use crate::domain::audit::Action;
use crate::domain::caller::{Caller, Role, Standing};
use crate::runtime::Hand;
use crate::store;

const HOUR: Duration = Duration::from_hours(1);

struct Lobby {
    sessions: Sessions,
    audit: Audit,
    hand: Hand,
    store: Store,
    clock: Clock,
    folder: tempfile::TempDir,
}

impl Lobby {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = store::Settings::in_file(&folder.path().join("farol.db"));
        let store = Store::open(&settings).await.unwrap();
        store.migrate().await.unwrap();
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(1_790_000_000_000));
        let audit = Audit::new(store.clone(), clock.clone());
        let sessions = Self::over(&store, &audit, &clock);
        Self { sessions, audit, hand, store, clock, folder }
    }

    fn over(store: &Store, audit: &Audit, clock: &Clock) -> Sessions {
        let settings = Settings {
            authenticator: Authenticator::TruenasApi,
            administrators_group: String::new(),
            on_service_key_refused: OnKeyRefused::LogOut,
            second_factor: SecondFactor::Required,
            session_timeout: HOUR * 8,
            idle_timeout: HOUR * 4,
        };
        Sessions::new(store.clone(), audit.clone(), &settings, clock.clone(), Random::from_system())
    }

    async fn enter(&self, account: &Account) -> SignedIn {
        self.sessions.create(account.clone(), visitor(), None, None).await.unwrap()
    }

    async fn is_in(&self, token: &Secret<String>) -> bool {
        self.sessions.find(token, Use::ByItself).await.unwrap().is_some()
    }

    async fn actions(&self) -> Vec<(Action, String, String)> {
        let entries = self.audit.list(None, 10).await.unwrap();
        entries.into_iter().map(|entry| (entry.deed.action, entry.deed.actor, entry.deed.subject)).collect()
    }
}

fn visitor() -> Visitor {
    Visitor::new(IpAddr::from([10, 0, 0, 7]), "Firefox")
}

fn account(uid: u32, username: &str, role: Role) -> Account {
    Account { id: AccountId::of_uid(uid), username: username.into(), full_name: String::new(), role }
}

fn ana() -> Account {
    account(3001, "ana", Role::Employee)
}

fn caller(signed_in: &SignedIn) -> Caller {
    let Session { id, account, visitor, .. } = signed_in.session.clone();
    Caller { account, session: id, address: visitor.address, standing: Standing::Fresh }
}

#[tokio::test]
async fn what_the_browser_holds_opens_its_session_and_is_nowhere_in_the_store() {
    let lobby = Lobby::new().await;
    let SignedIn { token, session } = lobby.enter(&ana()).await;
    assert_eq!(lobby.sessions.find(&token, Use::ByItself).await.unwrap(), Some(session));
    assert_eq!(token.reveal().len(), 64);
    assert!(lobby.store.find_session(token.reveal()).await.unwrap().is_none());
    for wrong in ["", "x", &"a".repeat(64), &"a".repeat(10_000)] {
        assert!(!lobby.is_in(&Secret::from(wrong)).await);
    }
}

#[tokio::test]
async fn a_restart_keeps_people_signed_in() {
    let lobby = Lobby::new().await;
    let token = lobby.enter(&ana()).await.token;
    let restarted = Lobby::over(&lobby.store, &lobby.audit, &lobby.clock);
    assert!(restarted.find(&token, Use::ByPerson).await.unwrap().is_some());
}

#[tokio::test]
async fn eight_hours_are_the_end_however_busy_somebody_is() {
    let lobby = Lobby::new().await;
    let token = lobby.enter(&ana()).await.token;
    for _ in 0..7 {
        lobby.hand.advance(HOUR);
        assert!(lobby.sessions.find(&token, Use::ByPerson).await.unwrap().is_some());
    }
    lobby.hand.advance(HOUR);
    assert!(!lobby.is_in(&token).await);
    assert_eq!(lobby.sessions.list_of(&ana().id).await.unwrap(), []);
}

#[tokio::test]
async fn sockets_and_polling_do_not_keep_a_session_alive() {
    let lobby = Lobby::new().await;
    let token = lobby.enter(&ana()).await.token;
    lobby.hand.advance(Duration::from_secs(4 * 3_600 - 1));
    assert!(lobby.is_in(&token).await);
    lobby.hand.advance(Duration::from_secs(1));
    assert!(!lobby.is_in(&token).await);
    lobby.sessions.purge().await.unwrap();
    assert_eq!(lobby.store.list_all_sessions(10).await.unwrap(), []);
}

#[tokio::test]
async fn a_calendar_that_is_set_back_ends_no_session_and_keeps_none_for_long() {
    const YEAR_MS: i64 = 365 * 24 * 3_600_000;
    let lobby = Lobby::new().await;
    let carla = account(3003, "carla", Role::Administrator);
    let tokens = [lobby.enter(&ana()).await.token, lobby.enter(&carla).await.token];
    let confirmed = lobby.sessions.confirm(&tokens[1]).await.unwrap().unwrap();
    lobby.hand.set_calendar(-YEAR_MS);
    lobby.sessions.purge().await.unwrap();
    let found = lobby.sessions.find(&confirmed, Use::ByItself).await.unwrap().unwrap();
    assert_eq!(found.ends_at, lobby.clock.now().plus(HOUR * 8));
    assert_eq!(found.confirmed_at, Some(lobby.clock.now()));
    lobby.hand.advance(HOUR);
    assert_eq!(Standing::of(found.confirmed_at, lobby.clock.now()), Standing::Confirmed, "not fresh for a year");
    assert!(lobby.sessions.find(&tokens[0], Use::ByPerson).await.unwrap().is_some());
    lobby.hand.advance(HOUR * 3);
    assert!(!lobby.is_in(&confirmed).await, "nobody has used it");
    assert!(lobby.is_in(&tokens[0]).await);
    lobby.hand.advance(HOUR * 4);
    assert!(!lobby.is_in(&tokens[0]).await);
}

#[tokio::test]
async fn a_session_near_its_end_gains_nothing_by_a_calendar_that_is_set_back() {
    const YEAR_MS: i64 = 365 * 24 * 3_600_000;
    let lobby = Lobby::new().await;
    let token = lobby.enter(&ana()).await.token;
    for _ in 0..7 {
        lobby.hand.advance(HOUR);
        assert!(lobby.sessions.find(&token, Use::ByPerson).await.unwrap().is_some());
    }
    lobby.hand.set_calendar(-YEAR_MS);
    lobby.sessions.purge().await.unwrap();
    assert!(lobby.is_in(&token).await);
    lobby.hand.advance(HOUR);
    assert!(!lobby.is_in(&token).await);
}

#[tokio::test]
async fn the_last_use_is_written_at_most_once_a_minute() {
    let lobby = Lobby::new().await;
    let SignedIn { token, session } = lobby.enter(&ana()).await;
    let used_at = || async { lobby.sessions.find(&token, Use::ByPerson).await.unwrap().unwrap().used_at };
    lobby.hand.advance(Duration::from_secs(59));
    assert_eq!(used_at().await, session.used_at);
    lobby.hand.advance(Duration::from_secs(1));
    assert_eq!(used_at().await, session.used_at.plus(Duration::from_mins(1)));
}

#[tokio::test]
async fn a_database_that_another_program_holds_keeps_no_page_waiting() {
    let lobby = Lobby::new().await;
    let token = lobby.enter(&ana()).await.token;
    lobby.hand.advance(TOUCH_EVERY);
    let other = Store::open(&store::Settings::in_file(&lobby.folder.path().join("farol.db"))).await.unwrap();
    let (held, release) = (tokio::sync::Notify::new(), tokio::sync::Notify::new());
    let holding = other.write(|_| async {
        held.notify_one();
        release.notified().await;
        Ok(())
    });
    let story = async {
        held.notified().await;
        let real = Clock::real();
        for _ in 0..20 {
            assert!(lobby.sessions.find(&token, Use::ByPerson).await.unwrap().is_some());
        }
        assert!(real.uptime() < Duration::from_secs(3), "{:?}", real.uptime());
        release.notify_one();
    };
    let (held, ()) = tokio::join!(holding, story);
    held.unwrap();
    lobby.hand.advance(TOUCH_AGAIN_AFTER);
    let found = lobby.sessions.find(&token, Use::ByPerson).await.unwrap().unwrap();
    assert_eq!(found.used_at, lobby.clock.now());
}

#[tokio::test]
async fn a_session_planted_in_a_browser_ends_when_somebody_signs_in_through_it() {
    let lobby = Lobby::new().await;
    let planted = lobby.enter(&account(3009, "mallory", Role::Employee)).await.token;
    let fresh = lobby.sessions.create(ana(), visitor(), Some(&planted), None).await.unwrap();
    assert!(!lobby.is_in(&planted).await);
    assert!(lobby.is_in(&fresh.token).await);
}

#[tokio::test]
async fn everybody_ends_their_own_sessions_and_only_an_administrator_those_of_others() {
    let lobby = Lobby::new().await;
    let bruno = lobby.enter(&account(3002, "bruno", Role::Employee)).await;
    let carla = lobby.enter(&account(3003, "carla", Role::Administrator)).await;
    let first = lobby.enter(&ana()).await;
    let second = lobby.enter(&ana()).await;
    let ends = lobby.sessions.ends();
    assert!(!lobby.sessions.end(&caller(&bruno), &first.session.id).await.unwrap());
    assert!(!lobby.sessions.end_own(&caller(&carla), &first.session.id).await.unwrap(), "that is asked for elsewhere");
    assert!(lobby.is_in(&first.token).await && !ends.has_changed().unwrap());
    assert!(lobby.sessions.end_own(&caller(&second), &first.session.id).await.unwrap());
    assert!(!lobby.is_in(&first.token).await && ends.has_changed().unwrap());
    assert!(lobby.sessions.end(&caller(&carla), &second.session.id).await.unwrap());
    assert!(!lobby.sessions.end(&caller(&carla), &second.session.id).await.unwrap());
    let ended = |actor: &str| (Action::SessionEnded, actor.to_owned(), "ana".to_owned());
    assert_eq!(lobby.actions().await, [ended("carla"), ended("ana")]);
}

#[tokio::test]
async fn nobody_pushes_a_session_out_of_an_administrators_reach() {
    let lobby = Lobby::new().await;
    let carla = lobby.enter(&account(3003, "carla", Role::Administrator)).await;
    let SignedIn { token: first, session } = lobby.enter(&ana()).await;
    lobby.hand.advance(Duration::from_secs(1));
    for number in 0..MOST_SHOWN {
        let other = Session { id: SessionId::new(number.to_string()), used_at: lobby.clock.now(), ..session.clone() };
        let bruno = Session { account: account(3002, "bruno", Role::Employee), ..other };
        lobby.store.create_session(&bruno, &number.to_string()).await.unwrap();
    }
    assert!(!lobby.sessions.list_all().await.unwrap().contains(&session));
    assert!(lobby.sessions.end(&caller(&carla), &session.id).await.unwrap());
    assert!(!lobby.is_in(&first).await);

    let first = lobby.enter(&ana()).await.token;
    lobby.hand.advance(Duration::from_secs(1));
    for _ in 1..ending::MOST_OF_PERSON {
        lobby.enter(&ana()).await;
    }
    assert!(lobby.is_in(&first).await);
    let newest = lobby.enter(&ana()).await.token;
    assert_eq!(lobby.sessions.why_ended(&first), Some(End::Elsewhere));
    assert!(!lobby.is_in(&first).await && lobby.is_in(&newest).await);
    assert_eq!(lobby.sessions.list_of(&ana().id).await.unwrap().len(), ending::MOST_OF_PERSON);
}

#[tokio::test]
async fn ending_the_others_leaves_the_one_at_hand() {
    let lobby = Lobby::new().await;
    let (here, there) = (lobby.enter(&ana()).await, lobby.enter(&ana()).await);
    let bruno = lobby.enter(&account(3002, "bruno", Role::Employee)).await;
    assert_eq!(lobby.sessions.end_others(&caller(&here)).await.unwrap(), 1);
    assert!(lobby.is_in(&here.token).await && lobby.is_in(&bruno.token).await);
    assert!(!lobby.is_in(&there.token).await);
}

#[tokio::test]
async fn a_dead_service_key_ends_all_sessions_but_those_of_local_administrators() {
    let lobby = Lobby::new().await;
    let root = Account { id: AccountId::of_local("root"), ..account(0, "root", Role::Administrator) };
    let (root, ana) = (lobby.enter(&root).await, lobby.enter(&ana()).await);
    assert_eq!(lobby.sessions.end_all_of_nas(End::KeyRefused).await.unwrap(), 1);
    assert!(lobby.is_in(&root.token).await && !lobby.is_in(&ana.token).await);
}

#[tokio::test]
async fn whoever_still_holds_an_ended_session_can_be_told_why() {
    let lobby = Lobby::new().await;
    let (here, there) = (lobby.enter(&ana()).await, lobby.enter(&ana()).await);
    let carla = lobby.enter(&account(3003, "carla", Role::Administrator)).await;
    let why = |signed_in: &SignedIn| lobby.sessions.why_ended(&signed_in.token);
    assert_eq!([why(&here), why(&there), why(&carla)], [None; 3], "they live");
    lobby.sessions.end_others(&caller(&here)).await.unwrap();
    assert_eq!((why(&here), why(&there)), (None, Some(End::Elsewhere)));
    lobby.sessions.end(&caller(&carla), &here.session.id).await.unwrap();
    assert_eq!(why(&here), Some(End::ByAdministrator));
    lobby.sessions.end(&caller(&carla), &carla.session.id).await.unwrap();
    assert_eq!(why(&carla), None, "they did it here");
    let (first, second) = (lobby.enter(&ana()).await, lobby.enter(&ana()).await);
    let bruno = lobby.enter(&account(3002, "bruno", Role::Employee)).await;
    assert_eq!(lobby.sessions.end_because(&[], End::AccountLocked).await.unwrap(), 0);
    assert_eq!(lobby.sessions.end_because(std::slice::from_ref(&first.session), End::RoleChanged).await.unwrap(), 1);
    assert_eq!((why(&first), why(&second)), (Some(End::RoleChanged), None));
    lobby.sessions.end_all_of_nas(End::KeyRefused).await.unwrap();
    assert_eq!((why(&second), why(&bruno)), (Some(End::KeyRefused), Some(End::KeyRefused)));
    assert_eq!(why(&first), Some(End::RoleChanged), "that was the end of it");
}

#[tokio::test]
async fn a_session_that_was_thrown_away_as_over_is_still_told_so() {
    let lobby = Lobby::new().await;
    let (idle, busy) = (lobby.enter(&ana()).await, lobby.enter(&ana()).await);
    lobby.hand.advance(HOUR * 3);
    lobby.sessions.find(&busy.token, Use::ByPerson).await.unwrap().unwrap();
    lobby.hand.advance(HOUR * 2);
    lobby.sessions.purge().await.unwrap();
    assert_eq!(lobby.sessions.why_ended(&idle.token), Some(End::Unused));
    lobby.sessions.find(&busy.token, Use::ByPerson).await.unwrap().unwrap();
    lobby.hand.advance(HOUR * 3);
    lobby.sessions.purge().await.unwrap();
    assert_eq!(lobby.sessions.why_ended(&busy.token), Some(End::TimeOver));
    assert_eq!(lobby.sessions.why_ended(&Secret::from("anything")), None);
}

#[tokio::test]
async fn a_sign_out_ends_the_session_and_is_written_down_once() {
    let lobby = Lobby::new().await;
    let token = lobby.enter(&ana()).await.token;
    for _ in 0..2 {
        lobby.sessions.end_by_token(&token).await.unwrap();
    }
    assert!(!lobby.is_in(&token).await);
    assert_eq!(lobby.actions().await, [(Action::SignOut, "ana".to_owned(), String::new())]);
}

#[tokio::test]
async fn a_rotated_token_is_the_only_one_that_opens() {
    let lobby = Lobby::new().await;
    let SignedIn { token, session } = lobby.enter(&ana()).await;
    let next = lobby.sessions.confirm(&token).await.unwrap().unwrap();
    assert!(!lobby.is_in(&token).await);
    let found = lobby.sessions.find(&next, Use::ByItself).await.unwrap().unwrap();
    assert_eq!((&found.account, found.ends_at), (&session.account, session.ends_at));
    assert!(found.id != session.id, "nothing opened before goes on");
    assert_eq!(lobby.sessions.why_over(&session.id), Some(End::Renewed));
    assert_eq!(lobby.sessions.list_of(&ana().id).await.unwrap(), [found]);
    assert!(lobby.sessions.confirm(&token).await.unwrap().is_none());
    assert_eq!(lobby.sessions.why_ended(&token), Some(End::Renewed));
    assert_eq!(lobby.sessions.why_ended(&next), None);
}
