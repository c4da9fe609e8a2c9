//! The rules of the house that a machine can check, read from the sources themselves.
//!
//! Rules are small functions from a text to what is wrong with it; at the end each is shown failing on a sample.
#![expect(clippy::unwrap_used, reason = "a source that cannot be read fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

struct Room {
    name: &'static str,
    uses: &'static [&'static str],
    /// In lines without tests. Twice as much fails.
    grows_to: usize,
}

const fn room(name: &'static str, grows_to: usize, uses: &'static [&'static str]) -> Room {
    Room { name, uses, grows_to }
}

/// Ground floor first. A room names only those listed with it.
const ROOMS: [Room; 20] = [
    room("domain", 1_800, &[]),
    room("runtime", 600, &["domain"]),
    room("store", 2_500, &["domain", "runtime"]),
    room("truenas", 2_500, &["domain", "runtime"]),
    room("smb", 300, &["domain", "runtime"]),
    room("live", 600, &["domain", "runtime"]),
    room("sim", 1_800, &["runtime"]),
    room("agent", 900, &["domain", "runtime"]),
    room("shares", 900, &["domain", "runtime", "store", "truenas"]),
    room("health", 1_300, &["domain", "runtime", "store", "truenas", "live"]),
    room("inventory", 1_200, &["domain", "runtime", "store", "live"]),
    room("audit", 400, &["domain", "runtime", "store"]),
    room("notices", 900, &["domain", "runtime", "store", "live"]),
    room("outbox", 700, &["domain", "runtime", "store"]),
    room("auth", 2_200, &["domain", "runtime", "store", "truenas", "smb", "live", "shares", "audit"]),
    room("accounts", 1_000, &["domain", "runtime", "store", "live", "audit", "auth"]),
    room("web", 5_000, WEB),
    room("config", 700, ALL_BELOW_CONFIG),
    room("app", 600, ALL_BELOW_APP),
    room("cli", 1_200, ALL_BELOW_CLI),
];

/// Never store, truenas or smb: pages ask the rooms between.
const WEB: &[&str] =
    &["domain", "runtime", "live", "shares", "health", "inventory", "audit", "notices", "outbox", "auth", "accounts"];
const ALL_BELOW_CONFIG: &[&str] = &[
    "domain",
    "runtime",
    "store",
    "truenas",
    "smb",
    "live",
    "sim",
    "shares",
    "health",
    "inventory",
    "audit",
    "notices",
    "outbox",
    "auth",
    "accounts",
    "web",
];
/// The simulator is no part of the server, and the agent is another program.
const ALL_BELOW_APP: &[&str] = &[
    "domain",
    "runtime",
    "store",
    "truenas",
    "smb",
    "live",
    "shares",
    "health",
    "inventory",
    "audit",
    "notices",
    "outbox",
    "auth",
    "accounts",
    "web",
    "config",
];
const ALL_BELOW_CLI: &[&str] = &[
    "domain",
    "runtime",
    "store",
    "truenas",
    "smb",
    "live",
    "sim",
    "shares",
    "health",
    "inventory",
    "audit",
    "notices",
    "outbox",
    "auth",
    "accounts",
    "web",
    "config",
    "app",
];

/// Files beside the rooms, and which rooms they hand over to.
const ENTRANCES: [(&str, &[&str]); 3] = [("lib", &[]), ("main", &["cli"]), ("bin", &["agent", "runtime"])];

/// A crate, and the only places that may name it.
const CRATES: [(&str, &[&str]); 12] = [
    ("sea_orm", &["store"]),
    ("sea_orm_migration", &["store"]),
    ("sqlx", &["store"]),
    ("axum", &["web", "sim"]),
    ("tower_http", &["web", "sim"]),
    ("tera", &["web"]),
    ("reqwest", &["truenas"]),
    ("smb2", &["smb"]),
    ("tokio_tungstenite", &["truenas", "sim"]),
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

// Reading Rust, as far as the rules need it.

/// The text with the insides of comments, strings and characters blanked out; line breaks stay.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let hidden = hidden_length(rest, code.chars().next_back());
        let taken = if hidden == 0 { next.len_utf8() } else { hidden };
        let blanked = |c: char| if hidden == 0 || c == '\n' { c } else { ' ' };
        code.extend(rest[..taken].chars().map(blanked));
        rest = &rest[taken..];
    }
    code
}

/// How much of the beginning is a comment, a string or a character; 0 when it is code.
fn hidden_length(text: &str, before: Option<char>) -> usize {
    let until = |end: &str, from: usize| text[from..].find(end).map_or(text.len(), |at| from + at + end.len());
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return until("*/", 2);
    }
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let raw = text.trim_start_matches('b').strip_prefix('r').filter(|_| !in_word && !text.starts_with("bb"));
    if let Some(raw) = raw {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            return until(&format!("\"{}", "#".repeat(hashes)), text.len() - raw.len() + hashes + 1);
        }
    }
    match text.chars().next() {
        Some('"') => quoted_length(text, '"'),
        // A lifetime has no closing quote right behind its one letter or escape.
        Some('\'') if text[1..].starts_with('\\') || text[1..].chars().nth(1) == Some('\'') => {
            quoted_length(text, '\'')
        }
        _ => 0,
    }
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Words and single signs, `::` being one.
fn tokens_of(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while !rest.is_empty() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let sign = if rest.starts_with("::") { 2 } else { rest.chars().next().map_or(0, char::len_utf8) };
        let (token, after) = rest.split_at(if word > 0 { word } else { sign });
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

/// What stands right behind `root::`, also behind `root::{…, …}`.
fn names_below<'a>(tokens: &[&'a str], root: &str) -> Vec<&'a str> {
    let mut names = Vec::new();
    for at in 0..tokens.len() {
        if tokens[at] != root || tokens.get(at + 1) != Some(&"::") || (at > 0 && tokens[at - 1] == "::") {
            continue;
        }
        match tokens.get(at + 2) {
            Some(&"{") => names.extend(names_in_group(&tokens[at + 3..])),
            Some(name) => names.push(*name),
            None => {}
        }
    }
    names
}

/// The first word of each part of `…, …::{…}, …}`.
fn names_in_group<'a>(tokens: &[&'a str]) -> Vec<&'a str> {
    let (mut names, mut depth, mut first) = (Vec::new(), 0, true);
    for token in tokens {
        match *token {
            "{" => depth += 1,
            "}" if depth == 0 => break,
            "}" => depth -= 1,
            "," if depth == 0 => first = true,
            name if depth == 0 && first => {
                names.push(name);
                first = false;
            }
            _ => {}
        }
    }
    names
}

fn names_crate(tokens: &[&str], name: &str) -> bool {
    tokens.iter().enumerate().any(|(at, token)| {
        let before = at.checked_sub(1).map(|at| tokens[at]);
        let begins_path = tokens.get(at + 1) == Some(&"::") && before != Some("::");
        *token == name && (begins_path || matches!(before, Some("use" | "crate")))
    })
}

/// Lines that are neither test modules nor other items only tests see.
fn lines_without_tests(text: &str) -> usize {
    let (mut count, mut lines) = (0, text.lines());
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            count += 1;
            continue;
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        for line in lines.by_ref() {
            let item_ends = line.trim_end().strip_prefix(indent) == Some("}");
            if item_ends || (line.ends_with(';') && line.strip_prefix(indent).is_some_and(|l| !l.starts_with(' '))) {
                break;
            }
        }
    }
    count
}

// The rules.

fn unknown_rooms(source: &Source) -> Vec<String> {
    let place = source.place();
    let known = ROOMS.iter().any(|room| room.name == place) || ENTRANCES.iter().any(|(name, _)| *name == place);
    if known { Vec::new() } else { vec![source.says(&format!("{place} is no room of the house"))] }
}

fn forbidden_rooms(source: &Source) -> Vec<String> {
    let place = source.place();
    let room = ROOMS.iter().find(|room| room.name == place).map(|room| room.uses);
    let uses = room.or(ENTRANCES.iter().find(|(name, _)| *name == place).map(|(_, uses)| *uses)).unwrap_or_default();
    let code = code_of(&source.text);
    let tokens = tokens_of(&code);
    let mut named = names_below(&tokens, "crate");
    named.extend(names_below(&tokens, "farol"));
    named.retain(|name| *name != place && ROOMS.iter().any(|room| room.name == *name) && !uses.contains(name));
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
    if place != "config" && names_below(&tokens, "std").contains(&"env") {
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
    for source in sources.iter().filter(|source| source.file_name() != "tests.rs") {
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
    if text.contains("|safe") { vec![source.says("puts a value into the page as it is")] } else { Vec::new() }
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
                if !name.ends_with("/vendor") {
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
    let rust = read_below("src");
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
        .filter(|source| source.path.ends_with(".rs") && !source.text.starts_with("//!"))
        .map(|source| source.path.clone())
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}

// Each rule, failing on a sample and content with a good one.

fn says(rule: impl Fn(&Source) -> Vec<String>, path: &str, text: &str) -> String {
    rule(&Source::new(path, text)).join("; ")
}

#[test]
fn a_floor_is_used_by_higher_ones_only() {
    for (index, room) in ROOMS.iter().enumerate() {
        let below = &ROOMS[..index];
        assert!(room.uses.iter().all(|used| below.iter().any(|lower| lower.name == *used)), "{}", room.name);
    }
}

#[test]
fn an_unknown_room_is_found() {
    assert_eq!(says(unknown_rooms, "src/utils/mod.rs", ""), "src/utils/mod.rs: utils is no room of the house");
    assert_eq!(says(unknown_rooms, "src/helpers.rs", ""), "src/helpers.rs: helpers is no room of the house");
    assert_eq!(says(unknown_rooms, "src/store/row.rs", "") + &says(unknown_rooms, "src/main.rs", ""), "");
}

#[test]
fn a_room_that_reaches_too_far_is_found() {
    let plain = "use crate::store::Store;";
    assert_eq!(says(forbidden_rooms, "src/web/mod.rs", plain), "src/web/mod.rs: web must not use store");
    let grouped = "use crate::{\n    domain::{Secret, smb}, // not crate::cli\n    truenas::{self, Client},\n};";
    assert_eq!(says(forbidden_rooms, "src/store/row.rs", grouped), "src/store/row.rs: store must not use truenas");
    let inside = "fn f<'a>(x: &'a str) { let c = '\"'; crate::cli::run(\"crate::app\") }";
    assert_eq!(says(forbidden_rooms, "src/app/mod.rs", inside), "src/app/mod.rs: app must not use cli");
    assert_eq!(says(forbidden_rooms, "src/main.rs", "farol::app::run()"), "src/main.rs: main must not use app");
    let fine = "/* crate::web */ use crate::{domain, store::Error}; const A: &str = r#\"\" crate::web\"#;";
    assert_eq!(says(forbidden_rooms, "src/store/mod.rs", fine), "");
}

#[test]
fn a_crate_named_in_the_wrong_room_is_found() {
    for (name, places) in CRATES {
        for text in [format!("use {name}::x;"), format!("use {name} as y;"), format!("fn f() {{ {name}::x() }}")] {
            let wrong = format!("src/domain/x.rs: domain must not name {name}");
            assert_eq!(says(forbidden_crates, "src/domain/x.rs", &text), wrong);
            let right = if places[0] == "main" { "src/main.rs".to_owned() } else { format!("src/{}/x.rs", places[0]) };
            assert_eq!(says(forbidden_crates, &right, &text), "");
        }
    }
    for text in ["use std::env;", "use std::{fs, env::{self, args}};", "fn f() { std::env::args(); }"] {
        assert_eq!(says(forbidden_crates, "src/cli/x.rs", text), "src/cli/x.rs: cli must not name std::env");
        assert_eq!(says(forbidden_crates, "src/config/x.rs", text), "");
    }
    assert_eq!(says(forbidden_crates, "src/cli/x.rs", "let sqlx = env!(\"A\"); // axum::x"), "");
}

#[test]
fn a_feature_asked_for_outside_the_list_of_rooms_is_found() {
    for text in
        ["#[cfg(feature = \"server\")]", "#[cfg(all(unix,\n feature = \"server\"))]", "if cfg!(feature=\"x\") {}"]
    {
        assert_eq!(
            says(scattered_features, "src/app/mod.rs", text),
            "src/app/mod.rs: cfg(feature) stands in lib.rs only"
        );
        assert_eq!(says(scattered_features, "src/lib.rs", text), "");
    }
    assert_eq!(says(scattered_features, "src/app/mod.rs", "#[cfg(unix)] let feature = 1;"), "");
}

#[test]
fn a_file_that_does_not_say_what_it_does_is_found() {
    assert_eq!(says(missing_headers, "src/store/row.rs", "use std::io;"), "src/store/row.rs: opens without //!");
    let wrong = "src/store/mod.rs: does not say what the room must never know";
    assert_eq!(says(missing_headers, "src/store/mod.rs", "//! SQL.\n"), wrong);
    assert_eq!(says(missing_headers, "src/store/mod.rs", "//! SQL.\n//!\n//! Must never know: HTTP.\n"), "");
}

#[test]
fn a_long_file_and_an_outgrown_room_are_found_and_tests_do_not_count() {
    let tests = "#[cfg(test)]\nmod tests {\n    use super::*;\n    fn a() {\n    }\n}\n";
    let long = format!("#[cfg(test)]\nmod tests;\n{}{tests}", "//! x\n".repeat(400));
    assert_eq!(lines_without_tests(&long), 400);
    assert_eq!(says(long_files, "src/smb/mod.rs", &long), "");
    let longer = format!("{long}fn after() {{}}\n");
    assert_eq!(says(long_files, "src/smb/mod.rs", &longer), "src/smb/mod.rs: 401 lines without tests, more than 400");
    assert_eq!(says(long_files, "src/smb/tests.rs", &longer), "");
    let files =
        |count: usize| (0..count).map(|_| Source::new("src/smb/x.rs", &"//! x\n".repeat(200))).collect::<Vec<_>>();
    assert_eq!(outgrown_rooms(&files(3)), Vec::<String>::new());
    assert_eq!(outgrown_rooms(&files(4)), ["src/smb: 800 lines, more than twice 300"]);
}

#[test]
fn a_value_that_is_not_escaped_is_found() {
    let wrong = "templates/a.html: puts a value into the page as it is";
    assert_eq!(says(unescaped_values, "templates/a.html", "{{ name | safe }}"), wrong);
    assert_eq!(says(unescaped_values, "templates/a.html", "{{ name|safe }}"), wrong);
    assert_eq!(says(unescaped_values, "templates/a.html", "{{ name | upper }} safe"), "");
}

#[test]
fn work_left_over_is_found() {
    for mark in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")] {
        let text = format!("fn a() {{}}\n// {mark}: later");
        assert_eq!(says(left_over_work, "src/smb/mod.rs", &text), "src/smb/mod.rs: line 2 leaves work over");
    }
    assert_eq!(says(left_over_work, "src/smb/mod.rs", "// Todos os nomes"), "");
}

#[test]
fn an_exception_covers_one_problem_and_leaves_with_it() {
    let problems = ["a".to_owned(), "b".to_owned()];
    assert_eq!(judge(&problems, &["a"]), ["b"]);
    assert_eq!(judge(&problems[..1], &["a", "b"]), ["no longer an exception, take it off the list: b"]);
}
