//! The proxy at the NAS's front: which paths lead where, and its own pages when nothing answers behind it.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, LOCATION};
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};

use super::faults::Fault;
use super::nas::Nas;
use super::network::Peer;
use super::rest;
use super::rpc::{self, Dialect};
use super::world::Phase;

/// How long a slow NAS takes for an answer.
pub(super) const SLOW: Duration = Duration::from_secs(5);

pub(super) async fn answer(nas: Arc<Nas>, peer: Peer, request: Request<Incoming>) -> Response {
    if nas.switches.is_on(Fault::Silent) {
        return std::future::pending().await;
    }
    if nas.switches.is_on(Fault::GatewayTimeout) {
        return page(StatusCode::GATEWAY_TIMEOUT, "504 Gateway Time-out");
    }
    if nas.switches.is_on(Fault::BadGateway) || nas.world().phase == Phase::Restarting {
        return page(StatusCode::BAD_GATEWAY, "502 Bad Gateway");
    }
    let profile = nas.profile;
    let path = request.uri().path().to_owned();
    match path.as_str() {
        "/api/current" if profile.has_rpc() => rpc::upgrade(nas, peer, request, Dialect::JsonRpc),
        "/websocket" => rpc::upgrade(nas, peer, request, Dialect::Legacy),
        "/api/versions" if profile.has_rpc() => json_page(StatusCode::OK, &json!(profile.rpc_versions())),
        "/api/boot_id" if profile.has_boot_id() => json_page(StatusCode::OK, &json!(nas.world().boot_id)),
        "/ui/" => page(StatusCode::OK, "TrueNAS"),
        _ => match path.strip_prefix("/api/").map(|rest| (rest, rest.strip_prefix("v2.0"))) {
            Some((_, Some(path))) if profile.has_rest() => {
                if nas.switches.is_on(Fault::UiAllowlist) {
                    return page(StatusCode::FORBIDDEN, "403 Forbidden");
                }
                if nas.switches.is_on(Fault::Slow) {
                    nas.clock.sleep(SLOW).await;
                }
                rest::answer(&nas, path, request).await
            }
            Some((version, None)) if profile.rpc_versions().contains(&version) => {
                rpc::upgrade(nas, peer, request, Dialect::JsonRpc)
            }
            Some((_, Some(_))) => page(StatusCode::NOT_FOUND, "404 Not Found"),
            _ if request.method() == Method::GET => to_ui(),
            _ => page(StatusCode::NOT_FOUND, "404 Not Found"),
        },
    }
}

fn to_ui() -> Response {
    let mut response = page(StatusCode::FOUND, "302 Found");
    response.headers_mut().insert(LOCATION, hyper::header::HeaderValue::from_static("/ui/"));
    response
}

pub(super) fn page(status: StatusCode, title: &str) -> Response {
    let html = format!("<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>");
    with_type(status, "text/html", html)
}

pub(super) fn json_page(status: StatusCode, value: &Value) -> Response {
    with_type(status, "application/json", value.to_string())
}

pub(super) fn with_type(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(kind));
    response
}
