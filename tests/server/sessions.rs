//! How a session lives and ends.

use std::time::Duration;

use crate::harness::{Office, field};

#[tokio::test]
async fn a_restart_of_the_server_keeps_people_signed_in() {
    let mut office = Office::open().await;
    let mut browser = office.signed_in("ana").await;
    office.restart().await;
    let page = browser.get("/dashboard").await;
    assert_eq!(page.status, 200);
    let shares = office.pass_until(async {
        loop {
            let shares = browser.get("/dashboard").await.shares();
            if !shares.is_empty() {
                return shares;
            }
        }
    });
    assert_eq!(shares.await, ["Financeiro", "Geral", "Publico"]);
    office.close().await;
}

#[tokio::test]
async fn eight_hours_are_the_end_however_busy_the_person_is() {
    let office = Office::open().await;
    let mut browser = office.signed_in("ana").await;
    for _ in 0..7 {
        office.leap(Duration::from_hours(1)).await;
        assert_eq!(browser.get("/sessions").await.status, 200);
    }
    office.leap(Duration::from_mins(61)).await;
    assert_eq!(browser.get("/sessions").await.status, 303);
    office.close().await;
}

#[tokio::test]
async fn a_session_nobody_uses_ends_earlier() {
    let office = Office::open().await;
    let mut browser = office.signed_in("ana").await;
    office.leap(Duration::from_hours(4) + Duration::from_secs(61)).await;
    assert_eq!(browser.get("/sessions").await.status, 303);
    office.close().await;
}

#[tokio::test]
async fn signing_out_leaves_nothing_that_could_be_used_again() {
    let office = Office::open().await;
    let mut browser = office.signed_in("ana").await;
    let mut copy = browser.twin();
    let answer = browser.post("/logout", &[]).await;
    assert_eq!(answer.status, 303);
    assert!(browser.cookies.keys().all(|name| !name.ends_with("farol")), "{:?}", browser.cookies);
    assert_eq!(copy.get("/dashboard").await.status, 303);
    office.close().await;
}

#[tokio::test]
async fn a_person_sees_and_ends_their_own_sessions_and_nobody_elses() {
    let office = Office::open().await;
    let mut here = office.signed_in("ana").await;
    let mut there = office.signed_in("ana").await;
    let mut other = office.signed_in("bruno").await;
    let page = here.get("/sessions").await.body;
    let paths = ends(&page);
    assert_eq!(paths.len(), 2, "{page}");
    let bruno = ends(&other.get("/sessions").await.body);
    assert_eq!(here.post(&bruno[0], &[]).await.status, 404, "another person's session is not there");
    assert_eq!(other.get("/dashboard").await.status, 200);
    assert_eq!(here.post("/sessions/end-others", &[]).await.status, 303);
    assert_eq!(there.get("/dashboard").await.status, 303);
    assert_eq!(here.get("/dashboard").await.status, 200);
    office.close().await;
}

#[tokio::test]
async fn no_page_of_a_person_is_kept_by_a_browser() {
    let office = Office::open().await;
    let mut browser = office.signed_in("ana").await;
    for path in ["/dashboard", "/sessions", "/download_bat"] {
        assert_eq!(browser.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    office.close().await;
}

#[tokio::test]
async fn the_way_back_leads_to_our_own_pages_only() {
    let office = Office::open().await;
    for (next, expected) in [("/sessions", "/sessions"), ("//evil.example", "/dashboard"), ("https://evil", "/dashboard")] {
        let mut browser = office.browser();
        browser.get("/").await;
        let form = [field("username", "ana"), field("password", "demo-ana"), field("next", next)];
        assert_eq!(browser.post("/", &form).await.location(), expected, "{next}");
        office.leap(Duration::from_mins(2)).await;
    }
    office.close().await;
}

fn ends(page: &str) -> Vec<String> {
    let found = page.split("action=\"/sessions/").skip(1).map(|rest| rest.split('"').next().unwrap());
    found.filter(|path| path.ends_with("/end")).map(|path| format!("/sessions/{path}")).collect()
}
