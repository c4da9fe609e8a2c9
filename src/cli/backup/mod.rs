//! `farol backup`: everything that is needed to live again elsewhere, in one archive, while the server runs.

pub mod restore;
mod words;

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;

use crate::app::lifecycle::Signals;
use crate::backup::{self, Job};
use crate::cli::SettingsArgs;
use crate::cli::exit::Exit;
use crate::config::{Loaded, Report};
use crate::runtime::logging::escape;
use crate::runtime::{Clock, Tasks};

const EXIT_CODES: &str = "\
O arquivo guarda segredos e só o dono o lê: o banco de dados (SQLite), a configuração, os arquivos que ela aponta
(chave de API, segredo do servidor, senhas, autoridades, certificado) e o certificado próprio do servidor, se houver.

Códigos de saída:
  0  a cópia está pronta e foi conferida
  1  o banco de dados ou um arquivo não pôde ser copiado, ou alguém interrompeu
  2  há problemas na configuração ou nas opções
  4  o arquivo já existe e não foi alterado
  5  a cópia não pôde ser gravada";

/// Guarda tudo num arquivo só, com o servidor em uso
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    /// Arquivo a criar (.zip); se for uma pasta, o nome dele leva a data
    #[arg(value_name = "ARQUIVO")]
    file: PathBuf,
    /// Numa pasta, apaga as cópias mais antigas e deixa só as N mais novas
    #[arg(long, value_name = "N")]
    keep: Option<NonZeroUsize>,
    #[command(flatten)]
    source: SettingsArgs,
}

pub async fn run(args: Args, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Exit> {
    let Args { file, keep, source } = args;
    let (clock, loaded) = (Clock::real(), source.load(Vec::new()));
    let is_folder = file.is_dir();
    if keep.is_some() && !is_folder {
        writeln!(err, "--keep só vale para uma pasta que existe, e {} não é uma.", shown(&file))?;
        return Ok(Exit::Settings);
    }
    if !loaded.files().unread.is_empty() {
        let keys = loaded.files().unread.join(", ");
        let cure = "Sem eles a cópia não traria tudo de volta. Execute como root ou como quem pode lê-los (instalado: systemctl start farol-backup), ou corrija os nomes: farol check";
        writeln!(err, "Há arquivos da configuração que não puderam ser lidos: {keys}.\n{cure}")?;
        return Ok(Exit::Settings);
    }
    let job = match job(&loaded, &clock, stop_on_signal()?) {
        Ok(job) => job,
        Err(report) => {
            writeln!(err, "{report}")?;
            return Ok(Exit::Settings);
        }
    };
    let moment = job.at.in_zone(&TimeZone::system());
    let to = if is_folder { file.join(backup::name_at(&moment)) } else { file.clone() };
    if let Err(error) = backup::create(&job, &to).await {
        let (exit, sentence) = words::backup_trouble(&error);
        writeln!(err, "{sentence}")?;
        return Ok(exit);
    }
    writeln!(out, "Cópia pronta e conferida: {} ({})", shown(&to), size(&to))?;
    tell(&loaded, &job, out)?;
    if let Some(keep) = keep
        && let Err(error) = rotate(&file, keep, &to, out)
    {
        writeln!(err, "As cópias antigas não puderam ser apagadas: {}.", crate::cli::words::file_trouble(&error))?;
        return Ok(Exit::Write);
    }
    Ok(Exit::Fine)
}

/// Asks no more of the settings than it needs: a wrong address of the NAS keeps nobody from a copy.
fn job(loaded: &Loaded, clock: &Clock, stop: CancellationToken) -> Result<Job, Report> {
    let files = loaded.files();
    Ok(Job {
        store: loaded.store()?,
        data_dir: loaded.data_dir()?,
        settings: files.settings.clone(),
        named: files.named.clone(),
        at: clock.now(),
        stop,
    })
}

/// Whoever is told to stop takes away what is not finished.
fn stop_on_signal() -> io::Result<CancellationToken> {
    let (signals, stop) = (Signals::listen()?, CancellationToken::new());
    let heard = stop.clone();
    Tasks::default().run("signals", async move {
        signals.asked_to_stop().await;
        heard.cancel();
    });
    Ok(stop)
}

fn tell(loaded: &Loaded, job: &Job, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Ela guarda segredos, e só o dono do arquivo a lê: leve-a para um lugar seguro fora desta máquina.")?;
    if let Some(sentence) = words::database_elsewhere(&job.store) {
        writeln!(out, "{sentence}")?;
    }
    if loaded.settings().is_err() {
        writeln!(out, "A configuração tem problemas, e o que falta nela falta na cópia: veja farol check.")?;
    }
    if job.settings.is_none() {
        writeln!(out, "Não há arquivo de configuração em uso; o que veio do ambiente não está na cópia.")?;
    } else if !loaded.files().elsewhere.is_empty() {
        let keys = loaded.files().elsewhere.join(", ");
        writeln!(out, "Estes segredos vêm do ambiente e não estão na cópia, guarde-os à parte: {keys}.")?;
    }
    if !loaded.files().left_out.is_empty() {
        let keys = loaded.files().left_out.join(", ");
        writeln!(out, "Estes arquivos não puderam ser lidos e não estão na cópia, guarde-os à parte: {keys}.")?;
    }
    Ok(())
}

fn rotate(folder: &Path, keep: NonZeroUsize, newest: &Path, out: &mut dyn Write) -> io::Result<()> {
    for old in backup::remove_old(folder, keep.get(), newest)? {
        writeln!(out, "Apagada a cópia antiga {}", shown(&old))?;
    }
    Ok(())
}

fn shown(path: &Path) -> String {
    escape(&path.display().to_string())
}

fn size(path: &Path) -> String {
    std::fs::metadata(path).map(|metadata| crate::cli::words::bytes(metadata.len())).unwrap_or_default()
}
