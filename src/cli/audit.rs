//! `farol audit`: whether the trail is as it was recorded.

use std::io::{self, Write};

use clap::Subcommand;
use jiff::tz::TimeZone;

use crate::audit::{Audit, Break, Verdict, Whole};
use crate::cli::exit::Exit;
use crate::cli::{SettingsArgs, words};
use crate::domain::Timestamp;
use crate::runtime::Clock;
use crate::store::{Settings, Store};
use crate::{audit, store};

const EXIT_CODES: &str = "\
Códigos de saída:
  0  a trilha está íntegra
  1  o banco de dados não pôde ser usado
  2  há problemas na configuração
  7  a trilha foi adulterada";

/// Confere a trilha de auditoria
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(VerifyArgs),
}

/// Percorre a trilha inteira e aponta o primeiro registro adulterado (o servidor pode estar em uso)
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
struct VerifyArgs {
    #[command(flatten)]
    source: SettingsArgs,
}

/// What came of it.
enum Answer {
    Judged(Verdict),
    /// The tables of this version are not there.
    Outdated,
}

/// What kept us from an answer.
enum Trouble {
    Store(store::Error),
    Audit(audit::Error),
}

pub async fn run(args: Args, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Exit> {
    let Command::Verify(VerifyArgs { source }) = args.command;
    let settings = match source.load(Vec::new()).store() {
        Ok(settings) => settings,
        Err(report) => {
            writeln!(err, "{report}")?;
            return Ok(Exit::Settings);
        }
    };
    match verify(&settings).await {
        Ok(Answer::Judged(Verdict::Whole(found))) => whole(&found, out).map(|()| Exit::Fine),
        Ok(Answer::Judged(Verdict::Broken(found))) => broken(&found, out).map(|()| Exit::Tampered),
        Ok(Answer::Outdated) => {
            writeln!(err, "O banco de dados não está em dia, nada foi conferido. Antes, execute: farol migrate")?;
            Ok(Exit::Failed)
        }
        Err(Trouble::Store(error)) => {
            writeln!(err, "{}", words::store_trouble(&error))?;
            Ok(Exit::Failed)
        }
        Err(Trouble::Audit(error)) => {
            writeln!(err, "{}", words::with_cause("A trilha de auditoria não pôde ser lida.", &error))?;
            Ok(Exit::Failed)
        }
    }
}

/// Changes nothing, not even a database that is not there.
async fn verify(settings: &Settings) -> Result<Answer, Trouble> {
    let store = Store::open_existing(settings).await.map_err(Trouble::Store)?;
    if !store.pending_migrations().await.map_err(Trouble::Store)?.is_empty() {
        return Ok(Answer::Outdated);
    }
    let verdict = Audit::new(store.clone(), Clock::real()).verify().await.map_err(Trouble::Audit)?;
    store.close().await.map_err(Trouble::Store)?;
    Ok(Answer::Judged(verdict))
}

fn whole(found: &Whole, out: &mut dyn Write) -> io::Result<()> {
    let Some((first, last)) = found.span else {
        return writeln!(out, "A trilha de auditoria está íntegra. Ainda não há registros.");
    };
    writeln!(out, "A trilha de auditoria está íntegra.")?;
    writeln!(out, "Registros  {}", found.entries)?;
    writeln!(out, "Período    {} a {}", moment(first), moment(last))?;
    writeln!(out, "Código     {}", found.hash)?;
    writeln!(
        out,
        "Anote o código fora desta máquina: se um dia o registro {} tiver outro, a trilha foi refeita.",
        found.entries
    )
}

fn broken(found: &Break, out: &mut dyn Write) -> io::Result<()> {
    let what = match found {
        Break::Altered { number } => format!(
            "o registro {number} não confere: foi alterado ou trocado de lugar, ou o anterior foi alterado e teve o código refeito"
        ),
        Break::Unreadable { table, row, column } => {
            format!("o registro {row} não pode ser lido (tabela {table}, coluna {column})")
        }
        Break::Missing { number } => format!("o registro {number} foi removido"),
        Break::Added { number } => format!("o registro {number} não foi feito pelo Farol"),
        Break::CutOff { number } => format!("do registro {number} em diante, a trilha foi cortada"),
        Break::Head { number } => {
            format!("a marca do fim da trilha sumiu ou foi alterada (o último registro é o {number})")
        }
    };
    writeln!(out, "A trilha de auditoria foi adulterada. O primeiro problema: {what}.")?;
    writeln!(
        out,
        "O que vem antes confere. Guarde uma cópia do banco como está, e compare com uma cópia de segurança anterior."
    )
}

/// In the time of this machine.
fn moment(at: Timestamp) -> String {
    at.in_zone(&TimeZone::system()).strftime("%d/%m/%Y %H:%M:%S (%:z)").to_string()
}
