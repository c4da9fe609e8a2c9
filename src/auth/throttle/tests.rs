//! The rules of waiting, against a real store and a clock moved by hand.

use std::net::IpAddr;

use super::*;
use crate::domain::Timestamp;
use crate::domain::caller::{Account, AccountId, Role, Standing};
use crate::domain::session::SessionId;
use crate::runtime::Hand;
use crate::store::Settings;

struct Gate {
    throttle: Throttle,
    audit: Audit,
    store: Store,
    clock: Clock,
    hand: Hand,
    _folder: tempfile::TempDir,
}

impl Gate {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Settings::in_file(&folder.path().join("farol.db"))).await.unwrap();
        store.migrate().await.unwrap();
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(1_790_000_000_000));
        let audit = Audit::new(store.clone(), clock.clone());
        let throttle = Throttle::new(store.clone(), audit.clone(), clock.clone());
        Self { throttle, audit, store, clock, hand, _folder: folder }
    }

    /// The same store under a server that knows nothing else of before.
    fn restart(&mut self) {
        self.throttle = Throttle::new(self.store.clone(), self.audit.clone(), self.clock.clone());
    }

    /// How long to wait before this try, which is wrong if it is made.
    async fn wrong(&self, who: &Who) -> Duration {
        let wait = self.wait(who).await;
        if wait.is_zero() {
            self.throttle.failed(who).await.unwrap();
        }
        wait
    }

    async fn wait(&self, who: &Who) -> Duration {
        match self.throttle.admit(who).await {
            Ok(()) => Duration::ZERO,
            Err(Refused::Throttled { wait }) => wait,
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn deeds(&self, action: Action) -> Vec<String> {
        let entries = self.audit.list(None, 100).await.unwrap();
        entries
            .into_iter()
            .map(|entry| entry.deed)
            .filter(|deed| deed.action == action)
            .map(|deed| deed.subject)
            .collect()
    }
}

fn who(name: &str, ip: &str) -> Who {
    Who::new(name, ip.parse().unwrap())
}

fn carla() -> Caller {
    let id = AccountId::of_uid(3003);
    let account = Account { id, username: "carla".into(), full_name: String::new(), role: Role::Administrator };
    Caller { account, session: SessionId::new("s"), address: IpAddr::from([10, 0, 0, 3]), standing: Standing::Fresh }
}

#[tokio::test]
async fn five_tries_a_minute_of_one_account_from_one_address() {
    let mut gate = Gate::new().await;
    let ana = who("ana", "10.0.0.7");
    for _ in 0..TRIES {
        assert_eq!(gate.wait(&ana).await, Duration::ZERO);
        gate.hand.advance(Duration::from_secs(10));
    }
    assert_eq!(gate.wait(&ana).await, Duration::from_secs(10));
    assert_eq!(gate.deeds(Action::BanPlaced).await, ["pair:ana|10.0.0.7"]);
    gate.restart();
    assert_eq!(gate.wait(&ana).await, Duration::from_secs(10));
    for other in [who("bruno", "10.0.0.7"), who("ana", "10.0.0.8")] {
        assert_eq!(gate.wait(&other).await, Duration::ZERO);
    }
    gate.hand.advance(Duration::from_secs(10));
    assert_eq!(gate.wait(&ana).await, Duration::ZERO);
}

#[tokio::test]
async fn a_try_nobody_judged_is_given_back_and_no_other() {
    let gate = Gate::new().await;
    let ana = who("ana", "10.0.0.7");
    for _ in 0..3 * TRIES {
        assert_eq!(gate.wait(&ana).await, Duration::ZERO);
        gate.throttle.give_back(&ana);
    }
    for _ in 0..TRIES {
        assert_eq!(gate.wait(&ana).await, Duration::ZERO);
    }
    assert_eq!(gate.wait(&ana).await, TRIES_WITHIN);
}

#[tokio::test]
async fn sixty_people_behind_one_address_hold_nobody_up() {
    let gate = Gate::new().await;
    for number in 0..60 {
        let somebody = who(&format!("person{number}"), "10.0.0.7");
        assert_eq!(gate.wait(&somebody).await, Duration::ZERO, "{number}");
        gate.throttle.succeeded(&somebody).await.unwrap();
    }
}

#[tokio::test]
async fn guessing_at_many_names_slows_the_address_down_and_nobody_else() {
    let mut gate = Gate::new().await;
    let names = ["ana", "bruno", "nobody", "nobody2", "carla", "davi", "elisa"];
    let mut waits = Vec::new();
    for name in names {
        waits.push(gate.wrong(&who(name, "10.0.0.66")).await.as_secs());
    }
    assert_eq!(waits, [0, 0, 0, 0, 0, 0, 2]);
    gate.restart();
    assert_eq!(gate.wait(&who("fabio", "10.0.0.66")).await.as_secs(), 2);
    assert_eq!(gate.wait(&who("ana", "10.0.0.7")).await, Duration::ZERO);
    assert_eq!(gate.deeds(Action::BanPlaced).await, ["address:10.0.0.66"]);
    gate.hand.advance(Duration::from_secs(2));
    assert_eq!(gate.wrong(&who("fabio", "10.0.0.66")).await, Duration::ZERO);
    assert_eq!(gate.wait(&who("gil", "10.0.0.66")).await.as_secs(), 4);
}

#[tokio::test]
async fn who_guesses_at_one_account_from_everywhere_never_keeps_its_owner_out() {
    let gate = Gate::new().await;
    let (home, new) = (who("ana", "10.0.0.7"), who("ana", "10.0.0.99"));
    gate.throttle.succeeded(&home).await.unwrap();
    for number in 0..30 {
        gate.throttle.failed(&who("ana", &format!("203.0.113.{number}"))).await.unwrap();
    }
    assert_eq!(gate.wait(&new).await.as_secs(), 5);
    assert_eq!(gate.wait(&home).await, Duration::ZERO);
    gate.hand.advance(Duration::from_secs(5));
    assert_eq!(gate.wait(&new).await, Duration::ZERO);
}

#[tokio::test]
async fn who_tries_again_at_each_expiry_leaves_room_for_a_new_computer() {
    let gate = Gate::new().await;
    let guessers: Vec<Who> = (0..3).map(|number| who("ana", &format!("203.0.113.{number}"))).collect();
    let new = who("ana", "10.0.0.99");
    for guesser in guessers.iter().cycle().take(42) {
        gate.throttle.failed(guesser).await.unwrap();
    }
    let mut kept_out = 0;
    for _ in 0..320 {
        for guesser in &guessers {
            gate.wrong(guesser).await;
        }
        if gate.throttle.still_admitted(&new).await.is_err() {
            kept_out += 1;
        }
        gate.hand.advance(Duration::from_secs(1));
    }
    assert!((5..40).contains(&kept_out), "{kept_out} of 320 seconds");
}

#[tokio::test]
async fn colleagues_who_guess_behind_the_same_address_hold_nobody_up_who_signs_in_there() {
    let gate = Gate::new().await;
    let ana = who("ana", "10.0.0.7");
    gate.throttle.succeeded(&ana).await.unwrap();
    for number in 0..12 {
        gate.throttle.failed(&who(&format!("guess{number}"), "10.0.0.7")).await.unwrap();
    }
    assert_eq!(gate.wait(&who("bruno", "10.0.0.7")).await.as_secs(), 128);
    assert_eq!(gate.wait(&ana).await, Duration::ZERO);
    for _ in 0..6 {
        gate.throttle.failed(&ana).await.unwrap();
    }
    assert_eq!(gate.wait(&ana).await.as_secs(), 2);
    let keys: Vec<String> = gate.throttle.list().await.unwrap().into_iter().map(|ban| ban.key).collect();
    assert_eq!(keys, ["address:10.0.0.7", "usual:ana|10.0.0.7"]);
}

#[tokio::test]
async fn a_name_nobody_has_is_slowed_down_exactly_like_one_somebody_has() {
    let gate = Gate::new().await;
    let mut waits = [Vec::new(), Vec::new()];
    for (name, waits) in ["ana", "nobody"].iter().zip(&mut waits) {
        for number in 0..12 {
            waits.push(
                gate.wrong(&who(name, &format!("2001:db8:{name_length}:{number}::1", name_length = name.len()))).await,
            );
        }
    }
    assert_eq!(waits[0], waits[1]);
    assert!(waits[0].iter().any(|wait| !wait.is_zero()));
}

#[tokio::test]
async fn old_failures_are_forgiven_and_their_rows_go() {
    let gate = Gate::new().await;
    for _ in 0..5 {
        gate.throttle.failed(&who("ana", "10.0.0.7")).await.unwrap();
    }
    gate.hand.advance(FORGET_AFTER + Duration::from_secs(1));
    gate.throttle.failed(&who("ana", "10.0.0.7")).await.unwrap();
    assert_eq!(gate.wait(&who("ana", "10.0.0.7")).await, Duration::ZERO);
    gate.hand.advance(KEEP_FOR + Duration::from_secs(1));
    gate.throttle.purge().await.unwrap();
    assert_eq!(gate.store.find_ban("address:10.0.0.7").await.unwrap(), None);
    assert!(gate.throttle.tries().is_empty());
}

#[tokio::test]
async fn a_calendar_that_is_set_keeps_nobody_out_and_lets_nobody_guess() {
    const TWO_HOURS_MS: i64 = 2 * 3_600_000;
    let gate = Gate::new().await;
    let ana = who("ana", "10.0.0.7");
    while gate.wrong(&ana).await.is_zero() {}
    gate.hand.set_calendar(-TWO_HOURS_MS);
    assert_eq!(gate.wait(&ana).await, rule::LONGEST_WAIT);
    gate.hand.advance(rule::LONGEST_WAIT.saturating_sub(Duration::from_secs(1)));
    assert_eq!(gate.wait(&ana).await, Duration::from_secs(1));
    gate.hand.advance(Duration::from_secs(1));
    assert_eq!(gate.wrong(&ana).await, Duration::ZERO);
    assert!(!gate.wait(&ana).await.is_zero(), "what was counted before still counts");
    gate.hand.set_calendar(TWO_HOURS_MS);
    assert_eq!(gate.wait(&ana).await, Duration::ZERO);
}

#[tokio::test]
async fn a_calendar_that_is_set_back_keeps_an_account_out_for_seconds_as_always() {
    const TWO_HOURS_MS: i64 = 2 * 3_600_000;
    let gate = Gate::new().await;
    for number in 0..20 {
        gate.throttle.failed(&who("ana", &format!("203.0.113.{number}"))).await.unwrap();
    }
    gate.hand.set_calendar(-TWO_HOURS_MS);
    let wait = gate.wait(&who("ana", "10.0.0.7")).await;
    assert!(!wait.is_zero() && wait <= Duration::from_secs(5), "{wait:?}");
}

#[tokio::test]
async fn bans_are_listed_and_lifted_and_both_are_written_down() {
    let gate = Gate::new().await;
    let ana = who("ana", "10.0.0.7");
    gate.throttle.succeeded(&ana).await.unwrap();
    while gate.wrong(&ana).await.is_zero() {}
    let keys = || async { gate.throttle.list().await.unwrap().into_iter().map(|ban| ban.key).collect::<Vec<_>>() };
    assert_eq!(keys().await, ["pair:ana|10.0.0.7"]);
    for key in ["known:ana|10.0.0.7", "pair:bruno|10.0.0.7"] {
        assert!(!gate.throttle.lift(&carla(), key).await.unwrap(), "{key}");
    }
    assert!(gate.throttle.lift(&carla(), "pair:ana|10.0.0.7").await.unwrap());
    assert_eq!(keys().await, Vec::<String>::new());
    assert_eq!(gate.wait(&ana).await, Duration::ZERO);
    assert_eq!(gate.deeds(Action::BanLifted).await, ["pair:ana|10.0.0.7"]);
}

#[tokio::test]
async fn a_flood_of_names_takes_only_so_much_memory() {
    let gate = Gate::new().await;
    for number in 0..MOST_PAIRS + 5 {
        assert_eq!(gate.throttle.try_now(&format!("pair:{number}")), None);
    }
    assert_eq!(gate.throttle.tries().len(), MOST_PAIRS);
    gate.hand.advance(TRIES_WITHIN);
    assert_eq!(gate.throttle.try_now("pair:one more"), None);
    assert_eq!(gate.throttle.tries().len(), 1);
}
