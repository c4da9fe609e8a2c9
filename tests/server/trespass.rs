//! What must be refused, with a sentence, and with nothing half-done.

use futures_util::future;

use crate::harness::{Answer, House, soon};

const ANA: [(&str, &str); 2] = [("username", "ana"), ("password", "demo-ana")];

#[track_caller]
fn refused(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert!(answer.body.contains("<!doctype html>"), "{}", answer.body);
    assert!(answer.body.contains("<h1"), "a designed page: {}", answer.body);
}

#[tokio::test]
async fn nobody_is_signed_out_or_downloads_from_elsewhere() {
    let house = House::open().await;
    let browser = house.signed_in("ana").await;
    let lured = browser.form("/logout", &[], &[("sec-fetch-site", "cross-site")]).await;
    refused(&lured, 403);
    let lured = browser.ask("GET", "/download_bat", &[("accept", "text/html"), ("sec-fetch-site", "cross-site")], "");
    refused(&lured.await, 403);
    assert_eq!(browser.get("/dashboard").await.status, 200);
    house.close().await;
}

#[tokio::test]
async fn the_session_a_browser_had_ends_when_it_signs_in_again() {
    let house = House::open().await;
    let browser = house.signed_in("ana").await;
    let old = browser.twin();
    assert_eq!(browser.sign_in("bruno", "demo-bruno").await.status, 303);
    assert_eq!(old.get("/dashboard").await.status, 303);
    assert_eq!(browser.get("/dashboard").await.status, 200);
    house.close().await;
}

#[tokio::test]
async fn fields_beyond_their_size_and_unreadable_ones_are_refused() {
    let house = House::open().await;
    let long = "x".repeat(10_000);
    for form in [[("username", long.as_str()), ("password", "x")], [("username", "ana"), ("password", long.as_str())]] {
        let browser = house.browser();
        browser.get("/").await;
        let answer = browser.post("/", &form).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert!(answer.body.contains("name=\"username\""), "the form is there again: {}", answer.body);
        assert!(!answer.body.contains(&long), "what is too long is not repeated");
    }
    let browser = house.browser();
    browser.get("/").await;
    let ours = [
        ("accept", "text/html"),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    refused(&browser.ask("POST", "/", &ours, "username=%ff%fe&password=x").await, 400);
    refused(&browser.ask("POST", "/", &ours, "x".repeat(100_000)).await, 413);
    refused(&browser.post("/", &[]).await, 422);
    house.close().await;
}

#[tokio::test]
async fn a_form_sent_twice_is_checked_once() {
    let house = House::open().await;
    let first = house.browser();
    first.get("/").await;
    let second = first.twin();
    house.turn("slow", true);
    let both = future::select(Box::pin(first.post("/", &ANA)), Box::pin(second.post("/", &ANA)));
    let (refused_at_once, checked) = soon(both).await.factor_first();
    refused(&refused_at_once, 409);
    house.turn("slow", false);
    assert_eq!(house.pass_until(checked).await.status, 303);
    house.close().await;
}

#[tokio::test]
async fn an_address_is_not_believed_from_whoever_says_it() {
    let house = House::open().await;
    let browser = house.browser().saying("x-forwarded-for", "203.0.113.9");
    assert_eq!(browser.sign_in("ana", "demo-ana").await.status, 303);
    let page = browser.get("/sessions").await;
    assert!(page.body.contains("127.0.0.1"), "{}", page.body);
    assert!(!page.body.contains("203.0.113.9"), "{}", page.body);
    house.close().await;
}

#[tokio::test]
async fn a_trusted_proxy_is_believed_about_the_last_stranger_only() {
    let proxy = |settings: &mut farol::config::Settings| {
        settings.web.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
    };
    let house = House::with(proxy).await;
    let browser = house.browser().saying("x-forwarded-for", "198.51.100.1, 203.0.113.9, 10.1.1.1");
    assert_eq!(browser.sign_in("ana", "demo-ana").await.status, 303);
    let page = browser.get("/sessions").await;
    assert!(page.body.contains("203.0.113.9"), "{}", page.body);
    assert!(!page.body.contains("198.51.100.1"), "{}", page.body);
    house.close().await;
}
