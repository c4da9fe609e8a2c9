//! Secrets that sing when they get out: they must be found nowhere.

use std::collections::BTreeMap;
use std::path::Path;

use farol::cli::check;
use farol::config::{self, Loaded, Sources};
use farol::runtime::{Clock, logging};

use crate::wire;

/// Part of every secret below; as a bare word so that no escaping hides it.
const CANARY: &str = "kanarienvogel";

fn loaded(folder: &Path, environment: &[(&str, String)]) -> Loaded {
    config::load(&Sources {
        directory: folder.into(),
        file: None,
        usual_files: vec!["farol.toml".into()],
        environment: environment
            .iter()
            .map(|(name, value)| ((*name).into(), value.clone().into()))
            .collect::<BTreeMap<_, _>>(),
        overrides: Vec::new(),
    })
}

/// Every secret that messages outside the page need.
fn messages() -> Vec<(&'static str, String)> {
    vec![
        ("FAROL_METRICS_TOKEN", format!("{CANARY}-f3b1c8e2a7d94605b8c1e3f7a2d946")),
        ("FAROL_EMAIL_SERVER", "mail.example.com".to_owned()),
        ("FAROL_EMAIL_USERNAME", "farol".to_owned()),
        ("FAROL_EMAIL_PASSWORD", CANARY.to_owned()),
        ("FAROL_EMAIL_FROM", "farol@example.com".to_owned()),
        ("FAROL_EMAIL_TO", "ti@example.com".to_owned()),
        ("FAROL_WEBHOOK_URL", format!("https://hooks.example.com/{CANARY}")),
        ("FAROL_WEBHOOK_KEY", format!("{CANARY}-f3b1c8e2a7d94605b8c1e3f7a2d946")),
        ("FAROL_NTFY_URL", format!("https://ntfy.example.com/{CANARY}")),
        ("FAROL_NTFY_TOKEN", CANARY.to_owned()),
        ("FAROL_TELEGRAM_TOKEN", format!("12:{CANARY}")),
        ("FAROL_TELEGRAM_CHAT", "@office".to_owned()),
        ("FAROL_TEAMS_URL", format!("https://teams.example.com/{CANARY}")),
    ]
}

/// Everything a person can be shown of settings.
fn told(loaded: &Loaded) -> String {
    let mut out = Vec::new();
    check::print(loaded, &mut out).unwrap();
    let settings = loaded.settings();
    format!("{}{loaded:?}{loaded:#?}{settings:?}{settings:#?}", String::from_utf8(out).unwrap())
}

#[test]
fn no_secret_is_ever_shown_whole_settings_or_broken_ones() {
    let folder = tempfile::tempdir().unwrap();
    let secret = format!("{CANARY}-f3b1c8e2a7d94605b8c1e3f7a2d946");
    let mut good = vec![
        ("TRUENAS_IP", "nas".to_owned()),
        ("TRUENAS_API_KEY", format!("7-{CANARY}")),
        ("SECRET_KEY", secret.clone()),
        ("FAROL_STORE_URL", format!("postgres://farol:{CANARY}@db/farol?password={CANARY}")),
    ];
    good.extend(messages());
    let whole = loaded(folder.path(), &good);
    assert_eq!(whole.settings().unwrap().outbox.channels.len(), 5);
    assert!(!told(&whole).contains(CANARY));
    for (name, value) in [
        ("TRUENAS_API_KEY", format!("7 {CANARY}")),
        ("TRUENAS_API_URL", format!("https://root:{CANARY}@nas")),
        ("TRUENAS_API_URL", format!("root:{CANARY}@nas")),
        ("SECRET_KEY", CANARY.to_owned()),
        ("FAROL_STORE_URL", format!("oracle://farol:{CANARY}@db")),
        ("FAROL_STORE_URL", format!("postgres//farol:{CANARY}@db")),
        ("FAROL_WEBHOOK_URL", format!("http://hooks.example.com/{CANARY}")),
        ("FAROL_NTFY_URL", format!("https://ana:{CANARY}@ntfy.example.com/a")),
        ("FAROL_TELEGRAM_TOKEN", format!("1 2:{CANARY}")),
        ("FAROL_TEAMS_URL", CANARY.to_owned()),
    ] {
        let mut environment = good.clone();
        environment.push((name, value.clone()));
        let broken = loaded(folder.path(), &environment);
        assert!(broken.settings().is_err(), "{name}={value}");
        assert!(!told(&broken).contains(CANARY), "{name}={value}");
    }
}

#[test]
fn no_secret_is_repeated_from_a_line_that_could_not_be_read() {
    let folder = tempfile::tempdir().unwrap();
    for (file, line) in [
        ("farol.toml", format!("api_key = {CANARY}")),
        ("farol.toml", format!("api_key = \"{CANARY}")),
        ("farol.toml", format!("api_key = \"\\q{CANARY}\"")),
        ("farol.toml", format!("api_key = '{CANARY}' {CANARY}")),
        ("farol.toml", format!("api_key : {CANARY}")),
        ("farol.toml", format!("api_key = ['{CANARY}']")),
        ("farol.toml", format!("api_key = 'a'\napi_key = '{CANARY}'")),
        (".env", format!("TRUENAS_API_KEY: {CANARY}")),
        (".env", format!("TRUENAS_API_KEY='{CANARY}")),
        (".env", format!("TRUENAS_API_KEY={CANARY} {CANARY}")),
    ] {
        let path = folder.path().join(file);
        std::fs::write(&path, if file == ".env" { line.clone() } else { format!("[truenas]\n{line}\n") }).unwrap();
        let broken = loaded(folder.path(), &[]);
        let text = broken.settings().unwrap_err().to_string();
        assert!(text.contains(&format!("{file}:")), "the line was not refused: {line}\n{text}");
        assert!(!told(&broken).contains(CANARY), "{line}\n{}", told(&broken));
        std::fs::remove_file(path).unwrap();
    }
}

#[tokio::test]
async fn no_secret_reaches_the_log_at_its_most_talkative() {
    let folder = tempfile::tempdir().unwrap();
    let mut environment = vec![
        ("TRUENAS_IP", "nas".to_owned()),
        ("TRUENAS_API_KEY", format!("7-{CANARY}")),
        ("SECRET_KEY", format!("{CANARY}-f3b1c8e2a7d94605b8c1e3f7a2d946")),
        ("FAROL_STORE_URL", format!("postgres://farol:{CANARY}@db/farol")),
        ("FAROL_LOG_FILTER", "trace".to_owned()),
    ];
    environment.extend(messages());
    let settings = loaded(folder.path(), &environment).settings().unwrap();
    let guard = logging::start(&settings.log, Clock::real(), true).unwrap();
    let config::Settings { truenas, store, web, smb, health, log, .. } = &settings;
    tracing::trace!(target: "farol::canary", ?truenas, ?store, ?web, ?smb, ?health, ?log, "rooms");
    tracing::trace!(target: "farol::canary", ?settings, "all");
    tracing::trace!(target: "tungstenite::protocol::frame", "sending auth.login_with_api_key {CANARY}");
    let broken = loaded(folder.path(), &[("SECRET_KEY", CANARY.into()), ("FAROL_STORE_URL", format!("x:{CANARY}"))]);
    let report = std::io::Error::other(broken.settings().unwrap_err());
    tracing::error!(target: "farol::canary", error = &report as &dyn std::error::Error, all = ?report, "stopping");
    let keys = wire::sign_in_everywhere(&format!("7-{CANARY}")).await;
    wire::offer_password(CANARY).await;
    for error in wire::open_databases(CANARY).await {
        tracing::error!(target: "farol::canary", error = &error as &dyn std::error::Error, all = ?error, "no database");
    }
    drop(guard);
    let directory = std::fs::read_dir(&settings.log.directory).unwrap();
    let text: String = directory.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    assert!(text.contains("up road=REST") && text.contains("up road=JSON-RPC"), "{text}");
    assert_eq!(text.matches(" no database ").count(), 4, "{text}");
    assert!(text.contains("[TRACE] [-] [-] rooms") && text.contains("Há 4 problemas"), "{text}");
    let secrets: Vec<&str> = keys.iter().flat_map(|key| key.split('-').skip(1)).chain([CANARY]).collect();
    let songs: Vec<&str> = text.lines().filter(|line| secrets.iter().any(|secret| line.contains(secret))).collect();
    assert_eq!(songs, Vec::<&str>::new());
    assert_eq!(secrets.len(), 3);
    assert!(matches!(logging::start(&settings.log, Clock::real(), false), Err(logging::Error::Started(_)),));
}
