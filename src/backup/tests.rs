//! Names, roles, archives that are not what they say, and what stays of what was there.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;
use crate::domain::Timestamp;
use crate::store::{self, Store};

mod guarded;

const MOMENT: Timestamp = Timestamp::from_millis(1_795_266_840_000);

#[test]
fn of_a_folder_only_the_oldest_archives_of_ours_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let newest = name_at(&MOMENT.in_zone(&TimeZone::UTC));
    assert_eq!(newest, "farol-2026-11-21-131400.zip");
    let others = ["farol-2026-11-18-031500.zip", "farol-2026-11-19-031500.zip", "farol-2026-11-20-031500.zip"];
    let strange = ["farol.zip", "farol-2026-13-01-000000.zip", "farol-2020-01-01-000000.zip.old", "notes.txt"];
    for name in others.iter().chain(&strange).chain([&&*newest]) {
        fs::write(folder.path().join(name), "x").unwrap();
    }
    fs::create_dir(folder.path().join("farol-2019-01-01-000000.zip")).unwrap();
    let removed = remove_old(folder.path(), 2, &folder.path().join(&newest)).unwrap();
    assert_eq!(removed, [folder.path().join(others[1]), folder.path().join(others[0])]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2 + strange.len() + 1);
    // A clock that was set back names the newest like an old one.
    let kept = remove_old(folder.path(), 1, &folder.path().join(others[2])).unwrap();
    assert_eq!(kept, [folder.path().join(newest)]);
}

#[test]
fn a_part_leads_to_no_other_folder() {
    assert_eq!(
        Role::of("secrets/server.secret_key_file/secret.key"),
        Some(Role::Named("server.secret_key_file", "secret.key"))
    );
    assert_eq!(Role::of("tls/key.pem"), Some(Role::Certificate("key.pem")));
    for name in [
        "",
        "/etc/passwd",
        "../farol.db",
        "secrets/x/..",
        "secrets/x/.",
        "secrets/x/",
        "secrets/../x/y",
        "secrets/x/a\\b",
        "secrets/x/a\nb",
        "tls/other.pem",
        "tls/../farol.db",
        "farol.db/",
    ] {
        assert_eq!(Role::of(name), None, "{name}");
    }
}

/// An installation in a folder: a database with one setting, and all files there may be.
struct House(tempfile::TempDir);

impl House {
    async fn new(value: &str) -> Self {
        let house = Self(tempfile::tempdir().unwrap());
        let store = Store::open(&house.store()).await.unwrap();
        store.migrate().await.unwrap();
        store.put_setting("kept", value, MOMENT).await.unwrap();
        store.close().await.unwrap();
        fs::create_dir(house.path("data/tls")).unwrap();
        for (name, mode) in [
            ("farol.toml", 0o640),
            ("secret.key", 0o600),
            ("data/tls/certificate.pem", 0o644),
            ("data/tls/key.pem", 0o600),
        ] {
            fs::write(house.path(name), format!("{name} {value}")).unwrap();
            fs::set_permissions(house.path(name), fs::Permissions::from_mode(mode)).unwrap();
        }
        house
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn store(&self) -> store::Settings {
        store::Settings::in_file(&self.path("data/farol.db"))
    }

    fn job(&self) -> Job {
        Job {
            store: self.store(),
            data_dir: self.path("data"),
            settings: Some(self.path("farol.toml")),
            named: vec![("server.secret_key_file", self.path("secret.key"))],
            at: MOMENT,
            stop: CancellationToken::new(),
        }
    }

    fn plan(&self, replace: bool) -> Plan {
        Plan {
            data_dir: self.path("data"),
            database: Some(self.path("data/farol.db")),
            settings: Some(self.path("farol.toml")),
            replace,
            moment: "20261121-131400".to_owned(),
            clock: crate::runtime::Clock::real(),
        }
    }

    async fn value(&self) -> String {
        let store = Store::open_existing(&self.store()).await.unwrap();
        let found = store.find_setting("kept").await.unwrap().unwrap().value;
        store.close().await.unwrap();
        found
    }

    fn files(&self) -> Vec<String> {
        let mut names = Vec::new();
        for folder in [self.0.path().to_owned(), self.path("data"), self.path("data/tls")] {
            for entry in fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    names.push(path.strip_prefix(self.0.path()).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        names.sort_unstable();
        names
    }
}

fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

async fn put_back(archive: &Path, plan: &Plan) -> Result<Restored, Error> {
    restore(&mut Archive::open(archive, CancellationToken::new())?, plan).await
}

#[tokio::test]
async fn an_installation_comes_back_on_an_empty_machine_with_the_rights_it_had() {
    let (old, new) = (House::new("old").await, tempfile::tempdir().unwrap());
    let file = old.path("copy.zip");
    let manifest = create(&old.job(), &file).await.unwrap();
    assert_eq!((manifest.parts.len(), mode(&file)), (5, 0o600));
    assert_eq!(manifest.made_at, "2026-11-21T13:14:00Z");
    assert!(store::is_known_schema(&manifest.schema.unwrap()));
    assert!(matches!(create(&old.job(), &file).await, Err(Error::Exists(_))));
    let new = House(new);
    let restored = put_back(&file, &new.plan(false)).await.unwrap();
    assert_eq!((restored.placed.len(), restored.aside.len() + restored.kept.len()), (5, 0), "{restored:?}");
    assert_eq!(new.value().await, "old");
    for name in ["farol.toml", "secret.key", "data/tls/certificate.pem", "data/tls/key.pem"] {
        assert_eq!(fs::read_to_string(new.path(name)).unwrap(), format!("{name} old"));
    }
    let modes =
        ["farol.toml", "secret.key", "data/farol.db", "data/tls/certificate.pem"].map(|name| mode(&new.path(name)));
    assert_eq!(modes, [0o640, 0o600, 0o600, 0o640]);
    assert!(new.files().iter().all(|name| !name.contains("/.farol-")), "{:?}", new.files());
}

#[tokio::test]
async fn what_was_there_is_put_aside_and_settings_stay_unless_they_shall_go() {
    let (old, new) = (House::new("old").await, House::new("new").await);
    let file = old.path("copy.zip");
    create(&old.job(), &file).await.unwrap();
    let restored = put_back(&file, &new.plan(false)).await.unwrap();
    assert_eq!((restored.placed.len(), restored.kept.len(), restored.aside.len()), (1, 4, 1), "{restored:?}");
    assert_eq!(new.value().await, "old");
    assert_eq!(fs::read_to_string(new.path("farol.toml")).unwrap(), "farol.toml new");
    let aside = store::Settings::in_file(&new.path("data/farol.db.old-20261121-131400"));
    let store = Store::open_existing(&aside).await.unwrap();
    assert_eq!(store.find_setting("kept").await.unwrap().unwrap().value, "new");
    store.close().await.unwrap();
    let later = Plan { moment: "20261121-131500".to_owned(), ..new.plan(true) };
    let restored = put_back(&file, &later).await.unwrap();
    assert_eq!((restored.placed.len(), restored.aside.len()), (5, 5), "{restored:?}");
    assert_eq!(fs::read_to_string(new.path("secret.key")).unwrap(), "secret.key old");
    assert_eq!(fs::read_to_string(new.path("secret.key.old-20261121-131500")).unwrap(), "secret.key new");
    let last = Plan { moment: "20261121-131600".to_owned(), ..new.plan(false) };
    let restored = put_back(&file, &last).await.unwrap();
    assert_eq!((restored.same.len(), restored.kept.len()), (4, 0), "{restored:?}");
}

/// The same archive with its entries changed: a name, then what is in it; nothing leaves it out.
fn rewrite(from: &Path, to: &Path, change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>, more: Option<&str>) {
    let mut read = ZipArchive::new(fs::File::open(from).unwrap()).unwrap();
    let mut write = ZipWriter::new(fs::File::create(to).unwrap());
    for index in 0..read.len() {
        let mut entry = read.by_index(index).unwrap();
        let name = String::from_utf8(entry.name_raw().to_vec()).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if let Some(bytes) = change(&name, bytes) {
            write.start_file(&*name, SimpleFileOptions::default()).unwrap();
            write.write_all(&bytes).unwrap();
        }
    }
    if let Some(name) = more {
        write.start_file(name, SimpleFileOptions::default()).unwrap();
        write.write_all(b"x").unwrap();
    }
    write.finish().unwrap();
}

/// Changes the list of contents as text.
fn say(from: &str, to: &str) -> impl Fn(&str, Vec<u8>) -> Option<Vec<u8>> + use<> {
    let (from, to) = (from.to_owned(), to.to_owned());
    move |name, bytes| {
        if name != "manifest.json" {
            return Some(bytes);
        }
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(&from), "{text}");
        Some(text.replacen(&from, &to, 1).into_bytes())
    }
}

#[tokio::test]
async fn an_archive_that_is_not_what_it_says_changes_nothing() {
    let (old, new) = (House::new("old").await, House::new("new").await);
    let whole = old.path("whole.zip");
    let schema = create(&old.job(), &whole).await.unwrap().schema.unwrap();
    let before = new.files();
    let broken = old.path("broken.zip");
    let refuse = async |what: &str| {
        let error = put_back(&broken, &new.plan(true)).await.expect_err(what);
        assert_eq!(new.files(), before, "{what}");
        assert_eq!(fs::read_to_string(new.path("secret.key")).unwrap(), "secret.key new", "{what}");
        error
    };
    let bytes = fs::read(&whole).unwrap();
    fs::write(&broken, &bytes[..bytes.len() / 2]).unwrap();
    assert!(matches!(refuse("cut off").await, Error::NoArchive(_)));
    fs::write(&broken, "no archive at all").unwrap();
    assert!(matches!(refuse("a text").await, Error::NoArchive(_)));
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 0x40;
    fs::write(&broken, flipped).unwrap();
    assert!(matches!(refuse("a bit").await, Error::Differs(_) | Error::NoArchive(_)));
    rewrite(&whole, &broken, |name, bytes| (name != "manifest.json").then_some(bytes), None);
    assert!(matches!(refuse("no list").await, Error::NoManifest));
    rewrite(&whole, &broken, |name, bytes| (name != "farol.db").then_some(bytes), None);
    assert!(matches!(refuse("a part is missing").await, Error::Differs(_)));
    rewrite(&whole, &broken, |_, bytes| Some(bytes), Some("more"));
    assert!(matches!(refuse("more than listed").await, Error::Differs(_)));
    let longer = |name: &str, bytes| Some(if name == "farol.toml" { [bytes, b"x".to_vec()].concat() } else { bytes });
    rewrite(&whole, &broken, longer, None);
    assert!(matches!(refuse("more than it should be").await, Error::Differs(name) if name == "farol.toml"));
    let other = |name: &str, bytes| Some(if name == "farol.toml" { b"farol.toml odd".to_vec() } else { bytes });
    rewrite(&whole, &broken, other, None);
    assert!(matches!(refuse("as long, and other letters").await, Error::Differs(name) if name == "farol.toml"));
    rewrite(&whole, &broken, say("tls/key.pem", "../key.pem"), Some("../key.pem"));
    assert!(matches!(refuse("a way out").await, Error::Differs(_)));
    rewrite(&whole, &broken, say("\"format\": 1", "\"format\": 2"), None);
    assert!(matches!(refuse("a newer form").await, Error::NewerFormat(2)));
    rewrite(&whole, &broken, say(&schema, "m9999_future"), None);
    assert!(matches!(refuse("newer tables").await, Error::NewerSchema(name) if name == "m9999_future"));
}

#[tokio::test]
async fn nobody_puts_anything_back_where_a_server_works() {
    let (old, new) = (House::new("old").await, House::new("new").await);
    let file = old.path("copy.zip");
    create(&old.job(), &file).await.unwrap();
    let server = crate::runtime::Hold::share(&new.path("data")).unwrap().unwrap();
    assert!(matches!(put_back(&file, &new.plan(true)).await, Err(Error::InUse(_))));
    assert_eq!(new.value().await, "new");
    drop(server);
    put_back(&file, &new.plan(true)).await.unwrap();
    assert_eq!(new.value().await, "old");
}

#[tokio::test]
async fn a_damaged_database_is_neither_kept_nor_put_back() {
    let house = House::new("old").await;
    let whole = house.path("whole.zip");
    create(&house.job(), &whole).await.unwrap();
    let database = house.path("data/farol.db");
    let mut bytes = fs::read(&database).unwrap();
    // All but the first page, which says what tables there are.
    bytes[4096..].fill(0x55);
    fs::write(&database, &bytes).unwrap();
    let error = create(&house.job(), &house.path("damaged.zip")).await.unwrap_err();
    assert!(matches!(error, Error::Damaged(_) | Error::Store(_)), "{error:?}");
    assert!(!house.path("damaged.zip").exists());
}

#[tokio::test]
async fn a_restore_that_stops_halfway_says_so_loses_nothing_and_is_completed_by_a_second_try() {
    let (old, new) = (House::new("old").await, House::new("new").await);
    let file = old.path("copy.zip");
    create(&old.job(), &file).await.unwrap();
    let in_the_way = new.path("secret.key.old-20261121-131400");
    fs::write(&in_the_way, "older").unwrap();
    let error = put_back(&file, &new.plan(true)).await.unwrap_err();
    assert!(matches!(&error, Error::Halfway(cause) if matches!(**cause, Error::Write { .. })), "{error:?}");
    assert_eq!(new.value().await, "old");
    assert_eq!(fs::read_to_string(&in_the_way).unwrap(), "older");
    assert_eq!(fs::read_to_string(new.path("secret.key")).unwrap(), "secret.key new");
    let later = Plan { moment: "20261121-131500".to_owned(), ..new.plan(true) };
    put_back(&file, &later).await.unwrap();
    assert_eq!(fs::read_to_string(new.path("secret.key")).unwrap(), "secret.key old");
    let first = store::Settings::in_file(&new.path("data/farol.db.old-20261121-131400"));
    let store = Store::open_existing(&first).await.unwrap();
    assert_eq!(store.find_setting("kept").await.unwrap().unwrap().value, "new");
    store.close().await.unwrap();
}
