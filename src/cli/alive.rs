//! `farol alive`: asks the server of this machine whether it answers. For whoever watches a container, where there is no
//! other program to ask with.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::cli::SettingsArgs;
use crate::cli::exit::Exit;
use crate::runtime::Clock;
use crate::truenas::{Seen, looking_config};

/// A server that takes longer has other troubles than a slow moment.
const PATIENCE: Duration = Duration::from_secs(3);

const QUESTION: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
const WELL: &[u8; 13] = b"HTTP/1.1 200 ";

const EXIT_CODES: &str = "\
Códigos de saída:
  0  ele atende
  1  ele não atende
  2  há problemas na configuração";

/// Pergunta ao servidor desta máquina se ele atende, por HTTP ou HTTPS como ele; serve de HEALTHCHECK num contêiner
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    #[command(flatten)]
    source: SettingsArgs,
}

pub async fn run(args: Args, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Exit> {
    let (address, secure) = match args.source.load(Vec::new()).settings() {
        Ok(settings) => (reachable(settings.web.listen), settings.web.tls.is_on()),
        Err(report) => {
            writeln!(err, "{report}")?;
            return Ok(Exit::Settings);
        }
    };
    let answered = Clock::real().timeout(PATIENCE, ask(address, secure)).await;
    if matches!(answered, Ok(Ok(true))) {
        writeln!(out, "O Farol atende em {address}.")?;
        return Ok(Exit::Fine);
    }
    writeln!(err, "O Farol não atende em {address}.")?;
    Ok(Exit::Failed)
}

/// Where all addresses are listened on, this machine's own is one of them.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        let own: IpAddr = if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
        address.set_ip(own);
    }
    address
}

async fn ask(address: SocketAddr, secure: bool) -> io::Result<bool> {
    let stream = TcpStream::connect(address).await?;
    if !secure {
        return is_answered(stream).await;
    }
    let name = ServerName::from(address.ip());
    // Its certificate is for the names browsers know, and what is asked is no secret.
    let config = looking_config(&Seen::default()).map_err(io::Error::other)?;
    is_answered(TlsConnector::from(Arc::new(config)).connect(name, stream).await?).await
}

async fn is_answered(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<bool> {
    stream.write_all(QUESTION).await?;
    let mut start = [0; 13];
    stream.read_exact(&mut start).await?;
    Ok(start == *WELL)
}
