//! The rules of the house that a machine can check, read from the sources themselves.
//!
//! Rules are small functions from a text to what is wrong with it; `house/samples.rs` shows each of them failing.
#![expect(clippy::unwrap_used, reason = "a source that cannot be read fails the test")]

#[path = "house/reading.rs"]
mod reading;
#[path = "house/samples.rs"]
mod samples;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use reading::{code_of, lines_without_tests, names_below, names_crate, tokens_of};

struct Room {
    name: &'static str,
    uses: Uses,
    /// In lines without tests. Twice as much fails.
    grows_to: usize,
}

#[derive(Clone, Copy)]
enum Uses {
    Only(&'static [&'static str]),
    /// Every room listed before it, but these.
    LowerBut(&'static [&'static str]),
}

use Uses::{LowerBut, Only};

const fn room(name: &'static str, grows_to: usize, uses: Uses) -> Room {
    Room { name, uses, grows_to }
}

/// Ground floor first.
const ROOMS: [Room; 21] = [
    // Notices, levels, standings and deeds came with the live pages, and each is matched somewhere.
    room("domain", 2_000, Only(&[])),
    // The log is read again for administrators, and rounds are remembered.
    room("runtime", 700, Only(&["domain"])),
    room("store", 2_500, Only(&["domain", "runtime"])),
    room("truenas", 2_500, Only(&["domain", "runtime"])),
    room("smb", 300, Only(&["domain", "runtime"])),
    // What is told is kept before it is told, so that no restart loses or repeats it.
    room("live", 600, Only(&["domain", "runtime", "store"])),
    // Six releases in all their details, told apart from the client on purpose.
    room("sim", 2_200, Only(&["runtime"])),
    room("agent", 900, Only(&["domain", "runtime"])),
    room("shares", 900, Only(&["domain", "runtime", "store", "truenas", "live"])),
    room("health", 1_300, Only(&["domain", "runtime", "store", "truenas", "live"])),
    room("inventory", 1_200, Only(&["domain", "runtime", "store", "live"])),
    room("audit", 400, Only(&["domain", "runtime", "store"])),
    // Neither an archive nor a folder of another account is believed, and the trail tells of a restore.
    room("backup", 550, Only(&["domain", "runtime", "store", "audit"])),
    room("notices", 900, Only(&["domain", "runtime", "store", "live"])),
    room("outbox", 1_000, Only(&["domain", "runtime", "store", "live"])),
    room("auth", 2_200, Only(&["domain", "runtime", "store", "truenas", "smb", "live", "shares", "audit"])),
    room("accounts", 1_000, Only(&["domain", "runtime", "store", "live", "audit", "auth"])),
    // Pages ask the rooms between, never the ground floor of stores and wires.
    room("web", 8_000, LowerBut(&["store", "truenas", "smb", "sim", "agent"])),
    // Each key has its problem and its cure in words, and there are more keys than were thought of; certificates have many.
    room("config", 1_100, LowerBut(&["agent"])),
    // The simulator is no part of the server, and the agent is another program.
    room("app", 600, LowerBut(&["sim", "agent"])),
    // Each command says what is wrong and what to do about it, in whole sentences.
    room("cli", 1_950, LowerBut(&["agent"])),
];

fn may_use(room: &Room, other: &str) -> bool {
    match room.uses {
        Only(rooms) => rooms.contains(&other),
        LowerBut(rooms) => {
            let lower = ROOMS.iter().take_while(|lower| lower.name != room.name);
            lower.map(|lower| lower.name).any(|lower| lower == other) && !rooms.contains(&other)
        }
    }
}

/// Files beside the rooms, and which rooms they hand over to.
const ENTRANCES: [(&str, &[&str]); 3] = [("lib", &[]), ("main", &["cli"]), ("bin", &["agent", "runtime"])];

/// A crate, and the only places that may name it.
const CRATES: [(&str, &[&str]); 13] = [
    ("sea_orm", &["store"]),
    ("sea_orm_migration", &["store"]),
    ("sqlx", &["store"]),
    ("axum", &["web", "sim"]),
    ("tower_http", &["web", "sim"]),
    ("tera", &["web"]),
    ("lettre", &["outbox"]),
    ("reqwest", &["truenas", "outbox"]),
    ("smb2", &["smb"]),
    ("tokio_tungstenite", &["truenas", "sim", "web"]),
    ("clap", &["cli"]),
    ("anyhow", &["app", "cli", "main"]),
    ("dotenvy", &["config"]),
];

const LONGEST_FILE: usize = 400;

/// Problems we live with for now, word for word. The list may only get shorter: one that is solved must leave it.
const EXCEPTIONS: [&str; 0] = [];

struct Source {
    /// From the top of the project, with `/`.
    path: String,
    text: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The room a source is in, or the name of the entrance it is.
    fn place(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or_default();
        below.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    fn says(&self, problem: &str) -> String {
        format!("{}: {problem}", self.path)
    }
}

// The rules.

fn unknown_rooms(source: &Source) -> Vec<String> {
    let place = source.place();
    let known = ROOMS.iter().any(|room| room.name == place) || ENTRANCES.iter().any(|(name, _)| *name == place);
    if known { Vec::new() } else { vec![source.says(&format!("{place} is no room of the house"))] }
}

fn forbidden_rooms(source: &Source) -> Vec<String> {
    let place = source.place();
    let room = ROOMS.iter().find(|room| room.name == place);
    let entrance = ENTRANCES.iter().find(|(name, _)| *name == place);
    let allowed = |name: &str| {
        room.is_some_and(|room| may_use(room, name)) || entrance.is_some_and(|(_, rooms)| rooms.contains(&name))
    };
    let code = code_of(&source.text);
    let tokens = tokens_of(&code);
    let mut named = names_below(&tokens, "crate");
    named.extend(names_below(&tokens, "farol"));
    named.retain(|name| *name != place && ROOMS.iter().any(|room| room.name == *name) && !allowed(name));
    named.sort_unstable();
    named.dedup();
    named.into_iter().map(|name| source.says(&format!("{place} must not use {name}"))).collect()
}

fn forbidden_crates(source: &Source) -> Vec<String> {
    let place = source.place();
    let code = code_of(&source.text);
    let tokens = tokens_of(&code);
    let mut named: Vec<&str> = CRATES
        .iter()
        .filter(|(name, places)| !places.contains(&place) && names_crate(&tokens, name))
        .map(|(name, _)| *name)
        .collect();
    // The arguments of the command line are no environment, and only the entrance takes them.
    if !["config", "main"].contains(&place) && names_below(&tokens, "std").contains(&"env") {
        named.push("std::env");
    }
    named.into_iter().map(|name| source.says(&format!("{place} must not name {name}"))).collect()
}

fn scattered_features(source: &Source) -> Vec<String> {
    let code: String = code_of(&source.text).split_whitespace().collect();
    let asks = code.contains("(feature=") || code.contains(",feature=");
    if asks && source.path != "src/lib.rs" {
        vec![source.says("cfg(feature) stands in lib.rs only")]
    } else {
        Vec::new()
    }
}

fn missing_headers(source: &Source) -> Vec<String> {
    let header: String = source.text.lines().take_while(|line| line.starts_with("//!")).collect();
    let is_room = ROOMS.iter().any(|room| source.path == format!("src/{}/mod.rs", room.name));
    if header.is_empty() {
        vec![source.says("opens without //!")]
    } else if is_room && !header.contains("Must never know") {
        vec![source.says("does not say what the room must never know")]
    } else {
        Vec::new()
    }
}

fn long_files(source: &Source) -> Vec<String> {
    let lines = lines_without_tests(&source.text);
    let too_long = lines > LONGEST_FILE && source.file_name() != "tests.rs";
    if too_long {
        vec![source.says(&format!("{lines} lines without tests, more than {LONGEST_FILE}"))]
    } else {
        Vec::new()
    }
}

fn outgrown_rooms(sources: &[Source]) -> Vec<String> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    let is_test = |source: &Source| source.file_name() == "tests.rs" || source.path.contains("/tests/");
    for source in sources.iter().filter(|source| !is_test(source)) {
        *sizes.entry(source.place()).or_default() += lines_without_tests(&source.text);
    }
    let size_of = |room: &Room| sizes.get(room.name).copied().unwrap_or_default();
    let outgrown = ROOMS.iter().filter(|room| size_of(room) > 2 * room.grows_to);
    outgrown
        .map(|room| format!("src/{}: {} lines, more than twice {}", room.name, size_of(room), room.grows_to))
        .collect()
}

/// Escaping is the template engine's work; a view that holds markup says so by its type.
fn unescaped_values(source: &Source) -> Vec<String> {
    let text: String = source.text.split_whitespace().collect();
    if text.contains("|safe") || text.contains("filtersafe") {
        vec![source.says("puts a value into the page as it is")]
    } else {
        Vec::new()
    }
}

/// What is to be done stands where the work is planned.
fn left_over_work(source: &Source) -> Vec<String> {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let marked = |line: &str| line.split(|c: char| !c.is_alphanumeric()).any(|word| marks.contains(&word));
    let lines = source.text.lines().enumerate().filter(|(_, line)| marked(line));
    lines.map(|(at, _)| source.says(&format!("line {} leaves work over", at + 1))).collect()
}

fn problems_in(rust: &[Source], templates: &[Source], all: &[Source]) -> Vec<String> {
    let rules = [unknown_rooms, forbidden_rooms, forbidden_crates, scattered_features, missing_headers, long_files];
    let mut problems: Vec<String> = rust.iter().flat_map(|source| rules.iter().flat_map(|rule| rule(source))).collect();
    problems.extend(outgrown_rooms(rust));
    problems.extend(templates.iter().flat_map(unescaped_values));
    problems.extend(all.iter().flat_map(left_over_work));
    problems
}

/// What is wrong beyond the exceptions, and exceptions that are none any more.
fn judge(problems: &[String], exceptions: &[&str]) -> Vec<String> {
    let fresh = problems.iter().filter(|problem| !exceptions.contains(&problem.as_str())).cloned();
    let solved = exceptions.iter().filter(|exception| !problems.iter().any(|problem| problem == **exception));
    fresh.chain(solved.map(|exception| format!("no longer an exception, take it off the list: {exception}"))).collect()
}

// The house itself.

/// Everything readable below a folder but what others made.
fn read_below(folder: &str) -> Vec<Source> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut sources, mut folders) = (Vec::new(), vec![top.join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
            let path = entry.path();
            let name = path.strip_prefix(top).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() {
                if !name.ends_with("/vendor") && !name.ends_with("/node_modules") {
                    folders.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                sources.push(Source { path: name, text });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

#[test]
fn the_house_keeps_its_rules() {
    let mut rust = read_below("src");
    rust.retain(|source| Path::new(&source.path).extension().is_some_and(|end| end == "rs"));
    assert!(rust.iter().any(|source| source.path == "src/lib.rs"), "the sources were not found");
    let templates = read_below("templates");
    let mut all = read_below("tests");
    all.extend(["src", "templates", "assets", "deploy"].into_iter().flat_map(read_below));
    let problems = judge(&problems_in(&rust, &templates, &all), &EXCEPTIONS);
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn every_test_program_opens_by_saying_what_it_does() {
    let silent: Vec<String> = read_below("tests")
        .iter()
        .filter(|source| {
            Path::new(&source.path).extension().is_some_and(|end| end == "rs") && !source.text.starts_with("//!")
        })
        .map(|source| source.path.clone())
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}

/// The guides, in both languages.
const GUIDES: [&str; 4] = ["README.md", "README-PT.md", "deploy/README.md", "deploy/README-PT.md"];

/// The places of a page that a link may name, as GitHub makes them of its headings.
fn anchors(text: &str) -> Vec<String> {
    let kept = |c: &char| c.is_alphanumeric() || [' ', '-', '_'].contains(c);
    let headings = text.lines().filter_map(|line| line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' '));
    headings.map(|heading| heading.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")).collect()
}

#[test]
fn whatever_the_guides_point_at_is_there() {
    let house = Path::new(env!("CARGO_MANIFEST_DIR"));
    for guide in GUIDES {
        let page = house.join(guide);
        let text = fs::read_to_string(&page).unwrap();
        let behind = |mark: &str, end: char| -> Vec<String> {
            let pieces = text.split(mark).skip(1);
            pieces.filter_map(|piece| piece.split(end).next()).map(str::to_owned).collect()
        };
        let named = [behind("](", ')'), behind("src=\"", '"')].concat();
        assert!(named.len() > 3, "{guide} points at {named:?}");
        for name in named.iter().filter(|name| !name.contains("://")) {
            let (file, anchor) = name.split_once('#').map_or((name.as_str(), None), |(file, to)| (file, Some(to)));
            let target = if file.is_empty() { page.clone() } else { page.with_file_name(file) };
            assert!(target.exists(), "{guide} points at {name}");
            if let Some(anchor) = anchor {
                let known = anchors(&fs::read_to_string(target).unwrap());
                assert!(
                    known.iter().any(|place| place == anchor),
                    "{guide} points at {name}, which is none of {known:?}"
                );
            }
        }
    }
}
