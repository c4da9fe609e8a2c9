//! What a person finds behind the sign-in: their drives and their sessions.

use crate::harness::House;

#[tokio::test]
async fn the_dashboard_shows_what_the_person_may_map_and_no_more() {
    let house = House::open().await;
    let page = house.signed_in("ana").await.get("/dashboard").await;
    assert_eq!(page.status, 200);
    for text in ["Ana", "Financeiro", "Geral", "Publico", "/download_bat?share=Financeiro"] {
        page.assert_says(text);
    }
    assert!(!page.body.contains("Projetos"), "{}", page.body);
    let nothing = house.signed_in("davi").await.get("/dashboard").await;
    assert!(!nothing.body.contains("/download_bat"), "{}", nothing.body);
    let hostile = house.signed_in("carla").await.get("/dashboard").await;
    assert!(!hostile.body.contains("<TI>"), "{}", hostile.body);
    house.close().await;
}

#[tokio::test]
async fn the_script_is_a_file_to_keep_and_holds_only_what_is_theirs() {
    let house = House::open().await;
    let browser = house.signed_in("ana").await;
    let all = browser.get("/download_bat").await;
    assert_eq!((all.status, all.header("content-type")), (200, "application/octet-stream"));
    assert_eq!(all.header("content-disposition"), "attachment; filename=\"mapear-drives.bat\"");
    assert_eq!(all.header("cache-control"), "no-store");
    let one = browser.get("/download_bat?share=Financeiro").await;
    one.assert_says("Financeiro");
    assert!(!one.body.contains("SHARE=Geral"), "{}", one.body);
    for path in ["/download_bat?share=Projetos", "/download_bat?share=", "/download_bat?share=financeiro%00"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    assert_eq!(browser.get("/download_bat?share=Geral&share=Projetos").await.status, 422);
    let elsewhere = browser.ask("GET", "/download_bat", &[("sec-fetch-site", "cross-site")], "").await;
    assert_eq!(elsewhere.status, 403);
    let hash: String = {
        use sha2::Digest as _;
        sha2::Sha256::digest(all.body.as_bytes()).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
    };
    browser.get("/dashboard").await.assert_says(&hash);
    house.close().await;
}

#[tokio::test]
async fn a_click_on_a_download_after_the_session_ended_leads_to_the_sign_in_and_then_to_the_dashboard() {
    let house = House::open().await;
    let browser = house.signed_in("ana").await;
    let page = browser.get("/dashboard").await;
    for link in page.body.split("<a ").skip(1).filter_map(|rest| rest.split('>').next()) {
        assert!(!link.ends_with(" download") && !link.contains(" download "), "whatever is answered is saved: {link}");
    }
    browser.twin().post("/logout", &[]).await;
    for path in ["/download_bat", "/download_bat?share=Geral"] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/?ended=signed-out"), "{path}");
    }
    house.close().await;
}

#[tokio::test]
async fn a_person_ends_their_own_sessions_and_nobody_elses() {
    let house = House::open().await;
    let (desk, phone) = (house.signed_in("ana").await, house.signed_in("ana").await);
    let stranger = house.signed_in("bruno").await;
    let list = desk.get("/sessions").await;
    let id = list.body.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let carla = house.administrator("carla").await;
    for other in [&stranger, &house.signed_in("carla").await, &carla] {
        assert_eq!(other.post("/sessions/end", &[("session", &id)]).await.status, 404);
    }
    assert_eq!(phone.get("/sessions").await.status, 200);
    assert_eq!(desk.post("/sessions/end", &[("session", &id)]).await.header("location"), "/sessions");
    assert_eq!(phone.get("/sessions").await.status, 303);
    let phone = house.signed_in("ana").await;
    assert_eq!(desk.post("/sessions/end-others", &[]).await.header("location"), "/sessions");
    assert_eq!(phone.get("/sessions").await.header("location"), "/?ended=elsewhere&next=%2Fsessions");
    assert_eq!(desk.get("/sessions").await.status, 200);
    house.close().await;
}

#[tokio::test]
async fn a_session_nobody_uses_is_over_and_so_is_one_that_is_too_old() {
    let house = House::open().await;
    let browser = house.signed_in("ana").await;
    let hours = |count| std::time::Duration::from_hours(count);
    for _ in 0..2 {
        house.hand.advance(hours(3));
        assert_eq!(browser.get("/sessions").await.status, 200);
    }
    let idle = house.browser();
    // The leap may have cost the connection to the NAS, which comes back by itself.
    house.live_until(async { while idle.sign_in("bruno", "demo-bruno").await.status != 303 {} }).await;
    house.hand.advance(hours(2));
    assert_eq!(browser.get("/sessions").await.header("location"), "/?ended=over&next=%2Fsessions");
    house.hand.advance(hours(2));
    assert_eq!(idle.get("/dashboard").await.header("location"), "/?ended=unused");
    house.close().await;
}
