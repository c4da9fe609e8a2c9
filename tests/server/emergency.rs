//! The way in for the day the NAS is gone.

use std::time::Duration;

use farol::audit::Audit;
use farol::auth::{Administrators, Kept};
use farol::domain::Secret;
use farol::runtime::Random;
use farol::store::Store;

use crate::harness::{Answer, Browser, House, soon};

const PASSWORD: &str = "eleven quiet lighthouses";

/// As another program has them: the server is told of nothing they do.
async fn at_the_command_line(house: &House) -> Administrators {
    let store = Store::open(&house.settings.store).await.unwrap();
    let audit = Audit::new(store.clone(), house.clock.clone());
    Administrators::new(store, audit, house.clock.clone(), Random::seeded(5))
}

/// What `farol admin create` does; gives what an authenticator keeps.
pub async fn create_administrator(house: &House) -> Secret<String> {
    let administrators = at_the_command_line(house).await;
    let candidate = administrators.prepare("plantao", &Secret::from(PASSWORD)).unwrap();
    let code = Secret::new(house.code_of(candidate.secret().reveal()));
    assert_eq!(administrators.keep(&candidate, &code).await.unwrap(), Kept::Created);
    candidate.secret().clone()
}

/// With the code of this moment.
pub async fn sign_in(house: &House, browser: &Browser, secret: &Secret<String>) -> Answer {
    let code = house.code_of(secret.reveal());
    browser.get("/emergency").await;
    browser.post("/emergency", &[("username", "plantao"), ("password", PASSWORD), ("code", &code)]).await
}

#[tokio::test]
async fn the_local_administrator_comes_in_while_the_nas_is_gone() {
    let house = House::open().await;
    let secret = create_administrator(&house).await;
    house.sim.set_fault("power-off", true).unwrap();
    house.pass(Duration::from_mins(1)).await;
    let browser = house.browser();
    browser.get("/emergency").await.assert_says("name=\"code\"");
    let code = house.code_of(secret.reveal());
    let with = |password: &'static str, code: &str| {
        let fields = [("username", "plantao".to_owned()), ("password", password.to_owned()), ("code", code.to_owned())];
        let browser = &browser;
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post("/emergency", &fields).await
        }
    };
    let (wrong_password, wrong_code) = (with("wrong", &code).await, with(PASSWORD, "000000").await);
    assert_eq!((wrong_password.status, wrong_code.status), (401, 401));
    assert_eq!(wrong_password.body, wrong_code.body, "nobody learns which of the two was wrong");
    let entered = with(PASSWORD, &code).await;
    assert_eq!((entered.status, entered.header("location")), (303, "/dashboard"));
    let dashboard = browser.get("/dashboard").await;
    for text in ["plantao", "Acesso de emergência", "fora do ar", "href=\"/sessions\"", "href=\"/admin\""] {
        dashboard.assert_says(text);
    }
    assert!(!dashboard.body.contains("id=\"shares\""), "nobody is to ask their boss for drives: {}", dashboard.body);
    assert_eq!(browser.get("/api/admin/bans").await.status, 200);
    assert_eq!(browser.get("/download_bat").await.status, 404, "nobody on the NAS has drives there");
    house.close().await;
}

#[tokio::test]
async fn what_the_command_line_takes_away_is_gone_from_open_pages_within_a_second() {
    let house = House::open().await;
    let secret = create_administrator(&house).await;
    house.pass(Duration::from_mins(1)).await;
    let plantao = house.browser();
    assert_eq!(sign_in(&house, &plantao, &secret).await.status, 303);
    let carla = house.administrator("carla").await;
    let administrators = at_the_command_line(&house).await;
    for (browser, local) in [(&plantao, true), (&carla, false)] {
        let mut socket = browser.live().await;
        soon(socket.until("id=\"bell\"")).await;
        // Beyond the look at all that comes with the start.
        house.pass(Duration::from_secs(2)).await;
        let done =
            if local { administrators.remove("plantao").await } else { administrators.reset_factor("carla").await };
        assert!(done.unwrap());
        house.pass(Duration::from_secs(1)).await;
        soon(socket.until("data-farewell")).await;
        assert_eq!(soon(socket.end()).await, Some(4401));
    }
    house.close().await;
}
