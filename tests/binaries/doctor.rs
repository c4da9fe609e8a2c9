//! `farol doctor`: one thing broken after the other, and each is named with what to do.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use farol::domain::Timestamp;
use farol::runtime::Clock;
use farol::store::{Settings, Store};
use jiff::tz::TimeZone;
use sea_orm::ConnectionTrait as _;

use crate::check::settled;
use crate::harness::{Desk, PATIENCE, Program};
use crate::nas::Nas;

const LINE: [&str; 3] = ["doctor", "--config", "home/farol.toml"];
const DATABASE: &str = "home/farol-data/farol.db";

/// A whole installation, with a NAS that answers and the server's data made.
fn whole(release: &str) -> (Desk, Nas) {
    let desk = Desk::new();
    let nas = Nas::start(&desk, release);
    nas.set_up(&desk, &["--data-dir", "home/farol-data"]).ended(0);
    desk.run(&["migrate", "--config", "home/farol.toml"]).ended(0);
    fs::create_dir(desk.path("home/farol-data/logs")).unwrap();
    (desk, nas)
}

/// What it says of one thing, in a run that ends with `code`.
#[track_caller]
fn says(desk: &Desk, code: i32, level: &str, words: &[&str]) {
    let said = desk.run(&LINE).answered(code);
    let found = said.lines().any(|line| line.starts_with(level) && words.iter().all(|word| line.contains(word)));
    assert!(found, "no line {level} {words:?} in {said}");
}

#[track_caller]
fn is_well(desk: &Desk) {
    let said = desk.run(&LINE).answered(0);
    assert!(said.ends_with("\nTudo certo.\n"), "{said}");
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

async fn execute(desk: &Desk, sql: &str) {
    let url = format!("sqlite://{}", desk.path(DATABASE).display());
    let connection = sea_orm::Database::connect(url).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn each_thing_that_breaks_on_this_machine_is_named_with_its_cure() {
    let (desk, _nas) = whole("25.10");
    is_well(&desk);
    let data = desk.path("home/farol-data");

    allow(&desk.path("home/secret.key"), 0o644);
    says(&desk, 10, "atenção", &["configuração", "secret.key", "chmod 600"]);
    allow(&desk.path("home/secret.key"), 0o600);

    allow(&desk.path(DATABASE), 0o644);
    says(&desk, 10, "atenção", &["pasta de dados", "farol.db", "chmod -R o="]);
    allow(&desk.path(DATABASE), 0o600);

    let settings = fs::read_to_string(desk.path("home/farol.toml")).unwrap();
    desk.write("home/farol.toml", &settings.replace("listen = \"", "lisen = \""));
    says(&desk, 11, "problema", &["configuração", "server.lisen", "Você quis dizer"]);
    desk.write("home/farol.toml", &settings);

    fs::rename(desk.path("home/farol-data/logs"), desk.path("logs")).unwrap();
    says(&desk, 10, "atenção", &["pasta do registro", "ainda não existe"]);
    desk.write("home/farol-data/logs", "");
    says(&desk, 11, "problema", &["pasta do registro", "não é uma pasta"]);
    fs::remove_file(desk.path("home/farol-data/logs")).unwrap();
    fs::rename(desk.path("logs"), desk.path("home/farol-data/logs")).unwrap();

    execute(&desk, "DELETE FROM seaql_migrations WHERE version = 'm0011_second_factor'").await;
    says(&desk, 10, "atenção", &["banco de dados", "m0011_second_factor", "farol migrate"]);
    desk.run(&["migrate", "--config", "home/farol.toml"]).ended(0);
    execute(&desk, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 1)").await;
    says(&desk, 11, "problema", &["banco de dados", "versão mais nova", "Instale essa versão"]);
    execute(&desk, "DELETE FROM seaql_migrations WHERE version = 'm9999_future'").await;
    is_well(&desk);

    let sound = fs::read(desk.path(DATABASE)).unwrap();
    let mut damaged = sound.clone();
    damaged[4096..].fill(0x55);
    fs::write(desk.path(DATABASE), &damaged).unwrap();
    says(&desk, 11, "problema", &["banco de dados"]);
    fs::remove_file(desk.path(DATABASE)).unwrap();
    says(&desk, 10, "atenção", &["banco de dados", "ainda não existe", "farol restore"]);
    assert!(!desk.path(DATABASE).exists(), "it makes nothing");
    fs::rename(&data, desk.path("elsewhere")).unwrap();
    says(&desk, 10, "atenção", &["pasta de dados", "ainda não existe"]);
    assert!(!data.exists(), "it makes nothing");
}

#[tokio::test]
async fn a_damaged_index_is_found_although_the_database_opens() {
    let (desk, _nas) = whole("25.10");
    let store = Store::open_existing(&Settings::in_file(&desk.path(DATABASE))).await.unwrap();
    for number in 0..300 {
        store.put_setting(&format!("{number:050}"), "x", Timestamp::from_millis(1)).await.unwrap();
    }
    store.close().await.unwrap();
    // The rows stay, and the index over them knows one no more.
    execute(&desk, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'setting'").await;
    is_well(&desk);
    let mut bytes = fs::read(desk.path(DATABASE)).unwrap();
    let key = format!("{:050}", 150);
    let places: Vec<usize> =
        bytes.windows(50).enumerate().filter(|(_, part)| *part == key.as_bytes()).map(|(at, _)| at).collect();
    assert!(places.len() >= 2, "a row and its index: {places:?}");
    bytes[places[0]] = b'9';
    fs::write(desk.path(DATABASE), bytes).unwrap();
    says(&desk, 11, "problema", &["banco de dados", "danificado", "farol restore"]);
}

#[test]
fn a_log_that_lost_lines_or_is_ahead_of_its_time_is_named() {
    let (desk, _nas) = whole("25.10");
    // Long ago, and not so long that a server removes it.
    let day = Clock::real().now().minus(Duration::from_hours(24 * 12)).in_zone(&TimeZone::UTC).date();
    let (name, said) = (format!("farol.{day}.log"), format!("[{day} 10:00:00.000] [INFO] [-] [-] listening\n"));
    let log = format!("home/farol-data/logs/{name}");
    desk.write(&log, &said);
    says(&desk, 0, "certo", &["registro (log)", &day.to_string()]);
    desk.write(&log, &format!("[{day} 09:00:00.000] [WARN] [-] [-] lines of the log were lost lines=7\n{said}"));
    says(&desk, 10, "atenção", &["registro (log)", "lines=7", "log.directory"]);
    desk.write(&log, "[2099-01-02 10:00:00.000] [INFO] [-] [-] listening\n");
    says(&desk, 10, "atenção", &["registro (log)", "no futuro"]);
    desk.write(&log, &said);
    // A server that works has newer lines.
    let mut server = serve(&desk);
    says(&desk, 0, "certo", &["servidor", "em funcionamento"]);
    let files: Vec<_> =
        fs::read_dir(desk.path("home/farol-data/logs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() > 1, "{files:?}");
    files.iter().filter(|path| !path.ends_with(&name)).for_each(|path| fs::write(path, "").unwrap());
    says(&desk, 10, "atenção", &["registro (log)", "nenhuma linha desde"]);
    fs::write(desk.path(&log), "").unwrap();
    says(&desk, 11, "problema", &["registro (log)", "não há nenhuma linha"]);
    server.signal("TERM");
    assert!(server.ends_within(PATIENCE));
    says(&desk, 0, "certo", &["servidor", "parado"]);
}

fn serve(desk: &Desk) -> Program {
    let mut program = desk.start(&["serve", "--config", "home/farol.toml", "--listen", "127.0.0.1:0"]);
    program.said("Farol atende em");
    program
}

#[test]
fn copies_that_nobody_makes_any_more_are_missed() {
    let (desk, _nas) = whole("25.10");
    let folder = "home/farol-data/backups";
    is_well(&desk);
    fs::create_dir(desk.path(folder)).unwrap();
    says(&desk, 10, "atenção", &["cópias de segurança", "nenhuma em", "--keep 14"]);
    let made = |hours: u64| {
        let at = Clock::real().now().minus(Duration::from_hours(hours)).in_zone(&TimeZone::system());
        desk.write(&format!("{folder}/{}", farol::backup::name_at(&at)), "");
    };
    made(49);
    desk.write(&format!("{folder}/farol-2099.zip"), "not one of ours");
    says(&desk, 10, "atenção", &["cópias de segurança", "a última em", "--keep 14"]);
    made(47);
    says(&desk, 0, "certo", &["cópias de segurança", "a última é de"]);
    fs::remove_dir_all(desk.path(folder)).unwrap();
    desk.write(folder, "");
    says(&desk, 10, "atenção", &["cópias de segurança", "não pôde ser lida"]);
}

#[test]
fn a_nas_that_is_away_or_does_not_let_us_in_is_named() {
    let desk = settled(Desk::new());
    desk.run(&["migrate"]).ended(0);
    let said = desk.run(&["doctor"]).answered(11);
    assert!(said.contains("problema  TrueNAS: https://127.0.0.1:1/: ninguém responde nesse endereço"), "{said}");
    let (desk, nas) = whole("25.10");
    desk.write("home/truenas.key", &nas.limited_key);
    says(&desk, 11, "problema", &["TrueNAS", "recusou a chave"]);
    desk.write("home/truenas.key", &nas.key);
    let settings = fs::read_to_string(desk.path("home/farol.toml")).unwrap();
    desk.write("home/farol.toml", &settings.replace(&nas.fingerprint, &"AB:".repeat(32)[..95]));
    says(&desk, 11, "problema", &["TrueNAS", "o certificado não é o que foi fixado"]);
}

#[test]
fn what_the_next_upgrade_of_the_nas_will_break_is_told_before() {
    for (release, code, level, words) in [
        ("22.12", 10, "atenção", &["25.04", "JSON-RPC", "papéis", "ACCOUNT_READ"][..]),
        ("24.10", 10, "atenção", &["25.04", "lista de métodos da chave"]),
        ("25.04", 0, "certo", &["nada do que o Farol usa vai acabar", "26"]),
        ("26", 0, "certo", &["nada do que o Farol usa vai acabar"]),
    ] {
        let (desk, _nas) = whole(release);
        let said = desk.run(&LINE).answered(code);
        let found = said.lines().any(|line| line.starts_with(level) && words.iter().all(|word| line.contains(word)));
        assert!(found, "{release}: {said}");
        assert!(said.contains("certo     TrueNAS: "), "{said}");
    }
    let (desk, _nas) = whole("24.10");
    let settings = fs::read_to_string(desk.path("home/farol.toml")).unwrap();
    desk.write("home/farol.toml", &settings.replace("username = \"svc-farol\"\n", ""));
    says(&desk, 10, "atenção", &["próxima atualização", "truenas.username"]);
}

#[test]
fn programs_are_answered_in_json() {
    let desk = settled(Desk::new());
    let said = desk.run(&["doctor", "--json"]).answered(11);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let findings = said["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["topic"] == "TrueNAS" && finding["level"] == "trouble"), "{said}");
    assert!(findings.iter().all(|finding| !finding["text"].as_str().unwrap().is_empty()), "{said}");
    assert!(!desk.path("farol-data").exists(), "it makes nothing");
}

#[test]
fn of_a_proxy_in_front_the_certificate_that_anybody_sees_is_judged() {
    let (desk, nas) = whole("25.10");
    let settings = fs::read_to_string(desk.path("home/farol.toml")).unwrap();
    let behind = |url: &str| {
        desk.write(
            "home/farol.toml",
            &settings
                .replace("[server]", &format!("[server]\ntrusted_proxies = [\"127.0.0.1\"]\npublic_url = \"{url}\"")),
        );
    };
    // Something else that speaks TLS on this machine.
    behind(&nas.url);
    says(&desk, 0, "certo", &["certificado do Farol", "vale até"]);
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    behind(&format!("https://{nobody}"));
    says(&desk, 10, "atenção", &["certificado do Farol", &nobody.to_string(), "não respondeu"]);
}

#[test]
fn the_certificate_browsers_are_shown_is_named_before_its_end() {
    let (desk, _nas) = whole("25.10");
    let settings = fs::read_to_string(desk.path("home/farol.toml")).unwrap();
    let lines = "[server]\ntls = \"files\"\ntls_certificate = \"home/shown.pem\"\ntls_key = \"home/shown.key\"";
    desk.write("home/farol.toml", &settings.replace("[server]", lines));
    let key = rcgen::KeyPair::generate().unwrap();
    desk.write("home/shown.key", &key.serialize_pem());
    allow(&desk.path("home/shown.key"), 0o600);
    let today = Clock::real().now().in_zone(&TimeZone::UTC).datetime();
    for (days, code, level) in [(90, 0, "certo"), (20, 10, "atenção")] {
        let end = today.checked_add(jiff::Span::new().days(days)).unwrap();
        let mut params = rcgen::CertificateParams::new(["farol.local".to_owned()]).unwrap();
        let (year, month, day) = (end.year().into(), end.month().unsigned_abs(), end.day().unsigned_abs());
        params.not_after = rcgen::date_time_ymd(year, month, day);
        desk.write("home/shown.pem", &params.self_signed(&key).unwrap().pem());
        says(&desk, code, level, &["certificado do Farol"]);
    }
}
