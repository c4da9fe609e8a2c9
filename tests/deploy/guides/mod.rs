//! The guides, taken at their word: every command in them is executed, in both languages the same.
//!
//! What cannot run here is looked at as far as it goes, and the place says why: building (cargo plans the whole build and
//! builds nothing), systemd (the units named must be there, and take what is asked), `tests/run` (this is a part of it),
//! `docker compose` (there is none here; what it reads is judged in `files`).

mod inline;
mod reading;
mod stage;
mod stories;
mod webhook;

use std::collections::BTreeSet;

use crate::harness::{Desk, texts_below};
use crate::{ours, text_of};
use reading::{Block, GUIDES, blocks, commands_in, inline_commands};
use stories::{Story, story_of};

/// Blocks a terminal is to take, each once: both languages hold the same.
fn typed() -> Vec<Block> {
    let mut all: Vec<Block> = Vec::new();
    for block in GUIDES.iter().flat_map(|[guide, _]| blocks(guide)).filter(|block| block.language == "sh") {
        if all.iter().all(|other| commands_in(&other.text) != commands_in(&block.text)) {
            all.push(block);
        }
    }
    all
}

fn blocks_of(story: Story) -> Vec<Block> {
    typed().into_iter().filter(|block| story_of(block) == Some(story)).collect()
}

#[test]
fn both_languages_hold_the_same_commands_settings_and_programs() {
    for [english, portuguese] in GUIDES {
        let (one, other) = (blocks(english), blocks(portuguese));
        assert!(!one.is_empty() && one.len() == other.len(), "{english} and {portuguese}");
        for (one, other) in one.iter().zip(&other) {
            assert_eq!(one.language, other.language, "{}{}", one.text, other.text);
            // What is only shown may be shown in other words.
            if !one.language.is_empty() {
                assert_eq!(commands_in(&one.text), commands_in(&other.text), "{english} and {portuguese}");
            }
        }
        assert_eq!(inline_commands(english), inline_commands(portuguese), "{english} and {portuguese}");
    }
}

#[test]
fn every_block_that_is_typed_has_a_place_where_it_is_executed() {
    let blocks = typed();
    let without: Vec<&str> =
        blocks.iter().filter(|block| story_of(block).is_none()).map(|block| block.text.as_str()).collect();
    assert_eq!(without, Vec::<&str>::new(), "nobody knows how to execute these");
    let told: BTreeSet<Story> = blocks.iter().filter_map(story_of).collect();
    assert_eq!(told, Story::ALL.into(), "a story without a block");
    let languages: BTreeSet<String> = GUIDES.iter().flatten().flat_map(|guide| blocks_languages(guide)).collect();
    assert_eq!(languages, ["", "dotenv", "python", "sh", "toml"].map(str::to_owned).into());
}

/// What systemd says, not we.
const OF_SYSTEMD: [&str; 2] = ["Watchdog timeout", "Failed to set up mount namespacing"];

#[test]
fn every_sentence_by_which_trouble_is_known_is_one_somebody_can_read() {
    let program = texts_below(&ours("src"));
    for (guide, section, language) in [
        ("deploy/README.md", "## When something is wrong\n", "en"),
        ("deploy/README-PT.md", "## Quando algo vai mal\n", "pt-BR"),
    ] {
        let pages = texts_below(&ours(&format!("templates/locales/{language}")));
        let text = text_of(guide);
        let (_, trouble) = text.split_once(section).unwrap();
        let trouble = trouble.split("\n## ").next().unwrap();
        let symptoms = trouble.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
        let quoted: Vec<&str> = symptoms.flat_map(|symptom| symptom.split('"').skip(1).step_by(2)).collect();
        assert!(quoted.len() > 20, "{quoted:?}");
        for sentence in quoted {
            let known = pages.contains(sentence) || program.contains(sentence) || OF_SYSTEMD.contains(&sentence);
            assert!(known, "{guide}: nobody says {sentence:?}");
        }
    }
}

/// Menus and roles as a text names them.
fn menus_and_roles(text: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = [':', '.', ',', ';', '|', '`', '(', '…'];
    let menus =
        text.match_indices("Credentials > ").map(|(at, _)| text[at..].split(end).next().unwrap().trim().to_owned());
    let words = text.split(|c: char| !c.is_ascii_uppercase() && c != '_');
    (menus.collect(), words.filter(|word| word.ends_with("_READ")).map(str::to_owned).collect())
}

#[test]
fn the_account_is_made_as_the_set_up_itself_says() {
    let (menus, roles) = menus_and_roles(&Desk::new().run(&["setup", "--guide"]).ended(0));
    for (guide, section) in [("deploy/README.md", "## Account and key"), ("deploy/README-PT.md", "## Conta e chave")] {
        let text = text_of(guide);
        let (_, section) = text.split_once(section).unwrap();
        let (told, named) = menus_and_roles(section.split("\n## ").next().unwrap());
        assert_eq!(named, roles, "{guide}");
        assert!(told.len() >= 4, "{guide}: {told:?}");
        // One may be cut short by the name of an account.
        let strange: Vec<&String> =
            told.iter().filter(|menu| !menus.iter().any(|known| known.starts_with(*menu))).collect();
        assert_eq!(strange, Vec::<&String>::new(), "{guide}, but {menus:?}");
    }
}

fn blocks_languages(guide: &str) -> Vec<String> {
    blocks(guide).into_iter().map(|block| block.language).collect()
}
