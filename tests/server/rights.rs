//! Pages and scripts follow the rights of now, and nobody is kept out by a key that was replaced.

use std::time::Duration;

use farol::domain::Secret;
use farol::runtime::Clock;
use farol::sim::Profile;
use farol::truenas::ServiceKey;

use crate::harness::{Browser, House, soon};

const TELLING: [Profile; 3] = [Profile::R25_04, Profile::R25_10, Profile::R26];
const SILENT: [Profile; 3] = [Profile::R22_12, Profile::R24_10, Profile::Spec];

/// What an open page and the next script promise after the NAS has told of a change, by the real clock.
const AT_ONCE: Duration = Duration::from_secs(2);
/// How long a table is believed where the NAS tells nothing.
const PERIOD: Duration = Duration::from_secs(16);

async fn has_financeiro(browser: &Browser) -> bool {
    let script = browser.get("/download_bat").await;
    assert_eq!(script.status, 200, "{}", script.body);
    script.body.contains("Financeiro")
}

#[tokio::test]
async fn the_next_script_is_without_what_the_nas_took_away_and_so_is_the_page() {
    for release in TELLING {
        let house = House::before(release, |_| {}).await;
        let ana = house.signed_in("ana").await;
        assert!(has_financeiro(&ana).await);
        house.turn("user-moved", true);
        let gone = async { while has_financeiro(&ana).await {} };
        Clock::real().timeout(AT_ONCE, gone).await.unwrap_or_else(|_| panic!("{release}: it is still there"));
        assert!(!ana.get("/dashboard").await.shares().contains(&"Financeiro".to_owned()), "{release}");
        assert_eq!(ana.get("/download_bat?share=Financeiro").await.status, 404, "{release}");
        house.close().await;
    }
    for release in SILENT {
        let house = House::before(release, |_| {}).await;
        let ana = house.signed_in("ana").await;
        assert!(has_financeiro(&ana).await);
        house.turn("user-moved", true);
        house.pass(PERIOD).await;
        assert!(!has_financeiro(&ana).await, "{release}");
        assert!(!ana.get("/dashboard").await.shares().contains(&"Financeiro".to_owned()), "{release}");
        house.close().await;
    }
}

#[tokio::test]
async fn a_script_is_still_given_while_the_nas_is_away_unless_it_told_of_a_change_before() {
    let house = House::open().await;
    let ana = house.signed_in("ana").await;
    house.turn("power-off", true);
    house.pass(PERIOD).await;
    assert!(has_financeiro(&ana).await, "nothing says that it is no longer so");
    house.close().await;

    let house = House::open().await;
    let ana = house.signed_in("ana").await;
    house.turn("user-moved", true);
    let gone = async { while has_financeiro(&ana).await {} };
    soon(gone).await;
    house.turn("user-moved", false);
    let back = async { while !has_financeiro(&ana).await {} };
    soon(back).await;
    house.close().await;
}

/// The key the server holds is no longer one; the NAS knows this one instead.
fn renew_the_key(house: &House) -> String {
    let mut world = house.sim.world();
    let key = world.people.keys.iter_mut().find(|key| key.name == "farol").unwrap();
    key.text = format!("{}-renewed", key.text);
    key.text.clone()
}

async fn house_with_its_key_in_a_file(home: &tempfile::TempDir) -> House {
    let file = home.path().join("api.key");
    House::with(|settings| {
        let key: Secret<String> = settings.truenas.api_key.now();
        std::fs::write(&file, key.reveal()).unwrap();
        settings.truenas.api_key = ServiceKey::new(key, Some(file));
    })
    .await
}

#[tokio::test]
async fn a_key_that_stands_in_its_file_before_the_old_one_is_refused_costs_nobody_anything() {
    let home = tempfile::tempdir().unwrap();
    let house = house_with_its_key_in_a_file(&home).await;
    let ana = house.signed_in("ana").await;
    std::fs::write(home.path().join("api.key"), renew_the_key(&house)).unwrap();
    house.turn("idle-cut", true);
    house.pass(Duration::from_secs(20)).await;
    assert_eq!(ana.get("/sessions").await.status, 200);
    house.signed_in("bruno").await;
    house.close().await;
}

#[tokio::test]
async fn a_refused_key_is_told_on_the_sign_in_page_until_another_one_stands_in_its_file() {
    let home = tempfile::tempdir().unwrap();
    let house = house_with_its_key_in_a_file(&home).await;
    let ana = house.signed_in("ana").await;
    let says = "O TrueNAS não aceita mais a chave do portal.";
    assert!(!house.browser().get("/").await.body.contains(says));
    let key = renew_the_key(&house);
    house.turn("idle-cut", true);
    let over = async { while ana.get("/sessions").await.status == 200 {} };
    house.pass_until(over).await;
    let page = house.browser().get("/").await;
    page.assert_says(says);
    std::fs::write(home.path().join("api.key"), format!("{key}\n")).unwrap();
    house.pass(Duration::from_secs(61)).await;
    let well = async { while house.browser().get("/").await.body.contains(says) {} };
    house.pass_until(well).await;
    house.signed_in("ana").await;
    house.close().await;
}
