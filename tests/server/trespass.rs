//! What must be refused, with a sentence, and with nothing half-done.

use reqwest::Method;

use crate::harness::{Answer, Office, field};

const ANA: [(&str, &str); 2] = [("username", "ana"), ("password", "demo-ana")];

#[track_caller]
fn refused(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert!(answer.body.contains("<!doctype html>") || answer.body.contains("<!DOCTYPE html>"), "{}", answer.body);
    assert!(answer.body.contains("<h1"), "a designed page: {}", answer.body);
}

#[tokio::test]
async fn a_form_sent_from_elsewhere_is_refused() {
    let office = Office::open().await;
    for origin in [Some("https://evil.example"), Some("null"), None, Some("http://127.0.0.1:1")] {
        let mut browser = office.browser();
        browser.get("/").await;
        browser.origin = origin.map(str::to_owned);
        refused(&browser.post("/", &ANA).await, 403);
        assert_eq!(browser.get("/dashboard").await.status, 303);
    }
    for site in ["cross-site", "same-site", "none"] {
        let mut browser = office.browser().saying("sec-fetch-site", site);
        refused(&browser.post("/", &ANA).await, 403);
    }
    office.close().await;
}

#[tokio::test]
async fn nobody_is_signed_out_or_downloads_from_elsewhere() {
    let office = Office::open().await;
    let mut browser = office.signed_in("ana").await;
    let mut lured = browser.twin();
    lured.origin = Some("https://evil.example".to_owned());
    refused(&lured.post("/logout", &[]).await, 403);
    let mut lured = browser.twin().saying("sec-fetch-site", "cross-site");
    refused(&lured.get("/download_bat").await, 403);
    assert_eq!(browser.get("/dashboard").await.status, 200);
    office.close().await;
}

#[tokio::test]
async fn a_session_id_planted_before_the_sign_in_opens_nothing_after_it() {
    let office = Office::open().await;
    let name = office.signed_in("bruno").await.cookies.keys().find(|name| name.contains("farol")).unwrap().clone();
    let planted = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let mut victim = office.browser();
    victim.cookies.insert(name.clone(), planted.to_owned());
    assert_eq!(victim.sign_in("ana", "demo-ana").await.status, 303);
    let mut attacker = office.browser();
    attacker.cookies.insert(name, planted.to_owned());
    assert_eq!(attacker.get("/dashboard").await.status, 303);
    office.close().await;
}

#[tokio::test]
async fn the_session_a_browser_had_ends_when_it_signs_in_again() {
    let office = Office::open().await;
    let mut browser = office.signed_in("ana").await;
    let mut old = browser.twin();
    assert_eq!(browser.sign_in("bruno", "demo-bruno").await.status, 303);
    assert_eq!(old.get("/dashboard").await.status, 303);
    assert_eq!(browser.get("/dashboard").await.status, 200);
    office.close().await;
}

#[tokio::test]
async fn fields_beyond_their_size_and_unreadable_ones_are_refused() {
    let office = Office::open().await;
    let long = "x".repeat(10_000);
    for form in [[field("username", &long), field("password", "x")], [field("username", "ana"), field("password", &long)]]
    {
        let mut browser = office.browser();
        browser.get("/").await;
        let answer = browser.post("/", &form).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert!(answer.body.contains("name=\"username\""), "the form is there again: {}", answer.body);
        assert!(!answer.body.contains(&long), "what is too long is not repeated");
    }
    let mut browser = office.browser();
    browser.get("/").await;
    refused(&browser.post_bytes("/", b"username=%ff%fe&password=x".to_vec()).await, 422);
    refused(&browser.post_bytes("/", vec![b'x'; 100_000]).await, 413);
    refused(&browser.post("/", &[]).await, 422);
    office.close().await;
}

#[tokio::test]
async fn a_form_sent_twice_is_checked_once() {
    let office = Office::open().await;
    let mut first = office.browser();
    first.get("/").await;
    let mut second = first.twin();
    office.turn("slow", true);
    let both = async {
        tokio::join!(first.post("/", &ANA), async {
            tokio::task::yield_now().await;
            second.post("/", &ANA).await
        })
    };
    let (one, other) = office.pass_until(both).await;
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{} {}", one.body, other.body);
    office.close().await;
}

#[tokio::test]
async fn an_address_is_not_believed_from_whoever_says_it() {
    let office = Office::open().await;
    let mut browser = office.browser().saying("x-forwarded-for", "203.0.113.9");
    assert_eq!(browser.sign_in("ana", "demo-ana").await.status, 303);
    let page = browser.get("/sessions").await;
    assert!(page.body.contains("127.0.0.1"), "{}", page.body);
    assert!(!page.body.contains("203.0.113.9"), "{}", page.body);
    office.close().await;
}

#[tokio::test]
async fn a_trusted_proxy_is_believed_about_the_last_stranger_only() {
    let proxy = |settings: &mut farol::config::Settings| {
        settings.web.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
    };
    let office = Office::open_with(farol::sim::Profile::R25_10, proxy).await;
    let mut browser = office.browser().saying("x-forwarded-for", "198.51.100.1, 203.0.113.9, 10.1.1.1");
    assert_eq!(browser.sign_in("ana", "demo-ana").await.status, 303);
    let page = browser.get("/sessions").await;
    assert!(page.body.contains("203.0.113.9"), "{}", page.body);
    assert!(!page.body.contains("198.51.100.1"), "{}", page.body);
    office.close().await;
}

#[tokio::test]
async fn methods_that_a_page_does_not_know_are_named() {
    let office = Office::open().await;
    let mut browser = office.browser();
    let answer = browser.send(Method::PUT, "/", None).await;
    refused(&answer, 405);
    assert!(answer.header("allow").contains("POST"), "{:?}", answer.headers);
    office.close().await;
}
