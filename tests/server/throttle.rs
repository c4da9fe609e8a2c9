//! Guessing passwords gets slow for whoever guesses, and for nobody else.

use std::time::Duration;

use crate::harness::House;

fn proxy(settings: &mut farol::config::Settings) {
    settings.web.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
}

#[tokio::test]
async fn guessing_slows_down_the_address_and_not_the_person_elsewhere() {
    let house = House::with(proxy).await;
    let mut wait = None;
    for guess in 0..12 {
        let guesser = house.browser().saying("x-forwarded-for", "203.0.113.9");
        let answer = guesser.sign_in("ana", &format!("palpite{guess}")).await;
        if answer.status == 429 {
            wait = Some(answer.header("retry-after").parse::<u64>().unwrap());
            break;
        }
        assert_eq!(answer.status, 401);
    }
    let wait = wait.expect("somebody who guesses is slowed down");
    assert!((1..=300).contains(&wait), "{wait}");
    let elsewhere = house.browser().saying("x-forwarded-for", "198.51.100.7");
    assert_eq!(elsewhere.sign_in("ana", "demo-ana").await.status, 303);
    house.pass(Duration::from_secs(wait)).await;
    let guesser = house.browser().saying("x-forwarded-for", "203.0.113.9");
    assert_eq!(guesser.sign_in("ana", "demo-ana").await.status, 303, "nobody is locked out for good");
    house.close().await;
}

#[tokio::test]
async fn administrators_see_and_lift_what_was_slowed_down_and_nobody_else_does() {
    let mut house = House::with(proxy).await;
    for guess in 0..12 {
        let guesser = house.browser().saying("x-forwarded-for", "203.0.113.9");
        guesser.sign_in("ana", &format!("palpite{guess}")).await;
    }
    house.restart().await;
    let nobody = house.browser().saying("accept", "application/json");
    assert_eq!(nobody.get("/api/admin/bans").await.status, 401);
    let ana = house.browser().saying("x-forwarded-for", "198.51.100.7");
    assert_eq!(ana.sign_in("ana", "demo-ana").await.status, 303);
    assert_eq!(ana.get("/api/admin/bans").await.status, 403);
    let carla = house.administrator("carla").await;
    let bans = carla.get("/api/admin/bans").await.json();
    let bans = bans.as_array().unwrap().clone();
    assert!(bans.iter().any(|ban| ban["id"].as_str().unwrap().contains("203.0.113.9")), "{bans:?}");
    for ban in &bans {
        let id: String = url::form_urlencoded::byte_serialize(ban["id"].as_str().unwrap().as_bytes()).collect();
        let (path, ours) = (format!("/api/admin/bans/{id}"), [("sec-fetch-site", "same-origin")]);
        assert_eq!(carla.ask("DELETE", &path, &[], "").await.status, 403, "nobody says who asks");
        assert_eq!(carla.ask("DELETE", &path, &ours, "").await.status, 204);
        assert_eq!(carla.ask("DELETE", &path, &ours, "").await.status, 404);
    }
    assert_eq!(carla.get("/api/admin/bans").await.json(), serde_json::json!([]));
    let guesser = house.browser().saying("x-forwarded-for", "203.0.113.9");
    assert_eq!(guesser.sign_in("ana", "demo-ana").await.status, 303);
    house.close().await;
}
