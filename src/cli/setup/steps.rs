//! One line a layer: its name while it is tried, then how it went, and what to do when it went wrong.

use std::io;

use crate::cli::console::Console;

/// Wide enough for the longest name, so that results stand in one column.
const NAME_WIDTH: usize = 42;

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
        writeln!(self.console.out, "OK     {detail}")
    }

    pub fn warn(&mut self, what: &str, cure: &str) -> io::Result<()> {
        writeln!(self.console.out, "AVISO  {what}\n       {cure}")
    }

    pub fn fail(&mut self, what: &str, cure: &str) -> io::Result<()> {
        writeln!(self.console.out, "FALHA  {what}\n       {cure}")
    }
}
