//! The pages on which administrators see how the storage is.

use std::time::Duration;

use farol::audit::Audit;
use farol::domain::audit::Action;
use farol::store::Store;

use crate::harness::{Browser, House, soon};

const HOSTILE: &str = "\"><img src=x onerror=1>";

#[track_caller]
fn value_after<'a>(body: &'a str, before: &str) -> &'a str {
    body.split(before).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {before}"))
}

async fn deeds(house: &House) -> Vec<Action> {
    let store = Store::open(&house.settings.store).await.unwrap();
    let entries = Audit::new(store, house.clock.clone()).list(None, 20).await.unwrap();
    entries.into_iter().map(|entry| entry.deed.action).collect()
}

/// Loads the page until it says so, time passing.
async fn says(house: &House, browser: &Browser, path: &str, text: &str) -> String {
    let coming = async {
        loop {
            house.pass(Duration::from_secs(1)).await;
            let body = browser.get(path).await.body;
            if body.contains(text) {
                return body;
            }
        }
    };
    soon(coming).await
}

#[tokio::test]
async fn names_of_the_nas_are_text_on_every_page() {
    let house = House::open().await;
    let browser = house.administrator("carla").await;
    {
        let mut world = house.sim.world();
        world.alerts.iter_mut().for_each(|alert| HOSTILE.clone_into(&mut alert.class));
        world.pools.iter_mut().for_each(|pool| pool.name = "<img src=x onerror=1>");
    }
    let body = says(&house, &browser, "/admin/health", "&lt;img src=x onerror=1&gt;").await;
    assert!(!body.contains("<img src=x"), "{body}");
    for path in ["/admin", "/admin/health/feed", "/admin/connection", "/admin/health?range=7d"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains("<img src=x"), "{path}");
    }
    house.close().await;
}

#[tokio::test]
async fn a_silenced_alert_stays_on_the_page_and_asks_for_nobody_until_it_is_heard_again() {
    let house = House::open().await;
    let browser = house.administrator("carla").await;
    house.sim.world().pools.iter_mut().for_each(|pool| pool.warning = false);
    let page = says(&house, &browser, "/admin/health", "ZpoolCapacityWarning").await;
    assert!(page.contains("arquivo"), "{page}");
    says(&house, &browser, "/api/status", "\"attention\"").await;
    let form = [("kind", "class"), ("target", "ZpoolCapacityWarning"), ("hours", "4")];
    let done = browser.post("/admin/alerts/silence", &form).await;
    assert_eq!((done.status, done.header("location")), (303, "/admin/health#alerts"), "{}", done.body);
    let page = says(&house, &browser, "/admin/health", "silenciado até").await;
    says(&house, &browser, "/api/status", "\"online\"").await;
    let silence = value_after(&page, "name=\"silence\" value=\"");
    assert_eq!(browser.post("/admin/alerts/hear", &[("silence", silence)]).await.status, 303);
    says(&house, &browser, "/api/status", "\"attention\"").await;
    assert_eq!(deeds(&house).await[..2], [Action::AlertHeardAgain, Action::AlertSilenced]);
    for wrong in [("hours", "0"), ("hours", "999"), ("kind", "all"), ("target", "")] {
        let form = form.map(|(name, value)| if name == wrong.0 { wrong } else { (name, value) });
        assert_eq!(browser.post("/admin/alerts/silence", &form).await.status, 422, "{wrong:?}");
    }
    house.close().await;
}

#[tokio::test]
async fn the_feed_goes_on_page_by_page_and_by_light() {
    let house = House::open().await;
    let browser = house.administrator("carla").await;
    house.turn("scrub", true);
    let page = says(&house, &browser, "/admin/health/feed?light=unknown", "Verificação do pool").await;
    let line = value_after(&page, "id=\"fact-");
    assert!(!browser.get("/admin/health/feed?light=trouble").await.body.contains("Verificação do pool"));
    let older = browser.get(&format!("/admin/health/feed?before={line}&light=unknown")).await;
    assert!(!older.body.contains(&format!("id=\"fact-{line}\"")), "{}", older.body);
    assert!(browser.get("/admin/health").await.body.contains(&format!("id=\"fact-{line}\"")));
    house.close().await;
}

#[tokio::test]
async fn the_chart_says_the_latency_of_the_span_asked_for() {
    let house = House::open().await;
    let browser = house.administrator("carla").await;
    house.pass(Duration::from_secs(30)).await;
    for (range, hours) in [("1h", 1), ("24h", 24), ("7d", 168), ("30d", 720), ("nonsense", 24)] {
        let data = browser.get(&format!("/admin/health/latency.json?range={range}")).await.json();
        let span = data["to"].as_i64().unwrap() - data["from"].as_i64().unwrap();
        assert_eq!(span, hours * 3_600_000, "{range}");
        let columns = ["at", "mean", "max", "light", "planned"].map(|name| data[name].as_array().unwrap().len());
        assert!(columns[0] > 0 && columns.iter().all(|length| *length == columns[0]), "{range}: {columns:?}");
    }
    house.close().await;
}

#[tokio::test]
async fn the_link_is_tried_layer_by_layer_and_not_again_at_once() {
    let house = House::open().await;
    let browser = house.administrator("carla").await;
    let untried = browser.get("/admin/connection").await;
    untried.assert_says("Nenhum teste desde que o portal iniciou");
    assert_eq!(browser.post("/admin/connection/layers", &[]).await.status, 303);
    let done = says(&house, &browser, "/admin/connection", "A chave só pode ler").await;
    for said in ["impressão digital", "JSON-RPC", "Chave aceita. TrueNAS 25.10", "todas as leituras"] {
        assert!(done.contains(said), "{said}: {done}");
    }
    assert!(!done.contains(house.sim.api_key().as_str()));
    house.pass(Duration::from_secs(10)).await;
    assert_eq!(browser.post("/admin/connection/calls", &[("pools", "yes"), ("shares", "yes")]).await.status, 303);
    let called = says(&house, &browser, "/admin/connection", "Respondido: 2 itens").await;
    assert_eq!(called.matches("Respondido").count(), 2, "only what was asked for: {called}");
    house.turn("refused", true);
    assert_eq!(browser.post("/admin/connection/layers", &[]).await.status, 303);
    assert!(browser.get("/admin/connection").await.body.contains("A chave só pode ler"), "it was too soon");
    house.pass(Duration::from_secs(10)).await;
    assert_eq!(browser.post("/admin/connection/layers", &[]).await.status, 303);
    let failed = says(&house, &browser, "/admin/connection/progress", "Ninguém responde nesse endereço").await;
    assert!(failed.contains("se o TrueNAS está ligado") && !failed.contains("A chave só pode ler"), "{failed}");
    house.close().await;
}
