//! `farol check`: what is in force, who said so, and all that is wrong.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::config::{self, Loaded, Sources};

/// The settings are wrong; the same for every command.
const SETTINGS_WRONG: u8 = 2;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Arquivo de configuração (padrão: ./farol.toml, depois /etc/farol/farol.toml)
    #[arg(long, value_name = "ARQUIVO")]
    config: Option<PathBuf>,
}

/// Ends with 0 when all is well, 2 when the settings are wrong, 1 when nothing can be printed.
pub fn run(args: Args, out: &mut dyn Write) -> ExitCode {
    let loaded = config::load(&Sources::of_process(args.config, Vec::new()));
    match print(&loaded, out) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(SETTINGS_WRONG),
        Err(_) => ExitCode::FAILURE,
    }
}

/// Says whether the settings are whole.
pub fn print(loaded: &Loaded, out: &mut dyn Write) -> io::Result<bool> {
    let width = |text: fn(&config::Entry) -> &str| {
        loaded.entries().iter().map(|entry| text(entry).chars().count()).max().unwrap_or_default()
    };
    let (key_width, value_width) = (width(|entry| entry.key), width(|entry| &entry.value));
    for config::Entry { key, value, origin } in loaded.entries() {
        writeln!(out, "{key:key_width$}  {value:value_width$}  {origin}")?;
    }
    for warning in loaded.warnings() {
        writeln!(out, "\nAviso: {warning}")?;
    }
    match loaded.settings() {
        Ok(_) => writeln!(out, "\nTudo certo.").map(|()| true),
        Err(report) => writeln!(out, "\n{report}").map(|()| false),
    }
}
