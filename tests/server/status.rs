//! What anybody may know of the storage: the page, its piece, the feed, the badge and the JSON, whatever happens.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use farol::domain::caller::{Account, AccountId, Caller, Role, Standing};
use farol::domain::incident::{State, Words};
use farol::domain::language::Texts;
use farol::domain::maintenance::{Plan, Rule};
use farol::domain::session::SessionId;
use farol::live::Hub;
use farol::notices::Notices;
use farol::runtime::Random;
use farol::store::Store;
use roxmltree::Document;

use crate::harness::{Answer, House, soon};

const ALL: [&str; 5] = ["/status", "/status/now", "/status.rss", "/status.svg", "/api/status"];

async fn passes_to(house: &House, word: &str) {
    let coming = async {
        while house.browser().get("/api/status").await.json()["status"] != word {
            house.pass(Duration::from_secs(1)).await;
        }
    };
    soon(coming).await;
}

/// A NAS of the demo office with nothing to look at.
async fn well() -> House {
    let house = House::open().await;
    {
        let mut world = house.sim.world();
        world.alerts.clear();
        world.pools.iter_mut().for_each(|pool| pool.warning = false);
    }
    passes_to(&house, "online").await;
    house
}

/// A second hand on what the server keeps, as an administrator's form is one.
async fn notices(house: &House) -> Notices {
    let store = Store::open_existing(&house.settings.store).await.unwrap();
    let hub = Hub::open(store.clone(), house.clock.clone(), &Random::seeded(1), &farol::runtime::Tasks::default())
        .await
        .unwrap();
    Notices::open(store, hub, house.clock.clone(), Random::from_system()).await.unwrap()
}

fn carla() -> Caller {
    let account = Account {
        id: AccountId::of_uid(3003),
        username: "carla".into(),
        full_name: "Carla Nunes".into(),
        role: Role::Administrator,
    };
    Caller {
        account,
        session: SessionId::new("s"),
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        standing: Standing::Plain,
    }
}

fn texts(portuguese: &str, english: &str) -> Texts {
    Texts { portuguese: portuguese.into(), english: english.into() }
}

async fn plan(house: &House, from: Duration, shares: Vec<i64>) {
    let starts_at = house.clock.now().plus(from);
    let rule = Rule::Once { starts_at, ends_at: starts_at.plus(Duration::from_hours(2)) };
    let (title, text) = (texts("Troca de discos", "Replacing disks"), texts("Salve <tudo> & feche.", ""));
    let plan = Plan { title, text, rule, zone: "America/Cuiaba".into(), shares };
    notices(house).await.windows.create(&carla(), plan).await.unwrap();
}

async fn write(house: &House, id: Option<&str>, state: State, text: &str) -> String {
    let (incidents, words) = (notices(house).await.incidents, Words { state, text: texts(text, "") });
    let done = match id {
        Some(id) => incidents.update(&carla(), id, words).await.unwrap().unwrap(),
        None => incidents.create(&carla(), texts("Lentidão", "Slowness"), words).await.unwrap(),
    };
    done.value.id
}

/// The badge says it in its title.
async fn badge(house: &House, language: &str) -> String {
    let svg = house.browser().get(&format!("/status.svg?lang={language}")).await.body;
    let svg = Document::parse(&svg).unwrap();
    let title = svg.root_element().children().find(|node| node.tag_name().name() == "title");
    title.and_then(|title| title.text()).unwrap().to_owned()
}

/// The texts of all elements of this name.
fn texts_of(document: &Document, name: &str) -> Vec<String> {
    let named = document.descendants().filter(|node| node.has_tag_name(name));
    named.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

/// A feed as readers see it: per item its name, date, title and text.
async fn feed(house: &House, language: &str) -> Vec<[String; 4]> {
    let answer = house.browser().get(&format!("/status.rss?lang={language}")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/rss+xml; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), "public, max-age=60");
    let document = Document::parse(&answer.body).unwrap();
    let root = document.root_element();
    assert_eq!((root.tag_name().name(), root.attribute("version")), ("rss", Some("2.0")), "{}", answer.body);
    assert_eq!(texts_of(&document, "language"), [language]);
    let [guids, dates, titles, texts] =
        ["guid", "pubDate", "title", "description"].map(|name| texts_of(&document, name));
    assert!(guids.len() == dates.len() && titles.len() == guids.len() + 1 && texts.len() == titles.len());
    let (built, mut last) = (texts_of(&document, "lastBuildDate"), i64::MAX);
    for date in dates.iter().chain(&built) {
        let at = jiff::fmt::rfc2822::parse(date).unwrap().timestamp().as_millisecond();
        assert!(at <= house.clock.now().as_millis(), "{date} is still to come");
        // The channel's own comes first in the document, and last here.
        assert!(at <= last || Some(date) == built.first(), "{dates:?}");
        last = at;
    }
    let items = guids.into_iter().zip(dates).zip(titles.into_iter().skip(1)).zip(texts.into_iter().skip(1));
    items.map(|(((guid, date), title), text)| [guid, date, title, text]).collect()
}

async fn page(house: &House) -> Answer {
    let page = house.browser().get("/status").await;
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

#[tokio::test]
async fn each_state_of_the_storage_is_told_on_the_page_in_its_piece_and_on_the_badge() {
    let house = well().await;
    for (fault, word, sentence, said) in [
        (None, "online", "O armazenamento está no ar.", ["armazenamento: Online", "storage: Online"]),
        (Some("refused"), "unreachable", "fora do ar.", ["armazenamento: Fora do ar", "storage: Unreachable"]),
        (Some("reboot"), "restarting", "reiniciando.", ["armazenamento: Reiniciando", "storage: Restarting"]),
        (
            Some("revoked-key"),
            "key_refused",
            "podem estar no ar.",
            ["armazenamento: Sem informação", "storage: No information"],
        ),
    ] {
        if let Some(fault) = fault {
            house.turn(fault, true);
            // A key is asked for with the next link.
            house.turn("idle-cut", fault == "revoked-key");
        }
        passes_to(&house, word).await;
        page(&house).await.assert_says(sentence);
        house.browser().get("/status/now").await.assert_says(sentence);
        assert_eq!([badge(&house, "pt-BR").await, badge(&house, "en").await], said, "{word}");
        if let Some(fault) = fault {
            house.turn(fault, false);
            passes_to(&house, "online").await;
        }
    }
    house.close().await;
}

#[tokio::test]
async fn maintenance_is_told_before_and_while_it_runs() {
    let house = well().await;
    plan(&house, Duration::from_hours(3), Vec::new()).await;
    house.pass(Duration::from_secs(20)).await;
    page(&house).await.assert_says("Prevista");
    let told = house.browser().get("/api/status").await.json();
    assert_eq!((&told["planned"], &told["maintenance"][0]["state"]), (&false.into(), &"ahead".into()));
    assert_eq!(
        told["maintenance"][0]["title"],
        serde_json::json!({"pt-BR": "Troca de discos", "en": "Replacing disks"})
    );
    let items = feed(&house, "en").await;
    assert!(items[0][0].starts_with("maintenance-") && items[0][2] == "Maintenance: Replacing disks", "{items:?}");
    assert!(items[0][3].ends_with("Salve <tudo> & feche."), "{items:?}");
    house.hand.advance(Duration::from_hours(3));
    house.pass(Duration::from_secs(20)).await;
    let shown = page(&house).await;
    for text in ["Em andamento", "Troca de discos", "Salve &lt;tudo&gt; &amp; feche."] {
        shown.assert_says(text);
    }
    let told = house.browser().get("/api/status").await.json();
    assert_eq!((&told["planned"], &told["maintenance"][0]["state"]), (&true.into(), &"running".into()));
    assert_eq!(feed(&house, "en").await[0][0], items[0][0], "its name stays");
    house.close().await;
}

#[tokio::test]
async fn of_a_window_of_some_shares_anybody_learns_the_times_alone() {
    let house = well().await;
    plan(&house, Duration::from_mins(30), vec![1]).await;
    for (words, span) in [("Prevista", Duration::from_secs(20)), ("Em andamento", Duration::from_mins(30))] {
        house.hand.advance(span);
        house.pass(Duration::from_secs(20)).await;
        for path in ALL {
            let answer = house.browser().get(path).await;
            for written in ["Troca", "disks", "Salve"] {
                assert!(!answer.body.contains(written), "{path}: {}", answer.body);
            }
        }
        for path in ["/status", "/status/now"] {
            let shown = house.browser().get(path).await;
            shown.assert_says(words);
            shown.assert_says("<h3>Uma parte das pastas</h3>");
        }
        let told = house.browser().get("/api/status").await.json();
        let said = serde_json::json!({"pt-BR": "Uma parte das pastas", "en": "Some of the folders"});
        let window = &told["maintenance"][0];
        assert_eq!((&window["title"], &window["text"]), (&said, &serde_json::json!({"pt-BR": "", "en": ""})));
        assert!(window["starts_at"].is_string() && window["ends_at"].is_string());
        assert_eq!(feed(&house, "en").await[0][2], "Maintenance: Some of the folders");
    }
    house.close().await;
}

#[tokio::test]
async fn an_outage_stays_in_the_history_and_the_feed_after_a_restart() {
    let mut house = well().await;
    let empty = page(&house).await;
    empty.assert_says("Nenhum incidente registrado");
    empty.assert_says("Nenhuma manutenção prevista");
    house.pass(Duration::from_mins(2)).await;
    house.turn("refused", true);
    passes_to(&house, "unreachable").await;
    house.pass(Duration::from_mins(6)).await;
    let under_way = feed(&house, "pt-BR").await;
    assert_eq!((under_way.len(), &*under_way[0][2]), (1, "Armazenamento fora do ar"));
    house.turn("refused", false);
    passes_to(&house, "online").await;
    house.restart().await;
    passes_to(&house, "online").await;
    house.pass(Duration::from_secs(61)).await;
    let shown = page(&house).await;
    assert_eq!(shown.body.matches("role=\"img\"").count(), 90);
    shown.assert_says("1 interrupção detectada");
    shown.assert_says("com dados de");
    assert_eq!(shown.body.matches("status-day day-trouble\" id").count(), 1);
    assert!(!shown.body.contains("100 %"), "{}", shown.body);
    let items = feed(&house, "pt-BR").await;
    assert_eq!(
        items.iter().map(|item| &*item[2]).collect::<Vec<_>>(),
        ["Armazenamento de volta", "Armazenamento fora do ar"]
    );
    assert_eq!(items[1], under_way[0], "what was told stays as it was");
    house.close().await;
}

#[tokio::test]
async fn an_incident_is_a_card_with_its_updates_and_an_item_for_each() {
    let house = well().await;
    let id = write(&house, None, State::Investigating, "Estamos olhando <b>tudo</b>.").await;
    write(&house, Some(&id), State::Resolved, "Disco trocado.").await;
    house.pass(Duration::from_secs(6)).await;
    let shown = page(&house).await;
    for text in
        ["Lentidão", "Resolvido", "Em investigação", "Estamos olhando &lt;b&gt;tudo&lt;&#x2F;b&gt;.", "Disco trocado."]
    {
        assert!(
            crate::harness::unescaped(&shown.body).contains(&crate::harness::unescaped(text)),
            "{text}: {}",
            shown.body
        );
    }
    let items = feed(&house, "en").await;
    let titles: Vec<&str> = items.iter().map(|item| &*item[2]).collect();
    assert_eq!(titles, ["Slowness – Resolved", "Slowness – Investigating"]);
    assert_eq!(items[1][3], "Estamos olhando <b>tudo</b>.");
    house.close().await;
}

#[tokio::test]
async fn nothing_internal_is_ever_named() {
    let house = House::open().await;
    let mut names = {
        let world = house.sim.world();
        let mut names: Vec<String> = world.shares.iter().map(|share| share.name.clone()).collect();
        names.extend(world.pools.iter().map(|pool| pool.name.to_owned()));
        names.extend(world.alerts.iter().map(|alert| alert.formatted.clone()));
        names
    };
    names.extend(
        ["carla", "Carla", "ana", "/mnt/", "truenas", "TrueNAS", "farol-test", "financeiro"].map(str::to_owned),
    );
    names.push(house.sim.username().to_owned());
    let words = |text: &str| -> String {
        text.chars()
            .map(|letter| if letter.is_alphanumeric() || "/-".contains(letter) { letter } else { ' ' })
            .collect()
    };
    plan(&house, Duration::from_mins(1), vec![1, 2]).await;
    write(&house, None, State::Identified, "Um disco parou.").await;
    house.pass(Duration::from_mins(2)).await;
    for fault in [None, Some("refused"), Some("reboot"), Some("revoked-key")] {
        if let Some(fault) = fault {
            house.turn(fault, true);
            house.pass(Duration::from_secs(90)).await;
        }
        for path in ALL {
            let answer = house.browser().get(path).await;
            assert_eq!(answer.status, 200, "{path}");
            let said = format!(" {} ", words(&answer.body).split_whitespace().collect::<Vec<_>>().join(" "));
            for name in &names {
                let name = words(name).split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(!said.contains(&format!(" {name} ")), "{path} names {name} with {fault:?}: {}", answer.body);
            }
        }
        if let Some(fault) = fault {
            house.turn(fault, false);
            house.pass(Duration::from_secs(90)).await;
        }
    }
    house.close().await;
}

#[tokio::test]
async fn what_is_not_public_is_for_people_who_are_signed_in() {
    let house = House::with(|settings| settings.web.public_status = false).await;
    let stranger = house.browser();
    for path in ALL {
        let answer = stranger.ask("GET", path, &[("accept", "application/json")], "").await;
        assert_eq!(answer.status, 401, "{path}: {}", answer.body);
    }
    let sent_away = stranger.get("/status").await;
    assert_eq!((sent_away.status, sent_away.header("location")), (303, "/?next=%2Fstatus"));
    assert!(!stranger.get("/").await.body.contains("href=\"/status\""));
    let ana = house.signed_in("ana").await;
    for path in ALL {
        assert_eq!(ana.get(path).await.status, 200, "{path}");
    }
    let badge = ana.get("/status.svg").await;
    assert_eq!(badge.header("cache-control"), "private, no-cache");
    assert_eq!(badge.header("cross-origin-resource-policy"), "same-origin");
    house.close().await;
}

#[tokio::test]
async fn a_badge_may_be_shown_elsewhere_and_is_sent_once_while_it_is_the_same() {
    let house = well().await;
    house.browser().get("/").await.assert_says("href=\"/status\"");
    let browser = house.browser();
    let badge = browser.get("/status.svg?lang=en").await;
    assert_eq!(
        (badge.header("content-type"), badge.header("cache-control")),
        ("image/svg+xml; charset=utf-8", "public, max-age=30")
    );
    assert_eq!(badge.header("cross-origin-resource-policy"), "cross-origin");
    assert!(!["script", "style", "href", "onload"].iter().any(|banned| badge.body.contains(banned)), "{}", badge.body);
    let again = browser.ask("GET", "/status.svg?lang=en", &[("if-none-match", badge.header("etag"))], "").await;
    assert_eq!((again.status, &*again.body), (304, ""));
    let other = browser.ask("GET", "/status.svg?lang=pt-BR", &[("if-none-match", badge.header("etag"))], "").await;
    assert_eq!(other.status, 200);
    let strange = browser.get("/status.svg?lang=%22%3E%3Cscript%3E").await;
    assert!(strange.status == 200 && strange.body.contains("armazenamento"), "{}", strange.body);
    house.close().await;
}
