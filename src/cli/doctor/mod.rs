//! `farol doctor`: looks at everything, and says of each thing how it is and what to do. Changes nothing.

mod certificate;
mod copies;
mod database;
mod finding;
mod log;
mod nas;
mod places;

use std::io::{self, Write};

use crate::app::Process;
use crate::cli::SettingsArgs;
use crate::cli::exit::Exit;
use crate::config::Loaded;
use crate::domain::Timestamp;
use finding::Findings;

const EXIT_CODES: &str = "\
Códigos de saída:
  0  tudo certo
  10 algo pede atenção
  11 há um problema";

/// Before this program existed.
const EARLIEST: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// Examina tudo (configuração, pastas, relógio, certificado, cópias, TrueNAS, banco, registro) e diz o que fazer
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    /// Responde em JSON, para programas
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    source: SettingsArgs,
}

pub async fn run(args: Args, out: &mut dyn Write, _err: &mut dyn Write) -> io::Result<Exit> {
    let loaded = args.source.load(Vec::new());
    let process = Process::real();
    let mut findings = Findings::default();
    settings(&loaded, &mut findings);
    clock(process.clock.now(), &mut findings);
    if let Ok(settings) = loaded.settings() {
        certificate::look(&settings.web, &settings.truenas, &process.clock, &mut findings).await;
    }
    let in_use = places::look(&loaded, &process.clock, &mut findings).await;
    if let Ok(data_dir) = loaded.data_dir() {
        copies::look(&data_dir, process.clock.now(), &mut findings);
    }
    if let Ok(store) = loaded.store() {
        database::look(&store, &mut findings).await;
    }
    if let Ok(log) = loaded.log() {
        log::look(&log, in_use, process.clock.now(), &mut findings);
    }
    if let Ok(truenas) = loaded.truenas() {
        let authenticator = loaded.settings().ok().map(|settings| settings.auth.authenticator);
        nas::look(truenas, authenticator, &process, &mut findings).await;
    }
    if args.json {
        findings.print_json(out)?;
    } else {
        findings.print(out)?;
    }
    Ok(findings.exit())
}

/// What `farol check` says at length.
fn settings(loaded: &Loaded, findings: &mut Findings) {
    const TOPIC: &str = "configuração";
    match loaded.settings() {
        Ok(_) => {
            let file = loaded.files().settings.as_ref().map(|file| file.display().to_string());
            findings.ok(
                TOPIC,
                file.map_or_else(|| "sem arquivo, só do ambiente".to_owned(), |file| format!("lida de {file}")),
            );
        }
        Err(report) => report.problems.iter().for_each(|problem| findings.trouble(TOPIC, problem.to_string())),
    }
    for warning in loaded.warnings() {
        findings.attention(TOPIC, warning.to_string());
    }
}

fn clock(now: Timestamp, findings: &mut Findings) {
    const TOPIC: &str = "relógio";
    if now < EARLIEST {
        findings.trouble(TOPIC, format!("esta máquina diz que são {now}: acerte-o (timedatectl set-ntp true)."));
    } else {
        findings.ok(TOPIC, now.to_string());
    }
}
