//! `farol demo`: the real server, a simulated TrueNAS on the real wire, a fresh database. Nothing else is needed.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;

use crate::app::Process;
use crate::cli::exit::Exit;
use crate::cli::{serve, words};
use crate::config::{self, Handed, Report, Settings, Sources};
use crate::sim::{self, Sim};
use crate::truenas::Fingerprint;
use crate::{auth, web};

/// The same world at every start, so that people and tests can count on it.
const SEED: u64 = 1;

const EXIT_CODES: &str = "\
Códigos de saída:
  0  encerrado a pedido
  1  não pôde iniciar, ou uma parte parou sozinha
  2  uma opção não é válida";

/// Mostra tudo sem instalar nada: servidor, TrueNAS simulado e um painel para provocar falhas
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    /// Onde o Farol atende (só nesta máquina)
    #[arg(long, value_name = "ENDEREÇO", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Onde atende o painel do simulador (só nesta máquina)
    #[arg(long, value_name = "ENDEREÇO", default_value = "127.0.0.1:8081")]
    panel: SocketAddr,
    /// Versão do TrueNAS simulado: 22.12, 24.10, 25.04, 25.10, 26 ou spec
    #[arg(long, value_name = "VERSÃO", default_value = "25.10")]
    release: sim::Profile,
    /// Pede também o segundo fator a quem administra, como numa instalação de verdade
    #[arg(long)]
    second_factor: bool,
}

pub async fn run(args: Args, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Exit> {
    if web::Settings::exposes_cookies(args.listen, None) {
        let what = "A demonstração fala HTTP sem criptografia, por isso só atende nesta máquina (127.0.0.1)";
        writeln!(err, "{what}, não em {}.", args.listen)?;
        return Ok(Exit::Settings);
    }
    let process = Process::real();
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let simulated =
        sim::Settings { release: args.release, listen: anywhere, plain: None, panel: Some(args.panel), seed: SEED };
    let sim = match sim::start(simulated, process.clock.clone(), &process.tasks).await {
        Ok(sim) => sim,
        Err(error) => {
            writeln!(err, "{}", words::sim_trouble(&error))?;
            return Ok(Exit::Failed);
        }
    };
    let home = tempfile::Builder::new().prefix("farol-demo-").tempdir()?;
    let settings =
        settings(&sim, &args, home.path(), &process).map_err(|report| io::Error::other(report.to_string()))?;
    let panel = sim.panel_url().unwrap_or_default();
    serve::serve((&settings, Handed::default()), &process, (out, err), |_| {
        format!(
            "TrueNAS simulado {} em {}\nPainel do simulador em {panel}\n\
             Contas: ana, bruno, carla, davi, elisa, fabio; senhas demo-ana, demo-bruno, …\n",
            args.release,
            sim.url()
        )
    })
    .await
}

/// Read like those of any server, so that the page of the system shows them like any server's; but from here alone.
fn settings(sim: &Sim, args: &Args, home: &Path, process: &Process) -> Result<Settings, Report> {
    // Off, so that one command shows everything.
    let second_factor = if args.second_factor { auth::SecondFactor::Required } else { auth::SecondFactor::Off };
    let said = [
        ("truenas.url", sim.url()),
        ("truenas.username", sim.username().to_owned()),
        ("truenas.api_key", sim.api_key()),
        ("truenas.fingerprint", Fingerprint(sim.fingerprint()).to_string()),
        ("server.listen", args.listen.to_string()),
        ("server.secret_key", process.random.token()),
        ("auth.authenticator", auth::Authenticator::TruenasApi.as_str().to_owned()),
        ("auth.second_factor", second_factor.as_str().to_owned()),
        ("log.keep_days", "1".to_owned()),
    ];
    let sources = Sources {
        directory: home.to_owned(),
        file: None,
        usual_files: Vec::new(),
        environment: BTreeMap::new(),
        overrides: said.map(|(key, value)| format!("{key}={value}")).into(),
    };
    config::load(&sources).settings()
}
