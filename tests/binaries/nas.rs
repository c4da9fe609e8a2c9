//! A simulated NAS in a process of its own, and a set-up against it.

use crate::harness::{Desk, Outcome, Program};

pub const RELEASES: [&str; 6] = ["22.12", "24.10", "spec", "25.04", "25.10", "26"];

/// A closed port of this machine's own.
pub const NOWHERE: &str = "https://127.0.0.1:1";

pub struct Nas {
    pub program: Program,
    pub url: String,
    pub panel: String,
    pub fingerprint: String,
    pub key: String,
    pub limited_key: String,
    pub full_key: String,
}

impl Nas {
    pub fn start(desk: &Desk, release: &str) -> Self {
        let anywhere = "127.0.0.1:0";
        let arguments = ["simulate", "--release", release, "--listen", anywhere, "--panel", anywhere];
        let mut program = desk.start(&arguments);
        let others = program.said("outras");
        let words: Vec<&str> = others.split_whitespace().collect();
        let after = |name| words.iter().skip_while(|word| **word != name).nth(1).unwrap().to_string();
        Self {
            url: program.said("TLS"),
            panel: program.said("painel"),
            fingerprint: program.said("SHA-256"),
            key: program.said("chave"),
            limited_key: after("svc-limited"),
            full_key: after("truenas_admin"),
            program,
        }
    }

    /// `farol setup --yes` as a script would call it, with `more` at the end.
    pub fn set_up(&self, desk: &Desk, more: &[&str]) -> Outcome {
        self.set_up_as(desk, ("svc-farol", &self.key), more)
    }

    pub fn set_up_as(&self, desk: &Desk, (username, key): (&str, &str), more: &[&str]) -> Outcome {
        let fingerprint = ["--fingerprint", self.fingerprint.as_str()];
        run_set_up(desk, &self.url, (username, key), &[&fingerprint, more].concat())
    }
}

/// Wider lines break where the terminal likes.
const LINE_WIDTH: usize = 100;

/// The key never comes back, however the set-up ends.
pub fn run_set_up(desk: &Desk, url: &str, (username, key): (&str, &str), more: &[&str]) -> Outcome {
    desk.write("given.key", &format!("{key}\n"));
    let usual =
        ["setup", "--yes", "--url", url, "--username", username, "--api-key-file", "given.key", "--dir", "home"];
    let outcome = desk.run(&[&usual, more].concat());
    // A single word cannot be broken, and names of folders are as long as they are.
    let can_be_broken = |line: &str| line.trim().contains(' ') && !line.contains("home/");
    let too_wide = |line: &&str| line.chars().count() > LINE_WIDTH && can_be_broken(line);
    assert_eq!(outcome.out.lines().filter(too_wide).collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(!outcome.out.contains(key) && !outcome.err.contains(key), "the key was shown: {outcome:?}");
    outcome
}
