//! `farol demo`: the real server, a simulated TrueNAS on the real wire, a fresh database. Nothing else is needed.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use crate::app::Process;
use crate::cli::exit::Exit;
use crate::cli::{serve, words};
use crate::config::Settings;
use crate::domain::Secret;
use crate::runtime::logging;
use crate::sim::{self, Sim};
use crate::truenas::{Fingerprint, Trust};
use crate::{auth, health, outbox, shares, smb, store, truenas, web};

/// The same world at every start, so that people and tests can count on it.
const SEED: u64 = 1;
const LOGS_KEPT_DAYS: usize = 1;

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
    let Ok(mut settings) = settings(&sim, args.listen, home.path(), &process) else {
        return Err(io::Error::other("the simulator gave no usable address"));
    };
    if args.second_factor {
        settings.auth.second_factor = auth::SecondFactor::Required;
    }
    let panel = sim.panel_url().unwrap_or_default();
    serve::serve(&settings, &process, (out, err), |_| {
        format!(
            "TrueNAS simulado {} em {}\nPainel do simulador em {panel}\n\
             Contas: ana, bruno, carla, davi, elisa, fabio; senhas demo-ana, demo-bruno, …\n",
            args.release,
            sim.url()
        )
    })
    .await
}

fn settings(sim: &Sim, listen: SocketAddr, home: &Path, process: &Process) -> Result<Settings, truenas::InvalidUrl> {
    let url = truenas::Settings::parse_url(&sim.url(), false)?;
    let trust = Trust::Pinned(Fingerprint(sim.fingerprint()));
    let truenas = truenas::Settings::new(url, sim.username().to_owned(), Secret::from(sim.api_key().as_str()), trust);
    Ok(Settings {
        smb: smb::Settings { host: truenas.host().to_owned(), port: smb::SMB_PORT, timeout: Duration::from_secs(10) },
        store: store::Settings::in_file(&home.join("farol.db")),
        web: web::Settings {
            listen,
            secret_key: Secret::new(process.random.token()),
            public_url: None,
            trusted_proxies: Vec::new(),
            time_zone: None,
            scrapers: web::Scrapers::default(),
            public_status: true,
        },
        auth: auth::Settings {
            authenticator: auth::Authenticator::TruenasApi,
            administrators_group: auth::ADMINISTRATORS_GROUP.to_owned(),
            on_service_key_refused: auth::OnKeyRefused::LogOut,
            // So that one command shows everything.
            second_factor: auth::SecondFactor::Off,
            session_timeout: auth::SESSION_TIMEOUT,
            idle_timeout: auth::IDLE_TIMEOUT,
        },
        shares: shares::Settings {
            host: truenas.host().to_owned(),
            letters: shares::LETTERS.chars().collect(),
            fixed_letters: BTreeMap::new(),
        },
        health: health::Settings { period: health::PERIOD },
        outbox: outbox::Settings::default(),
        log: logging::Settings { directory: home.join("logs"), keep_days: LOGS_KEPT_DAYS, filter: "info".to_owned() },
        data_dir: home.to_owned(),
        in_force: Vec::new(),
        truenas,
    })
}
