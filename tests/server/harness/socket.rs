//! The socket of a page, as a browser holds it; and one without manners.

use std::sync::Arc;
use std::time::Duration;

use farol::runtime::Clock;
use futures_util::{SinkExt as _, StreamExt as _};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

use super::{Browser, PATIENCE};

/// What a page knows of its socket.
#[derive(Debug, Clone)]
pub struct Asked {
    pub topics: String,
    pub cursor: String,
    pub ticket: String,
}

impl Asked {
    fn path(&self) -> String {
        let Self { topics, cursor, ticket } = self;
        format!("/live?cursor={cursor}&topics={topics}&ticket={ticket}")
    }
}

fn attribute(html: &str, name: &str) -> String {
    let rest = html.split(&format!("{name}=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {html}"));
    rest.split('"').next().unwrap().to_owned()
}

/// These certificates and no other.
pub fn trusting(pem: &str) -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate.unwrap()).unwrap();
    }
    let engine = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(engine).with_safe_default_protocol_versions().unwrap();
    config.with_root_certificates(roots).with_no_client_auth()
}

/// How far a piece goes.
pub fn cursor_of(html: &str) -> String {
    attribute(html.rsplit_once("id=\"cursor\"").unwrap().1, "data-cursor")
}

/// The numbers of the toasts in it.
pub fn toasts_of(html: &str) -> Vec<u64> {
    html.split("id=\"toast-").skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}

impl Browser {
    /// A page that has just come.
    pub async fn page(&self) -> Asked {
        let page = self.get("/dashboard").await;
        assert_eq!(page.status, 200, "{page:?}");
        let topics = attribute(&page.body, "data-live").replace(' ', ",");
        Asked { topics, cursor: attribute(&page.body, "data-cursor"), ticket: attribute(&page.body, "data-ticket") }
    }

    pub async fn ticket(&self) -> String {
        self.try_ticket().await.unwrap()
    }

    async fn try_ticket(&self) -> reqwest::Result<String> {
        let headers = [("accept", "application/json"), ("sec-fetch-site", "same-origin")];
        let answer = self.try_ask("POST", "/live/ticket", &headers, "").await?;
        Ok(answer.json()["ticket"].as_str().unwrap().to_owned())
    }

    /// Where a page had come to, on a server that may be gone.
    pub async fn try_again(&self, cursor: &str) -> Option<Socket> {
        let ticket = self.try_ticket().await.ok()?;
        let asked = Asked { topics: "storage,banner".into(), cursor: cursor.into(), ticket };
        self.try_open(&asked, Some(self.origin())).await.ok()
    }

    /// A page and its socket.
    pub async fn live(&self) -> Socket {
        let asked = self.page().await;
        self.open(&asked, Some(self.origin())).await.unwrap()
    }

    /// Where a page had come to, with a new ticket.
    pub async fn again(&self, cursor: &str) -> Socket {
        let asked = Asked { topics: "storage,banner".into(), cursor: cursor.into(), ticket: self.ticket().await };
        self.open(&asked, Some(self.origin())).await.unwrap()
    }

    /// Or the status the server answers instead.
    pub async fn open(&self, asked: &Asked, origin: Option<&str>) -> Result<Socket, u16> {
        self.try_open(asked, origin).await.map_err(|error| {
            let Error::Http(answer) = error else { panic!("{error}") };
            answer.status().as_u16()
        })
    }

    async fn try_open(&self, asked: &Asked, origin: Option<&str>) -> Result<Socket, Error> {
        let address = format!("{}{}", self.origin().replace("http", "ws"), asked.path());
        let mut request = address.into_client_request().unwrap();
        let headers = request.headers_mut();
        if let Some(origin) = origin {
            headers.insert("origin", origin.parse().unwrap());
        }
        if let Some((name, session)) = self.session() {
            let language = self.cookie("lang").unwrap_or_default();
            headers.insert("cookie", format!("{name}={session}; lang={language}").parse().unwrap());
        }
        let trusting = self.trusted().map(|pem| Connector::Rustls(Arc::new(trusting(pem))));
        let (socket, _) = connect_async_tls_with_config(request, None, false, trusting).await?;
        Ok(Socket { socket, cursor: asked.cursor.clone() })
    }
}

pub struct Socket {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub cursor: String,
}

impl Socket {
    /// The next frame, or why there will be none. Pings are answered on the way.
    pub async fn next(&mut self) -> Result<String, Option<u16>> {
        loop {
            let message = Clock::real().timeout(PATIENCE, self.socket.next()).await.expect("nothing came");
            match message {
                Some(Ok(Message::Text(text))) => {
                    if text.contains("id=\"cursor\"") {
                        self.cursor = cursor_of(&text);
                    }
                    return Ok(text.to_string());
                }
                Some(Ok(Message::Close(goodbye))) => return Err(goodbye.map(|goodbye| goodbye.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The server wants to know whether somebody is there; the next words carry the answer.
    pub async fn pinged(&mut self) {
        let ping = async { while !matches!(self.socket.next().await, Some(Ok(Message::Ping(_)))) {} };
        Clock::real().timeout(PATIENCE, ping).await.expect("no ping came");
    }

    /// All up to the first that says this, itself included.
    pub async fn until(&mut self, words: &str) -> Vec<String> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.unwrap_or_else(|end| panic!("{end:?} instead of {words} after {frames:?}"));
            let found = frame.contains(words);
            frames.push(frame);
            if found {
                return frames;
            }
        }
    }

    /// The code it ends with, whatever comes before.
    pub async fn end(&mut self) -> Option<u16> {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }

    pub async fn say(&mut self, message: impl Into<Message>) {
        // The other side may have had enough.
        let _ = self.socket.send(message.into()).await;
    }

    /// Nothing comes within a moment of real time.
    pub async fn is_quiet(&mut self) -> bool {
        Clock::real().timeout(Duration::from_millis(150), self.socket.next()).await.is_err()
    }
}

/// A connection that has been upgraded, and nobody who minds the rules of it.
pub struct Raw(TcpStream);

impl Raw {
    pub async fn open(browser: &Browser, asked: &Asked) -> Self {
        let (origin, session) = (browser.origin(), browser.cookie("farol").unwrap());
        let socket = TcpSocket::new_v4().unwrap();
        // So that little fits on the way.
        socket.set_recv_buffer_size(4 << 10).unwrap();
        let address = origin.trim_start_matches("http://");
        let mut stream = socket.connect(address.parse().unwrap()).await.unwrap();
        let request = format!(
            "GET {} HTTP/1.1\r\nhost: {address}\r\norigin: {origin}\r\ncookie: farol={session}\r\nconnection: upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            asked.path()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
        Self(stream)
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes).await;
    }

    /// Everything until the other side lets go.
    pub async fn rest(mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let read = Clock::real().timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await;
        drop(read.expect("it was never let go"));
        bytes
    }

    /// Some of what has come; nothing when it has been let go.
    pub async fn some(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; 64 << 10];
        let read = Clock::real().timeout(PATIENCE, self.0.read(&mut bytes)).await.expect("nothing came");
        bytes.truncate(read.unwrap_or_default());
        bytes
    }
}
