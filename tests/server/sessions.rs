//! How a session lives and ends.

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
async fn no_page_of_a_person_is_kept_by_a_browser() {
    let house = House::open().await;
    let browser = house.signed_in("ana").await;
    for path in ["/dashboard", "/sessions", "/download_bat"] {
        assert_eq!(browser.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    house.close().await;
}
