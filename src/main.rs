//! Hands over to the command line.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use farol::cli;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When not even this can be written, the exit code still tells.
            let _ = writeln!(std::io::stderr(), "farol: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: cli::Arguments) -> anyhow::Result<()> {
    let engine = rustls::crypto::aws_lc_rs::default_provider();
    anyhow::ensure!(engine.install_default().is_ok(), "another crypto engine is already in use");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(cli::run(arguments, &mut std::io::stdout()))
}
