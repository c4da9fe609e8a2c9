//! Who speaks HTTPS to browsers: a proxy, or Farol itself, and then with which certificate.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::cli::console::Console;
use crate::cli::setup::entrance::ask;
use crate::config;
use crate::runtime::Clock;
use crate::web::Pair;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Off,
    SelfSigned,
    Files,
}

#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct Args {
    /// Quem faz o HTTPS: off (um proxy na frente), self-signed (o Farol, com certificado próprio) ou files (o Farol,
    /// com o de vocês) [padrão: off]
    #[arg(long = "tls", value_name = "MODO", value_parser = read_mode)]
    mode: Option<Mode>,
    /// Para files: o certificado com os intermediários, em PEM
    #[arg(long = "tls-certificate", value_name = "ARQUIVO")]
    certificate: Option<PathBuf>,
    /// Para files: a chave do certificado, em PEM
    #[arg(long = "tls-key", value_name = "ARQUIVO")]
    key: Option<PathBuf>,
    /// Para self-signed: os nomes e endereços por que as pessoas chamam esta máquina, separados por vírgulas
    #[arg(long = "tls-names", value_name = "NOMES")]
    names: Option<String>,
    /// Onde o Farol também atende em HTTP, só para levar as pessoas ao HTTPS, como 0.0.0.0:80
    #[arg(long, value_name = "ENDEREÇO")]
    redirect_listen: Option<SocketAddr>,
}

/// What is written: the certificate of `Files`, the names of `SelfSigned` where somebody chose them.
#[derive(Debug, PartialEq, Eq)]
pub enum Https {
    Off,
    SelfSigned { names: Vec<String> },
    Files { certificate: PathBuf, key: PathBuf },
}

pub struct Answer {
    pub https: Https,
    pub redirect_listen: Option<SocketAddr>,
}

const WHO_SPEAKS: &str = "O Farol faz o HTTPS com self-signed (certificado próprio) ou files (o de vocês); \
    se um proxy o faz, recomece com --public-url https://NOME";
const WHICH_CERTIFICATE: &str = "Arquivo do certificado, com os intermediários (PEM)";
const WHICH_KEY: &str = "Arquivo da chave (PEM)";

/// Nobody is asked who serves this machine alone, or said how browsers come in.
pub fn gather(args: &Args, may_ask: bool, console: &mut Console<'_>) -> io::Result<Result<Answer, String>> {
    let mode = match args.mode {
        Some(mode) => mode,
        None if may_ask => ask(console, WHO_SPEAKS, "self-signed", read_own)?,
        None => Mode::Off,
    };
    let ask_file = |given: &Option<PathBuf>, question, console: &mut Console<'_>| -> io::Result<Option<PathBuf>> {
        match given {
            None if may_ask && mode == Mode::Files => Ok(Some(console.ask(question, "")?.into())),
            given => Ok(given.clone()),
        }
    };
    let certificate = ask_file(&args.certificate, WHICH_CERTIFICATE, console)?;
    let key = ask_file(&args.key, WHICH_KEY, console)?;
    let https = match (mode, certificate, key, &args.names) {
        (Mode::Off, None, None, None) => Ok(Https::Off),
        (Mode::SelfSigned, None, None, None) => Ok(Https::SelfSigned { names: Vec::new() }),
        (Mode::SelfSigned, None, None, Some(names)) => read_names(names),
        (Mode::Files, Some(certificate), Some(key), None) => read_pair(certificate, key),
        _ => {
            Err("--tls files pede --tls-certificate e --tls-key; --tls-names só vale com --tls self-signed.".to_owned())
        }
    };
    Ok(https.map(|https| Answer { https, redirect_listen: args.redirect_listen }))
}

/// Where nobody else speaks it.
fn read_own(text: &str) -> Result<Mode, String> {
    let mode = read_mode(text).ok().filter(|mode| *mode != Mode::Off);
    mode.ok_or_else(|| "Escreva self-signed ou files.".to_owned())
}

fn read_mode(text: &str) -> Result<Mode, String> {
    match text {
        "off" => Ok(Mode::Off),
        "self-signed" => Ok(Mode::SelfSigned),
        "files" => Ok(Mode::Files),
        _ => Err("Escreva self-signed, files ou off.".to_owned()),
    }
}

fn read_names(text: &str) -> Result<Https, String> {
    let names = config::certificate_names(text);
    names.map(|names| Https::SelfSigned { names }).ok_or_else(|| {
        "--tls-names precisa de nomes e endereços IP separados por vírgulas, como farol.local,192.168.1.10.".to_owned()
    })
}

/// Found fit now, not at the first start. The names stay as they were given: a renewal may put other files behind them.
fn read_pair(certificate: PathBuf, key: PathBuf) -> Result<Https, String> {
    let whole = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    let (certificate, key) = (whole(certificate), whole(key));
    match Pair::read(&certificate, &key).and_then(|pair| pair.holds_at(Clock::real().now())) {
        Ok(()) => Ok(Https::Files { certificate, key }),
        Err(trouble) => {
            let (what, cure) = config::certificate_trouble(&trouble);
            Err(format!("{what}.\n{cure}"))
        }
    }
}
