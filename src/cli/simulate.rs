//! `farol simulate`: a TrueNAS that is not there.

use std::io::{self, Write};
use std::net::SocketAddr;

use crate::app::Process;
use crate::app::lifecycle::Signals;
use crate::cli::exit::Exit;
use crate::cli::words;
use crate::sim::{self, Profile, Settings, Sim};
use crate::truenas::Fingerprint;

const EXIT_CODES: &str = "\
Códigos de saída:
  0  encerrado a pedido
  1  não pôde iniciar
  2  uma opção não é válida";

/// Inicia um TrueNAS simulado, para experimentar e testar
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    /// Versão a imitar: 22.12, 24.10, 25.04, 25.10, 26 ou spec
    #[arg(long, value_name = "VERSÃO", default_value_t = Profile::R25_10)]
    release: Profile,
    /// Endereço com TLS
    #[arg(long, value_name = "ENDEREÇO", default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// Endereço sem TLS
    #[arg(long, value_name = "ENDEREÇO")]
    plain: Option<SocketAddr>,
    /// Endereço do painel que provoca falhas (somente loopback)
    #[arg(long, value_name = "ENDEREÇO")]
    panel: Option<SocketAddr>,
    /// A mesma semente cria o mesmo mundo, chaves incluídas (menos o certificado)
    #[arg(long, value_name = "NÚMERO", default_value_t = 1)]
    seed: u64,
}

pub async fn run(args: Args, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Exit> {
    let Args { release, listen, plain, panel, seed } = args;
    let (process, signals) = (Process::real(), Signals::listen()?);
    let settings = Settings { release, listen, plain, panel, seed };
    match sim::start(settings, process.clock.clone(), &process.tasks).await {
        Ok(sim) => introduce(&sim, out)?,
        Err(error) => {
            writeln!(err, "{}", words::sim_trouble(&error))?;
            return Ok(Exit::Failed);
        }
    }
    Ok(signals.run_until_stopped(&process, None).await.into())
}

fn introduce(sim: &Sim, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "TrueNAS {} simulado", sim.release())?;
    writeln!(out, "  TLS       {}", sim.url())?;
    if let Some(url) = sim.plain_url() {
        writeln!(out, "  sem TLS   {url}")?;
    }
    if let Some(url) = sim.panel_url() {
        writeln!(out, "  painel    {url}")?;
    }
    writeln!(out, "  SHA-256   {}", Fingerprint(sim.fingerprint()))?;
    writeln!(out, "  conta     {}", sim.username())?;
    writeln!(out, "  chave     {}", sim.api_key())?;
    writeln!(out, "  outras    svc-limited {} · truenas_admin {}", sim.limited_key(), sim.full_admin_key())?;
    writeln!(out, "Ctrl-C encerra.")?;
    out.flush()
}
