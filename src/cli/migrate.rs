//! `farol migrate`: brings the database up to date. The server does the same when it starts.

use std::io::{self, Write};

use crate::cli::exit::Exit;
use crate::cli::{SettingsArgs, words};
use crate::store::{Error, Settings, Store};

const EXIT_CODES: &str = "\
Códigos de saída:
  0  o banco de dados está em dia
  1  o banco de dados não pôde ser usado
  2  há problemas na configuração";

/// Atualiza o banco de dados (o servidor também o faz ao iniciar)
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    #[command(flatten)]
    source: SettingsArgs,
}

pub async fn run(args: Args, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Exit> {
    let settings = match args.source.load(Vec::new()).store() {
        Ok(settings) => settings,
        Err(report) => {
            writeln!(err, "{report}")?;
            return Ok(Exit::Settings);
        }
    };
    match migrate(&settings).await {
        Ok(applied) if applied.is_empty() => writeln!(out, "O banco de dados já está em dia.")?,
        Ok(applied) => writeln!(out, "Banco de dados atualizado: {}.", applied.join(", "))?,
        Err(error) => {
            writeln!(err, "{}", words::store_trouble(&error))?;
            return Ok(Exit::Failed);
        }
    }
    Ok(Exit::Fine)
}

async fn migrate(settings: &Settings) -> Result<Vec<String>, Error> {
    Store::open(settings).await?.migrate().await
}
