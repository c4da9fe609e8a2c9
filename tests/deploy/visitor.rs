//! A browser that speaks TLS with whoever stands in front of Farol. It comes from an address of its own.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use farol::runtime::Clock;
use futures_util::StreamExt as _;
use reqwest::header::HeaderMap;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, client_async_tls_with_config};

use crate::harness::PATIENCE;

/// Nobody's name outside of these tests.
pub const NAME: &str = "farol.test";
/// Not the one Farol sees the proxy come from.
pub const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 5));

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub struct Visitor {
    client: reqwest::Client,
    tls: Arc<ClientConfig>,
    front: SocketAddr,
    cookies: Mutex<BTreeMap<String, String>>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// All values of a header.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    }
}

impl Visitor {
    /// Believes this one certificate.
    pub fn new(front: SocketAddr, certificate: &str) -> Self {
        // Only the first one installs it.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()).unwrap();
        let tls = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .local_address(ADDRESS)
            .resolve(NAME, front)
            .build()
            .unwrap();
        Self { client, tls: Arc::new(tls), front, cookies: Mutex::default() }
    }

    pub fn origin(&self) -> String {
        format!("https://{NAME}:{}", self.front.port())
    }

    fn jar(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(self.client.get(format!("{}{path}", self.origin())).header("accept", "text/html")).await
    }

    /// A form, and what the browser says about the site it stands on.
    pub async fn post(&self, path: &str, site: &str, body: impl Into<String>) -> Answer {
        let request = self.client.post(format!("{}{path}", self.origin())).body(body.into());
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.ask(request.header("sec-fetch-site", site).header(kind.0, kind.1)).await
    }

    /// Says it comes from elsewhere, as anybody can.
    pub async fn lie(&self, path: &str, header: &str) -> Answer {
        self.ask(self.client.get(format!("{}{path}", self.origin())).header("x-forwarded-for", header)).await
    }

    pub async fn ask(&self, request: reqwest::RequestBuilder) -> Answer {
        let jar = self.jar();
        let request = if jar.is_empty() { request } else { request.header("cookie", jar) };
        let answered = async {
            let response = request.send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Ok::<_, reqwest::Error>(Answer { status, headers, body: response.text().await? })
        };
        let answer = Clock::real().timeout(PATIENCE, answered).await.expect("no answer").unwrap();
        for cookie in answer.headers("set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if !cookie.contains("Max-Age=0") {
                self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// The socket of a page that was just read, or the status it was refused with.
    pub async fn open(&self, page: &str, origin: &str) -> Result<Socket, u16> {
        let read = |name: &str| page.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let topics = read("data-live").replace(' ', ",");
        let (cursor, ticket) = (read("data-cursor"), read("data-ticket"));
        let address = format!(
            "{}/live?cursor={cursor}&topics={topics}&ticket={ticket}",
            self.origin().replacen("https", "wss", 1)
        );
        let mut request = address.into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        request.headers_mut().insert("cookie", self.jar().parse().unwrap());
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(ADDRESS, 0)).unwrap();
        let stream = socket.connect(self.front).await.unwrap();
        let connector = Some(Connector::Rustls(Arc::clone(&self.tls)));
        match client_async_tls_with_config(request, stream, None, connector).await {
            Ok((socket, _)) => Ok(socket),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Everything up to the first text that says this.
pub async fn heard(socket: &mut Socket, words: &str) {
    let listening = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) if text.contains(words) => return,
                Some(Ok(_)) => {}
                end => panic!("{end:?} instead of {words:?}"),
            }
        }
    };
    Clock::real().timeout(PATIENCE, listening).await.unwrap_or_else(|_| panic!("{words:?} never came"));
}
