//! A server that says what a test wants, for what no TrueNAS would say.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::response::Response;
use farol::domain::Secret;
use farol::runtime::Tasks;
use farol::truenas::{Fingerprint, Settings, Trust};
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::nas::LOOPBACK;

/// How it answers a request for a path: status, `Location`, body.
pub type Pages = fn(&str) -> (u16, Option<String>, Value);
/// The `result` or `error` member with which it answers a call; null keeps silent.
pub type Calls = fn(&str) -> Value;
/// The same for a whole call, by somebody who remembers.
pub type Ears = Arc<dyn Fn(&Value) -> Value + Send + Sync>;

pub struct Fake {
    pub url: String,
    pub fingerprint: Fingerprint,
    /// Every path and every method it was asked for.
    seen: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct Script {
    pages: Pages,
    ears: Ears,
    tasks: Tasks,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    pub async fn start(tasks: &Tasks, pages: Pages, calls: Calls) -> Self {
        Self::listening(tasks, pages, Arc::new(move |asked| calls(asked["method"].as_str().unwrap()))).await
    }

    pub async fn listening(tasks: &Tasks, pages: Pages, ears: Ears) -> Self {
        let listener = TcpListener::bind(LOOPBACK).await.unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
        let chain = vec![certificate.der().clone()];
        let engine = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = rustls::ServerConfig::builder_with_provider(engine)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into()))
            .unwrap();
        let fake = Self {
            url: format!("https://{}", listener.local_addr().unwrap()),
            fingerprint: Fingerprint(Sha256::digest(certificate.der()).into()),
            seen: Arc::default(),
        };
        let script = Script { pages, ears, tasks: tasks.clone(), seen: fake.seen.clone() };
        tasks.run("fake", accept(listener, TlsAcceptor::from(Arc::new(tls)), script));
        fake
    }

    pub fn settings(&self) -> Settings {
        let url = Settings::parse_url(&self.url, false).unwrap();
        Settings::new(url, "svc-farol".to_owned(), Secret::from("7-key"), Trust::Pinned(self.fingerprint))
    }

    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub fn count(&self, what: &str) -> usize {
        self.seen().iter().filter(|seen| *seen == what).count()
    }
}

async fn accept(listener: TcpListener, tls: TlsAcceptor, script: Script) {
    let stop = script.tasks.stopping();
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted.unwrap().0,
        };
        stream.set_nodelay(true).unwrap();
        let (stop, tls, served) = (stop.clone(), tls.clone(), script.clone());
        script.tasks.run("fake connection", async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = serve(stream, tls, served) => {}
            }
        });
    }
}

async fn serve(stream: TcpStream, tls: TlsAcceptor, script: Script) {
    // A client that does not trust us leaves here.
    let Ok(stream) = tls.accept(stream).await else { return };
    let service = service_fn(|request: Request<Incoming>| {
        let response = answer(&script, request);
        async move { Ok::<_, Infallible>(response) }
    });
    // However the client ends it is fine.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades().await;
}

fn answer(script: &Script, mut request: Request<Incoming>) -> Response {
    let path = request.uri().path().to_owned();
    script.seen.lock().unwrap().push(path.clone());
    if let Some(key) = request.headers().get("sec-websocket-key") {
        let accept = derive_accept_key(key.as_bytes());
        let upgraded = hyper::upgrade::on(&mut request);
        let socket = script.clone();
        let stop = script.tasks.stopping();
        script.tasks.run("fake socket", async move {
            let work = async {
                let Ok(stream) = upgraded.await else { return };
                talk(WebSocketStream::from_raw_socket(TokioIo::new(stream), Role::Server, None).await, socket).await;
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = work => {}
            }
        });
        let response = Response::builder().status(101).header("connection", "Upgrade").header("upgrade", "websocket");
        return response.header("sec-websocket-accept", accept).body(Body::empty()).unwrap();
    }
    let (status, location, body) = (script.pages)(&path);
    let mut response = Response::builder().status(status);
    if let Some(location) = location {
        response = response.header("location", location);
    }
    response.body(Body::from(body.to_string())).unwrap()
}

async fn talk(mut socket: WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>, script: Script) {
    while let Some(Ok(Message::Text(text))) = socket.next().await {
        let asked: Value = serde_json::from_str(&text).unwrap();
        let method = asked["method"].as_str().unwrap();
        script.seen.lock().unwrap().push(method.to_owned());
        let mut said = (script.ears)(&asked);
        if said.is_null() {
            continue;
        }
        said["jsonrpc"] = json!("2.0");
        said["id"] = asked["id"].clone();
        if socket.send(Message::text(said.to_string())).await.is_err() {
            return;
        }
    }
}

/// The pages of a NAS with JSON-RPC.
pub fn modern(path: &str) -> (u16, Option<String>, Value) {
    match path {
        "/api/versions" => (200, None, json!(["v25.10.0"])),
        "/api/boot_id" => (200, None, json!("boot")),
        _ => (404, None, Value::Null),
    }
}

/// Lets everybody in and knows no call.
pub fn welcoming(method: &str) -> Value {
    match method {
        "auth.login_ex" => json!({"result": {"response_type": "SUCCESS"}}),
        "core.subscribe" | "core.ping" => json!({"result": "yes"}),
        _ => json!({"error": {"code": -32601, "message": "Method does not exist"}}),
    }
}
