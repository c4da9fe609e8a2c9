//! `farol simulate`: a TrueNAS that is not there.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};

use crate::runtime::{Clock, Tasks};
use crate::sim::{self, Profile, Settings, Sim};

/// Long enough for every connection to notice.
const STOP_LIMIT: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
pub struct Arguments {
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
    /// A mesma semente cria o mesmo mundo, chaves incluídas
    #[arg(long, value_name = "NÚMERO", default_value_t = 1)]
    seed: u64,
}

pub(super) async fn run(arguments: Arguments, out: &mut dyn Write) -> anyhow::Result<()> {
    let Arguments { release, listen, plain, panel, seed } = arguments;
    let (clock, tasks) = (Clock::real(), Tasks::default());
    // Taken before anything is said, so that nobody who reads the first line can stop it too early.
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for signals")?;
    let sim = sim::start(Settings { release, listen, plain, panel, seed }, clock.clone(), &tasks).await?;
    introduce(&sim, out)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tasks.stop(&clock, STOP_LIMIT).await;
    Ok(())
}

fn introduce(sim: &Sim, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "TrueNAS {} simulado", sim.release())?;
    writeln!(out, "  TLS       {}", sim.url())?;
    if let Some(url) = sim.plain_url() {
        writeln!(out, "  sem TLS   {url}")?;
    }
    if let Some(url) = sim.panel_url() {
        writeln!(out, "  painel    {url}")?;
    }
    let fingerprint: Vec<String> = sim.fingerprint().iter().map(|byte| format!("{byte:02X}")).collect();
    writeln!(out, "  SHA-256   {}", fingerprint.join(":"))?;
    writeln!(out, "  conta     {}", sim.username())?;
    writeln!(out, "  chave     {}", sim.api_key())?;
    writeln!(out, "  outras    svc-limited {} · truenas_admin {}", sim.limited_key(), sim.full_admin_key())?;
    writeln!(out, "Ctrl-C encerra.")?;
    out.flush()
}
