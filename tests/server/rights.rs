//! Every route, called by everybody: the table of who may call what is a sample people have checked.

use farol::domain::caller::Access;
use farol::web;
use reqwest::Method;

use crate::harness::{Browser, Office};

const CHECKED: &str = include_str!("rights.txt");

#[tokio::test]
async fn every_route_admits_exactly_whom_the_checked_table_says() {
    let office = Office::open().await;
    let mut table = String::new();
    for route in web::declared() {
        let path = route.path.replace("{id}", "nothing-is-here").replace("{file}", "nothing-is-here");
        let mut line = format!("{:6} {:28} {:13}", route.method, route.path, route.access.as_str());
        for caller in ["nobody", "ana", "carla"] {
            let mut browser: Browser = match caller {
                "nobody" => office.browser(),
                somebody => office.signed_in(somebody).await,
            };
            let method = Method::from_bytes(route.method.as_bytes()).unwrap();
            let mut browser = browser_asking_for_json(&mut browser);
            let answer = browser.send(method, &path, None).await;
            let admitted = !matches!(answer.status, 401 | 403);
            let role = match caller {
                "nobody" => None,
                "ana" => Some(farol::domain::caller::Role::Employee),
                _ => Some(farol::domain::caller::Role::Administrator),
            };
            assert_eq!(admitted, route.access.admits(role), "{caller} at {} {path}: {}", route.method, answer.status);
            line.push_str(if admitted { " yes" } else { " no " });
            office.leap(std::time::Duration::from_mins(1)).await;
        }
        table.push_str(line.trim_end());
        table.push('\n');
    }
    assert_eq!(table, CHECKED, "the table has changed: check it, then keep it\n{table}");
    assert!(web::declared().iter().any(|route| route.access == Access::Administrator));
    office.close().await;
}

fn browser_asking_for_json(browser: &mut Browser) -> Browser {
    browser.twin().saying("accept", "application/json")
}
