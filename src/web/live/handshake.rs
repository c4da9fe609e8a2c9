//! From a request to a connection that is ours: the opening words of a WebSocket.

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::header::{
    CONNECTION, HeaderName, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hyper::upgrade::OnUpgrade;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::web::error::Error;

/// Sixteen bytes, as headers spell them.
const KEY_LENGTH: usize = 24;

#[derive(Debug)]
pub struct Handshake {
    key: String,
    /// The connection, once the answer has been given.
    upgrade: OnUpgrade,
}

impl Handshake {
    pub fn accept(self) -> (Response, OnUpgrade) {
        let accepted = derive_accept_key(self.key.as_bytes());
        let headers = [(CONNECTION, "upgrade"), (UPGRADE, "websocket"), (SEC_WEBSOCKET_ACCEPT, accepted.as_str())];
        ((StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response(), self.upgrade)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Handshake {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let headers = &parts.headers;
        let key = headers.get(SEC_WEBSOCKET_KEY).and_then(|key| key.to_str().ok());
        let key = key.filter(|key| key.len() == KEY_LENGTH).ok_or(Error::Malformed)?.to_owned();
        let asked = says(headers, &CONNECTION, "upgrade")
            && says(headers, &UPGRADE, "websocket")
            && says(headers, &SEC_WEBSOCKET_VERSION, "13");
        let upgrade = parts.extensions.remove::<OnUpgrade>().filter(|_| asked).ok_or(Error::Malformed)?;
        Ok(Self { key, upgrade })
    }
}

fn says(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(word))
}
