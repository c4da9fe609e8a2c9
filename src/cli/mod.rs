//! The commands of the binary.
//!
//! Must never know: how anything is done. A command reads its arguments, calls a room and writes sentences.
//! Invariant: everything for people goes through the given writer.

mod simulate;

use std::io::Write;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "farol", version, about = "A intranet viva de um escritório que guarda seus arquivos em um TrueNAS")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Inicia um TrueNAS simulado, para experimentar e testar
    Simulate(simulate::Arguments),
}

pub async fn run(arguments: Arguments, out: &mut dyn Write) -> anyhow::Result<()> {
    match arguments.command {
        Command::Simulate(arguments) => simulate::run(arguments, out).await,
    }
}
