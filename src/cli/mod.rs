//! The commands of the binary.
//!
//! Must never know: how a room does its work. A command asks `config` for settings and rooms for answers.
//! Invariants: what was asked for goes to one writer and why it could not be given to the other, so that a script can keep
//! the first and show the second; how a command ended is an [`exit::Exit`].

mod access;
mod admin;
mod alive;
mod audit;
mod backup;
pub mod check;
mod console;
mod demo;
mod doctor;
mod exit;
mod migrate;
mod portuguese;
mod serve;
mod setup;
mod simulate;
mod words;

use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::{self, Loaded, Sources};
use console::Console;
use exit::Exit;

/// Farol: a intranet viva de um escritório que guarda seus arquivos num TrueNAS
#[derive(Debug, Parser)]
#[command(name = "farol", version, after_help = "Para começar: farol demo")]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Args),
    Demo(demo::Args),
    Simulate(simulate::Args),
    Setup(Box<setup::Args>),
    Check(check::Args),
    Alive(alive::Args),
    Access(access::Args),
    Admin(admin::Args),
    Migrate(migrate::Args),
    Audit(audit::Args),
    Backup(backup::Args),
    Restore(backup::restore::Args),
    Doctor(doctor::Args),
}

/// Where a command finds its settings.
#[derive(Debug, clap::Args)]
struct SettingsArgs {
    /// Arquivo de configuração [padrão: ./farol.toml, depois /etc/farol/farol.toml]
    #[arg(long, value_name = "ARQUIVO")]
    config: Option<PathBuf>,
}

impl SettingsArgs {
    fn load(self, overrides: Vec<String>) -> Loaded {
        config::load(&Sources::of_process(self.config, overrides))
    }
}

/// Runs the command that `arguments` name; the first one is the name of the program.
pub async fn run(
    arguments: impl IntoIterator<Item = OsString>,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let line = match parse(arguments) {
        Ok(line) => line,
        Err(refusal) => return answer(&refusal, out, err).into(),
    };
    let ended = match line.command {
        Command::Serve(args) => Box::pin(serve::run(args, out, err)).await,
        Command::Demo(args) => Box::pin(demo::run(args, out, err)).await,
        Command::Simulate(args) => Box::pin(simulate::run(args, out, err)).await,
        Command::Setup(args) => Box::pin(setup::run(*args, &mut Console { out, err, input })).await,
        Command::Check(args) => check::run(args, out),
        Command::Alive(args) => Box::pin(alive::run(args, out, err)).await,
        Command::Access(args) => Box::pin(access::run(args, out, err)).await,
        Command::Admin(args) => Box::pin(admin::run(args, &mut Console { out, err, input })).await,
        Command::Migrate(args) => Box::pin(migrate::run(args, out, err)).await,
        Command::Audit(args) => Box::pin(audit::run(args, out, err)).await,
        Command::Backup(args) => Box::pin(backup::run(args, out, err)).await,
        Command::Restore(args) => Box::pin(backup::restore::run(args, out, err)).await,
        Command::Doctor(args) => Box::pin(doctor::run(args, out, err)).await,
    };
    ended.unwrap_or_else(|error| failed(&error)).into()
}

fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Line, clap::Error> {
    let matches = portuguese::translated(Line::command()).try_get_matches_from(arguments)?;
    Line::from_arg_matches(&matches)
}

/// Help and version were asked for; everything else is a mistake.
fn answer(refusal: &clap::Error, out: &mut dyn Write, err: &mut dyn Write) -> Exit {
    use clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand as NothingSaid;
    let asked_for = !refusal.use_stderr();
    let text = if asked_for || refusal.kind() == NothingSaid {
        portuguese::help_page(refusal)
    } else {
        portuguese::complaint(refusal)
    };
    let (exit, written) = if asked_for {
        (Exit::Fine, out.write_all(text.as_bytes()))
    } else {
        (Exit::Settings, err.write_all(text.as_bytes()))
    };
    written.map_or_else(|error| failed(&error), |()| exit)
}

/// The terminal itself is gone, or the machine refuses something basic.
fn failed(error: &io::Error) -> Exit {
    tracing::error!(%error, "the command could not go on");
    Exit::Failed
}
