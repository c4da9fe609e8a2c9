//! The floor: the simplest program that writes the same bytes to as many connections. Nothing that does more is faster.

use std::io::ErrorKind;

use tokio::net::{TcpListener, TcpStream};

use crate::load::frame::marks;
use crate::wire::{Open, Order, Sent, orders, say, stamp};

/// More connections than any stage waits for at once.
const BACKLOG: usize = 1_000;

#[tokio::main(flavor = "current_thread")]
pub async fn run() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let (mut sockets, mut template) = (Vec::with_capacity(BACKLOG), Vec::new());
    say(&Open { address: listener.local_addr().expect("bound"), cookies: Vec::new(), cursor: String::new() });
    let mut orders = orders::<Order>();
    loop {
        tokio::select! {
            Ok((socket, _)) = listener.accept() => {
                socket.set_nodelay(true).expect("a fresh socket");
                sockets.push(socket);
            }
            order = orders.recv() => match order {
                Some(Order::Pieces { first, count, .. }) => say(&write(&sockets, &mut template, first, count).await),
                Some(Order::Template(bytes)) => {
                    template = bytes;
                    say(&());
                }
                Some(Order::Change | Order::Dropped) => {}
                None => return,
            },
        }
    }
}

async fn write(sockets: &[TcpStream], template: &mut [u8], first: u32, count: u32) -> Sent {
    let begun = stamp();
    let mut sent = Vec::new();
    for number in first..first + count {
        let places: Vec<_> = marks(template).map(|mark| mark.place).collect();
        for place in places {
            template[place].copy_from_slice(format!("{number:010}").as_bytes());
        }
        sent.push(stamp());
        for socket in sockets {
            write_to(socket, template).await;
        }
    }
    Sent { begun, sent }
}

async fn write_to(socket: &TcpStream, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match socket.try_write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => socket.writable().await.expect("an open socket"),
            Err(error) => panic!("a browser is gone: {error}"),
        }
    }
}
