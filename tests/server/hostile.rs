//! Names that try to be something else stay names: on the page, in a piece of it, in the script, in a header, in the log.

use std::collections::BTreeSet;
use std::net::IpAddr;

use farol::runtime::logging;

use crate::harness::{Answer, House, unescaped};
use crate::twenty::NAMES;

#[tokio::test]
async fn a_hostile_full_name_is_shown_and_does_nothing() {
    for name in NAMES {
        let house = House::open().await;
        house.sim.world().people.find_mut("ana").unwrap().full_name = name.to_owned();
        let browser = house.signed_in("ana").await;
        inert(&browser.get("/dashboard").await, name);
        script(&browser.get("/download_bat").await);
        house.close().await;
    }
}

#[tokio::test]
async fn a_hostile_share_is_shown_and_does_nothing() {
    let house = House::open().await;
    // The laboratory has a name of this kind already; carla meets it every day.
    let new = || NAMES.iter().filter(|name| **name != "R&D (2026)!");
    {
        let mut world = house.sim.world();
        let general = world.find_share("Geral").unwrap().clone();
        for (number, name) in (100..).zip(new()) {
            let mut share = general.clone();
            (share.id, share.name, share.comment) = (number, (*name).to_owned(), (*name).to_owned());
            world.shares.push(share);
        }
    }
    let browser = house.signed_in("ana").await;
    let (page, piece) = (browser.get("/dashboard").await, browser.get("/dashboard/shares").await);
    assert!(!piece.body.contains("<html"), "{}", piece.body);
    for name in new() {
        inert(&page, name);
        inert(&piece, name);
    }
    script(&browser.get("/download_bat").await);
    for name in new() {
        let one: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        script(&browser.get(&format!("/download_bat?share={one}")).await);
    }
    house.close().await;
}

#[tokio::test]
async fn what_is_typed_into_the_form_comes_back_inert() {
    let house = House::open().await;
    for name in NAMES.iter().filter(|name| !name.chars().any(char::is_control)) {
        let answer = house.browser().sign_in(name, "x").await;
        assert!((400..500).contains(&answer.status), "{name}: {}", answer.status);
        inert(&answer, name);
    }
    house.close().await;
}

#[tokio::test]
async fn a_hostile_account_forges_no_line_and_no_column_of_the_log() {
    let house = House::open().await;
    let log = logging::start(&house.settings.log, house.clock.clone(), false).unwrap();
    {
        let mut world = house.sim.world();
        let ana = world.people.find("ana").unwrap().clone();
        for (number, name) in (0_u32..).zip(NAMES) {
            let mut person = ana.clone();
            (person.id, person.uid) = (500 + u64::from(number), 5_000 + number);
            name.clone_into(&mut person.username);
            world.people.persons.push(person);
        }
    }
    let typable = || NAMES.iter().filter(|name| !name.chars().any(char::is_control));
    for name in typable() {
        let browser = house.browser();
        assert_eq!(browser.sign_in(name, "demo-ana").await.status, 303, "{name}");
        inert(&browser.get("/dashboard").await, "Ana");
        script(&browser.get("/download_bat").await);
    }
    for _ in 0..6 {
        house.browser().sign_in(NAMES[0], "wrong").await;
    }
    drop(log);
    let files = std::fs::read_dir(&house.settings.log.directory).unwrap();
    let text: String = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    assert!(text.contains("somebody has to wait"), "{text}");
    let users: BTreeSet<&str> = text.lines().map(user_in).collect();
    for name in typable() {
        let column = logging::escape(name).replace('[', "\\u{5b}").replace(']', "\\u{5d}");
        assert!(users.contains(column.as_str()), "{name:?} is not in its column: {users:?}");
    }
    house.close().await;
}

/// Of a line that is what it has to be: `[TIMESTAMP] [LEVEL] [IP] [USER] message`, with nothing invisible.
#[track_caller]
fn user_in(line: &str) -> &str {
    assert!(!line.chars().any(|c| c.is_control() || c == '\u{202e}'), "{line:?}");
    let columns: Vec<&str> = line.splitn(4, "] [").collect();
    let [time, level, ip, rest] = columns[..] else { panic!("{line:?}") };
    assert!(time.starts_with("[20") && ["INFO", "WARN", "ERROR"].contains(&level), "{line:?}");
    assert!(ip == "-" || ip.parse::<IpAddr>().is_ok(), "{line:?}");
    rest.split_once("] ").unwrap_or_else(|| panic!("{line:?}")).0
}

/// The name may appear as text only.
#[track_caller]
fn inert(answer: &Answer, name: &str) {
    let html = answer.body.to_lowercase();
    for never in ["<img src=x", "<script>alert", "onerror=1>", "49{%"] {
        assert!(!html.contains(never), "{never} in {html}");
    }
    let readable: String = name.chars().take_while(|c| !c.is_control()).collect();
    assert!(unescaped(&answer.body).contains(readable.trim()), "{name:?} is not to be read in {}", answer.body);
    assert!(answer.headers.get_all("set-cookie").iter().all(|cookie| !cookie.as_bytes().starts_with(b"a=")));
}

/// Every line ended as Windows wants it, no control character else; and a file name nobody chose.
#[track_caller]
fn script(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"mapear-drives.bat\"");
    for line in answer.body.split_inclusive("\r\n") {
        let text = line.strip_suffix("\r\n").unwrap_or_else(|| panic!("a line without its end: {line:?}"));
        assert!(!text.chars().any(|c| c.is_control() && c != '\t'), "{text:?}");
    }
}
