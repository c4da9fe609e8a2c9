//! The texts of both languages belong together, and to the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// What each text asks for, by its key.
fn texts(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in files_of(language).iter().flat_map(|text| text.lines()).filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase())) {
            name.clone_into(&mut key);
            assert!(!texts.contains_key(&key), "{key} stands twice in {}", language.as_str());
            texts.insert(key.clone(), BTreeSet::new());
        }
        let variables = line.split('$').skip(1);
        let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect();
        texts.entry(key.clone()).or_default().extend(variables.map(name));
    }
    texts.remove("");
    texts
}

fn read_below(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == ending) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

#[test]
fn every_text_stands_in_both_languages_and_asks_for_the_same() {
    let (portuguese, english) = (texts(Language::Portuguese), texts(Language::English));
    assert_eq!(portuguese, english);
    for language in Language::ALL {
        for (key, variables) in texts(language) {
            let given: FluentArgs<'_> = variables.iter().map(|name| (name.as_str(), FluentValue::from("x"))).collect();
            assert!(find(language, &key, &given).is_some(), "{key} cannot be said in {}", language.as_str());
        }
    }
}

#[test]
fn every_text_is_used_and_every_one_that_is_asked_for_exists() {
    let texts = texts(Language::Portuguese);
    let mut sources = read_below("templates", "html");
    for (path, text) in &sources {
        for key in text.split("t(key=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(texts.contains_key(key), "{} asks for {key}, which is no text", path.display());
        }
    }
    sources.extend(read_below("src/web", "rs"));
    let code: String =
        sources.into_iter().filter(|(path, _)| !path.ends_with("tests.rs")).map(|(_, text)| text).collect();
    let unused: Vec<&String> = texts.keys().filter(|key| !code.contains(&format!("\"{key}\""))).collect();
    assert!(unused.is_empty(), "nobody uses {unused:?}");
}

#[test]
fn a_text_is_said_without_marks_around_what_is_put_in() {
    assert_eq!(say(Language::Portuguese, "through-group", [("group", "ti".into())]), "grupo ti");
    assert_eq!(say(Language::English, "through-group", [("group", "ti".into())]), "group ti");
    assert_eq!(find(Language::English, "no-such-text", &FluentArgs::new()), None);
    assert_eq!(find(Language::English, "through-group", &FluentArgs::new()), None, "the group is missing");
}
