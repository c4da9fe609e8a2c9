//! `farol restore`: what `farol backup` kept, put back in place. What was there stays beside it under another name.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use crate::backup::{self, Archive, Ended, Error, Plan, Restored, Role};
use crate::cli::SettingsArgs;
use crate::cli::backup::{shown, stop_on_signal, words};
use crate::cli::exit::Exit;
use crate::cli::words::units;
use crate::config::{self, Loaded, Sources};
use crate::runtime::Clock;
use crate::runtime::logging::escape;

const EXIT_CODES: &str = "\
Tudo é conferido antes que algo mude. O banco em uso não é apagado: fica ao lado, com .old- e a data no nome.
Depois, todos entram de novo, e mensagens que esperavam envio na cópia não são enviadas.

Códigos de saída:
  0  a cópia foi restaurada
  1  algo não pôde ser lido, ou alguém interrompeu
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
    let outcome = match Archive::open(&file, stop_on_signal()?) {
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
    let clock = Clock::real();
    let at = clock.now().in_zone(&TimeZone::system());
    let moment = at.strftime("%Y%m%d-%H%M%S").to_string();
    Ok(Plan { data_dir, database, settings: Some(target), replace: with_settings, moment, clock })
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
    if let Some(Ended { sessions, messages }) = restored.ended {
        writeln!(
            out,
            "Todos entram de novo: sessões da cópia encerradas: {sessions}. \
             Mensagens que nela esperavam envio, apagadas: {messages}."
        )?;
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
    point(settings, restored, out)?;
    writeln!(out, "Confira antes de iniciar (systemctl start {}): farol doctor --config {}", units(), shown(settings))
}

/// Names the settings that lead to something else than what was put back for them.
fn point(settings: &Path, restored: &Restored, out: &mut dyn Write) -> io::Result<()> {
    let loaded = config::load(&Sources::of_process(Some(settings.to_owned()), Vec::new()));
    let leads_there = |(key, file): &&(String, PathBuf)| {
        let named = loaded.files().named.iter().find(|(own, _)| own == key);
        named.is_some_and(|(_, own)| own == file || is_same(own, file))
    };
    let astray: Vec<_> = restored.named.iter().filter(|named| !leads_there(named)).collect();
    if !astray.is_empty() {
        writeln!(out, "Estes arquivos vieram de outra pasta: aponte-os em {}.", shown(settings))?;
    }
    for (key, file) in astray {
        writeln!(out, "  {:24}  {}", escape(key), shown(file))?;
    }
    Ok(())
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((std::fs::read(one), std::fs::read(other)), (Ok(one), Ok(other)) if one == other)
}
