//! The password of an employee, checked on every release: what each answer means.

use std::time::Duration;

use farol::domain::Secret;
use farol::runtime::{Clock, Random};
use farol::sim::Profile;
use farol::truenas::{Error, PasswordVerdict, Passwords, SecondFactor, Settings};
use futures_util::future::join_all;

use crate::nas::{Nas, REST, RPC, Stage, soon};

impl Stage {
    pub fn passwords(&self, settings: Settings) -> Passwords {
        Passwords::start(settings, &self.clock, &Random::seeded(1), &self.tasks).unwrap()
    }
}

impl Nas {
    pub fn passwords(&self) -> Passwords {
        self.stage.passwords(self.settings())
    }
}

pub async fn check(passwords: &Passwords, username: &str, password: &str) -> Result<PasswordVerdict, Error> {
    soon(passwords.check(username, &Secret::from(password))).await
}

/// The verdict in a word, so that a whole list of them compares.
pub fn word(outcome: Result<PasswordVerdict, Error>) -> String {
    match outcome {
        Ok(PasswordVerdict::Accepted) => "accepted".to_owned(),
        Ok(PasswordVerdict::Refused) => "refused".to_owned(),
        Ok(PasswordVerdict::Expired) => "expired".to_owned(),
        Ok(PasswordVerdict::SecondFactor(_)) => "code".to_owned(),
        Ok(PasswordVerdict::Withheld) => "withheld".to_owned(),
        Err(error) => error.to_string(),
    }
}

pub async fn says(passwords: &Passwords, username: &str, password: &str) -> String {
    word(check(passwords, username, password).await)
}

pub async fn code_of_fabio(passwords: &Passwords) -> SecondFactor {
    let said = check(passwords, "fabio", "demo-fabio").await;
    let Ok(PasswordVerdict::SecondFactor(owed)) = said else { panic!("no code was asked for: {said:?}") };
    owed
}

pub async fn answer(owed: SecondFactor, code: &str) -> String {
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
async fn a_whole_office_half_of_it_with_second_factors_comes_in_at_once() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let passwords = nas.passwords();
        let arrivals = (0..60).map(|number| {
            let name = if number % 2 == 0 { "fabio" } else { "ana" };
            let passwords = &passwords;
            async move {
                soon(passwords.reach()).await.unwrap();
                (name, check(passwords, name, &format!("demo-{name}")).await.unwrap())
            }
        });
        // No time passes for this: nobody is held up by the sign-ins the NAS counts.
        let mut owed = Vec::new();
        for (name, verdict) in join_all(arrivals).await {
            if let PasswordVerdict::SecondFactor(code) = verdict {
                owed.push(code);
            } else {
                assert_eq!((name, word(Ok(verdict))), ("ana", "accepted".to_owned()), "{profile}");
            }
        }
        assert_eq!(owed.len(), 30);
        // Everybody needs a moment to find the telephone; the first and the last come in alike.
        nas.stage.pass(Duration::from_secs(20)).await;
        let answers = owed.into_iter().enumerate().map(async |(number, code)| {
            let (digits, expected) = if number % 5 == 4 { ("000000", "refused") } else { ("123456", "accepted") };
            assert_eq!(answer(code, digits).await, expected, "{profile} {number}");
        });
        join_all(answers).await;
        assert_eq!(says(&passwords, "ana", "demo-ana").await, "accepted", "{profile}");
        nas.stop().await;
    }
}
