//! One line in the log for each request: what was asked, how it ended, how long it took; from where and by whom stand in
//! their columns. A query may hold what somebody typed, so it is left out.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;
use tracing::field::Empty;
use tracing::{Instrument as _, debug, info, info_span};

use crate::domain::caller::Caller;
use crate::runtime::{Clock, Random, Tally};
use crate::web::assets::hexadecimal;
use crate::web::layers::address;

#[derive(Debug, Clone)]
pub struct Log {
    pub clock: Clock,
    pub random: Random,
    pub trusted_proxies: Arc<[IpNet]>,
    pub requests: Requests,
}

/// Answered requests, by the pattern of their route and the class of their status.
pub type Requests = Tally<(String, &'static str)>;

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// By this a person and the log speak of the same request.
#[derive(Debug, Clone, Default)]
pub struct RequestId(pub String);

impl RequestId {
    fn new(random: &Random) -> Self {
        Self(hexadecimal(&random.bytes::<6>()))
    }
}

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

pub async fn layer(State(log): State<Log>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    address::keep(&log.trusted_proxies, &parts.headers, &mut parts.extensions);
    let id = RequestId::new(&log.random);
    parts.extensions.insert(id.clone());
    let asked = format!("{} {}", parts.method, parts.uri.path());
    // Whatever anybody makes up is one route.
    let route = parts.extensions.get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let is_asset = parts.uri.path().starts_with("/assets/");
    let span = info_span!("request", ip = %address::address_in(&parts.extensions), user = Empty);
    async {
        let start = log.clock.uptime();
        let mut response = next.run(Request::from_parts(parts, body)).await;
        let (status, took) = (response.status().as_u16(), log.clock.uptime().saturating_sub(start));
        let class = CLASSES.get(usize::from(status / 100).saturating_sub(1)).copied().unwrap_or("other");
        log.requests.count((route, class));
        let (request_id, duration_ms) = (id.0.as_str(), took.as_secs_f64() * 1e3);
        if is_asset {
            debug!(request_id, duration_ms = format_args!("{duration_ms:.1}"), "{asked}: {status}");
        } else {
            info!(request_id, duration_ms = format_args!("{duration_ms:.1}"), "{asked}: {status}");
        }
        if let Ok(value) = HeaderValue::from_str(&id.0) {
            response.headers_mut().insert(HEADER, value);
        }
        response
    }
    .instrument(span)
    .await
}

/// From here on the log of this request says who asks.
pub fn tell_who(caller: &Caller) {
    tracing::Span::current().record("user", caller.account.username.as_str());
}
