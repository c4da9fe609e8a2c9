//! Each person of the house signs in, or is refused, as the house expects.

use crate::harness::{House, RELEASES};

const REACHES: [(&str, &[&str]); 4] = [
    ("ana", &["Financeiro", "Geral", "Publico"]),
    ("bruno", &["Geral", "Projetos", "Publico"]),
    ("carla", &["Financeiro", "Geral", "Projetos", "Publico", "R&D (2026)!", "homes"]),
    ("davi", &[]),
];

#[tokio::test]
async fn everybody_meets_exactly_their_own_shares_on_every_release() {
    for release in RELEASES {
        let house = House::before(release, |_| {}).await;
        for (who, expected) in REACHES {
            let browser = house.signed_in(who).await;
            let page = browser.get("/dashboard").await;
            assert_eq!(page.status, 200);
            let mut shares = page.shares();
            shares.sort();
            assert_eq!(shares, expected, "{who} on {release}");
        }
        house.close().await;
    }
}

#[tokio::test]
async fn a_locked_account_and_a_wrong_password_are_answered_alike_on_every_release() {
    for release in RELEASES {
        let house = House::before(release, |_| {}).await;
        let mut answers = Vec::new();
        for (who, password) in [("elisa", "demo-elisa"), ("ana", "errada"), ("ninguem", "demo-ana")] {
            let answer = house.browser().sign_in(who, password).await;
            assert_eq!(answer.status, 401, "{who} on {release}: {}", answer.body);
            assert!(answer.body.contains("Credenciais inválidas"), "{}", answer.body);
            answers.push(answer.body.replace(who, ""));
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:#?}");
        house.close().await;
    }
}

#[tokio::test]
async fn a_code_typed_by_another_browser_opens_nothing() {
    let house = House::open().await;
    let browser = house.browser();
    browser.get("/").await;
    let thief = browser.twin();
    let asked = browser.post("/", &[("username", "fabio"), ("password", "demo-fabio")]).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let stolen = thief.post("/code", &[("code", "123456")]).await;
    assert!((400..500).contains(&stolen.status), "{} {}", stolen.status, stolen.body);
    assert_eq!(thief.get("/dashboard").await.status, 303);
    house.close().await;
}

#[tokio::test]
async fn a_nas_that_comes_back_lets_people_in_again() {
    let house = House::open().await;
    house.turn("power-off", true);
    assert_eq!(house.pass_until(house.browser().sign_in("ana", "demo-ana")).await.status, 503);
    house.turn("power-off", false);
    house.pass_until(async { while house.browser().sign_in("ana", "demo-ana").await.status != 303 {} }).await;
    house.close().await;
}

#[tokio::test]
async fn a_changed_password_is_believed_at_the_next_sign_in() {
    let house = House::open().await;
    house.turn("password-changed", true);
    assert_eq!(house.browser().sign_in("ana", "demo-ana").await.status, 401);
    assert_eq!(house.browser().sign_in("ana", "nova-ana").await.status, 303);
    house.close().await;
}

#[tokio::test]
async fn english_is_spoken_to_whom_asks_for_it() {
    let house = House::open().await;
    let browser = house.browser().saying("accept-language", "en-GB,en;q=0.9");
    let answer = browser.sign_in("ana", "errada").await;
    assert_eq!(answer.status, 401);
    assert!(answer.body.contains("lang=\"en\""), "{}", answer.body);
    assert!(!answer.body.contains("Credenciais"), "{}", answer.body);
    let back = browser.post("/preferences", &[("language", "pt-BR"), ("back", "/")]).await;
    assert_eq!((back.status, back.header("location")), (303, "/"));
    assert!(browser.get("/").await.body.contains("lang=\"pt-BR\""), "the choice is remembered");
    house.close().await;
}
