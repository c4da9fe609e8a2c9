//! `farol check`: what is in force, who said so, and all that is wrong.

use std::io::{self, Write};

use crate::cli::SettingsArgs;
use crate::cli::exit::Exit;
use crate::config::Loaded;
use crate::domain::Setting;

const EXIT_CODES: &str = "\
Códigos de saída:
  0  tudo certo
  2  há problemas na configuração";

/// Mostra a configuração em vigor, de onde veio cada valor e tudo o que está errado
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    #[command(flatten)]
    source: SettingsArgs,
}

pub fn run(args: Args, out: &mut dyn Write) -> io::Result<Exit> {
    let whole = print(&args.source.load(Vec::new()), out)?;
    Ok(if whole { Exit::Fine } else { Exit::Settings })
}

/// Says whether the settings are whole.
pub fn print(loaded: &Loaded, out: &mut dyn Write) -> io::Result<bool> {
    let width = |text: fn(&Setting) -> &str| {
        loaded.entries().iter().map(|entry| text(entry).chars().count()).max().unwrap_or_default()
    };
    let (key_width, value_width) = (width(|entry| entry.key), width(|entry| &entry.value));
    for Setting { key, value, origin } in loaded.entries() {
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
