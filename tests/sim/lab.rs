//! A simulator with a clock moved by hand, and clients that trust its certificate.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use farol::domain::Timestamp;
use farol::runtime::{Clock, Hand, Tasks};
use farol::sim::{self, Profile, Settings, Sim};
use futures_util::{SinkExt as _, StreamExt as _};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

pub struct Lab {
    pub sim: Sim,
    pub hand: Hand,
    pub tasks: Tasks,
    tls: Arc<rustls::ClientConfig>,
    http: reqwest::Client,
}

pub fn any_port() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

pub async fn lab(release: Profile) -> Lab {
    lab_with_seed(release, 7).await
}

pub async fn lab_with_seed(release: Profile, seed: u64) -> Lab {
    let (clock, hand) = Clock::by_hand(Timestamp::from_millis(1_790_000_000_000));
    let tasks = Tasks::default();
    let any = Some(any_port());
    let settings = Settings { release, listen: any_port(), plain: any, panel: any, seed };
    let sim = sim::start(settings, clock, &tasks).await.unwrap();
    let tls = Arc::new(trusting(&sim));
    let http = reqwest::Client::builder()
        .tls_backend_preconfigured((*tls).clone())
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .no_proxy()
        .build()
        .unwrap();
    Lab { sim, hand, tasks, tls, http }
}

fn trusting(sim: &Sim) -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(sim.certificate_pem().as_bytes()).unwrap()).unwrap();
    let engine = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    rustls::ClientConfig::builder_with_provider(engine)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

impl Lab {
    pub async fn web(&self, verb: &str, url: &str, headers: &[(&str, &str)], body: String) -> reqwest::Result<Page> {
        let mut request = self.http.request(verb.parse().unwrap(), url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        Ok(Page { status, location: headers.get("location").map(|at| at.to_str().unwrap().to_owned()), text })
    }

    pub async fn visit(&self, path: &str) -> Page {
        self.web("GET", &format!("{}{path}", self.sim.url()), &[], String::new()).await.unwrap()
    }

    /// With the key made for this product.
    pub async fn rest(&self, verb: &str, path: &str, body: Value) -> Page {
        self.rest_as(&self.sim.api_key(), verb, path, body).await
    }

    pub async fn rest_as(&self, key: &str, verb: &str, path: &str, body: Value) -> Page {
        let url = format!("{}/api/v2.0{path}", self.sim.url());
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.web(verb, &url, &[("authorization", &format!("Bearer {key}"))], body).await.unwrap()
    }

    pub async fn panel(&self, verb: &str, path: &str, headers: &[(&str, &str)]) -> Page {
        let url = format!("{}{path}", self.sim.panel_url().unwrap());
        self.web(verb, &url, headers, String::new()).await.unwrap()
    }

    pub async fn socket(&self, path: &str) -> Socket {
        self.try_socket(&format!("{}{path}", self.sim.url().replace("https", "wss"))).await.unwrap()
    }

    pub async fn plain_socket(&self, path: &str) -> Socket {
        let url = self.sim.plain_url().unwrap().replace("http", "ws");
        self.try_socket(&format!("{url}{path}")).await.unwrap()
    }

    pub async fn try_socket(&self, url: &str) -> Result<Socket, Error> {
        let connector = Connector::Rustls(Arc::clone(&self.tls));
        let (stream, _) = connect_async_tls_with_config(url, None, false, Some(connector)).await?;
        Ok(Socket { stream, last_id: 0 })
    }

    /// A socket of a release with JSON-RPC, logged in with the key made for this product.
    pub async fn rpc(&self) -> Socket {
        let mut socket = self.socket("/api/current").await;
        let login = key_login(self.sim.username(), &self.sim.api_key());
        assert_eq!(socket.result("auth.login_ex", json!([login])).await["response_type"], "SUCCESS");
        socket
    }

    pub async fn reading(&self, method: &str, params: Value) -> Value {
        if self.sim.release() >= Profile::R25_04 {
            return self.rpc().await.result(method, params).await;
        }
        let mut socket = self.legacy().await;
        socket.result(method, params).await
    }

    pub async fn legacy(&self) -> Socket {
        let mut socket = self.socket("/websocket").await;
        socket.greet().await;
        assert_eq!(socket.result("auth.login_with_api_key", json!([self.sim.api_key()])).await, true);
        socket
    }

    /// Seconds pass one by one, and every sleeper gets the time to do what it woke up for.
    pub async fn pass(&self, seconds: u64) {
        for _ in 0..seconds {
            self.hand.advance(Duration::from_secs(1));
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
        }
    }
}

pub fn key_login(username: &str, key: &str) -> Value {
    json!({"mechanism": "API_KEY_PLAIN", "username": username, "api_key": key, "login_options": {"user_info": false}})
}

pub fn password_login(username: &str, password: &str) -> Value {
    json!({"mechanism": "PASSWORD_PLAIN", "username": username, "password": password})
}

#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub location: Option<String>,
    pub text: String,
}

impl Page {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_id: u64,
}

/// What came next on a socket.
#[derive(Debug, PartialEq)]
pub enum Heard {
    Frame(Value),
    Garbage(String),
    Closed(CloseCode),
    /// No close frame: the connection just went away.
    Cut,
}

impl Socket {
    pub async fn say(&mut self, text: impl Into<String>) {
        self.stream.send(Message::text(text.into())).await.unwrap();
    }

    pub async fn hear(&mut self) -> Heard {
        match self.stream.next().await {
            Some(Ok(Message::Text(text))) => {
                serde_json::from_str(&text).map_or_else(|_| Heard::Garbage(text.to_string()), Heard::Frame)
            }
            Some(Ok(Message::Close(frame))) => Heard::Closed(frame.map_or(CloseCode::Status, |frame| frame.code)),
            Some(Ok(other)) => panic!("unexpected {other:?}"),
            Some(Err(_)) | None => Heard::Cut,
        }
    }

    pub async fn frame(&mut self) -> Value {
        match self.hear().await {
            Heard::Frame(frame) => frame,
            other @ (Heard::Garbage(_) | Heard::Closed(_) | Heard::Cut) => panic!("expected a frame, heard {other:?}"),
        }
    }

    pub async fn greet(&mut self) {
        self.say(json!({"msg": "connect", "version": "1", "support": ["1"], "features": []}).to_string()).await;
        assert_eq!(self.frame().await["msg"], "connected");
    }

    /// Sends a call in both dialects at once: each reads its own members.
    pub async fn ask(&mut self, method: &str, params: Value) -> u64 {
        self.last_id += 1;
        let id = self.last_id;
        let call = json!({"jsonrpc": "2.0", "msg": "method", "id": id, "method": method, "params": params});
        self.say(call.to_string()).await;
        id
    }

    /// The frame that answers the call; events on the way are skipped.
    pub async fn call(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params).await;
        loop {
            let frame = self.frame().await;
            if frame["id"] == id {
                return frame;
            }
        }
    }

    pub async fn result(&mut self, method: &str, params: Value) -> Value {
        let frame = self.call(method, params).await;
        assert!(frame.get("result").is_some(), "{frame}");
        frame["result"].clone()
    }

    /// The number of the error in either dialect.
    pub async fn errno(&mut self, method: &str, params: Value) -> Value {
        let frame = self.call(method, params).await;
        let legacy = &frame["error"]["error"];
        if legacy.is_null() { frame["error"]["data"]["error"].clone() } else { legacy.clone() }
    }

    pub async fn event(&mut self) -> Value {
        let frame = self.frame().await;
        assert_eq!(frame["method"], "collection_update", "{frame}");
        frame["params"].clone()
    }
}
