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
    assert_eq!(browser.get("/sessions").await.header("location"), "/?ended=signed-out&next=%2Fsessions");
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

#[tokio::test]
async fn htmx_gets_the_card_again_or_the_way_on() {
    let house = House::open().await;
    let browser = house.browser();
    browser.get("/").await;
    let refused = browser.htmx("/", &[("username", "ana"), ("password", "wrong")]).await;
    assert_eq!(refused.status, 401);
    refused.assert_says("id=\"signin-panel\"");
    refused.assert_says("value=\"ana\"");
    assert!(!refused.body.contains("<html") && !refused.body.contains("wrong\""), "{}", refused.body);
    let entered = browser.htmx("/", &[("username", "ana"), ("password", "demo-ana")]).await;
    assert_eq!((entered.status, entered.header("hx-redirect")), (200, "/dashboard"));
    house.close().await;
}

#[tokio::test]
async fn a_second_factor_is_asked_in_place_and_only_of_who_had_the_password() {
    let house = House::open().await;
    let browser = house.browser();
    let asked = browser.sign_in("fabio", "demo-fabio").await;
    assert_eq!(asked.status, 200);
    asked.assert_says("name=\"code\"");
    assert_eq!(browser.cookie("farol"), None);
    assert_eq!(browser.get("/dashboard").await.status, 303, "half a sign-in opens nothing");
    let thief = house.browser();
    thief.set_cookie("farol_attempt", &browser.cookie("farol_attempt").unwrap());
    assert_eq!(thief.post("/code", &[("code", "123456")]).await.status, 401, "the attempt alone opens nothing");
    let wrong = browser.post("/code", &[("code", "000000")]).await;
    assert_eq!(wrong.status, 401);
    wrong.assert_says("name=\"password\"");
    wrong.assert_says("O TrueNAS não aceitou este código e pede a senha de novo.");
    assert_eq!(browser.cookie("farol_code"), None, "this release of the NAS takes one code for one password");
    assert_eq!(browser.get("/code").await.header("location"), "/");
    browser.sign_in("fabio", "demo-fabio").await;
    browser.get("/code").await.assert_says("name=\"code\"");
    let entered = browser.post("/code", &[("code", "123456")]).await;
    assert_eq!((entered.status, entered.header("location")), (303, "/dashboard"));
    assert_eq!(browser.cookie("farol_code"), None);
    house.close().await;
}

#[tokio::test]
async fn a_wrong_code_forgets_neither_who_signs_in_nor_where_they_were_going() {
    let house = House::open().await;
    let browser = house.browser();
    let next = ("next", "/sessions");
    let password = [("username", "fabio"), ("password", "demo-fabio"), next];
    let asked = browser.post("/", &password).await;
    asked.assert_says("name=\"username\" value=\"fabio\"");
    asked.assert_says("name=\"next\" value=\"/sessions\"");
    let wrong = browser.post("/code", &[("code", "000000"), ("username", "fabio"), next]).await;
    wrong.assert_says("value=\"fabio\" autocomplete=\"username\"");
    wrong.assert_says("name=\"next\" value=\"/sessions\"");
    browser.post("/", &password).await;
    let entered = browser.post("/code", &[("code", "123456"), ("username", "fabio"), next]).await;
    assert_eq!(entered.header("location"), "/sessions");
    house.pass(std::time::Duration::from_mins(1)).await;
    let lured = house.browser();
    lured.sign_in("fabio", "demo-fabio").await;
    let entered = lured.post("/code", &[("code", "123456"), ("next", "//evil.example")]).await;
    assert_eq!(entered.header("location"), "/dashboard");
    house.close().await;
}

#[tokio::test]
async fn what_nobody_can_have_typed_is_refused_with_a_sentence() {
    let house = House::open().await;
    let browser = house.browser();
    let long = "a".repeat(10_000);
    for (username, password) in [("", "x"), ("ana", ""), (&long, "x"), ("ana", &long), ("a\nb", "x")] {
        let answer = browser.post("/", &[("username", username), ("password", password)]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.len() < 20_000, "what was sent is not sent back whole");
    }
    house.close().await;
}
