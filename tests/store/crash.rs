//! A writer killed in the middle of its work: what it had been told is stored, is stored.
#![expect(clippy::disallowed_methods, reason = "the writer is this test again, told so by the environment")]
#![expect(clippy::print_stdout, reason = "the writer says what was acknowledged on its standard output")]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::database::{Backend, at, open};

/// Set for the process that writes, to the database it writes to.
const WRITER_URL: &str = "TEST_WRITER_URL";
const WRITER_ROUND: &str = "TEST_WRITER_ROUND";

/// How many writes are acknowledged before the kill, round by round.
const ROUNDS: [usize; 5] = [1, 7, 40, 3, 90];

pub async fn a_killed_writer_loses_nothing_it_acknowledged(backend: Backend) {
    if let (Ok(url), Ok(round)) = (std::env::var(WRITER_URL), std::env::var(WRITER_ROUND)) {
        return write_until_killed(&url, &round).await;
    }
    let database = backend.database().await;
    let store = database.open_migrated().await;
    let mut acknowledged = Vec::new();
    for (round, count) in ROUNDS.into_iter().enumerate() {
        let written = kill_a_writer(backend, &database.url, round, count);
        assert!(written.len() >= count, "the writer ended by itself after {} writes", written.len());
        acknowledged.extend(written);
        for key in &acknowledged {
            let found = store.find_setting(key).await.unwrap();
            assert_eq!(found.map(|setting| setting.value), Some(value_of(key)), "{key} was acknowledged and is gone");
        }
        store.put_setting("alive", &round.to_string(), at(1)).await.unwrap();
    }
}

/// Several at once, so that the end finds some before, some in and some after their commit.
async fn write_until_killed(url: &str, round: &str) {
    let store = open(url).await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..4 {
        let (store, round) = (store.clone(), round.to_owned());
        writers.spawn(async move {
            for number in 0.. {
                let key = format!("{round}/{writer}/{number}");
                store.put_setting(&key, &value_of(&key), at(number)).await.unwrap();
                println!("\nstored {key}");
            }
        });
    }
    writers.join_all().await;
}

/// Gives every key the writer was told is stored, those included that it could still say while it was being killed. A line
/// this short goes through the pipe whole or not at all.
fn kill_a_writer(backend: Backend, url: &str, round: usize, count: usize) -> Vec<String> {
    let test = format!("{}::a_killed_writer_loses_nothing_it_acknowledged", backend.module());
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &test, "--nocapture"])
        .env(WRITER_URL, url)
        .env(WRITER_ROUND, round.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stored = BufReader::new(writer.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("stored ").map(str::to_owned));
    let mut keys: Vec<String> = stored.by_ref().take(count).collect();
    writer.kill().unwrap();
    keys.extend(stored);
    writer.wait().unwrap();
    keys
}

/// Long enough that a write is not over in an instant.
fn value_of(key: &str) -> String {
    key.repeat(500)
}
