//! `farol restore`: what `farol backup` kept, put back in place. What was there stays beside it under another name.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use crate::backup::{self, Archive, Error, Plan, Restored, Role};
use crate::cli::SettingsArgs;
use crate::cli::backup::{shown, words};
use crate::cli::exit::Exit;
use crate::config::{self, Loaded, Sources};
use crate::runtime::Clock;
use crate::runtime::logging::escape;

const EXIT_CODES: &str = "\
Tudo é conferido antes que algo mude. O banco em uso não é apagado: fica ao lado, com .old- e a data no nome.

Códigos de saída:
  0  a cópia foi restaurada
  1  algo não pôde ser lido
  2  há problemas na configuração
  5  algo não pôde ser gravado
  8  a cópia está danificada, ou foi feita por uma versão mais nova
  9  um servidor está usando os dados";

/// Settings of a system installation.
const SYSTEM_SETTINGS: &str = "/etc/farol/farol.toml";
const LOCAL_SETTINGS: &str = "farol.toml";

/// Põe de volta o que farol backup guardou (com o servidor parado)
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    /// Arquivo feito por farol backup
    #[arg(value_name = "ARQUIVO")]
    file: PathBuf,
    /// Troca também configuração, segredos e certificado que já existem (os atuais ficam ao lado)
    #[arg(long)]
    with_settings: bool,
    #[command(flatten)]
    source: SettingsArgs,
}

pub async fn run(args: Args, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Exit> {
    let Args { file, with_settings, source } = args;
    let loaded = source.load(Vec::new());
    let outcome = match Archive::open(&file) {
        Ok(mut archive) => match plan(&mut archive, &loaded, with_settings) {
            Ok(plan) => backup::restore(&mut archive, &plan).await.map(|restored| (archive, plan, restored)),
            Err(Refusal::Archive(error)) => Err(*error),
            Err(Refusal::Said(sentence)) => {
                writeln!(err, "{sentence}\nNada foi alterado.")?;
                return Ok(Exit::Settings);
            }
        },
        Err(error) => Err(error),
    };
    match outcome {
        Ok((archive, plan, restored)) => tell(&archive, &plan, &restored, out).map(|()| Exit::Fine),
        Err(error) => {
            let (exit, sentence) = words::restore_trouble(&error);
            writeln!(err, "{sentence}")?;
            Ok(exit)
        }
    }
}

enum Refusal {
    Archive(Box<Error>),
    Said(String),
}

/// The settings that will hold afterwards say where the data go: those in use, or those of the archive.
fn plan(archive: &mut Archive, loaded: &Loaded, with_settings: bool) -> Result<Plan, Refusal> {
    let manifest = archive.manifest().clone();
    let files = loaded.files();
    let in_use = files.settings.clone().or_else(|| files.wanted.clone().filter(|file| file.exists()));
    let target = in_use.clone().or_else(|| files.wanted.clone()).unwrap_or_else(|| {
        let of_system = manifest.settings.as_deref() == Some(SYSTEM_SETTINGS);
        PathBuf::from(if of_system { SYSTEM_SETTINGS } else { LOCAL_SETTINGS })
    });
    let kept = manifest.find(Role::Settings).filter(|_| in_use.is_none() || with_settings).cloned();
    let from_archive = match &kept {
        Some(part) => Some(read_settings(&archive.read(part).map_err(|error| Refusal::Archive(Box::new(error)))?)?),
        None => None,
    };
    let in_force = from_archive.as_ref().unwrap_or(loaded);
    let data_dir = in_force.data_dir().map_err(|report| Refusal::Said(report.to_string()))?;
    let database = match manifest.find(Role::Database) {
        Some(_) => Some(database_file(in_force)?),
        None => None,
    };
    let at = Clock::real().now().in_zone(&TimeZone::system());
    let moment = at.strftime("%Y%m%d-%H%M%S").to_string();
    Ok(Plan { data_dir, database, settings: Some(target), replace: with_settings, moment })
}

/// As the server would read them, the environment included.
fn read_settings(text: &[u8]) -> Result<Loaded, Refusal> {
    let unusable = |error: io::Error| Refusal::Said(format!("Uma pasta temporária não pôde ser usada: {error}."));
    let mut file = tempfile::NamedTempFile::new().map_err(unusable)?;
    file.write_all(text).map_err(unusable)?;
    Ok(config::load(&Sources::of_process(Some(file.path().to_owned()), Vec::new())))
}

fn database_file(loaded: &Loaded) -> Result<PathBuf, Refusal> {
    let settings = loaded.store().map_err(|report| Refusal::Said(report.to_string()))?;
    settings.file().ok_or_else(|| {
        Refusal::Said(format!(
            "A cópia traz um banco SQLite, e store.url aponta para um {}. \
             Aponte store.url para um arquivo, ou use --with-settings.",
            settings.product()
        ))
    })
}

fn tell(archive: &Archive, plan: &Plan, restored: &Restored, out: &mut dyn Write) -> io::Result<()> {
    let manifest = archive.manifest();
    writeln!(out, "Cópia de {} restaurada (Farol {}).", escape(&manifest.made_at), escape(&manifest.farol))?;
    for (files, what) in [
        (&restored.placed, "restaurado"),
        (&restored.same, "já estava igual"),
        (&restored.kept, "mantido, difere da cópia"),
        (&restored.aside, "o anterior ficou em"),
    ] {
        for file in files {
            writeln!(out, "  {what:24}  {}", shown(file))?;
        }
    }
    if !restored.kept.is_empty() {
        writeln!(
            out,
            "Com outro segredo do servidor, os segundos fatores da cópia não abrem. \
             Para trazer também os arquivos mantidos: --with-settings"
        )?;
    }
    if manifest.find(Role::Database).is_none() {
        let tool = if manifest.database == "MariaDB" { "mariadb" } else { "pg_restore" };
        writeln!(out, "O banco {} não está na cópia: restaure-o com {tool}.", escape(&manifest.database))?;
    }
    let settings = plan.settings.as_deref().unwrap_or(Path::new(LOCAL_SETTINGS));
    writeln!(out, "Confira antes de iniciar: farol doctor --config {}", shown(settings))
}
