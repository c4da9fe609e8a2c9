//! Each way a session is ended from outside: its page is told why in words and closed within a second, and nobody else's.

use std::time::Duration;

use farol::domain::Secret;
use farol::runtime::Clock;
use farol::truenas::ServiceKey;

use crate::emergency;
use crate::harness::{Browser, House, Socket};

/// What live pages promise, by the real clock. Ours stands still meanwhile: nothing is found by looking.
const AT_ONCE: Duration = Duration::from_secs(1);

const BY_THE_NAS: [(&str, &str, &str); 5] = [
    ("user-locked", "locked", "a conta foi bloqueada no TrueNAS"),
    ("user-removed", "gone", "a conta não existe mais no TrueNAS"),
    ("password-disabled", "disabled", "a entrada com senha foi desligada no TrueNAS"),
    ("password-changed", "password", "a senha foi trocada no TrueNAS"),
    // She administers by this group here.
    ("user-moved", "role", "os seus direitos no portal mudaram"),
];

async fn opened(browser: &Browser) -> Socket {
    let mut socket = browser.live().await;
    socket.until("id=\"bell\"").await;
    socket
}

async fn assert_ended(socket: &mut Socket, word: &str, reason: &str) {
    let farewell = async {
        let frames = socket.until("data-farewell").await;
        (frames.concat(), socket.end().await)
    };
    let told = Clock::real().timeout(AT_ONCE, farewell).await;
    let (farewell, code) = told.unwrap_or_else(|_| panic!("{word}: it is still open"));
    assert_eq!(code, Some(4401), "{word}");
    assert!(farewell.contains(&format!("Sua sessão terminou: {reason}")), "{word}: {farewell}");
    assert!(farewell.contains("hx-target=\"#content\"") && farewell.contains(&format!("/?ended={word}")), "{farewell}");
    assert!(farewell.contains("role=\"alert\""), "{farewell}");
}

#[tokio::test]
async fn what_the_nas_does_to_an_account_is_on_its_page_within_a_second() {
    for (fault, word, reason) in BY_THE_NAS {
        let house = House::with(|settings| "financeiro".clone_into(&mut settings.auth.administrators_group)).await;
        let (ana, bruno) = (house.signed_in("ana").await, house.signed_in("bruno").await);
        let (mut of_ana, mut other_tab, mut of_bruno) = (opened(&ana).await, opened(&ana).await, opened(&bruno).await);
        house.turn(fault, true);
        let ended = [&mut of_ana, &mut other_tab].map(|socket| assert_ended(socket, word, reason));
        futures_util::future::join_all(ended).await;
        assert_eq!(ana.get("/dashboard").await.status, 303, "{fault}");
        let entrance = ana.get(&format!("/?ended={word}")).await;
        assert!(entrance.status == 200 && entrance.body.contains("name=\"password\""), "{fault}");
        of_bruno.say("ping".to_owned()).await;
        of_bruno.until("pong").await;
        house.close().await;
    }
}

#[tokio::test]
async fn what_people_do_to_a_session_is_on_its_page_within_a_second() {
    let house = House::open().await;
    let carla = house.administrator("carla").await;
    let ana = house.signed_in("ana").await;
    let mut socket = opened(&ana).await;
    let found = carla.get("/admin/sessions?q=ana").await.body;
    let id = found.split("data-id=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(carla.post("/admin/sessions/end", &[("session", id)]).await.status, 303);
    assert_ended(&mut socket, "administrator", "a administração a encerrou").await;
    let ana = house.signed_in("ana").await;
    let mut socket = opened(&ana).await;
    assert_eq!(ana.twin().sign_in("bruno", "demo-bruno").await.status, 303);
    assert_ended(&mut socket, "replaced", "outra pessoa entrou neste navegador").await;
    let (desk, phone) = (house.signed_in("ana").await, house.signed_in("ana").await);
    let (mut on_desk, mut on_phone) = (opened(&desk).await, opened(&phone).await);
    desk.twin().post("/sessions/end-others", &[]).await;
    assert_ended(&mut on_phone, "elsewhere", "você a encerrou em outro navegador").await;
    desk.twin().post("/logout", &[]).await;
    assert_ended(&mut on_desk, "signed-out", "você saiu do portal").await;
    house.close().await;
}

async fn level(house: &House) -> String {
    house.browser().get("/api/status").await.json()["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn with_the_key_refused_only_the_local_administrator_gets_in_until_it_is_renewed() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("api.key");
    let house = House::with(|settings| {
        let key: Secret<String> = settings.truenas.api_key.now();
        std::fs::write(&file, key.reveal()).unwrap();
        settings.truenas.api_key = ServiceKey::new(key, Some(file.clone()));
    })
    .await;
    let local = emergency::create_administrator(&house).await;
    let ana = house.signed_in("ana").await;
    let mut of_ana = opened(&ana).await;
    let key = house.sim.world().people.find_key("farol").unwrap().text.clone();
    let renewed = format!("{key}-renewed");
    house.sim.world().people.keys.iter_mut().find(|key| key.name == "farol").unwrap().text.clone_from(&renewed);
    house.turn("idle-cut", true);
    let known = async { while level(&house).await != "key_refused" {} };
    house.pass_until(known).await;
    assert_ended(&mut of_ana, "key", "o portal perdeu o acesso ao TrueNAS").await;

    let refused = house.browser().sign_in("ana", "demo-ana").await;
    assert_eq!(refused.status, 503, "{}", refused.body);
    refused.assert_says("Não é um problema da sua conta.");
    house.browser().get("/").await.assert_says("O TrueNAS não aceita mais a chave do portal.");
    // A code is taken once.
    house.pass(Duration::from_mins(1)).await;
    let plantao = house.browser();
    assert_eq!(emergency::sign_in(&house, &plantao, &local).await.status, 303);
    let mut of_plantao = opened(&plantao).await;

    std::fs::write(&file, renewed).unwrap();
    let well = async { while level(&house).await == "key_refused" {} };
    house.pass_until(well).await;
    house.live_until(of_plantao.until("id=\"storage\"")).await;
    let ana = house.signed_in("ana").await;
    let mut of_ana = ana.live().await;
    house.live_until(of_ana.until("Financeiro")).await;
    house.close().await;
}
