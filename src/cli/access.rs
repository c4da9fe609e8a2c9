//! `farol access`: what one person reaches, with which right, and why.

use std::io::{self, Write};

use crate::app::Process;
use crate::app::lifecycle::STOP_LIMIT;
use crate::cli::exit::Exit;
use crate::cli::{SettingsArgs, words};
use crate::domain::person::Group;
use crate::shares::{Access, Error, PersonAccess};
use crate::truenas::Client;
use crate::web;
use crate::web::words::Language;

/// Of the whole command line.
const LANGUAGE: Language = Language::Portuguese;

const EXIT_CODES: &str = "\
Códigos de saída:
  0  a tabela foi mostrada
  2  há problemas na configuração
  3  o TrueNAS não pôde ser consultado
  6  não existe essa conta";

/// Mostra os compartilhamentos de uma pessoa, o direito em cada um e o motivo
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    /// Nome da conta no TrueNAS
    #[arg(value_name = "CONTA")]
    username: String,
    #[command(flatten)]
    source: SettingsArgs,
}

pub async fn run(args: Args, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Exit> {
    let nas = match args.source.load(Vec::new()).truenas() {
        Ok(nas) => nas,
        Err(report) => {
            writeln!(err, "{report}")?;
            return Ok(Exit::Settings);
        }
    };
    let Process { clock, random, tasks } = Process::real();
    let found = match Client::start(nas, &clock, &random, &tasks) {
        Ok(client) => Access::new(client, clock.clone()).table(&args.username).await,
        Err(error) => Err(Error::ReadPerson(error)),
    };
    tasks.stop(&clock, STOP_LIMIT).await;
    match found {
        Ok(Some(access)) => table(&access, out).map(|()| Exit::Fine),
        Ok(None) => {
            writeln!(err, "O TrueNAS não conhece ninguém com o nome {}.", printable(&args.username))?;
            Ok(Exit::Nobody)
        }
        Err(error) => {
            let (what, cure) = words::nas_trouble(error.nas());
            writeln!(err, "Não foi possível consultar o TrueNAS: {what}\n{cure}")?;
            Ok(Exit::Nas)
        }
    }
}

fn table(access: &PersonAccess, out: &mut dyn Write) -> io::Result<()> {
    let person = &access.person;
    let groups: Vec<String> = person.groups.iter().map(Group::label).collect();
    writeln!(
        out,
        "{} ({}); grupos: {}",
        printable(person.display_name()),
        printable(&person.username),
        printable(&groups.join(", "))
    )?;
    for (applies, sentence) in [
        (person.locked, "Conta bloqueada: não entra, seja qual for o direito abaixo."),
        (person.password_disabled, "Senha desativada: não entra, seja qual for o direito abaixo."),
        (!person.smb, "Conta sem SMB: não consegue mapear drives."),
    ] {
        if applies {
            writeln!(out, "{sentence}")?;
        }
    }
    let names: Vec<String> = access.shares.iter().map(|found| printable(&found.share.name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    for (name, found) in names.iter().zip(&access.shares) {
        let right = web::words::right(LANGUAGE, found.reach.right);
        writeln!(out, "{name:width$}  {right:12}  {}", printable(&web::words::reason(LANGUAGE, &found.reach.reason)))?;
        for hint in &found.reach.hints {
            writeln!(out, "{:width$}  {:12}  ({})", "", "", web::words::hint(LANGUAGE, *hint))?;
        }
    }
    Ok(())
}

/// Names come from the NAS and may hold anything; a terminal obeys control characters.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
