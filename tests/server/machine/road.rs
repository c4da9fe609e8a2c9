//! A road between the program and somebody it needs, which can be closed.

use std::net::{Ipv4Addr, SocketAddr};

use farol::runtime::Tasks;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub struct Road {
    pub address: SocketAddr,
    rule: watch::Sender<Rule>,
}

#[derive(Debug, Clone, Copy)]
struct Rule {
    closed: bool,
    /// Those who came before this many were let on are stranded.
    since: u64,
}

impl Road {
    /// From any port of this address.
    pub async fn build(from: Ipv4Addr, port: u16, to: SocketAddr, tasks: &Tasks) -> Self {
        let listener = TcpListener::bind((from, port)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (rule, seen) = watch::channel(Rule { closed: false, since: 0 });
        tasks.run("road", admit(Some(listener), address, to, seen, tasks.clone()));
        Self { address, rule }
    }

    /// Everybody on it is cut off, and nobody is let on.
    pub fn close(&self) {
        self.rule.send_modify(|rule| rule.closed = true);
    }

    pub fn open(&self) {
        self.rule.send_modify(|rule| rule.closed = false);
    }

    /// All who are on it now stay where they are for good; whoever comes from now on gets through.
    pub fn strand(&self) {
        self.rule.send_modify(|rule| rule.since += 1);
    }
}

async fn admit(
    mut listener: Option<TcpListener>,
    address: SocketAddr,
    to: SocketAddr,
    mut rule: watch::Receiver<Rule>,
    tasks: Tasks,
) {
    loop {
        let now = *rule.borrow_and_update();
        if now.closed {
            listener = None;
        } else if listener.is_none() {
            listener = Some(TcpListener::bind(address).await.unwrap());
        }
        let accepted = async {
            match &listener {
                Some(listener) => listener.accept().await.unwrap().0,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = rule.changed() => if changed.is_err() { return },
            stream = accepted => tasks.run("way", carry(stream, to, now.since, rule.clone())),
        }
    }
}

async fn carry(near: TcpStream, to: SocketAddr, came: u64, mut rule: watch::Receiver<Rule>) {
    let Ok(far) = TcpStream::connect(to).await else { return };
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    let (there, back) = (rule.clone(), rule.clone());
    tokio::select! {
        _ = rule.wait_for(|rule| rule.closed) => {}
        () = async { tokio::join!(pass(near_in, far_out, came, there), pass(far_in, near_out, came, back)); } => {}
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, came: u64, mut rule: watch::Receiver<Rule>) {
    let mut bytes = vec![0; 16 << 10];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        let free = rule.wait_for(|rule| rule.since == came).await.map(drop);
        if free.is_err() || to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}
