//! The least HTTP that asks our server for a page, so that asking costs little beside answering.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// As many addresses of this machine ask: one has too few ports for many sockets, and may make too few requests a minute.
const ADDRESSES: u32 = 16;
/// In bytes.
const NARROW: u32 = 4_096;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (said, value) = line.split_once(':')?;
            said.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// A connection that is kept.
#[derive(Debug)]
pub struct Caller {
    stream: TcpStream,
    address: SocketAddr,
    /// What came after the last answer.
    rest: Vec<u8>,
}

impl Caller {
    /// From the address of this machine that is the turn of `number`.
    pub async fn connect(address: SocketAddr, number: u32) -> Self {
        Self::through(TcpSocket::new_v4().expect("enough open files"), address, number).await
    }

    /// The system takes little for it that has not been read.
    pub async fn connect_narrowly(address: SocketAddr, number: u32) -> Self {
        let socket = TcpSocket::new_v4().expect("enough open files");
        socket.set_recv_buffer_size(NARROW).expect("a fresh socket");
        Self::through(socket, address, number).await
    }

    async fn through(socket: TcpSocket, address: SocketAddr, number: u32) -> Self {
        let last = u8::try_from(number % ADDRESSES + 1).expect("sixteen addresses");
        socket.bind(SocketAddr::from(([127, 0, 0, last], 0))).expect("a free port");
        let stream = socket.connect(address).await.expect("a server that listens");
        stream.set_nodelay(true).expect("a fresh socket");
        Self { stream, address, rest: Vec::new() }
    }

    /// `headers` are whole lines.
    pub async fn ask(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let (host, length) = (self.address, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Length: {length}\r\n\
             {headers}\r\n{body}"
        );
        self.stream.write_all(request.as_bytes()).await.expect("the server hears us out");
        let end = loop {
            if let Some(at) = self.rest.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await;
        };
        let head = String::from_utf8_lossy(&self.rest[..end]).into_owned();
        let status = head.get(9..12).and_then(|code| code.parse().ok()).expect("a status");
        let mut answer = Answer { status, head, body: Vec::new() };
        let length: usize = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or_default();
        while self.rest.len() < end + length {
            self.more().await;
        }
        answer.body = self.rest[end..end + length].to_vec();
        self.rest.drain(..end + length);
        answer
    }

    async fn more(&mut self) {
        let read = self.stream.read_buf(&mut self.rest).await;
        assert!(read.is_ok_and(|length| length > 0), "the server hung up");
    }

    /// The connection, and what came beyond the last answer.
    pub fn into_parts(self) -> (TcpStream, Vec<u8>) {
        (self.stream, self.rest)
    }
}
