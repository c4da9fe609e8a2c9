//! What goes wrong is told in words of ours, as what was asked for.

use crate::harness::House;

#[tokio::test]
async fn an_error_is_a_page_a_piece_or_json_by_what_was_asked() {
    let house = House::open().await;
    let browser = house.browser();
    let page = browser.get("/nowhere").await;
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
    page.assert_says("<!doctype html>");
    page.assert_says("Página não encontrada");
    let piece = browser.ask("GET", "/nowhere", &[("accept", "text/html"), ("hx-request", "true")], "").await;
    assert_eq!((piece.status, piece.header("hx-retarget")), (404, "#notices"));
    assert!(!piece.body.contains("<html"), "{}", piece.body);
    for (path, accept) in [("/nowhere", "application/json"), ("/api/nowhere", "*/*")] {
        let json = browser.ask("GET", path, &[("accept", accept), ("accept-language", "en")], "").await;
        assert_eq!((json.status, json.json()["code"].as_str()), (404, Some("not_found")));
        assert_eq!(json.json()["message"], "The address does not exist or has moved.");
    }
    house.close().await;
}

#[tokio::test]
async fn no_answer_of_the_framework_reaches_a_browser_as_it_is() {
    let house = House::open().await;
    let browser = house.browser();
    let ours = [("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];
    for (status, body) in [
        (422, b"language=tlh".to_vec()),
        (422, b"language=en&language=pt-BR".to_vec()),
        (400, b"language=%ff".to_vec()),
        (413, vec![b'a'; (64 << 10) + 1]),
    ] {
        let answer = browser.ask("POST", "/preferences", &ours, body).await;
        assert_eq!((answer.status, answer.header("content-type")), (status, "text/html; charset=utf-8"));
    }
    let text = [("sec-fetch-site", "same-origin"), ("content-type", "text/plain")];
    assert_eq!(browser.ask("POST", "/preferences", &text, "language=en").await.status, 415);
    let wrong_verb = browser.ask("PUT", "/preferences", &ours, "").await;
    assert_eq!((wrong_verb.status, wrong_verb.header("allow")), (405, "POST"));
    wrong_verb.assert_says("Operação não disponível");
    assert_eq!(browser.ask("HEAD", "/nowhere", &[], "").await.body, "");
    house.close().await;
}

#[tokio::test]
async fn every_answer_is_guarded_and_only_static_files_are_kept() {
    let house = House::open().await;
    let browser = house.browser();
    let home = browser.get("/").await;
    let style = home.body.split('"').find(|text| text.starts_with("/assets/css/")).unwrap().to_owned();
    for (path, caching) in
        [("/", "no-store"), ("/nowhere", "no-store"), (&style, "public, max-age=31536000, immutable")]
    {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("cache-control"), caching, "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(!answer.headers.contains_key("strict-transport-security"), "there is no TLS here");
    }
    let etag = browser.get(&style).await.header("etag").to_owned();
    assert_eq!(browser.ask("GET", &style, &[("if-none-match", &etag)], "").await.status, 304);
    house.close().await;
}

#[tokio::test]
async fn too_many_requests_of_one_address_wait_for_the_end_of_the_minute() {
    let house = House::open().await;
    let browser = house.browser();
    for _ in 0..3_000 {
        assert_eq!(browser.get("/api/status").await.status, 200);
    }
    let answer = browser.get("/api/status").await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "60"));
    assert_eq!(answer.json()["code"], "too_many_requests");
    assert_eq!(browser.get("/assets/farol.svg").await.status, 200, "static files are free");
    house.close().await;
}

#[tokio::test]
async fn an_address_is_taken_from_a_header_only_when_a_proxy_of_ours_wrote_it() {
    for trusted in [false, true] {
        let house = House::with(|settings| {
            settings.web.trusted_proxies = if trusted { vec!["127.0.0.0/8".parse().unwrap()] } else { Vec::new() };
        });
        let house = house.await;
        let browser = house.browser();
        let from =
            async |address: &str| browser.ask("GET", "/api/status", &[("x-forwarded-for", address)], "").await.status;
        for _ in 0..3_000 {
            assert_eq!(from("203.0.113.9").await, 200);
        }
        assert_eq!(from("203.0.113.9").await, 429);
        assert_eq!(from("203.0.113.10").await, if trusted { 200 } else { 429 });
        assert_eq!(from("203.0.113.11, 203.0.113.9").await, 429, "what stands left of a stranger anybody can write");
        house.close().await;
    }
}

#[tokio::test]
async fn a_nas_that_is_gone_is_told_where_one_signs_in() {
    let house = House::open().await;
    let browser = house.browser();
    house.sim.set_fault("power-off", true).unwrap();
    let page = browser.sign_in("ana", "demo-ana").await;
    assert_eq!(page.status, 503);
    page.assert_says("TrueNAS inacessível");
    page.assert_says("value=\"ana\"");
    house.close().await;
}
