//! The pages about the server itself: its log, its settings, the ways messages go; and that none of them tells a secret.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::time::Duration;

use farol::audit::Audit;
use farol::config::{self, Sources};
use farol::domain::audit::{Action, Deed};
use farol::domain::{Language, Secret};
use farol::outbox::{Channel, Level, Rule, Target};
use farol::store::Store;

use crate::harness::{Asked, House};

/// Part of every secret below.
const CANARY: &str = "kanarienvogel";

const TODAY: &str = "2026-09-21";
const BEFORE: &str = "2026-09-20";

fn line(level: &str, text: &str) -> String {
    format!("[2026-09-21 10:00:00.000] [{level}] [10.0.0.7] [ana] {text}\n")
}

/// As if it had been written over two days, and not only by us.
fn write_log(house: &House) {
    let folder = &house.settings.log.directory;
    std::fs::create_dir_all(folder).unwrap();
    let hostile = "[2026] \"><img src=x onerror=1> \u{1b}[31mred\u{1b}[0m \u{202e}\r\n<script>alert(1)</script>\n";
    let today = line("INFO", "All is well") + hostile + &line("WARN", "The NAS is slow") + &line("ERROR", "It broke");
    std::fs::write(folder.join(format!("farol.{BEFORE}.log")), line("WARN", "The day before")).unwrap();
    std::fs::write(folder.join(format!("farol.{TODAY}.log")), today).unwrap();
    std::fs::write(folder.join("farol.log"), CANARY).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", folder.join("farol.2026-09-19.log")).unwrap();
}

async fn deeds(house: &House, action: Action) -> Vec<Deed> {
    let audit = Audit::new(Store::open(&house.settings.store).await.unwrap(), house.clock.clone());
    let entries = audit.list(None, 100).await.unwrap();
    entries.into_iter().map(|entry| entry.deed).filter(|deed| deed.action == action).collect()
}

#[tokio::test]
async fn the_log_is_shown_as_text_and_by_level_and_word() {
    let house = House::open().await;
    let carla = house.administrator("carla").await;
    carla.get("/admin/logs").await.assert_says("Nenhuma linha combina");
    write_log(&house);
    let page = carla.get("/admin/logs").await;
    for text in ["The day before", "All is well", "log-warn", "log-error", "data-source=\"/live/log?\""] {
        page.assert_says(text);
    }
    for path in ["/admin/logs", "/live/log"] {
        let answer = carla.get(path).await;
        answer.assert_says("&gt;&lt;img src=x onerror=1&gt; \u{fffd}[31mred\u{fffd}[0m \u{fffd}\u{fffd}");
        for banned in ["<img src=x", "<script>alert", "\u{1b}", "\u{202e}", "root:", CANARY] {
            assert!(!answer.body.contains(banned), "{path} shows {banned:?}: {}", answer.body);
        }
    }
    let grave = carla.get("/live/log?level=warn").await;
    assert_eq!(grave.body.matches("<li").count(), 3, "{}", grave.body);
    let found = carla.get("/live/log?level=warn&q=NAS").await;
    assert!(found.body.contains("The NAS is slow") && found.body.matches("<li").count() == 1, "{}", found.body);
    let said = carla.get("/admin/logs?q=%22%3E%3Cimg+src%3Dx+onerror%3D1%3E&level=nonsense").await;
    assert!(said.body.contains("red") && !said.body.contains("<img src=x"), "{}", said.body);
    house.close().await;
}

#[tokio::test]
async fn what_an_open_page_asks_for_keeps_nobody_signed_in_and_uses_up_none_of_their_own_requests() {
    let house = House::with(|settings| settings.auth.idle_timeout = Duration::from_mins(30)).await;
    let mut pages = Vec::new();
    for path in
        ["/live/log", "/status/now", "/admin/health/latency.json", "/admin/connection/progress", "/admin/audit/verdict"]
    {
        pages.push((path, house.administrator("carla").await));
    }
    for (path, carla) in &pages {
        for _ in 0..99 {
            assert_eq!(carla.get(path).await.status, 200, "{path}");
        }
        assert_eq!(carla.get("/admin").await.status, 200, "{path}");
        house.hand.advance(Duration::from_mins(1));
    }
    for _ in 0..4 {
        house.hand.advance(Duration::from_mins(9));
        for (path, carla) in &pages {
            carla.get(path).await;
        }
    }
    for (path, carla) in &pages {
        assert_eq!(carla.get("/live/log").await.status, 401, "{path}");
    }
    house.close().await;
}

#[tokio::test]
async fn days_of_the_log_are_downloaded_alone_or_together_and_that_is_noted() {
    let house = House::open().await;
    let carla = house.administrator("carla").await;
    write_log(&house);
    let one = carla.get(&format!("/admin/logs/download?from={TODAY}&to={TODAY}")).await;
    assert_eq!(one.header("content-disposition"), format!("attachment; filename=\"farol-{TODAY}.log\""));
    assert_eq!((one.header("content-type"), one.header("cache-control")), ("text/plain; charset=utf-8", "no-store"));
    assert_eq!(one.header("x-content-type-options"), "nosniff");
    assert!(one.body.starts_with(&line("INFO", "All is well")) && one.body.ends_with(&line("ERROR", "It broke")));
    assert!(!one.body.contains(['\u{1b}', '\r', '\u{202e}']), "{:?}", one.body);
    let part = carla.get(&format!("/admin/logs/download?from={TODAY}&to={TODAY}&level=warn&q=nas")).await;
    assert_eq!(part.body, line("WARN", "The NAS is slow"));
    let both = carla.get(&format!("/admin/logs/download?from={TODAY}&to={BEFORE}&level=warn")).await;
    assert_eq!(both.header("content-disposition"), "attachment; filename=\"farol-logs.zip\"");
    let mut archive = zip::ZipArchive::new(Cursor::new(both.bytes)).unwrap();
    let mut packed = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let (name, mut text) = (file.name().unwrap().into_owned(), String::new());
        file.read_to_string(&mut text).unwrap();
        packed.insert(name, text);
    }
    let today = line("WARN", "The NAS is slow") + &line("ERROR", "It broke");
    let expected =
        [(format!("farol-{BEFORE}.log"), line("WARN", "The day before")), (format!("farol-{TODAY}.log"), today)];
    assert_eq!(packed, BTreeMap::from(expected));
    let noted: Vec<(String, String)> =
        deeds(&house, Action::LogDownloaded).await.into_iter().map(|deed| (deed.subject, deed.detail)).collect();
    let noted: Vec<(&str, &str)> = noted.iter().map(|(days, how)| (days.as_str(), how.as_str())).collect();
    let span = format!("{BEFORE}..{TODAY}");
    assert_eq!(noted, [(span.as_str(), "filtered"), (TODAY, "filtered"), (TODAY, "whole")]);
    house.close().await;
}

#[tokio::test]
async fn no_name_from_outside_leads_to_a_file() {
    let house = House::open().await;
    let carla = house.administrator("carla").await;
    write_log(&house);
    for day in ["", "2026-09-19", "1999-01-01", "../../../etc/passwd", "2026-09-21/../farol", "farol.log", "%00"] {
        let answer = carla.get(&format!("/admin/logs/download?from={day}&to={day}")).await;
        assert_eq!(answer.status, 404, "{day}: {}", answer.body);
    }
    let path = format!("/admin/logs/download?from={TODAY}&to={TODAY}");
    let elsewhere = [("accept", "text/html"), ("sec-fetch-site", "cross-site")];
    assert_eq!(carla.ask("GET", &path, &elsewhere, "").await.status, 403);
    house.hand.advance(farol::domain::caller::FRESH_FOR);
    assert_eq!(carla.get(&path).await.status, 303, "an old code is not enough");
    house.close().await;
}

/// Settings as a file and an environment full of secrets give them.
fn singing() -> Vec<farol::domain::Setting> {
    let environment = [
        ("TRUENAS_IP", "nas".to_owned()),
        ("TRUENAS_API_KEY", format!("7-{CANARY}")),
        ("SECRET_KEY", format!("{CANARY}-f3b1c8e2a7d94605b8c1e3f7a2d946")),
        ("FAROL_STORE_URL", format!("postgres://farol:{CANARY}@db/farol?password={CANARY}")),
        ("FAROL_WEBHOOK_URL", format!("https://hooks.example.com/{CANARY}")),
        ("FAROL_WEBHOOK_KEY", format!("{CANARY}-f3b1c8e2a7d94605b8c1e3f7a2d946")),
    ];
    let sources = Sources {
        directory: "/nowhere".into(),
        file: None,
        usual_files: Vec::new(),
        environment: environment.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect(),
        overrides: Vec::new(),
    };
    config::load(&sources).settings().unwrap().in_force
}

fn webhook() -> Channel {
    let url = Secret::new(format!("http://127.0.0.1:1/{CANARY}"));
    let rule = Rule {
        least: Level::Attention,
        events: Vec::new(),
        quiet: None,
        trouble_anytime: true,
        language: Language::Portuguese,
    };
    Channel { target: Target::Webhook { url, key: Secret::from("kanarienvogel-f3b1c8e2a7d94605b8c1e3") }, rule }
}

#[tokio::test]
async fn the_system_is_told_with_what_is_in_force_and_without_a_secret() {
    let house = House::with(|settings| {
        settings.in_force = singing();
        settings.outbox.channels = vec![webhook()];
    })
    .await;
    let carla = house.administrator("carla").await;
    write_log(&house);
    house.pass(Duration::from_secs(6)).await;
    let page = carla.get("/admin/system").await;
    for text in
        ["webhook.key", "••••", "FAROL_WEBHOOK_URL", "SQLite", "JSON-RPC", "25.10", ">guard</code>", "Sem HTTPS"]
    {
        page.assert_says(text);
    }
    assert!(!page.body.contains("<span><code>"), "a round without its purpose: {}", page.body);
    assert!(!page.body.contains("O relógio da máquina"), "{}", page.body);
    house.hand.set_calendar(120_000);
    carla.get("/admin/system").await.assert_says("O relógio da máquina foi acertado");
    let diagnosis = carla.get("/admin/system/diagnosis.txt").await;
    assert_eq!(diagnosis.header("content-disposition"), "attachment; filename=\"farol-diagnostico.txt\"");
    assert_eq!(diagnosis.header("cache-control"), "no-store");
    for text in ["TrueNAS: 25.10", "  plain HTTP\n", "  the clock was set\n", "  webhook.key = ••••", "  guard: "]
    {
        diagnosis.assert_says(text);
    }
    assert_eq!(deeds(&house, Action::DiagnosisDownloaded).await.len(), 1);
    let secrets = [CANARY, house.sim.api_key().split('-').nth(1).unwrap(), "a secret of the tests"].map(str::to_owned);
    for path in ["/admin/system", "/admin/system/diagnosis.txt", "/admin/messages", "/admin/logs", "/live/log"] {
        let answer = carla.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        for secret in &secrets {
            assert!(!answer.body.contains(secret.as_str()), "{path} tells {secret}: {}", answer.body);
        }
    }
    house.close().await;
}

#[tokio::test]
async fn rounds_are_shown_as_they_end() {
    let house = House::open().await;
    let carla = house.administrator("carla").await;
    let cursor = house.hub().cursor().to_string();
    let asked = Asked { topics: "rounds".into(), cursor, ticket: carla.ticket().await };
    let mut socket = carla.open(&asked, Some(carla.origin())).await.unwrap();
    house.pass_until(socket.until("id=\"rounds\"")).await;
    house.pass_until(socket.until(">guard</code>")).await;
    house.close().await;
}

#[tokio::test]
async fn a_test_message_says_how_it_went_and_what_to_do() {
    let house = House::with(|settings| settings.outbox.channels = vec![webhook()]).await;
    let carla = house.administrator("carla").await;
    let page = carla.get("/admin/messages").await;
    for text in ["Webhook", "A partir de", "atenção", "ainda sem uso", "[telegram]"] {
        page.assert_says(text);
    }
    assert!(!page.body.contains("[webhook]"), "{}", page.body);
    let tried = carla.post("/admin/messages/test", &[("channel", "webhook")]).await;
    assert_eq!(tried.status, 200);
    tried.assert_says("O teste não foi entregue");
    tried.assert_says("o outro lado não atende. Confira endereço e porta");
    for channel in ["email", "nonsense"] {
        let answer = carla.post("/admin/messages/test", &[("channel", channel)]).await;
        assert_eq!(answer.status, if channel == "email" { 200 } else { 404 }, "{}", answer.body);
    }
    let noted: Vec<(String, String)> =
        deeds(&house, Action::MessageTested).await.into_iter().map(|deed| (deed.subject, deed.detail)).collect();
    let expected = [("email", "not set up"), ("webhook", "unreachable")];
    assert_eq!(noted, expected.map(|(channel, outcome)| (channel.to_owned(), outcome.to_owned())));
    house.hand.advance(farol::domain::caller::FRESH_FOR);
    assert_eq!(carla.post("/admin/messages/test", &[("channel", "webhook")]).await.status, 303);
    house.close().await;
}
