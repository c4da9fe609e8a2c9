//! Every trouble is an error of its own, because each has its own cure.

use std::time::Duration;

use farol::domain::nas::Change;
use farol::sim::Profile;
use farol::truenas::{Client, Error, Settings};
use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;

use crate::fake::{self, Fake};
use crate::nas::{Nas, REST, ROADS, RPC, Stage, hear, soon};

async fn refusal(client: &Client) -> Error {
    soon(client.list_shares()).await.expect_err("it should have been refused")
}

#[tokio::test]
async fn a_wrong_key_is_refused_on_every_release() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        for key in ["9-wrong", ""] {
            let client = nas.stage.client(nas.settings_for(nas.sim.username(), key));
            assert!(matches!(refusal(&client).await, Error::KeyRefused { .. }), "{key:?} on {profile}");
        }
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_key_of_somebody_else_is_refused_where_keys_have_owners() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        let client = nas.stage.client(nas.settings_for("ana", &nas.sim.api_key()));
        assert!(matches!(refusal(&client).await, Error::KeyRefused { answer } if answer == "AUTH_ERR"), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_key_alone_signs_in_without_an_account_name() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let client = nas.stage.client(nas.settings_for("", &nas.sim.api_key()));
        assert_eq!(soon(client.list_shares()).await.unwrap().len(), 9, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_nas_that_limits_sign_ins_is_told_from_one_that_refuses_the_key() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        nas.turn("rate-limited", true);
        let client = nas.client();
        assert!(matches!(refusal(&client).await, Error::RateLimited), "{profile}");
        nas.turn("rate-limited", false);
        let mut changes = client.changes();
        nas.stage.pass_until(hear(&mut changes, |change| *change == Change::Connected)).await;
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_proxy_without_a_service_behind_it_is_not_ready() {
    for profile in ROADS {
        for (fault, expected) in [("502", 502), ("504", 504)] {
            let nas = Nas::start(profile).await;
            nas.turn(fault, true);
            let client = nas.client();
            assert!(matches!(refusal(&client).await, Error::NotReady { status } if status == expected), "{profile}");
            nas.stop().await;
        }
    }
}

#[tokio::test]
async fn a_nas_without_power_is_unreachable() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        nas.turn("power-off", true);
        assert!(matches!(refusal(&nas.client()).await, Error::Unreachable(_)), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn an_answer_later_than_the_limit_is_a_timeout() {
    const LIMIT: Duration = Duration::from_secs(3);
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let mut settings: Settings = nas.settings();
        settings.call_timeout = LIMIT;
        let client = nas.stage.client(settings);
        soon(client.road()).await.unwrap();
        nas.turn("slow", true);
        let before = nas.stage.clock.uptime();
        let outcome = nas.stage.pass_until(client.list_shares()).await;
        assert!(matches!(outcome, Err(Error::TimedOut(limit)) if limit == LIMIT), "{profile}: {outcome:?}");
        let waited = nas.stage.since(before);
        assert!((LIMIT..LIMIT + Duration::from_secs(1)).contains(&waited), "{profile}: {waited:?}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_nas_that_never_answers_ends_every_try_with_a_timeout() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        nas.turn("silent", true);
        let client = nas.client();
        let outcome = nas.stage.pass_until(client.list_shares()).await;
        assert!(matches!(outcome, Err(Error::TimedOut(_))), "{profile}: {outcome:?}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_controller_on_standby_names_the_active_one() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        nas.turn("standby-redirect", true);
        let error = refusal(&nas.client()).await;
        assert!(matches!(&error, Error::Standby { urls } if urls == &["https://10.0.0.6"]), "{profile}: {error}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn an_address_that_is_not_on_the_list_of_the_nas_is_told_so() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        nas.turn("ui-allowlist", true);
        let client = nas.client();
        assert!(matches!(refusal(&client).await, Error::AddressRefused), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn being_struck_off_the_list_ends_an_open_link() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        soon(client.road()).await.unwrap();
        nas.turn("ui-allowlist", true);
        nas.stage.pass_until_error(&client, |error| matches!(error, Error::AddressRefused)).await;
        nas.stop().await;
    }
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_a_protocol_error_at_once() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        soon(client.road()).await.unwrap();
        nas.turn("malformed-reply", true);
        // The clock stands still: a timeout would never come.
        let all = join_all((0..5).map(|_| client.list_shares()));
        for answer in soon(all).await {
            assert!(matches!(answer, Err(Error::Protocol { .. })), "{profile}: {answer:?}");
        }
        nas.turn("malformed-reply", false);
        nas.recovery(&client).await;
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_nas_that_garbles_the_sign_in_is_a_protocol_error_at_once() {
    for profile in RPC {
        let nas = Nas::start(profile).await;
        nas.turn("malformed-reply", true);
        assert!(matches!(refusal(&nas.client()).await, Error::Protocol { .. }), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_call_the_nas_does_not_know_is_a_protocol_error() {
    let stage = Stage::new();
    let fake = Fake::start(&stage.tasks, fake::modern, fake::welcoming).await;
    let client = stage.client(fake.settings());
    assert!(matches!(refusal(&client).await, Error::Protocol { .. }));
    stage.stop().await;
}

#[tokio::test]
async fn fifty_calls_at_once_all_succeed_eight_at_a_time() {
    /// How long one answer takes on a slow NAS.
    const ANSWER: Duration = Duration::from_secs(5);
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let mut settings = nas.settings();
        settings.call_timeout = Duration::from_mins(1);
        let client = nas.stage.client(settings);
        soon(client.road()).await.unwrap();
        nas.turn("slow", true);
        let mut calls: FuturesUnordered<_> = (0..50).map(|_| client.list_shares()).collect();
        let mut answers = Vec::new();
        nas.stage.settle(collect(&mut calls, &mut answers)).await;
        assert_eq!(answers.len(), 0, "{profile}");
        nas.stage.step(ANSWER).await;
        nas.stage.settle(collect(&mut calls, &mut answers)).await;
        assert_eq!(answers.len(), 8, "{profile}: those that the NAS had at once");
        nas.stage.pass_until(collect(&mut calls, &mut answers)).await;
        assert!(answers.len() == 50 && answers.iter().all(Result::is_ok), "{profile}");
        nas.stop().await;
    }
}

async fn collect<F: Future>(calls: &mut FuturesUnordered<F>, answers: &mut Vec<F::Output>) {
    while let Some(answer) = calls.next().await {
        answers.push(answer);
    }
}

#[tokio::test]
async fn a_caller_that_gives_up_leaves_room_for_the_next() {
    for profile in ROADS {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        soon(client.road()).await.unwrap();
        nas.turn("slow", true);
        for _ in 0..100 {
            let mut call = Box::pin(client.list_shares());
            assert!(futures_util::poll!(&mut call).is_pending());
        }
        nas.turn("slow", false);
        let answer = nas.stage.pass_until(client.list_shares()).await;
        assert_eq!(answer.unwrap().len(), 9, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_call_while_there_is_no_road_fails_at_once_with_the_reason() {
    for profile in REST.into_iter().chain(RPC) {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        soon(client.road()).await.unwrap();
        nas.turn("power-off", true);
        nas.stage.pass_until_error(&client, |error| matches!(error, Error::Unreachable(_))).await;
        let before = nas.stage.clock.uptime();
        assert!(matches!(refusal(&client).await, Error::Unreachable(_)), "{profile}");
        assert_eq!(nas.stage.clock.uptime(), before);
        nas.stop().await;
    }
}
