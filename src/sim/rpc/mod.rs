//! The socket roads: JSON-RPC since 25.04 and the legacy dialect, over one kind of connection.

mod calls;
mod connection;
mod dialect;
mod session;

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use tracing::debug;

pub(super) use dialect::Dialect;

use super::front::page;
use super::nas::Nas;
use super::network::Peer;

/// Answers the handshake and starts the task that owns the socket.
pub(super) fn upgrade(nas: Arc<Nas>, peer: Peer, mut request: Request<Incoming>, dialect: Dialect) -> Response {
    let wants_socket =
        request.headers().get(UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
    let key = request.headers().get(SEC_WEBSOCKET_KEY).filter(|_| wants_socket);
    let accept = key.map(|key| derive_accept_key(key.as_bytes())).and_then(|text| HeaderValue::from_str(&text).ok());
    let Some(accept) = accept else {
        return page(StatusCode::BAD_REQUEST, "No WebSocket UPGRADE hdr: None");
    };
    let upgraded = hyper::upgrade::on(&mut request);
    let lifeline = nas.lifeline();
    let tasks = nas.tasks.clone();
    tasks.run("sim socket", async move {
        let work = async {
            match upgraded.await {
                Ok(stream) => {
                    let socket = WebSocketStream::from_raw_socket(TokioIo::new(stream), Role::Server, None).await;
                    connection::Connection::new(nas, peer, dialect, socket).run().await;
                }
                Err(error) => debug!(%error, "the client left before its socket was open"),
            }
        };
        tokio::select! {
            // First: what is cut says nothing more.
            biased;
            () = lifeline.cancelled() => {}
            () = work => {}
        }
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    response
}
