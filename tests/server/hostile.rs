//! Names that try to be something else stay names: on the page, in the script, in a header, in the log.

use crate::harness::{House, unescaped};

/// As a share and as a full name. None of them may act, all of them must be readable.
pub const NAMES: [&str; 20] = [
    "\"><img src=x onerror=1>",
    "R&D (2026)!",
    "'; DROP TABLE session; --",
    "{{ 7 * 7 }}{% if true %}x{% endif %}",
    "${jndi:ldap://x}",
    "100% %PATH% %0",
    "^caret ^& echo INJ",
    "a&echo INJ",
    "a|more > b < c",
    "!var! (x)",
    "</script><script>alert(1)</script>",
    "<!-- comment",
    "javascript:alert(1)",
    "linha\r\nSet-Cookie: a=b",
    "\u{1b}[31mred\u{7}",
    "\u{202e}gpj.exe",
    "\\\\evil\\share",
    "..\\..\\windows",
    "Departamento de Infraestrutura e Obras Públicas – Unidade Cuiabá",
    "日本語 😀 ñ",
];

#[tokio::test]
async fn a_hostile_full_name_is_shown_and_does_nothing() {
    for name in NAMES {
        let house = House::open().await;
        house.sim.world().people.find_mut("ana").unwrap().full_name = name.to_owned();
        let browser = house.signed_in("ana").await;
        let page = browser.get("/dashboard").await;
        inert(&page.body, name);
        let script = browser.get("/download_bat").await;
        assert_eq!(script.status, 200, "{}", script.body);
        plain_script(&script.body);
        assert_eq!(script.header("content-disposition"), "attachment; filename=\"mapear-drives.bat\"");
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
    let page = browser.get("/dashboard").await;
    for name in new() {
        inert(&page.body, name);
    }
    let script = browser.get("/download_bat").await;
    plain_script(&script.body);
    for name in ["^caret ^& echo INJ", "a&echo INJ"] {
        let one: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let script = browser.get(&format!("/download_bat?share={one}")).await;
        assert_eq!(script.status, 200, "{name}");
        plain_script(&script.body);
    }
    house.close().await;
}

#[tokio::test]
async fn what_is_typed_into_the_form_comes_back_inert() {
    let house = House::open().await;
    for name in NAMES.iter().filter(|name| !name.chars().any(char::is_control)) {
        let browser = house.browser();
        browser.get("/").await;
        let answer = browser.post("/", &[("username", name), ("password", "x")]).await;
        assert!((400..500).contains(&answer.status), "{name}: {}", answer.status);
        inert(&answer.body, name);
    }
    house.close().await;
}

/// The name may appear as text only.
#[track_caller]
fn inert(page: &str, name: &str) {
    let html = page.to_lowercase();
    for never in ["<img src=x", "<script>alert", "onerror=1>", "49{%"] {
        assert!(!html.contains(never), "{never} in {page}");
    }
    let readable: String = name.chars().take_while(|c| !c.is_control()).collect();
    assert!(unescaped(page).contains(readable.trim()), "{name:?} is not to be read in {page}");
}

/// Pure ASCII, every line ended as Windows wants it, no control character else.
#[track_caller]
fn plain_script(script: &str) {
    for line in script.split_inclusive("\r\n") {
        let text = line.strip_suffix("\r\n").unwrap_or_else(|| panic!("a line without its end: {line:?}"));
        assert!(!text.chars().any(|c| c.is_control() && c != '\t'), "{text:?}");
    }
}
