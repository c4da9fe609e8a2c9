//! A database that somebody else holds, or that is gone for a while.
#![expect(clippy::disallowed_methods, reason = "tests/run says in the environment where the databases are")]

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use farol::runtime::Clock;
use farol::store::{Settings, Store};
use futures_util::future::join_all;
use sea_orm::ConnectionTrait as _;
use tokio::sync::Notify;
use url::Url;

use crate::harness::{Answer, Browser, soon};
use crate::machine::road::Road;
use crate::machine::{Machine, until};

pub const REFUSED: &str = "ocupado ou não responde. Tente de novo em um minuto; se continuar, avise a equipe de TI.";
pub const NOT_IN: &str = "Tente de novo em um minuto. Se continuar, avise a equipe de TI.";

/// What a page of somebody waits for a database that does not answer.
const PAGE_WITHIN: Duration = Duration::from_secs(12);
/// More than there are connections to a database.
const MANY: usize = 24;

/// A database of its own on the PostgreSQL of `tests/run`, at the end of a road.
async fn with_postgres() -> (Machine, Road) {
    let admin = std::env::var("TEST_POSTGRES").expect("TEST_POSTGRES is not set: run `tests/run`, which starts it");
    let machine = Machine::new("true").await;
    let name = machine.home().file_name().unwrap().to_str().unwrap().to_lowercase().replace('-', "_");
    let server = sea_orm::Database::connect(&admin).await.unwrap();
    server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let mut url = Url::parse(&admin).unwrap();
    let to: SocketAddr = format!("127.0.0.1:{}", url.port().unwrap()).parse().unwrap();
    let road = Road::build(Ipv4Addr::LOCALHOST, 0, to, &machine.tasks).await;
    url.set_path(&name);
    url.set_port(Some(road.address.port())).unwrap();
    (machine.with("FAROL_STORE_URL", url), road)
}

#[track_caller]
pub fn assert_says_sorry(answer: &Answer, words: &str) {
    assert_eq!((answer.status, answer.header("retry-after")), (503, "30"), "{answer:?}");
    answer.assert_says(words);
}

async fn is_served(browser: &Browser) -> bool {
    let answer = browser.try_ask("GET", "/dashboard", &[("accept", "text/html")], "").await;
    answer.is_ok_and(|answer| answer.status == 200)
}

#[tokio::test]
async fn a_database_server_that_is_gone_costs_sentences_and_comes_back_by_itself() {
    let (mut machine, road) = with_postgres().await;
    machine.start().await;
    let (ana, stranger) = (machine.signed_in("ana").await, machine.browser());
    let mut page = ana.live().await;
    page.until("id=\"storage\"").await;
    road.close();
    let (clock, bruno) = (Clock::real(), machine.browser());
    let (own, public, form) = tokio::join!(ana.get("/dashboard"), stranger.get("/status"), bruno.get("/"));
    assert!(clock.uptime() < PAGE_WITHIN, "{:?}", clock.uptime());
    assert_says_sorry(&own, REFUSED);
    assert_eq!((public.status, form.status), (200, 200), "whatever needs no database is shown");
    public.assert_says("A manutenção e os incidentes não podem ser lidos agora.");
    assert_says_sorry(&bruno.sign_in("bruno", "demo-bruno").await, NOT_IN);
    road.open();
    assert!(is_served(&ana).await, "as soon as it is back");
    machine.signed_in("bruno").await;
    machine.sim.set_fault("power-off", true).unwrap();
    page.until("class=\"toast").await;
    machine.close().await;
}

#[tokio::test]
async fn connections_to_the_database_that_died_without_a_word_are_replaced() {
    let (mut machine, road) = with_postgres().await;
    machine.start().await;
    let ana = machine.signed_in("ana").await;
    let mut page = ana.live().await;
    page.until("id=\"storage\"").await;
    let (asking, clock) = (join_all((0..MANY).map(|_| is_served(&ana))), Clock::real());
    let (_, ()) = tokio::join!(asking, async {
        // In the middle of it.
        clock.sleep(Duration::from_millis(20)).await;
        road.strand();
    });
    until("pages are answered again", async || is_served(&ana).await).await;
    machine.signed_in("bruno").await;
    machine.sim.set_fault("power-off", true).unwrap();
    // A line that was kept, by a task that does nothing else.
    page.until("class=\"toast").await;
    machine.close().await;
}

#[tokio::test]
async fn a_database_that_another_program_holds_keeps_no_page_waiting_for_long_and_no_sign_in_for_good() {
    let machine = Machine::started("true").await;
    let ana = machine.signed_in("ana").await;
    let mut page = ana.live().await;
    page.until("id=\"storage\"").await;
    let other = Store::open_existing(&Settings::in_file(&machine.inside("data/farol.db"))).await.unwrap();
    let (held, release) = (Notify::new(), Notify::new());
    let holding = other.write(|tx| {
        let (held, release) = (&held, &release);
        async move {
            tx.find_setting("any").await?;
            held.notify_one();
            release.notified().await;
            Ok(())
        }
    });
    let story = async {
        held.notified().await;
        assert_eq!(ana.get("/dashboard").await.status, 200, "to read is free");
        assert_says_sorry(&machine.browser().sign_in("bruno", "demo-bruno").await, NOT_IN);
        assert!(is_served(&ana).await);
        // This one comes in time.
        let carla = machine.browser();
        let (entered, ()) = tokio::join!(carla.sign_in("carla", "demo-carla"), async {
            Clock::real().sleep(Duration::from_secs(2)).await;
            release.notify_one();
        });
        assert_eq!(entered.status, 303);
    };
    let (released, ()) = Box::pin(soon(async { tokio::join!(holding, story) })).await;
    released.unwrap();
    machine.signed_in("bruno").await;
    machine.sim.set_fault("power-off", true).unwrap();
    page.until("class=\"toast").await;
    machine.close().await;
}
