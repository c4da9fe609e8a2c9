//! `farol alive`: asks the server of this machine whether it answers. For whoever watches a container, where there is no
//! other program to ask with.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::cli::SettingsArgs;
use crate::cli::exit::Exit;
use crate::runtime::Clock;

/// A server that takes longer has other troubles than a slow moment.
const PATIENCE: Duration = Duration::from_secs(3);

const QUESTION: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
/// Where TLS is spoken, whoever asks in the clear is sent there.
const WELL: [&[u8; 13]; 2] = [b"HTTP/1.1 200 ", b"HTTP/1.1 308 "];

const EXIT_CODES: &str = "\
Códigos de saída:
  0  ele atende
  1  ele não atende
  2  há problemas na configuração";

/// Pergunta ao servidor desta máquina, por HTTP, se ele atende; serve de HEALTHCHECK num contêiner
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    #[command(flatten)]
    source: SettingsArgs,
}

pub async fn run(args: Args, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Exit> {
    let address = match args.source.load(Vec::new()).settings() {
        Ok(settings) => reachable(settings.web.listen),
        Err(report) => {
            writeln!(err, "{report}")?;
            return Ok(Exit::Settings);
        }
    };
    let answered = Clock::real().timeout(PATIENCE, ask(address)).await;
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

async fn ask(address: SocketAddr) -> io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(QUESTION).await?;
    let mut start = [0; 13];
    stream.read_exact(&mut start).await?;
    Ok(WELL.contains(&&start))
}
