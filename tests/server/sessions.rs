//! How a session lives and ends.

use std::time::Duration;

use crate::harness::House;

#[tokio::test]
async fn a_restart_of_the_server_keeps_people_signed_in() {
    let mut house = House::open().await;
    let browser = house.signed_in("ana").await;
    house.restart().await;
    let page = browser.get("/dashboard").await;
    assert_eq!(page.status, 200);
    let shares = house.pass_until(async {
        loop {
            let shares = browser.get("/dashboard").await.shares();
            if !shares.is_empty() {
                return shares;
            }
        }
    });
    assert_eq!(shares.await, ["Financeiro", "Geral", "Publico"]);
    house.close().await;
}

#[tokio::test]
async fn eight_hours_are_the_end_however_busy_the_person_is() {
    let house = House::open().await;
    let browser = house.signed_in("ana").await;
    for _ in 0..7 {
        house.hand.advance(Duration::from_hours(1));
        assert_eq!(browser.get("/sessions").await.status, 200);
    }
    house.hand.advance(Duration::from_mins(61));
    assert_eq!(browser.get("/sessions").await.status, 303);
    house.close().await;
}

#[tokio::test]
async fn a_session_nobody_uses_ends_earlier() {
    let house = House::open().await;
    let browser = house.signed_in("ana").await;
    house.hand.advance(Duration::from_hours(4) + Duration::from_secs(61));
    assert_eq!(browser.get("/sessions").await.status, 303);
    house.close().await;
}

#[tokio::test]
async fn a_person_sees_and_ends_their_own_sessions_and_nobody_elses() {
    let house = House::open().await;
    let here = house.signed_in("ana").await;
    let there = house.signed_in("ana").await;
    let other = house.signed_in("bruno").await;
    let page = here.get("/sessions").await.body;
    let paths = ends(&page);
    assert_eq!(paths.len(), 2, "{page}");
    let bruno = ends(&other.get("/sessions").await.body);
    assert_eq!(here.post(&bruno[0], &[]).await.status, 404, "another person's session is not there");
    assert_eq!(other.get("/dashboard").await.status, 200);
    assert_eq!(here.post("/sessions/end-others", &[]).await.status, 303);
    assert_eq!(there.get("/dashboard").await.status, 303);
    assert_eq!(here.get("/dashboard").await.status, 200);
    house.close().await;
}

#[tokio::test]
async fn no_page_of_a_person_is_kept_by_a_browser() {
    let house = House::open().await;
    let browser = house.signed_in("ana").await;
    for path in ["/dashboard", "/sessions", "/download_bat"] {
        assert_eq!(browser.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    house.close().await;
}

fn ends(page: &str) -> Vec<String> {
    let found = page.split("action=\"/sessions/").skip(1).map(|rest| rest.split('"').next().unwrap());
    found.filter(|path| path.ends_with("/end")).map(|path| format!("/sessions/{path}")).collect()
}
