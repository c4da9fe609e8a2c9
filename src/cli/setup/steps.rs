//! One line a layer: its name while it is tried, then how it went, and what to do when it went wrong.

use std::io;

use crate::cli::console::Console;

/// Wide enough for the longest name, so that results stand in one column.
const NAME_WIDTH: usize = 42;
/// Holds the longest result and a gap.
const WORD_WIDTH: usize = 7;
/// What follows a layer's own line. A fingerprint still fits.
const INDENT: usize = 4;
/// Fits beside another window; only a word that is longer alone goes beyond.
const LINE_WIDTH: usize = 100;

pub struct Steps<'a, 'c> {
    pub console: &'a mut Console<'c>,
}

impl<'a, 'c> Steps<'a, 'c> {
    pub fn new(console: &'a mut Console<'c>) -> Self {
        Self { console }
    }

    pub fn begin(&mut self, name: &str) -> io::Result<()> {
        write!(self.console.out, "{name:.<NAME_WIDTH$} ")?;
        self.console.out.flush()
    }

    pub fn fine(&mut self, detail: &str) -> io::Result<()> {
        self.result("OK", detail)
    }

    pub fn warn(&mut self, what: &str, cure: &str) -> io::Result<()> {
        self.result("AVISO", what)?;
        self.advise(cure)
    }

    pub fn fail(&mut self, what: &str, cure: &str) -> io::Result<()> {
        self.result("FALHA", what)?;
        self.advise(cure)
    }

    fn result(&mut self, word: &str, detail: &str) -> io::Result<()> {
        let column = NAME_WIDTH + 1 + WORD_WIDTH;
        writeln!(self.console.out, "{word:WORD_WIDTH$}{}", wrapped(detail, column))
    }

    fn advise(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.console.out, "{:INDENT$}{}", "", wrapped(text, INDENT))
    }
}

/// Breaks between words before a line gets too wide. The first one begins at `column`, the others are indented.
fn wrapped(text: &str, column: usize) -> String {
    let new_line = format!("\n{:INDENT$}", "");
    let mut whole = String::with_capacity(text.len());
    let mut at = column;
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            whole.push_str(&new_line);
            at = INDENT;
        }
        for (index, word) in line.split(' ').enumerate() {
            let width = word.chars().count();
            if index > 0 && at + 1 + width > LINE_WIDTH {
                whole.push_str(&new_line);
                at = INDENT;
            } else if index > 0 {
                whole.push(' ');
                at += 1;
            }
            whole.push_str(word);
            at += width;
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_breaks_between_words_and_loses_none() {
        let text = format!("{} {}\nthird", "a".repeat(60), "b".repeat(60));
        assert_eq!(wrapped(&text, 50), format!("{}\n    {}\n    third", "a".repeat(60), "b".repeat(60)));
        assert_eq!(wrapped("one two", 50), "one two");
    }
}
