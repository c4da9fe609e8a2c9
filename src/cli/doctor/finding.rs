//! What was looked at, and how it is.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::exit::Exit;
use crate::runtime::logging::escape;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Ok,
    Attention,
    Trouble,
}

impl Level {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "certo",
            Self::Attention => "atenção",
            Self::Trouble => "problema",
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Finding {
    pub level: Level,
    pub topic: &'static str,
    /// What is so and, unless all is well, what to do.
    pub text: String,
}

#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    pub fn ok(&mut self, topic: &'static str, text: impl AsRef<str>) {
        self.add(Level::Ok, topic, text);
    }

    pub fn attention(&mut self, topic: &'static str, text: impl AsRef<str>) {
        self.add(Level::Attention, topic, text);
    }

    pub fn trouble(&mut self, topic: &'static str, text: impl AsRef<str>) {
        self.add(Level::Trouble, topic, text);
    }

    /// One line each, whatever names and answers hold.
    pub fn add(&mut self, level: Level, topic: &'static str, text: impl AsRef<str>) {
        let text = text.as_ref().lines().map(str::trim).collect::<Vec<_>>().join(" ");
        self.0.push(Finding { level, topic, text: escape(&text) });
    }

    fn count(&self, level: Level) -> usize {
        self.0.iter().filter(|finding| finding.level == level).count()
    }

    pub fn exit(&self) -> Exit {
        match self.0.iter().map(|finding| finding.level).max() {
            Some(Level::Trouble) => Exit::Trouble,
            Some(Level::Attention) => Exit::Attention,
            Some(Level::Ok) | None => Exit::Fine,
        }
    }

    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        for Finding { level, topic, text } in &self.0 {
            writeln!(out, "{:8}  {topic}: {text}", level.word())?;
        }
        match (self.count(Level::Trouble), self.count(Level::Attention)) {
            (0, 0) => writeln!(out, "\nTudo certo."),
            (trouble, attention) => writeln!(out, "\nProblemas: {trouble}. Pontos de atenção: {attention}."),
        }
    }

    pub fn print_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let all = serde_json::json!({ "version": env!("CARGO_PKG_VERSION"), "findings": self.0 });
        writeln!(out, "{all:#}")
    }
}
