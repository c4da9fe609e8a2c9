//! Who may call what: the list the routes themselves declare, and every one of them tried.

use std::fmt::Write as _;
use std::time::Duration;

use farol::domain::caller::{Access, FRESH_FOR};

use crate::harness::{Browser, House};

/// Kept beside the test, so that a change of who may call what is seen by whoever reviews it.
const LIST: &str = include_str!("routes.txt");

#[tokio::test]
async fn the_list_of_who_may_call_what_is_the_one_that_was_agreed() {
    let house = House::open().await;
    let mut list = String::new();
    for route in &house.routes {
        writeln!(list, "{:<6} {:<28} {}", route.method.as_str(), route.path, route.access.as_str()).unwrap();
    }
    assert!(list == LIST, "tests/server/routes.txt no longer fits; the list is now\n{list}");
    house.close().await;
}

/// What a guard answers; everything else came from behind it.
async fn is_turned_away(browser: &Browser, method: &str, path: &str) -> Option<String> {
    let headers = [("accept", "application/json"), ("sec-fetch-site", "same-origin")];
    let answer = browser.ask(method, path, &headers, "").await;
    let codes = ["sign_in_needed", "forbidden", "confirmation_needed"];
    let code = codes.into_iter().find(|code| answer.body.contains(&format!("\"{code}\"")))?;
    Some(format!("{} {code}", answer.status))
}

#[tokio::test]
async fn every_route_turns_away_exactly_whom_it_does_not_admit() {
    let house = House::open().await;
    let (nobody, employee) = (house.browser(), house.signed_in("ana").await);
    let (unconfirmed, fresh) = (house.signed_in("carla").await, house.signed_in("carla").await);
    let stale = house.administrator("carla").await;
    house.hand.advance(FRESH_FOR);
    assert_eq!(house.confirm(&fresh, "carla").await.status, 303);
    let away = |turned: bool, answer: &str| turned.then(|| answer.to_owned());
    // The calendar is for whoever holds its key or is signed in, which only its own stories can tell.
    let apart = ["/logout", "/maintenance.ics"];
    for route in house.routes.iter().filter(|route| !apart.contains(&route.path)) {
        let path = route.path.replace("{id}", "x").replace("{*path}", "x");
        // Nobody may ask as often as this story does.
        house.hand.advance(Duration::from_secs(3));
        let (method, access) = (route.method.as_str(), route.access);
        let shown = format!("{method} {path}");
        let expected = away(access != Access::Anyone, "401 sign_in_needed");
        assert_eq!(is_turned_away(&nobody, method, &path).await, expected, "{shown} by nobody");
        if route.path == "/sessions/end-others" {
            // It would end those who are still to ask.
            continue;
        }
        let expected = away(access >= Access::Administrator, "403 forbidden");
        assert_eq!(is_turned_away(&employee, method, &path).await, expected, "{shown} by an employee");
        let expected = away(access >= Access::Confirmed, "403 confirmation_needed");
        assert_eq!(is_turned_away(&unconfirmed, method, &path).await, expected, "{shown} without a code");
        let expected = away(access == Access::Fresh, "403 confirmation_needed");
        assert_eq!(is_turned_away(&stale, method, &path).await, expected, "{shown} with an old code");
        assert_eq!(is_turned_away(&fresh, method, &path).await, None, "{shown} with a new code");
    }
    house.close().await;
}
