//! The person at the terminal: where to write, and what they type.

use std::io::{self, BufRead, IsTerminal as _, Write};

use crate::domain::Secret;

pub struct Console<'a> {
    pub out: &'a mut dyn Write,
    pub err: &'a mut dyn Write,
    pub input: &'a mut dyn BufRead,
}

impl Console<'_> {
    /// Asks; an empty answer is the default. The end of the input counts as an empty answer.
    pub fn ask(&mut self, question: &str, default: &str) -> io::Result<String> {
        let hint = if default.is_empty() { String::new() } else { format!(" [{default}]") };
        write!(self.out, "{question}{hint}: ")?;
        self.out.flush()?;
        let mut line = String::new();
        self.input.read_line(&mut line)?;
        let answer = line.trim();
        Ok(if answer.is_empty() { default.to_owned() } else { answer.to_owned() })
    }

    /// Only a clear yes is a yes.
    pub fn confirm(&mut self, question: &str) -> io::Result<bool> {
        let answer = self.ask(&format!("{question} (s/N)"), "")?;
        Ok(matches!(answer.to_lowercase().as_str(), "s" | "sim" | "y" | "yes"))
    }

    /// One line of the input, as it comes: for a secret that a script pipes in.
    pub fn ask_line(&mut self) -> io::Result<Secret<String>> {
        let mut line = String::new();
        self.input.read_line(&mut line)?;
        let secret = Secret::from(line.trim());
        drop(Secret::new(line));
        Ok(secret)
    }

    /// Typed without being shown.
    pub fn ask_secret(&mut self, question: &str) -> io::Result<Secret<String>> {
        write!(self.out, "{question}: ")?;
        self.out.flush()?;
        rpassword::read_password().map(|typed| Secret::from(typed.trim()))
    }

    /// Typed without being shown, or a line of what a script pipes in; blanks are part of it.
    pub fn ask_password(&mut self, question: &str) -> io::Result<Secret<String>> {
        write!(self.out, "{question}: ")?;
        self.out.flush()?;
        if io::stdin().is_terminal() {
            return rpassword::read_password().map(Secret::new);
        }
        let mut line = String::new();
        self.input.read_line(&mut line)?;
        let secret = Secret::from(line.trim_end_matches(['\r', '\n']));
        drop(Secret::new(line));
        Ok(secret)
    }
}
