//! `farol backup` and `farol restore`: under write load, elsewhere, in the way of a server, from what is damaged or newer.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use farol::domain::Timestamp;
use farol::store::{Settings, Store};

use crate::check::{serve, settled};
use crate::harness::{Desk, PATIENCE, until};
use crate::web::get;

const DATABASE: &str = "farol-data/farol.db";

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

async fn open(file: &Path) -> Store {
    Store::open_existing(&Settings::in_file(file)).await.unwrap()
}

/// A desk with settings in a file, secrets in files beside it, and a database with one setting.
async fn furnished(value: &str) -> Desk {
    let desk = Desk::new();
    desk.write("truenas.key", "7-key\n");
    desk.write("secret.key", "f3b1c8e2a7d94605b8c1e3f7a2d9460bf3b1c8e2a7d94605\n");
    for secret in ["truenas.key", "secret.key"] {
        fs::set_permissions(desk.path(secret), fs::Permissions::from_mode(0o600)).unwrap();
    }
    desk.write(
        "farol.toml",
        "[truenas]\nurl = \"https://127.0.0.1:1\"\nusername = \"svc-farol\"\napi_key_file = \"truenas.key\"\n\
         [server]\nsecret_key_file = \"secret.key\"\n",
    );
    desk.run(&["migrate"]).ended(0);
    let store = open(&desk.path(DATABASE)).await;
    store.put_setting("value", value, at(1)).await.unwrap();
    store.close().await.unwrap();
    desk
}

async fn value(desk: &Desk) -> String {
    let store = open(&desk.path(DATABASE)).await;
    let value = store.find_setting("value").await.unwrap().unwrap().value;
    store.close().await.unwrap();
    value
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_under_load_holds_all_that_was_acknowledged_before_and_comes_back_elsewhere() {
    const WRITERS: usize = 4;
    let desk = furnished("kept").await;
    let (mut server, address) = serve(&desk);
    assert_eq!(get(&address, "/healthz").status, 200);
    let store = open(&desk.path(DATABASE)).await;
    let written: Vec<AtomicUsize> = (0..WRITERS).map(|_| AtomicUsize::new(0)).collect();
    let over = AtomicBool::new(false);
    let writing = async {
        let write = async |writer: usize| {
            while !over.load(Ordering::Relaxed) {
                let number = written[writer].load(Ordering::Relaxed);
                store.put_setting(&format!("{writer}/{number}"), &"x".repeat(2_000), at(1)).await.unwrap();
                written[writer].store(number + 1, Ordering::Relaxed);
            }
        };
        futures_util::future::join_all((0..WRITERS).map(write)).await;
    };
    let copying = async {
        tokio::task::block_in_place(|| ());
        let counts = || -> Vec<usize> { written.iter().map(|count| count.load(Ordering::Relaxed)).collect() };
        let mut copies = Vec::new();
        for copy in 0..3 {
            let name = format!("copy-{copy}.zip");
            let goal = counts().iter().sum::<usize>() + 50;
            while counts().iter().sum::<usize>() < goal {
                tokio::task::yield_now().await;
            }
            let before = counts();
            let arguments = ["backup".to_owned(), name.clone()];
            let program = desk.start(&arguments.each_ref().map(String::as_str));
            let said = tokio::task::spawn_blocking(|| program.outcome().ended(0)).await.unwrap();
            assert!(said.contains("Cópia pronta e conferida") && said.contains("segredos"), "{said}");
            copies.push((name, before, counts()));
        }
        over.store(true, Ordering::Relaxed);
        copies
    };
    let ((), copies) = tokio::join!(writing, copying);
    store.close().await.unwrap();
    server.signal("TERM");
    assert!(server.ends_within(PATIENCE));
    for (name, before, after) in copies {
        assert_eq!(fs::metadata(desk.path(&name)).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(after.iter().sum::<usize>() > before.iter().sum::<usize>(), "nobody wrote meanwhile");
        let elsewhere = Desk::new();
        fs::copy(desk.path(&name), elsewhere.path("copy.zip")).unwrap();
        let said = elsewhere.run(&["restore", "copy.zip"]).ended(0);
        assert!(said.contains("restaurada") && said.contains("farol doctor"), "{said}");
        for file in ["farol.toml", "truenas.key", "secret.key"] {
            assert_eq!(fs::read(elsewhere.path(file)).unwrap(), fs::read(desk.path(file)).unwrap(), "{file}");
        }
        assert_eq!(value(&elsewhere).await, "kept");
        let restored = open(&elsewhere.path(DATABASE)).await;
        assert_eq!(restored.find_damage().await.unwrap(), None);
        for (writer, (least, most)) in before.into_iter().zip(after).enumerate() {
            for number in 0..most + 2 {
                let found = restored.find_setting(&format!("{writer}/{number}")).await.unwrap().is_some();
                // One more may be on its way than was counted.
                assert!(found || number >= least, "{writer}/{number} of {least} was acknowledged and is gone");
                assert!(!found || number <= most, "{writer}/{number} was never written");
            }
        }
        restored.close().await.unwrap();
        let (mut server, address) = serve(&elsewhere);
        assert_eq!(get(&address, "/healthz").status, 200);
        server.signal("TERM");
        assert!(server.ends_within(PATIENCE));
    }
}

#[tokio::test]
async fn while_a_server_works_nothing_is_put_back_and_what_was_there_stays_beside() {
    let desk = furnished("old").await;
    desk.run(&["backup", "copy.zip"]).ended(0);
    let store = open(&desk.path(DATABASE)).await;
    store.put_setting("value", "new", at(2)).await.unwrap();
    store.close().await.unwrap();
    let (mut server, _) = serve(&desk);
    let said = desk.run(&["restore", "copy.zip"]).ended(9);
    assert!(said.contains("Um servidor está usando") && said.contains("systemctl stop farol"), "{said}");
    // The second of two servers says the same.
    let (second, _) = serve(&desk);
    server.signal("TERM");
    assert!(server.ends_within(PATIENCE));
    desk.run(&["restore", "copy.zip"]).ended(9);
    drop(second);
    assert_eq!(value(&desk).await, "new");
    let said = desk.run(&["restore", "copy.zip"]).ended(0);
    assert!(said.contains("o anterior ficou em") && said.contains("já estava igual"), "{said}");
    assert!(said.contains("sessões da cópia encerradas: 0") && said.contains("systemctl start farol"), "{said}");
    assert!(!said.contains("aponte-os"), "{said}");
    let trail = desk.run(&["audit", "verify"]).ended(0);
    assert!(trail.contains("íntegra") && trail.contains("Registros  1"), "{trail}");
    assert_eq!(value(&desk).await, "old");
    let aside = fs::read_dir(desk.path("farol-data")).unwrap().map(|entry| entry.unwrap().path());
    let aside: Vec<_> = aside.filter(|path| path.to_string_lossy().contains("farol.db.old-")).collect();
    assert_eq!(aside.len(), 1, "{aside:?}");
    let store = open(&aside[0]).await;
    assert_eq!(store.find_setting("value").await.unwrap().unwrap().value, "new");
    store.close().await.unwrap();
}

/// Everything below a folder that does not change by being looked at.
fn state(desk: &Desk) -> BTreeSet<(String, Vec<u8>)> {
    let mut files = BTreeSet::new();
    for name in [".", "farol-data"] {
        for entry in fs::read_dir(desk.path(name)).unwrap().map(Result::unwrap) {
            if entry.path().is_file() && !entry.path().to_string_lossy().ends_with(".zip") {
                files.insert((entry.path().display().to_string(), fs::read(entry.path()).unwrap()));
            }
        }
    }
    files
}

#[tokio::test]
async fn what_is_damaged_or_newer_is_refused_in_a_sentence_and_changes_nothing() {
    let desk = furnished("old").await;
    desk.run(&["backup", "copy.zip"]).ended(0);
    let bytes = fs::read(desk.path("copy.zip")).unwrap();
    let before = state(&desk);
    fs::write(desk.path("cut.zip"), &bytes[..bytes.len() - 30]).unwrap();
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    fs::write(desk.path("flipped.zip"), &flipped).unwrap();
    desk.write("empty.zip", "");
    for name in ["cut.zip", "flipped.zip", "empty.zip"] {
        let said = desk.run(&["restore", name, "--with-settings"]).ended(8);
        assert!(said.contains("Use outra cópia") && said.contains("Nada foi alterado."), "{name}: {said}");
        assert_eq!(state(&desk), before, "{name}");
    }
    let said = desk.run(&["restore", "none.zip"]).ended(1);
    assert!(said.contains("none.zip não pôde ser lido: não existe"), "{said}");
    let newer = furnished("newer").await;
    make_newer(&newer).await;
    for line in [&["backup", "copy.zip"][..], &["migrate"], &["serve", "--listen", "127.0.0.1:0"]] {
        let said = newer.run(line).ended(1);
        assert!(said.contains("foi usado por uma versão mais nova do Farol. Instale essa versão"), "{line:?}: {said}");
    }
    assert!(!newer.path("copy.zip").exists());
}

/// As if a newer program had used the database.
async fn make_newer(desk: &Desk) {
    use sea_orm::ConnectionTrait as _;
    let url = format!("sqlite://{}", desk.path(DATABASE).display());
    let connection = sea_orm::Database::connect(url).await.unwrap();
    let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 1)";
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn settings_stay_unless_they_shall_be_replaced_too() {
    let (old, new) = (furnished("old").await, furnished("new").await);
    new.write("secret.key", "0123456789abcdef0123456789abcdef0123\n");
    old.run(&["backup", "copy.zip"]).ended(0);
    fs::copy(old.path("copy.zip"), new.path("copy.zip")).unwrap();
    let said = new.run(&["restore", "copy.zip"]).ended(0);
    assert!(said.contains("mantido, difere da cópia  secret.key") && said.contains("--with-settings"), "{said}");
    assert!(fs::read_to_string(new.path("secret.key")).unwrap().starts_with("0123"));
    // Names of what is put aside differ by the second.
    let said = until("a name of its own", || {
        let outcome = new.run(&["restore", "copy.zip", "--with-settings"]);
        (outcome.code == Some(0)).then(|| outcome.ended(0))
    });
    assert!(!said.contains("mantido"), "{said}");
    assert_eq!(fs::read(new.path("secret.key")).unwrap(), fs::read(old.path("secret.key")).unwrap());
    assert_eq!(fs::metadata(new.path("secret.key")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_folder_keeps_the_newest_copies_and_nothing_is_overwritten() {
    let desk = furnished("old").await;
    fs::create_dir(desk.path("copies")).unwrap();
    for day in 1..=4 {
        desk.write(&format!("copies/farol-2026-01-0{day}-030000.zip"), "old");
    }
    desk.write("copies/notes.txt", "mine");
    let said = desk.run(&["backup", "copies", "--keep", "3"]).ended(0);
    assert_eq!(said.matches("Apagada a cópia antiga").count(), 2, "{said}");
    let mut names: Vec<String> = fs::read_dir(desk.path("copies"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names[0].contains("2026-01-03") && names[1].contains("2026-01-04") && names[3] == "notes.txt", "{names:?}");
    desk.run(&["backup", "copy.zip"]).ended(0);
    let before = fs::read(desk.path("copy.zip")).unwrap();
    let said = desk.run(&["backup", "copy.zip"]).ended(4);
    assert!(said.contains("copy.zip já existe e não foi alterado"), "{said}");
    assert_eq!(fs::read(desk.path("copy.zip")).unwrap(), before);
    let said = desk.run(&["backup", "other.zip", "--keep", "3"]).ended(2);
    assert!(said.contains("--keep só vale para uma pasta"), "{said}");
    let said = desk.run(&["backup", "none/copy.zip"]).ended(5);
    assert!(said.contains("não pôde ser gravado: não existe"), "{said}");
    let left: Vec<_> = fs::read_dir(desk.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".farol-")), "{left:?}");
}

#[tokio::test]
async fn a_database_on_a_server_is_left_to_its_own_tool_and_the_rest_is_kept() {
    let other = furnished("old").await;
    other.run(&["backup", "copy.zip"]).ended(0);
    let sqlite = other.path("copy.zip").display().to_string();
    for (url, tool) in [
        ("postgres://farol:k4nary@127.0.0.1:1/intranet", "pg_dump -Fc intranet > intranet.dump"),
        ("mariadb://farol:k4nary@127.0.0.1:1/intranet", "mariadb-dump --single-transaction intranet > intranet.dump"),
    ] {
        let desk = settled(Desk::new());
        desk.write("farol.toml", "[health]\nperiod_s = 10\n");
        desk.write("database", url);
        let desk = desk.with("FAROL_STORE_URL_FILE", "database");
        let said = desk.run(&["backup", "copy.zip"]).ended(0);
        assert!(said.contains(tool) && !said.contains("k4nary"), "{said}");
        assert!(said.contains("não estão na cópia") && said.contains("server.secret_key"), "{said}");
        let mut zip = zip::ZipArchive::new(fs::File::open(desk.path("copy.zip")).unwrap()).unwrap();
        let mut manifest = String::new();
        zip.by_name("manifest.json").unwrap().read_to_string(&mut manifest).unwrap();
        assert!(!manifest.contains("farol.db") && !manifest.contains("k4nary"), "{manifest}");
        assert!(zip.by_name("secrets/store.url_file/database").is_ok() && zip.by_name("farol.toml").is_ok());
        let said = desk.run(&["restore", "copy.zip"]).ended(0);
        assert!(said.contains("já estava igual") && said.contains("restaure-o com"), "{said}");
        // A copy with a database of its own has no place there.
        let said = desk.run(&["restore", &sqlite]).ended(2);
        assert!(said.contains("store.url aponta para um") && said.contains("Nada foi alterado."), "{said}");
    }
}

#[tokio::test]
async fn a_copy_without_all_secrets_is_not_made() {
    let desk = furnished("old").await;
    fs::remove_file(desk.path("secret.key")).unwrap();
    let said = desk.run(&["backup", "copy.zip"]).ended(2);
    assert!(said.contains("server.secret_key_file") && said.contains("farol check"), "{said}");
    assert!(!desk.path("copy.zip").exists());
}

/// What is not finished, in the folder of the desk.
fn drafts(desk: &Desk) -> Vec<PathBuf> {
    let names = fs::read_dir(desk.path(".")).unwrap().map(|entry| entry.unwrap().path());
    names.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(".farol-")).collect()
}

#[tokio::test]
async fn a_copy_that_is_interrupted_leaves_nothing_behind_and_one_that_was_killed_not_for_long() {
    use sea_orm::ConnectionTrait as _;
    let desk = furnished("old").await;
    let url = format!("sqlite://{}", desk.path(DATABASE).display());
    let connection = sea_orm::Database::connect(url).await.unwrap();
    // Large enough to be met at work.
    let sql =
        "CREATE TABLE ballast AS WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < 600)
               SELECT randomblob(10000) AS bytes FROM count";
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
    let met = || {
        let program = desk.start(&["backup", "copy.zip"]);
        until("a draft", || (!drafts(&desk).is_empty()).then_some(()));
        program
    };
    for signal in ["TERM", "INT"] {
        let program = met();
        program.signal(signal);
        let said = program.outcome().ended(1);
        assert!(said.contains("Interrompido a pedido"), "{said}");
        assert!(drafts(&desk).is_empty() && !desk.path("copy.zip").exists(), "{signal}: {:?}", drafts(&desk));
    }
    let mut program = met();
    program.signal("KILL");
    assert!(program.ends_within(PATIENCE));
    let left = drafts(&desk);
    assert!(!left.is_empty());
    for file in &left {
        let file = fs::File::open(file).unwrap();
        let at = file.metadata().unwrap().modified().unwrap();
        file.set_modified(at - Duration::from_hours(25)).unwrap();
    }
    desk.run(&["backup", "copy.zip"]).ended(0);
    assert_eq!(drafts(&desk), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_certificate_that_settings_name_comes_along_and_settings_that_lead_astray_are_named() {
    let (old, new) = (furnished("old").await, Desk::new());
    fs::create_dir(old.path("certs")).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(["farol.local".to_owned()]).unwrap();
    old.write("certs/farol.pem", &params.self_signed(&key).unwrap().pem());
    old.write("certs/farol.key", &key.serialize_pem());
    fs::set_permissions(old.path("certs/farol.key"), fs::Permissions::from_mode(0o600)).unwrap();
    let settings = fs::read_to_string(old.path("farol.toml")).unwrap();
    let lines = "[server]\ntls = \"files\"\ntls_certificate = \"certs/farol.pem\"\ntls_key = \"certs/farol.key\"";
    old.write("farol.toml", &settings.replace("[server]", lines));
    let said = old.run(&["backup", "copy.zip"]).ended(0);
    assert!(!said.contains("guarde-os à parte"), "{said}");
    fs::copy(old.path("copy.zip"), new.path("copy.zip")).unwrap();
    let said = new.run(&["restore", "copy.zip"]).ended(0);
    let (_, astray) = said.split_once("Estes arquivos vieram de outra pasta: aponte-os em farol.toml.\n").unwrap();
    let astray: Vec<Vec<&str>> = astray.lines().take(3).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(astray[..2], [["server.tls_certificate", "farol.pem"], ["server.tls_key", "farol.key"]]);
    assert!(astray[2].starts_with(&["Confira"]), "{said}");
    for file in ["farol.pem", "farol.key"] {
        assert_eq!(fs::read(new.path(file)).unwrap(), fs::read(old.path(&format!("certs/{file}"))).unwrap());
    }
    assert_eq!(fs::metadata(new.path("farol.key")).unwrap().permissions().mode() & 0o777, 0o600);
    // Without it there is a copy all the same.
    fs::remove_file(old.path("certs/farol.key")).unwrap();
    let said = old.run(&["backup", "without.zip"]).ended(0);
    assert!(said.contains("não estão na cópia, guarde-os à parte: server.tls_key."), "{said}");
}
