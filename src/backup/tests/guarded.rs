//! What a copy must not read, a restore must not bring back, and an archive must not make us do.

use std::net::IpAddr;
use std::os::unix::fs::{MetadataExt as _, chown, symlink};
use std::time::Duration;

use super::*;
use crate::audit::{Audit, Verdict};
use crate::domain::audit::Action;
use crate::domain::caller::{Account, AccountId, Role as Standing};
use crate::domain::session::{Session, SessionId, Visitor};
use crate::store::{MessageDraft, MessageRecord};

#[tokio::test]
async fn a_link_where_the_server_keeps_its_certificate_is_not_followed() {
    let house = House::new("old").await;
    fs::write(house.path("shadow"), "of root alone").unwrap();
    fs::remove_file(house.path("data/tls/key.pem")).unwrap();
    symlink(house.path("shadow"), house.path("data/tls/key.pem")).unwrap();
    let (file, before) = (house.path("copy.zip"), house.files());
    let refused = create(&house.job(), &file).await;
    assert!(matches!(&refused, Err(Error::Linked(path)) if path.ends_with("tls/key.pem")), "{refused:?}");
    // Nor is the whole folder, for a copy or for putting one back.
    let other = House::new("other").await;
    create(&other.job(), &other.path("copy.zip")).await.unwrap();
    fs::rename(other.path("data/tls"), other.path("elsewhere")).unwrap();
    symlink(other.path("elsewhere"), other.path("data/tls")).unwrap();
    let refused = create(&other.job(), &other.path("second.zip")).await;
    assert!(matches!(&refused, Err(Error::Linked(path)) if path.ends_with("tls")), "{refused:?}");
    let refused = put_back(&other.path("copy.zip"), &other.plan(true)).await;
    assert!(matches!(&refused, Err(Error::Linked(path)) if path.ends_with("tls")), "{refused:?}");
    assert_eq!(house.files(), before);
    // Settings may name a link, as those are whose certificates somebody else renews.
    fs::remove_file(house.path("data/tls/key.pem")).unwrap();
    fs::rename(house.path("secret.key"), house.path("secret.1")).unwrap();
    symlink("secret.1", house.path("secret.key")).unwrap();
    let manifest = create(&house.job(), &file).await.unwrap();
    assert!(manifest.parts.iter().any(|part| part.name.ends_with("/secret.key")), "{manifest:?}");
}

#[tokio::test]
async fn root_follows_no_link_of_another_account_and_gives_files_back_to_whom_they_belonged() {
    const SOMEBODY: (u32, u32) = (1, 2);
    let own = |path: &Path| {
        let found = fs::metadata(path).unwrap();
        (found.uid(), found.gid())
    };
    let (old, new) = (House::new("old").await, House(tempfile::tempdir().unwrap()));
    let given = chown(old.path("secret.key"), Some(SOMEBODY.0), Some(SOMEBODY.1));
    given.expect("only root gives files away: this test needs to be root");
    let file = old.path("copy.zip");
    create(&old.job(), &file).await.unwrap();
    fs::create_dir(new.path("data")).unwrap();
    chown(new.path("data"), Some(SOMEBODY.0), Some(SOMEBODY.1)).unwrap();
    put_back(&file, &new.plan(false)).await.unwrap();
    let expected = [
        ("secret.key", SOMEBODY),
        ("farol.toml", (0, 0)),
        ("data/farol.db", SOMEBODY),
        ("data/tls", SOMEBODY),
        ("data/tls/key.pem", SOMEBODY),
    ];
    for (name, owner) in expected {
        assert_eq!(own(&new.path(name)), owner, "{name}");
    }
    // Of an account that is not known here, a file goes to whom the folder belongs.
    let whole = old.path("strange.zip");
    rewrite(&file, &whole, say("\"user\": \"daemon\"", "\"user\": \"nobody-knows\""), None);
    chown(new.0.path(), Some(3), None).unwrap();
    let later = Plan { moment: "20261121-131500".to_owned(), ..new.plan(true) };
    put_back(&whole, &later).await.unwrap();
    assert_eq!(own(&new.path("secret.key")), (3, SOMEBODY.1));
    // A service with users of its own sees nobody in place of all others.
    chown(old.path("secret.key"), Some(65_534), Some(0)).unwrap();
    let seen = create(&old.job(), &old.path("seen.zip")).await.unwrap();
    let seen = seen.parts.iter().find(|part| part.name.ends_with("/secret.key")).unwrap();
    assert_eq!(serde_json::to_value(&seen.owner).unwrap(), serde_json::json!({ "user": null, "group": "root" }));
    // The settings name a link in a folder of that account.
    fs::rename(new.path("secret.key"), new.path("secret.1")).unwrap();
    symlink("secret.1", new.path("secret.key")).unwrap();
    let refused = create(&new.job(), &new.path("copy.zip")).await;
    assert!(matches!(&refused, Err(Error::Linked(path)) if path.ends_with("secret.key")), "{refused:?}");
}

#[tokio::test]
async fn somebody_who_stops_the_work_finds_nothing_of_it_and_what_was_killed_goes_a_day_later() {
    let house = House::new("old").await;
    let file = house.path("copy.zip");
    create(&house.job(), &file).await.unwrap();
    let before = house.files();
    let job = house.job();
    job.stop.cancel();
    assert!(matches!(create(&job, &house.path("second.zip")).await, Err(Error::Stopped)));
    let stopped = restore(&mut Archive::open(&file, job.stop).unwrap(), &house.plan(true)).await;
    assert!(matches!(stopped, Err(Error::Stopped)), "{stopped:?}");
    assert_eq!(house.files(), before);
    let names = [
        (".farol-aB3dE6.draft", 25),
        (".farol-aB3dE6.draft-wal", 25),
        (".farol-fresh1.draft", 23),
        (".farol-notes", 99),
        ("farol.draft", 99),
    ];
    let made = fs::metadata(&file).unwrap().modified().unwrap();
    for (name, hours) in names {
        let left = fs::File::create(house.path(name)).unwrap();
        left.set_modified(made - Duration::from_hours(hours)).unwrap();
    }
    symlink("farol.toml", house.path(".farol-linked.draft")).unwrap();
    create(&house.job(), &house.path("third.zip")).await.unwrap();
    let left: Vec<&str> = names.iter().map(|(name, _)| *name).filter(|name| house.path(name).exists()).collect();
    assert_eq!(left, [".farol-fresh1.draft", ".farol-notes", "farol.draft"]);
    assert!(house.path(".farol-linked.draft").is_symlink());
}

#[tokio::test]
async fn an_archive_that_says_it_is_huge_is_not_read() {
    let house = House::new("old").await;
    let (whole, broken) = (house.path("whole.zip"), house.path("broken.zip"));
    let manifest = create(&house.job(), &whole).await.unwrap();
    let bytes = |end: &str| manifest.parts.iter().find(|part| part.name.ends_with(end)).unwrap().bytes;
    let listed = |end: &str, count: u64| {
        let name = manifest.parts.iter().find(|part| part.name.ends_with(end)).unwrap().name.clone();
        let said = |count| format!("\"name\": \"{name}\",\n      \"bytes\": {count},");
        say(&said(bytes(end)), &said(count))
    };
    for part in ["farol.toml", "secret.key", "tls/key.pem"] {
        rewrite(&whole, &broken, listed(part, 40_000_000_000), None);
        let refused = put_back(&broken, &house.plan(true)).await;
        assert!(matches!(&refused, Err(Error::Oversized(name)) if name.ends_with(part)), "{refused:?}");
    }
    rewrite(&whole, &broken, listed("farol.db", 1 << 60), None);
    let refused = put_back(&broken, &house.plan(true)).await;
    assert!(matches!(refused, Err(Error::NoRoom { bytes, .. }) if bytes == 1 << 60), "{refused:?}");
    // More parts than there are settings.
    let crowd = |name: &str, bytes: Vec<u8>| {
        let mut list: Manifest = serde_json::from_slice(&bytes).ok().filter(|_| name == "manifest.json")?;
        let part = list.parts.last().cloned()?;
        list.parts.extend((0..100).map(|number| Part { name: format!("secrets/{number}/a"), ..part.clone() }));
        serde_json::to_vec(&list).ok()
    };
    rewrite(&whole, &broken, crowd, None);
    assert!(matches!(put_back(&broken, &house.plan(true)).await, Err(Error::Oversized(_))));
}

#[tokio::test]
async fn two_secrets_of_one_file_name_both_come_back() {
    let (old, new) = (House::new("old").await, House(tempfile::tempdir().unwrap()));
    for name in ["mail", "chat", "same"] {
        fs::create_dir(old.path(name)).unwrap();
        fs::write(old.path(name).join("token"), if name == "same" { "mail" } else { name }).unwrap();
    }
    let keys = [("email.password_file", "mail"), ("telegram.token_file", "chat"), ("ntfy.token_file", "same")];
    let mut job = old.job();
    job.named.extend(keys.map(|(key, folder)| (key, old.path(folder).join("token"))));
    let file = old.path("copy.zip");
    create(&job, &file).await.unwrap();
    let first = put_back(&file, &new.plan(false)).await.unwrap();
    assert_eq!(fs::read_to_string(new.path("token")).unwrap(), "mail");
    assert_eq!(fs::read_to_string(new.path("telegram.token_file-token")).unwrap(), "chat");
    let named = [
        ("server.secret_key_file", "secret.key"),
        ("email.password_file", "token"),
        ("telegram.token_file", "telegram.token_file-token"),
        ("ntfy.token_file", "token"),
    ];
    let named = named.map(|(key, name)| (key.to_owned(), new.path(name)));
    assert_eq!(first.named, named);
    // A second time all of it is there.
    let again = put_back(&file, &Plan { moment: "later".to_owned(), ..new.plan(false) }).await.unwrap();
    assert_eq!((again.same.len(), again.kept.len(), again.named), (6, 0, named.to_vec()), "{:?}", again.same);
}

fn waiting(id: &str) -> MessageDraft {
    let (id, channel, event, level) = (id.to_owned(), "email".to_owned(), "alerts".to_owned(), "trouble".to_owned());
    let (subject, text) = ("pool".to_owned(), "degraded".to_owned());
    let (created_at, due_at, next_at) = (MOMENT, MOMENT, MOMENT);
    let message =
        MessageRecord { id, channel, event, level, subject, text, count: 1, created_at, due_at, next_at, attempts: 0 };
    MessageDraft { message, joined: None }
}

fn session(account: AccountId) -> Session {
    let visitor = Visitor { address: IpAddr::from([10, 0, 0, 7]), device: "Firefox".to_owned() };
    let account =
        Account { id: account, username: "ana".to_owned(), full_name: "Ana".to_owned(), role: Standing::Administrator };
    Session {
        id: SessionId::new(account.id.as_str()),
        account,
        visitor,
        created_at: MOMENT,
        used_at: MOMENT,
        ends_at: MOMENT.plus(Duration::from_hours(8)),
        password_changed_at: None,
        confirmed_at: Some(MOMENT),
    }
}

#[tokio::test]
async fn what_comes_back_signs_nobody_in_sends_no_old_message_and_stands_in_the_trail() {
    let (old, new) = (House::new("old").await, House::new("new").await);
    let store = Store::open_existing(&old.store()).await.unwrap();
    for account in [AccountId::kept("uid:1".to_owned()), AccountId::of_local("ana")] {
        let session = session(account);
        store.create_session(&session, session.id.as_str()).await.unwrap();
    }
    store.put_messages(&["one", "two", "sent"].map(waiting), ("outbox.cursor", "a.1"), MOMENT).await.unwrap();
    assert!(store.end_message("sent", store::MessageState::Delivered, MOMENT).await.unwrap());
    store.close().await.unwrap();
    let file = old.path("copy.zip");
    create(&old.job(), &file).await.unwrap();
    let restored = put_back(&file, &new.plan(false)).await.unwrap();
    assert_eq!(restored.ended, Some(Ended { sessions: 2, messages: 2 }));
    let store = Store::open_existing(&new.store()).await.unwrap();
    assert_eq!(store.list_all_sessions(9).await.unwrap(), []);
    let channel = store.find_channel("email").await.unwrap();
    assert_eq!((channel.waiting, channel.delivered_at), (0, Some(MOMENT)));
    let trail = Audit::new(store.clone(), crate::runtime::Clock::real());
    assert!(matches!(trail.verify().await.unwrap(), Verdict::Whole(_)));
    let last = trail.list(None, 1).await.unwrap().remove(0).deed;
    assert_eq!((last.action, &*last.actor), (Action::CopyRestored, "farol restore"));
    assert_eq!(last.subject, "2026-11-21T13:14:00Z");
    store.close().await.unwrap();
    // In the database it came from they live on.
    let store = Store::open_existing(&old.store()).await.unwrap();
    assert_eq!(store.list_all_sessions(9).await.unwrap().len(), 2);
    store.close().await.unwrap();
}
