//! Five hundred sockets and a hundred lines a second, while sockets are cut at random and the server's process is killed
//! twice: in the end every page has had every line once and in order, and shows what is.
#![expect(clippy::disallowed_methods, reason = "the server is this test again, told so by the environment")]
#![expect(clippy::print_stdout, reason = "the server says what was acknowledged on its standard output")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use farol::app::{self, Process};
use farol::domain::event::{Audience, Cursor, Line};
use farol::domain::notice::Notice;
use farol::live::{Hub, Replay};
use farol::runtime::{Clock, Random, Tasks};
use farol::sim::{self, Profile};
use farol::store::Store;
use futures_util::future::join_all;
use tokio::sync::mpsc::{Receiver, channel};

use crate::crowd::{hire, sign_in_all};
use crate::harness::{Browser, Nas, settings, toasts_of};
use crate::sockets::announcement;

/// Set for the process that serves.
const SERVES: &str = "TEST_SERVES";
const TEST: &str = "kill::no_page_misses_or_repeats_a_line_when_sockets_are_cut_and_the_server_is_killed";

const PEOPLE: u32 = 100;
const SOCKETS_OF_EACH: usize = 5;
/// How many lines are acknowledged before each kill, and before the end.
const ROUNDS: [usize; 3] = [80, 120, 100];
const LINE_EVERY: Duration = Duration::from_millis(10);
/// Said and not read yet.
const LINES_AHEAD: usize = 1_024;
/// All of it, on a machine with other work.
const LIMIT: Duration = Duration::from_secs(100);

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Place {
    nas: Nas,
    home: PathBuf,
    listen: SocketAddr,
}

impl Place {
    fn settings(&self) -> farol::config::Settings {
        let mut settings = settings(&self.nas, &self.home);
        settings.web.listen = self.listen;
        settings
    }
}

/// The process that is killed. Each line of its input is the number of the first of the lines it tells from then on; it ends
/// with its input.
async fn serve(place: &Place) {
    let process = Process::real();
    let app = Box::pin(app::build(&place.settings(), &process, farol::config::Handed::default())).await.unwrap();
    let hub = app.hub();
    println!("\nlistens {}", app.address());
    app.start(&process.tasks);
    let mut orders = lines_of(std::io::stdin());
    let Some(first) = orders.recv().await else { return };
    let mut number: usize = first.parse().unwrap();
    while orders.is_empty() && !orders.is_closed() {
        let told = hub.tell(Audience::Everybody, announcement(&format!("line {number}."))).await.unwrap();
        println!("\ntold {number} {}", told.seq);
        number += 1;
        process.clock.sleep(LINE_EVERY).await;
    }
    hub.tell(Audience::Everybody, announcement("the end")).await.unwrap();
    while orders.recv().await.is_some() {}
}

fn lines_of(from: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (line, lines) = channel(LINES_AHEAD);
    thread::spawn(move || {
        BufReader::new(from).lines().map_while(Result::ok).try_for_each(|text| line.blocking_send(text))
    });
    lines
}

struct Server {
    child: Child,
    said: Receiver<String>,
    address: SocketAddr,
}

impl Server {
    async fn start(place: &Place) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", TEST, "--nocapture"])
            .env(SERVES, serde_json::to_string(place).unwrap())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = lines_of(child.stdout.take().unwrap());
        let address = loop {
            let line = said.recv().await.expect("it ended before it began");
            if let Some(address) = line.strip_prefix("listens ") {
                break address.parse().unwrap();
            }
        };
        Self { child, said, address }
    }

    fn order(&mut self, word: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{word}").unwrap();
    }

    /// What it has acknowledged: each line's own number, and the one it was given.
    async fn told(&mut self, how_many: usize) -> Vec<(usize, u64)> {
        let mut told = Vec::new();
        while told.len() < how_many {
            told.extend(acknowledged(&self.said.recv().await.expect("it ended by itself")));
        }
        told
    }

    /// Gives what it could still say.
    async fn kill(mut self) -> Vec<(usize, u64)> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut told = Vec::new();
        while let Some(line) = self.said.recv().await {
            told.extend(acknowledged(&line));
        }
        told
    }
}

fn acknowledged(line: &str) -> Option<(usize, u64)> {
    let (number, seq) = line.strip_prefix("told ")?.split_once(' ')?;
    Some((number.parse().unwrap(), seq.parse().unwrap()))
}

/// A page that comes back whenever it loses its socket, and loses it now and then. Gives the toasts it was shown, and the
/// last light of the NAS.
async fn watch(browser: &Browser, from: &str, chance: &Random) -> (Vec<u64>, String) {
    let (clock, mut cursor) = (Clock::real(), from.to_owned());
    let (mut toasts, mut light) = (Vec::new(), String::new());
    loop {
        let Some(mut socket) = browser.try_again(&cursor).await else {
            clock.sleep(Duration::from_millis(50 + chance.below(200))).await;
            continue;
        };
        for _ in 0..50 + chance.below(400) {
            let Ok(frame) = socket.next().await else { break };
            toasts.extend(toasts_of(&frame));
            if let Some((_, rest)) = frame.split_once("class=\"storage is-") {
                rest.split('"').next().unwrap().clone_into(&mut light);
            }
            cursor.clone_from(&socket.cursor);
            if frame.contains(">the end<") {
                return (toasts, light);
            }
        }
    }
}

/// Tells, is killed, is there again, is killed again, and comes to the end. Gives all that was acknowledged.
async fn live_and_die(mut server: Server, place: &Place) -> (Vec<(usize, u64)>, Server) {
    let mut told: Vec<(usize, u64)> = Vec::new();
    for (round, how_many) in ROUNDS.into_iter().enumerate() {
        // What was not acknowledged may have been told or not, and is told anew.
        server.order(&told.last().map_or(0, |(number, _)| number + 1).to_string());
        told.extend(server.told(how_many).await);
        if round + 1 < ROUNDS.len() {
            told.extend(server.kill().await);
            server = Server::start(place).await;
        }
    }
    server.order("enough");
    (told, server)
}

async fn assert_complete(place: &Place, from: &str, told: &[(usize, u64)], shown: &[(Vec<u64>, String)]) {
    let store = Store::open_existing(&place.settings().store).await.unwrap();
    let hub = Hub::open(store, Clock::real(), &Random::seeded(1), &Tasks::default()).await.unwrap();
    let Replay::Lines(lines) = hub.since(&Cursor::parse(from).unwrap()).await.unwrap() else { panic!("a gap") };
    let for_people = lines.iter().filter(|told| told.audience == Audience::Everybody);
    let notices: Vec<(u64, &Notice)> = for_people
        .filter_map(|told| match &told.line {
            Line::Notice(notice) => Some((told.seq, notice)),
            Line::Fact(_) => None,
        })
        .collect();
    let is_end = |notice: &Notice| matches!(notice, Notice::Announced { title, .. } if title.portuguese == "the end");
    let end = notices.iter().position(|(_, notice)| is_end(notice)).unwrap();
    let kept: Vec<u64> = notices[..=end].iter().map(|(seq, _)| *seq).collect();
    let all: BTreeSet<u64> = kept.iter().copied().collect();
    assert!(told.iter().all(|(_, seq)| all.contains(seq)), "what was acknowledged is kept");
    assert!(told.len() >= ROUNDS.iter().sum());
    for (toasts, light) in shown {
        assert_eq!(*toasts, kept, "each line once, in order");
        assert_eq!(light, &shown[0].1, "and what is");
    }
}

#[tokio::test]
async fn no_page_misses_or_repeats_a_line_when_sockets_are_cut_and_the_server_is_killed() {
    if let Ok(place) = std::env::var(SERVES) {
        return serve(&serde_json::from_str(&place).unwrap()).await;
    }
    let (clock, tasks, home) = (Clock::real(), Tasks::default(), tempfile::tempdir().unwrap());
    let loopback: SocketAddr = ([127, 0, 0, 1], 0).into();
    let nas = sim::Settings { release: Profile::R25_10, listen: loopback, plain: None, panel: None, seed: 7 };
    let sim = sim::start(nas, clock.clone(), &tasks).await.unwrap();
    hire(&sim, PEOPLE);
    let mut place = Place { nas: Nas::of(&sim), home: home.path().to_owned(), listen: loopback };
    let story = async {
        let server = Server::start(&place).await;
        place.listen = server.address;
        let browsers = sign_in_all(&Browser::new(server.address), PEOPLE).await;
        let from = browsers[0].page().await.cursor;
        let chances: Vec<Random> = (0..PEOPLE).map(|number| Random::seeded(u64::from(number))).collect();
        let pages = browsers.iter().zip(&chances).flat_map(|pair| std::iter::repeat_n(pair, SOCKETS_OF_EACH));
        let watching = join_all(pages.map(|(browser, chance)| watch(browser, &from, chance)));
        let (shown, (told, server)) = tokio::join!(watching, live_and_die(server, &place));
        server.kill().await;
        assert_complete(&place, &from, &told, &shown).await;
    };
    Box::pin(clock.timeout(LIMIT, Box::pin(story))).await.expect("it takes too long");
}
