//! Each person of the office signs in, or is refused, as the office expects.

use crate::harness::{Office, PROFILES, field};

const REACHES: [(&str, &[&str]); 4] = [
    ("ana", &["Financeiro", "Geral", "Publico"]),
    ("bruno", &["Geral", "Projetos", "Publico"]),
    ("carla", &["Financeiro", "Geral", "Projetos", "Publico", "R&D (2026)!", "homes"]),
    ("davi", &[]),
];

#[tokio::test]
async fn everybody_meets_exactly_their_own_shares_on_every_release() {
    for release in PROFILES {
        let office = Office::open_before(release).await;
        for (who, expected) in REACHES {
            let mut browser = office.signed_in(who).await;
            let page = browser.get("/dashboard").await;
            assert_eq!(page.status, 200);
            let mut shares = page.shares();
            shares.sort();
            assert_eq!(shares, expected, "{who} on {release}");
        }
        office.close().await;
    }
}

#[tokio::test]
async fn a_locked_account_and_a_wrong_password_are_answered_alike_on_every_release() {
    for release in PROFILES {
        let office = Office::open_before(release).await;
        let mut answers = Vec::new();
        for (who, password) in [("elisa", "demo-elisa"), ("ana", "errada"), ("ninguem", "demo-ana")] {
            let answer = office.browser().sign_in(who, password).await;
            assert_eq!(answer.status, 401, "{who} on {release}: {}", answer.body);
            assert!(answer.body.contains("Credenciais inválidas"), "{}", answer.body);
            answers.push(answer.body.replace(who, ""));
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:#?}");
        office.close().await;
    }
}

#[tokio::test]
async fn the_second_factor_is_asked_for_where_the_release_knows_it() {
    let office = Office::open().await;
    let mut browser = office.browser();
    let asked = browser.sign_in("fabio", "demo-fabio").await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    assert!(asked.body.contains("name=\"code\""), "{}", asked.body);
    assert_eq!(browser.get("/dashboard").await.status, 303, "half a sign-in opens nothing");
    let answer = browser.post("/code", &[field("code", "123456")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/dashboard"), "{}", answer.body);
    assert_eq!(browser.get("/dashboard").await.shares(), ["Geral", "Publico"]);
    office.close().await;
}

#[tokio::test]
async fn a_code_typed_by_another_browser_opens_nothing() {
    let office = Office::open().await;
    let mut browser = office.browser();
    let mut thief = office.browser();
    browser.get("/").await;
    thief.cookies = browser.cookies.clone();
    let asked = browser.post("/", &[field("username", "fabio"), field("password", "demo-fabio")]).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let stolen = thief.post("/code", &[field("code", "123456")]).await;
    assert!((400..500).contains(&stolen.status), "{} {}", stolen.status, stolen.body);
    assert_eq!(thief.get("/dashboard").await.status, 303);
    office.close().await;
}

#[tokio::test]
async fn a_nas_that_is_off_is_told_apart_from_a_wrong_password() {
    let office = Office::open().await;
    office.turn("power-off", true);
    let mut browser = office.browser();
    let answer = office.pass_until(browser.sign_in("ana", "demo-ana")).await;
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.body.contains("TrueNAS inacessível - contate o administrador"), "{}", answer.body);
    office.turn("power-off", false);
    office.pass_until(async { while office.browser().sign_in("ana", "demo-ana").await.status != 303 {} }).await;
    office.close().await;
}

#[tokio::test]
async fn a_changed_password_is_believed_at_the_next_sign_in() {
    let office = Office::open().await;
    office.turn("password-changed", true);
    assert_eq!(office.browser().sign_in("ana", "demo-ana").await.status, 401);
    assert_eq!(office.browser().sign_in("ana", "nova-ana").await.status, 303);
    office.close().await;
}

#[tokio::test]
async fn english_is_spoken_to_whom_asks_for_it() {
    let office = Office::open().await;
    let mut browser = office.browser().saying("accept-language", "en-GB,en;q=0.9");
    let answer = browser.sign_in("ana", "errada").await;
    assert_eq!(answer.status, 401);
    assert!(answer.body.contains("lang=\"en\""), "{}", answer.body);
    assert!(!answer.body.contains("Credenciais"), "{}", answer.body);
    let back = browser.post("/preferences", &[field("language", "pt-BR"), field("back", "/")]).await;
    assert_eq!((back.status, back.location()), (303, "/"));
    assert!(browser.get("/").await.body.contains("lang=\"pt-BR\""), "the choice is remembered");
    office.close().await;
}
