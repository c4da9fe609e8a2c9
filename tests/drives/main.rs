//! The mapping script, run for real: by the `cmd` of wine, with programs in place of `net`, `cmdkey` and `fltmc` that note
//! what they are asked and answer as told.
//!
//! Asserted is nothing in which wine differs from Windows: `%` inside values, prompts, the code page.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its stage must stop at once")]

mod answers;
mod branches;
mod golden;
mod names;
mod wine;

use std::collections::BTreeMap;

use farol::domain::Language;
use farol::domain::share::{Reach, Reason, Right, Share, ShareKind, Through};
use farol::shares::{Offer, Order, Settings};

const HOST: &str = "nas.office";
const PORTAL: &str = "https://farol.office";

/// What the script of this person looks like, and what it is run with.
struct Person<'a> {
    username: &'a str,
    full_name: &'a str,
    shares: &'a [(&'a str, Option<char>)],
    only: Option<i64>,
    letters: &'a str,
    language: Language,
}

const ANA: Person<'_> = Person {
    username: "ana",
    full_name: "Ana Lima",
    shares: &[("Geral", Some('M')), ("Financeiro", Some('N'))],
    only: None,
    letters: "MNOP",
    language: Language::Portuguese,
};

impl Person<'_> {
    fn script(&self) -> String {
        let settings = settings(self.letters);
        let numbered = self.shares.iter().zip(1..);
        let offers: Vec<Offer> = numbered.map(|((name, letter), id)| offer(id, name, *letter)).collect();
        let order = Order {
            settings: &settings,
            username: self.username,
            full_name: self.full_name,
            portal: PORTAL,
            offers: &offers,
            only: self.only,
            language: self.language,
        };
        order.script()
    }
}

fn settings(letters: &str) -> Settings {
    Settings { host: HOST.into(), letters: letters.chars().collect(), fixed_letters: BTreeMap::new() }
}

fn offer(id: i64, name: &str, letter: Option<char>) -> Offer {
    let share = Share {
        id,
        name: name.into(),
        path: format!("/mnt/tank/{id}"),
        comment: String::new(),
        kind: ShareKind::Plain,
        enabled: true,
        locked: Some(false),
        read_only: false,
        browsable: true,
        limits_hosts: false,
        path_suffix: String::new(),
    };
    let reach = Reach { right: Right::Write, reason: Reason::Writes(Through::Everyone), hints: Vec::new() };
    Offer { share, reach, proof: None, letter }
}
