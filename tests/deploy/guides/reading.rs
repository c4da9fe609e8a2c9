//! What stands in the guides: fenced blocks, and commands within a sentence.

use std::collections::BTreeSet;

use crate::text_of;

/// Each guide in both languages.
pub const GUIDES: [[&str; 2]; 2] = [["README.md", "README-PT.md"], ["deploy/README.md", "deploy/README-PT.md"]];

/// Programs a sentence may ask somebody to start. A fenced block may start any.
const PROGRAMS: [&str; 23] = [
    "apt-get",
    "cargo",
    "cd",
    "chmod",
    "chown",
    "curl",
    "deploy/install.sh",
    "docker",
    "farol",
    "install",
    "journalctl",
    "kill",
    "nginx",
    "openssl",
    "rm",
    "runuser",
    "ss",
    "sudo",
    "systemctl",
    "systemd-analyze",
    "tests/run",
    "timedatectl",
    "ulimit",
];

/// What stands in each language for what the reader fills in, and for the example of a name.
const WORDS: [(&str, &str); 9] = [
    ("NOME", "NAME"),
    ("CONTA", "USER"),
    ("ARQUIVO", "FILE"),
    ("COMANDO", "COMMAND"),
    ("PALAVRA", "WORD"),
    ("farol.exemplo.com.br", "farol.example.com"),
    ("hooks.exemplo.com.br", "hooks.example.com"),
    ("webhook-chave", "webhook-key"),
    ("A-SENHA", "THE-PASSWORD"),
];

pub struct Block {
    pub language: String,
    /// Without the indentation of a list around it.
    pub text: String,
}

/// Every fenced block of a guide.
pub fn blocks(guide: &str) -> Vec<Block> {
    let text = text_of(guide);
    let mut all = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.trim_start().strip_prefix("```") else { continue };
        let indent = line.len() - line.trim_start().len();
        let inside = lines.by_ref().take_while(|line| line.trim() != "```");
        let text: String = inside.flat_map(|line| [line.get(indent..).unwrap_or_default(), "\n"]).collect();
        all.push(Block { language: language.to_owned(), text });
    }
    all
}

/// The lines of a block as either language means them: without comments, without blanks where nothing hangs on them.
pub fn commands_in(text: &str) -> Vec<String> {
    let whole = text.replace("\\\n", " ");
    let bare = whole.lines().map(|line| line.split(" #").next().unwrap_or_default()).map(str::trim_end);
    bare.filter(|line| !line.is_empty() && !line.starts_with("# ")).map(in_english).collect()
}

fn in_english(line: &str) -> String {
    WORDS.iter().fold(line.split_whitespace().collect::<Vec<_>>().join(" "), |line, (from, to)| line.replace(from, to))
}

/// The commands within the sentences of a guide.
pub fn inline_commands(guide: &str) -> BTreeSet<String> {
    let text = text_of(guide);
    let mut prose = String::new();
    let mut inside = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            // A span may go on in the next line.
            prose.push_str(line.trim());
            prose.push(if line.trim().is_empty() { '\n' } else { ' ' });
        }
    }
    let spans = prose.lines().flat_map(|paragraph| paragraph.split('`').skip(1).step_by(2));
    let is_command = |span: &&str| {
        let mut words = span.split_whitespace();
        let starts = words.next().is_some_and(|word| PROGRAMS.contains(&word));
        starts && words.next().is_some()
    };
    spans.map(|span| span.trim_start_matches("/opt/farol/")).filter(is_command).map(in_english).collect()
}
