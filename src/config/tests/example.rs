//! The example that is shipped: every key, with its default, and no other.

use std::collections::BTreeSet;

use super::*;
use crate::config::keys::{Fallback, KEYS, Kind};

const EXAMPLE: &str = include_str!("../../../deploy/farol.example.toml");

/// The example with every commented key switched on.
fn example_keys() -> toml::Table {
    let lines = EXAMPLE.lines().map(|line| match line.strip_prefix("# ").filter(|rest| is_key_line(rest)) {
        Some(rest) => rest,
        None => line,
    });
    lines.collect::<Vec<_>>().join("\n").parse().unwrap()
}

#[test]
fn every_secret_of_the_example_is_refused() {
    let table = example_keys();
    let secrets = KEYS.iter().filter(|key| key.kind == Kind::Secret).map(|key| key.name);
    let refused = secrets.map(|name| {
        let (section, key) = name.split_once('.').unwrap();
        let report = World::complete().over(&format!("{name}={}", table[section][key].as_str().unwrap())).report();
        assert!(report.contains(&format!("linha de comando: {name}: ")), "{report}");
    });
    assert_eq!(refused.count(), 10);
}

fn is_key_line(line: &str) -> bool {
    line.split_once(" = ").is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
}

#[test]
fn the_example_documents_every_key_and_no_other_with_its_default() {
    let table = example_keys();
    let documented: BTreeMap<String, toml::Value> = table
        .iter()
        .flat_map(|(section, keys)| {
            keys.as_table().unwrap().iter().map(move |(key, value)| (format!("{section}.{key}"), value.clone()))
        })
        .collect();
    let known: BTreeSet<String> = KEYS.iter().map(|key| key.name.into()).collect();
    assert_eq!(documented.keys().cloned().collect::<BTreeSet<_>>(), known);
    for key in KEYS {
        let value = &documented[key.name];
        match key.fallback {
            Fallback::Text(text) => assert_eq!(value.as_str(), Some(text), "{}", key.name),
            Fallback::Flag(flag) => assert_eq!(value.as_bool(), Some(flag), "{}", key.name),
            Fallback::Number(number) => assert_eq!(value.as_integer(), i64::try_from(number).ok(), "{}", key.name),
            Fallback::Nothing | Fallback::Derived => {}
        }
        for variable in key.variables {
            assert!(EXAMPLE.contains(variable), "{variable}");
        }
    }
}

#[test]
fn the_example_as_shipped_changes_nothing() {
    let world = World::complete();
    let before = world.load();
    let after = world.file("farol.toml", EXAMPLE).load();
    assert!(after.settings().is_ok());
    assert_eq!(before.entries(), after.entries());
}

#[test]
fn every_key_is_taken_by_a_room() {
    let loaded = World::empty().file("farol.toml", "").load();
    let unset: Vec<_> = loaded.entries().iter().filter(|entry| entry.value == "—").map(|entry| entry.key).collect();
    // Without a NAS there is no file server either.
    let without_nas = ["smb.host", "drives.host"];
    let expected = KEYS.iter().filter(|key| key.fallback == Fallback::Nothing || without_nas.contains(&key.name));
    assert_eq!(unset, expected.map(|key| key.name).collect::<Vec<_>>());
}
