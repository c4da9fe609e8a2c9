//! Hands over to the command line.

use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Every TLS library of this process shares one crypto engine and asks for it here.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        return ExitCode::FAILURE;
    }
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().enable_all().build() else {
        return ExitCode::FAILURE;
    };
    let (mut input, mut out, mut err) = (io::stdin().lock(), io::stdout().lock(), io::stderr());
    let code = runtime.block_on(farol::cli::run(std::env::args_os(), &mut input, &mut out, &mut err));
    // A thread that still reads the terminal must not hold us.
    runtime.shutdown_background();
    code
}
