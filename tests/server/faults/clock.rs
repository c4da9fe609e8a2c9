//! The calendar of the machine is set by two hours, ahead or back, while people work; and a minute in which the process
//! does not run.

use std::time::Duration;

use farol::audit::{Audit, Verdict};
use farol::store::Store;

use crate::harness::{House, soon, toasts_of};
use crate::planning::{ONCE, plan};
use crate::sockets::announce;

const TWO_HOURS_MS: i64 = 2 * 3_600_000;

#[tokio::test]
async fn two_hours_ahead_or_back_sign_nobody_out_and_lose_repeat_and_mix_up_no_line() {
    for by_ms in [TWO_HOURS_MS, -TWO_HOURS_MS] {
        let house = House::open().await;
        let (ana, carla) = (house.signed_in("ana").await, house.administrator("carla").await);
        // It begins in twelve minutes, and that has been told when the calendar leaps.
        plan(&carla, &ONCE).await;
        let mut page = ana.live().await;
        house.pass_until(page.until("Troca de discos")).await;
        let before = announce(&house, "before the leap").await;
        soon(page.until("before the leap")).await;
        let cursor = page.cursor.clone();
        house.hand.set_calendar(by_ms);
        house.pass(Duration::from_secs(20)).await;
        let after = announce(&house, "after the leap").await;
        let heard = soon(page.until("after the leap")).await.concat();
        let told = toasts_of(&heard);
        assert!(told.is_sorted_by(|a, b| a < b) && told.iter().all(|seq| *seq > before), "{told:?}");
        let again = soon(ana.again(&cursor).await.until("after the leap")).await.concat();
        assert_eq!(toasts_of(&again), told, "and the same to whoever comes back");
        assert_eq!(told.last(), Some(&after));
        if by_ms < 0 {
            assert_eq!(told, [after], "nothing is told a second time");
        }
        for browser in [&ana, &carla] {
            assert_eq!(browser.get("/dashboard").await.status, 200, "{by_ms}");
        }
        assert_eq!(carla.get("/admin").await.status, 200, "{by_ms}");
        house.signed_in("bruno").await;
        let audit = Audit::new(Store::open(&house.settings.store).await.unwrap(), house.clock.clone());
        assert!(matches!(audit.verify().await.unwrap(), Verdict::Whole(_)));
        house.close().await;
    }
}

#[tokio::test]
async fn whoever_waits_after_wrong_passwords_waits_no_longer_when_the_calendar_is_set_back() {
    let house = House::open().await;
    while house.browser().sign_in("ana", "palpite").await.status != 429 {}
    house.hand.set_calendar(-TWO_HOURS_MS);
    let refused = house.browser().sign_in("ana", "demo-ana").await;
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!(refused.status == 429 && wait <= 300, "{wait}");
    house.pass(Duration::from_secs(wait)).await;
    house.signed_in("ana").await;
    house.close().await;
}

#[tokio::test]
async fn after_a_minute_in_which_the_process_did_not_run_pages_and_the_nas_are_still_there() {
    let house = House::open().await;
    let (ana, bruno) = (house.signed_in("ana").await, house.signed_in("bruno").await);
    let mut page = ana.live().await;
    page.until("id=\"storage\"").await;
    // All limits that lie in it run out at once.
    house.hand.advance(Duration::from_mins(1));
    announce(&house, "still here").await;
    soon(page.until("still here")).await;
    assert_eq!(soon(bruno.get("/dashboard")).await.status, 200);
    house.pass_until(async { while bruno.get("/api/status").await.json()["online"] != true {} }).await;
    house.turn("power-off", true);
    house.pass_until(page.until("banner-line")).await;
    house.close().await;
}
