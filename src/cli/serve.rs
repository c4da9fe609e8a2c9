//! `farol serve`: the server, until somebody stops it.

use std::io::{self, IsTerminal as _, Write};
use std::net::SocketAddr;

use crate::app::lifecycle::{Ending, Signals};
use crate::app::{self, Process, supervisor};
use crate::cli::exit::Exit;
use crate::cli::{SettingsArgs, words};
use crate::config::{self, Handed, Settings};
use crate::runtime::logging;

const EXIT_CODES: &str = "\
Códigos de saída:
  0  encerrado a pedido
  1  não pôde iniciar, ou uma parte parou sozinha
  2  há problemas na configuração
  5  o registro (log) não pôde ser gravado";

/// Inicia o servidor
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    #[command(flatten)]
    source: SettingsArgs,
    /// Onde o Farol atende, no lugar do que diz a configuração
    #[arg(long, value_name = "ENDEREÇO")]
    listen: Option<SocketAddr>,
}

pub async fn run(args: Args, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Exit> {
    let overrides = args.listen.map(|address| format!("server.listen={address}"));
    let settings = match args.source.load(overrides.into_iter().collect()).settings() {
        Ok(settings) => settings,
        Err(report) => {
            writeln!(err, "{report}")?;
            return Ok(Exit::Settings);
        }
    };
    let handed = match config::handed() {
        Ok(handed) => handed,
        Err(error) => {
            writeln!(err, "O que o systemd entregou não é um endereço para atender: {error}.")?;
            return Ok(Exit::Failed);
        }
    };
    let known_as = settings.web.public_url.as_ref().map(|url| format!("No navegador: {url}\n"));
    serve((&settings, handed), &Process::real(), (out, err), |_| known_as.unwrap_or_default()).await
}

/// Starts everything, says where, and stays until the end. The demo adds its own lines to what is said.
pub async fn serve(
    (settings, handed): (&Settings, Handed),
    process: &Process,
    (out, err): (&mut dyn Write, &mut dyn Write),
    more: impl FnOnce(SocketAddr) -> String,
) -> io::Result<Exit> {
    let signals = Signals::listen()?;
    let _guard = match logging::start(&settings.log, process.clock.clone(), io::stderr().is_terminal()) {
        Ok(guard) => guard,
        Err(error) => {
            let what = words::with_cause("O registro (log) não pôde ser aberto.", &error);
            writeln!(err, "{what}\nConfira log.directory, log.filter e as permissões.")?;
            return Ok(Exit::Write);
        }
    };
    let app = match app::build(settings, process, handed).await {
        Ok(app) => app,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the server could not be built");
            writeln!(err, "{}", words::build_trouble(&error))?;
            return Ok(Exit::Failed);
        }
    };
    let (address, keeper, pulse) = (app.address(), app.keeper(), app.pulse());
    app.start(&process.tasks);
    let place = format!("Farol atende em {}://{address}", settings.web.scheme());
    writeln!(out, "{place}\n{}Ctrl-C encerra.", more(address))?;
    out.flush()?;
    supervisor::watch(process, pulse);
    supervisor::ready(&place);
    let ending = signals.run_until_stopped(process, keeper.as_ref()).await;
    if ending == Ending::Broken {
        let logs = settings.log.directory.display();
        writeln!(err, "Uma parte do Farol parou sozinha; o registro (log) diz qual. Pasta: {logs}")?;
    }
    Ok(ending.into())
}
