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
