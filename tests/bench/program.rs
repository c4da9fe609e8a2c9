//! The program itself, as `farol serve` with an empty folder.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::server::settings_file;
use crate::wire::Nas;

pub const FAROL: &str = env!("CARGO_BIN_EXE_farol");

/// Ends when dropped.
pub struct Program {
    process: Child,
    pub address: SocketAddr,
    _home: TempDir,
}

impl Program {
    pub fn start(nas: &Nas) -> Self {
        let home = tempfile::Builder::new().prefix("farol-bench-").tempdir().expect("a folder for temporary files");
        // Free now, and nobody else asks for one.
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = free.expect("a port");
        let settings = settings_file(nas, home.path(), &address.to_string());
        std::fs::write(home.path().join("farol.toml"), settings).expect("a folder of our own");
        let mut command = Command::new(FAROL);
        command.env_clear().current_dir(home.path()).args(["serve", "--config", "farol.toml"]);
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("a program just built");
        Self { process, address, _home: home }
    }

    pub async fn listens(&self) {
        while TcpStream::connect(self.address).await.is_err() {
            tokio::task::yield_now().await;
        }
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may be gone already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
