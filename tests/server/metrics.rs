//! Figures for Prometheus: who may read them, and that a strict reader understands every line.

use std::collections::{BTreeMap, BTreeSet};

use farol::domain::Secret;
use reqwest::Method;

use crate::harness::{Answer, House};

/// A family: its type, its help, and its samples by name and labels.
#[derive(Debug, Default)]
struct Family {
    kind: String,
    help: String,
    samples: BTreeMap<String, f64>,
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// Takes nothing that the format does not allow.
fn parse(text: &str) -> BTreeMap<String, Family> {
    let body = text.strip_suffix("# EOF\n").expect("it ends with its end");
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let mut current = String::new();
    for line in body.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap();
            assert!(is_name(name) && name.starts_with("farol_") && help.ends_with('.'), "{line}");
            name.clone_into(&mut current);
            let old = families.insert(current.clone(), Family { help: help.to_owned(), ..Family::default() });
            assert!(old.is_none(), "twice: {line}");
            continue;
        }
        let family = families.get_mut(&current).unwrap();
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(name == current && ["counter", "gauge", "info"].contains(&kind), "{line}");
            kind.clone_into(&mut family.kind);
            continue;
        }
        let (series, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) =
            series.split_once('{').map_or((series, ""), |(name, labels)| (name, labels.strip_suffix('}').unwrap()));
        let suffix = match family.kind.as_str() {
            "counter" => "_total",
            "info" => "_info",
            _ => "",
        };
        assert_eq!(name, format!("{current}{suffix}"), "{line}");
        for label in labels.split(',').filter(|label| !label.is_empty()) {
            let (key, value) = label.split_once('=').unwrap();
            let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap();
            assert!(is_name(key) && !bare.contains(['"', '\\', '\n']), "{line}");
        }
        let value: f64 = value.parse().unwrap();
        assert!(value.is_finite() && value >= 0.0, "{line}");
        assert!(family.samples.insert(labels.to_owned(), value).is_none(), "twice: {line}");
    }
    assert!(families.values().all(|family| !family.kind.is_empty() && !family.help.is_empty()), "{families:?}");
    families
}

async fn asked(house: &House, headers: &[(&str, &str)]) -> Answer {
    house.browser().ask(Method::GET.as_str(), "/metrics", headers, "").await
}

#[tokio::test]
async fn every_figure_is_understood_and_names_nobody() {
    let house = House::open().await;
    let carla = house.signed_in("carla").await;
    house.browser().sign_in("ana", "wrong").await;
    let stranger = house.browser();
    stranger.get("/emergency").await;
    stranger.post("/emergency", &[("username", "nobody"), ("password", "wrong"), ("code", "000000")]).await;
    carla.get("/dashboard").await;
    carla.get("/made/up/by/somebody").await;
    let answer = asked(&house, &[]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let families = parse(&answer.body);
    let value = |family: &str, labels: &str| families[family].samples.get(labels).copied();
    assert_eq!(value("farol_sign_ins", "outcome=\"signed_in\""), Some(1.0));
    assert_eq!(value("farol_sign_ins", "outcome=\"wrong_credentials\""), Some(1.0));
    assert_eq!(value("farol_sessions", ""), Some(1.0));
    assert_eq!(value("farol_http_requests", "route=\"/dashboard\",status=\"2xx\""), Some(1.0));
    assert_eq!(value("farol_http_requests", "route=\"other\",status=\"4xx\""), Some(1.0));
    assert_eq!(value("farol_emergency_sign_ins", "outcome=\"wrong_credentials\""), Some(1.0));
    assert_eq!(value("farol_socket_frames_waiting", ""), Some(0.0));
    assert_eq!(families["farol_nas_level"].samples.values().filter(|at| **at > 0.0).count(), 1);
    assert!(value("farol_rounds", "round=\"guard\"").is_some_and(|rounds| rounds >= 1.0), "{}", answer.body);
    let version = format!("version=\"{}\"", env!("CARGO_PKG_VERSION"));
    assert_eq!(value("farol_build", &version), Some(1.0));
    let kinds: BTreeSet<&str> = families.values().map(|family| family.kind.as_str()).collect();
    assert_eq!(kinds, BTreeSet::from(["counter", "gauge", "info"]));
    for name in ["ana", "carla", "somebody", "127.0.0.1"] {
        assert!(!answer.body.contains(name), "{name}: {}", answer.body);
    }
    house.close().await;
}

#[tokio::test]
async fn the_figures_are_for_this_machine_for_networks_named_and_for_who_knows_the_token() {
    const TOKEN: &str = "a token of the tests, long enough for anybody";
    let told = |token: &str| format!("Bearer {token}");
    let house = House::with(|settings| settings.web.scrapers.token = Some(Secret::from(TOKEN))).await;
    assert_eq!(asked(&house, &[]).await.status, 200);
    for header in ["x-forwarded-for", "forwarded", "x-real-ip"] {
        let through_a_proxy = asked(&house, &[(header, "203.0.113.9")]).await;
        assert_eq!(through_a_proxy.status, 403, "{header}");
    }
    house.close().await;
    let house = House::with(|settings| {
        settings.web.scrapers.token = Some(Secret::from(TOKEN));
        settings.web.scrapers.networks = vec!["192.0.2.0/24".parse().unwrap()];
    })
    .await;
    assert_eq!(asked(&house, &[("authorization", &told(TOKEN))]).await.status, 200);
    for wrong in [told("a"), told(""), TOKEN.to_owned(), told(&TOKEN.to_uppercase())] {
        assert_eq!(asked(&house, &[("authorization", &wrong)]).await.status, 403, "{wrong}");
    }
    assert_eq!(asked(&house, &[]).await.status, 403);
    assert_eq!(house.signed_in("carla").await.get("/metrics").await.status, 403, "nobody is let in for who they are");
    house.close().await;
}
