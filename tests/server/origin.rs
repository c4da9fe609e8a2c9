//! Other sites get nothing done through somebody's browser.

use crate::harness::House;

#[tokio::test]
async fn a_form_sent_from_elsewhere_or_from_nowhere_changes_nothing() {
    let house = House::open().await;
    let browser = house.browser();
    let ours = browser.origin().to_owned();
    for (headers, status) in [
        (vec![], 403),
        (vec![("sec-fetch-site", "cross-site")], 403),
        (vec![("sec-fetch-site", "same-site")], 403),
        (vec![("sec-fetch-site", "none")], 403),
        (vec![("origin", "http://evil.example")], 403),
        (vec![("origin", "null")], 403),
        (vec![("sec-fetch-site", "same-origin"), ("origin", "http://evil.example")], 403),
        (vec![("sec-fetch-site", "cross-site"), ("origin", ours.as_str())], 403),
        (vec![("sec-fetch-site", "same-origin")], 303),
        (vec![("origin", ours.as_str())], 303),
    ] {
        let answer = browser.form("/preferences", &[("language", "en")], &headers).await;
        assert_eq!(answer.status, status, "{headers:?}");
        assert_eq!(answer.headers.contains_key("set-cookie"), status == 303, "{headers:?}");
    }
    house.close().await;
}

#[tokio::test]
async fn a_choice_leads_back_to_a_page_of_ours_and_nowhere_else() {
    let house = House::open().await;
    let browser = house.browser();
    for (back, location) in [("/nowhere?a=1", "/nowhere?a=1"), ("https://evil.example", "/"), ("//evil.example", "/")] {
        let answer = browser.post("/preferences", &[("theme", "dark"), ("language", "en"), ("back", back)]).await;
        assert_eq!((answer.status, answer.header("location")), (303, location));
    }
    let page = browser.get("/").await;
    page.assert_says("<html lang=\"en\" data-theme=\"dark\">");
    house.close().await;
}

#[tokio::test]
async fn a_link_on_another_site_finds_who_is_signed_in() {
    let house = House::open().await;
    let browser = house.browser();
    let first = browser.ask("GET", "/sessions", &[("accept", "text/html"), ("sec-fetch-site", "cross-site")], "").await;
    assert_eq!((first.status, first.header("refresh")), (401, "0; url=/sessions"));
    let again =
        browser.ask("GET", "/sessions", &[("accept", "text/html"), ("sec-fetch-site", "same-origin")], "").await;
    assert_eq!((again.status, again.header("location")), (303, "/?next=%2Fsessions"));
    house.close().await;
}

#[tokio::test]
async fn behind_tls_only_the_public_address_is_ours_and_cookies_never_leave_it() {
    let house = House::with(|settings| settings.web.public_url = Some("https://farol.example".parse().unwrap())).await;
    let browser = house.browser();
    let page = browser.get("/").await;
    assert_eq!(page.header("strict-transport-security"), "max-age=63072000");
    assert!(page.header("set-cookie").starts_with("__Host-farol_attempt="), "{page:?}");
    let fields = [("username", "ana"), ("password", "demo-ana")];
    let ours = browser.origin().to_owned();
    assert_eq!(browser.form("/", &fields, &[("origin", &ours)]).await.status, 403, "that is where we listen");
    let entered = browser.form("/", &fields, &[("origin", "https://farol.example")]).await;
    assert_eq!(entered.status, 303);
    let cookie = entered.headers.get_all("set-cookie").iter().next().unwrap().to_str().unwrap();
    assert!(cookie.starts_with("__Host-farol=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"));
    assert_eq!(browser.get("/dashboard").await.status, 200);
    let token = browser.cookie("__Host-farol").unwrap();
    let plain = house.browser();
    plain.set_cookie("farol", &token);
    assert_eq!(plain.get("/dashboard").await.status, 303, "under its plain name a neighbour could have set it");
    house.close().await;
}
