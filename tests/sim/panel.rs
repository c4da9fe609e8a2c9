//! The control panel over HTTP.

use farol::runtime::{Clock, Tasks};
use farol::sim::{self, Error, Profile, Settings};
use serde_json::json;

use crate::lab::{any_port, lab};

#[tokio::test]
async fn switches_are_listed_and_turned_by_http() {
    let lab = lab(Profile::R25_10).await;
    let is_on = |page: crate::lab::Page, name: &str| {
        page.json().as_array().unwrap().iter().find(|switch| switch["name"] == name).unwrap()["on"].clone()
    };
    for off in ["/faults/502/off", "/faults/502?off", "/faults/clear"] {
        assert_eq!(is_on(lab.panel("POST", "/faults/502", &[]).await, "502"), true);
        assert_eq!(lab.visit("/api/versions").await.status, 502);
        assert_eq!(is_on(lab.panel("POST", off, &[]).await, "502"), false, "{off}");
        assert_eq!(lab.visit("/api/versions").await.status, 200);
    }
    assert_eq!(lab.panel("POST", "/faults/gremlins", &[]).await.status, 404);
    let listed = lab.panel("GET", "/faults", &[]).await.json();
    let told: Vec<_> = lab.sim.faults().iter().map(|switch| json!(switch.name)).collect();
    assert_eq!(listed.as_array().unwrap().iter().map(|switch| switch["name"].clone()).collect::<Vec<_>>(), told);
}

#[tokio::test]
async fn another_site_may_not_press_the_buttons_and_a_browser_comes_back_to_the_page() {
    let lab = lab(Profile::R25_10).await;
    for (site, status) in [("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303)] {
        let headers = [("sec-fetch-site", site), ("accept", "text/html,*/*")];
        assert_eq!(lab.panel("POST", "/faults/slow", &headers).await.status, status, "{site}");
        assert_eq!(lab.sim.faults().iter().any(|switch| switch.on), status == 303, "{site}");
        lab.sim.clear_faults();
    }
}

#[tokio::test]
async fn the_page_has_a_button_for_every_switch_and_shows_its_state() {
    let lab = lab(Profile::R25_10).await;
    lab.sim.set_fault("slow", true).unwrap();
    let page = lab.panel("GET", "/", &[]).await.text;
    for switch in lab.sim.faults() {
        let action =
            if switch.on { format!("/faults/{}/off\"", switch.name) } else { format!("/faults/{}\"", switch.name) };
        assert!(page.contains(&action), "{action}");
    }
    assert!(
        page.contains("<dd>pronto</dd>")
            && !page.contains('{').then_some("{switches}").is_some_and(|name| page.contains(name))
    );
}

#[tokio::test]
async fn the_panel_refuses_to_leave_loopback() {
    let settings = Settings {
        release: Profile::R25_10,
        listen: any_port(),
        plain: None,
        panel: Some("0.0.0.0:0".parse().unwrap()),
        seed: 1,
    };
    let refusal = sim::start(settings, Clock::real(), &Tasks::default()).await.unwrap_err();
    assert!(matches!(refusal, Error::PanelNotLoopback(_)), "{refusal}");
}
