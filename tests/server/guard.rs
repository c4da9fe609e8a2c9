//! Sessions end when the NAS ends somebody's rights: exactly theirs, at once, and the person hears why.

use std::time::Duration;

use farol::audit::Audit;
use farol::auth::OnKeyRefused;
use farol::runtime::Clock;
use farol::sim::Profile;
use farol::store::Store;

use crate::emergency;
use crate::harness::{Browser, House, soon};

/// The NAS tells by itself what changes.
const TELLING: [Profile; 3] = [Profile::R25_04, Profile::R25_10, Profile::R26];
/// It has to be asked.
const SILENT: [Profile; 3] = [Profile::R22_12, Profile::R24_10, Profile::Spec];

/// Longer than the time from one look to the next.
const PERIOD: Duration = Duration::from_secs(31);

/// Where a browser is sent once its session is over.
async fn sent_to(browser: &Browser) -> String {
    loop {
        let answer = browser.get("/dashboard").await;
        if answer.status == 303 {
            return answer.header("location").to_owned();
        }
        assert_eq!(answer.status, 200, "it never ended");
        Clock::real().sleep(Duration::from_millis(50)).await;
    }
}

async fn assert_stays(browser: &Browser, why: &str) {
    assert_eq!(browser.get("/sessions").await.status, 200, "{why}");
}

#[tokio::test]
async fn an_event_of_the_nas_ends_the_sessions_of_that_person_while_the_clock_stands_still() {
    for release in TELLING {
        for (fault, place, sentence) in [
            ("user-locked", "/?ended=locked", "A sessão terminou porque a conta foi bloqueada no TrueNAS."),
            ("password-changed", "/?ended=password", "A sessão terminou porque a senha foi trocada no TrueNAS."),
        ] {
            let house = House::before(release, |_| {}).await;
            let (desk, phone) = (house.signed_in("ana").await, house.signed_in("ana").await);
            let (bruno, carla) = (house.signed_in("bruno").await, house.signed_in("carla").await);
            house.turn(fault, true);
            assert_eq!(soon(sent_to(&desk)).await, place, "{release}");
            assert_eq!(soon(sent_to(&phone)).await, place, "{release}");
            desk.get(place).await.assert_says(sentence);
            desk.get("/").await.assert_says(sentence);
            assert_eq!(desk.get("/sessions").await.header("location"), format!("{place}&next=%2Fsessions"));
            for browser in [&bruno, &carla] {
                assert_stays(browser, fault).await;
            }
            house.close().await;
        }
    }
}

#[tokio::test]
async fn a_nas_that_tells_nothing_is_asked_twice_a_minute() {
    for release in SILENT {
        let house = House::before(release, |_| {}).await;
        let (ana, bruno) = (house.signed_in("ana").await, house.signed_in("bruno").await);
        house.turn("user-locked", true);
        house.pass(PERIOD).await;
        assert_eq!(soon(sent_to(&ana)).await, "/?ended=locked", "{release}");
        assert_stays(&bruno, "bruno is not locked").await;
        house.close().await;
    }
}

#[tokio::test]
async fn who_is_no_longer_an_administrator_signs_in_anew_and_other_groups_matter_to_nobody() {
    let house = House::with(|settings| "financeiro".clone_into(&mut settings.auth.administrators_group)).await;
    let (ana, carla) = (house.signed_in("ana").await, house.signed_in("carla").await);
    assert_eq!(ana.get("/admin/confirm").await.status, 200);
    house.turn("user-moved", true);
    assert_eq!(soon(sent_to(&ana)).await, "/?ended=role");
    assert_stays(&carla, "carla stays what she was").await;
    let ana = house.signed_in("ana").await;
    assert_eq!(ana.get("/admin/confirm").await.status, 403);
    house.pass(PERIOD).await;
    assert_stays(&ana, "the new session has the new role").await;
    house.turn("user-moved", false);
    assert_eq!(soon(sent_to(&ana)).await, "/?ended=role", "whoever becomes one signs in anew as well");
    house.close().await;

    let house = House::open().await;
    let ana = house.signed_in("ana").await;
    house.turn("user-moved", true);
    house.pass(PERIOD).await;
    assert_stays(&ana, "a group that administers nothing").await;
    house.close().await;
}

#[tokio::test]
async fn the_new_password_begins_a_session_that_stays() {
    let house = House::open().await;
    let before = house.signed_in("ana").await;
    house.turn("password-changed", true);
    assert_eq!(soon(sent_to(&before)).await, "/?ended=password");
    assert_eq!(before.sign_in("ana", "nova-ana").await.status, 303);
    house.pass(PERIOD).await;
    assert_stays(&before, "the password is the one that was proved").await;
    house.close().await;
}

/// Ends the link, so that the next sign-in with the key is the one that is refused.
fn revoke_the_key(house: &House) {
    house.turn("revoked-key", true);
    house.turn("idle-cut", true);
}

#[tokio::test]
async fn a_refused_service_key_ends_everybody_and_leaves_the_emergency_door_open() {
    for release in [Profile::R24_10, Profile::R25_10] {
        let house = House::before(release, |_| {}).await;
        let (ana, carla) = (house.signed_in("ana").await, house.signed_in("carla").await);
        revoke_the_key(&house);
        for browser in [&ana, &carla] {
            assert_eq!(house.pass_until(sent_to(browser)).await, "/?ended=key", "{release}");
        }
        ana.get("/?ended=key").await.assert_says("o portal perdeu o acesso ao TrueNAS");
        let refused = house.pass_until(ana.sign_in("ana", "demo-ana")).await;
        assert_eq!(refused.status, 503, "{}", refused.body);
        refused.assert_says("O TrueNAS não aceita mais a chave do portal.");
        let secret = emergency::create_administrator(&house).await;
        // The code that made the account is used up.
        house.pass(PERIOD).await;
        let local = house.browser();
        let entered = emergency::sign_in(&house, &local, &secret).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/dashboard"), "{}", entered.body);
        house.pass(PERIOD * 3).await;
        assert_stays(&local, "the NAS vouches for nobody here").await;
        house.close().await;
    }
}

#[tokio::test]
async fn who_is_in_stays_in_without_the_key_where_the_settings_say_so() {
    let house = House::with(|settings| settings.auth.on_service_key_refused = OnKeyRefused::Keep).await;
    let ana = house.signed_in("ana").await;
    revoke_the_key(&house);
    let refused = async { while house.browser().get("/api/status").await.json()["status"] != "key_refused" {} };
    house.pass_until(refused).await;
    house.pass(PERIOD * 3).await;
    assert_stays(&ana, "keep").await;
    house.close().await;
}

#[tokio::test]
async fn trouble_with_the_nas_ends_nobody() {
    let house = House::open().await;
    let (ana, carla) = (house.signed_in("ana").await, house.signed_in("carla").await);
    house.turn("reboot", true);
    house.pass(Duration::from_mins(2)).await;
    assert_stays(&ana, "reboot").await;
    for fault in [
        "power-off",
        "silent",
        "rate-limited",
        "malformed-reply",
        "expired-session",
        "booting",
        "key-missing-role",
        "event-burst",
    ] {
        house.turn(fault, true);
        house.pass(PERIOD).await;
        for browser in [&ana, &carla] {
            house.pass_until(assert_stays(browser, fault)).await;
        }
        house.turn(fault, false);
        let well_again = async { while house.browser().get("/api/status").await.json()["online"] != true {} };
        house.pass_until(well_again).await;
    }
    assert_stays(&ana, "all troubles over").await;
    house.close().await;
}

#[tokio::test]
async fn each_end_is_in_the_trail_with_its_reason() {
    let house = House::open().await;
    let ana = house.signed_in("ana").await;
    house.turn("user-locked", true);
    soon(sent_to(&ana)).await;
    let audit = Audit::new(Store::open(&house.settings.store).await.unwrap(), house.clock.clone());
    let deed = soon(async {
        loop {
            let newest = audit.list(None, 1).await.unwrap().remove(0).deed;
            if newest.action.as_str() == "session_ended" {
                return newest;
            }
            Clock::real().sleep(Duration::from_millis(20)).await;
        }
    });
    let deed = deed.await;
    assert_eq!((deed.actor.as_str(), deed.subject.as_str()), ("farol", "ana"));
    assert_eq!(deed.detail, "1 sessions: the account is locked");
    house.close().await;
}
