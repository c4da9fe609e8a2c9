//! Coming in, and going out again.

use crate::harness::House;

#[tokio::test]
async fn the_right_password_opens_a_session_and_the_wrong_one_says_so() {
    let house = House::open().await;
    let browser = house.browser();
    let refused = browser.sign_in("ana", "wrong").await;
    assert_eq!(refused.status, 401);
    assert_eq!(browser.cookie("farol"), None);
    let answer = browser.sign_in("ana", "demo-ana").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/dashboard"));
    assert!(browser.cookie("farol").is_some());
    assert_eq!(browser.cookie("farol_attempt"), None, "nothing is left of how it came to be");
    assert_eq!(browser.get("/").await.header("location"), "/dashboard");
    house.close().await;
}

#[tokio::test]
async fn a_page_asked_for_by_nobody_leads_to_the_sign_in_and_from_there_on() {
    let house = House::open().await;
    let browser = house.browser();
    let sent_away = browser.get("/sessions?a=1").await;
    assert_eq!((sent_away.status, sent_away.header("location")), (303, "/?next=%2Fsessions%3Fa%3D1"));
    let page = browser.get(sent_away.header("location")).await;
    page.assert_says("/sessions?a=1");
    let fields = [("username", "ana"), ("password", "demo-ana"), ("next", "/sessions?a=1")];
    assert_eq!(browser.post("/", &fields).await.header("location"), "/sessions?a=1");
    let fields = [("username", "ana"), ("password", "demo-ana"), ("next", "//evil.example")];
    assert_eq!(house.browser().post("/", &fields).await.header("location"), "/dashboard");
    house.close().await;
}

#[tokio::test]
async fn a_sign_out_leaves_nothing_behind() {
    let house = House::open().await;
    let browser = house.signed_in("ana").await;
    let token = browser.cookie("farol").unwrap();
    let answer = browser.post("/logout", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/?ended=signed-out"));
    assert_eq!(browser.cookie("farol"), None);
    browser.set_cookie("farol", &token);
    assert_eq!(browser.get("/sessions").await.header("location"), "/?next=%2Fsessions");
    house.close().await;
}

#[tokio::test]
async fn a_session_planted_beforehand_is_not_the_one_that_is_opened() {
    let house = House::open().await;
    let browser = house.browser();
    browser.set_cookie("farol", &"a".repeat(64));
    browser.sign_in("ana", "demo-ana").await;
    assert_ne!(browser.cookie("farol").unwrap(), "a".repeat(64));
    house.close().await;
}
