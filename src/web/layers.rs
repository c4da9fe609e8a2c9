//! What every request passes, from the outside in, each with its reason.

mod address;
mod log;
mod pace;
mod words;

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use ipnet::IpNet;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;

use crate::live::Hub;
use crate::runtime::{Clock, Random};
use crate::web::csrf::{self, Origins};
use crate::web::error::{Error, IsPassing};
use crate::web::identity::{self, caller_in};
use crate::web::inbox::Inbox;
use crate::web::renderer::Renderer;
use crate::web::visit::{Asked, asked};
use pace::Pace;

pub use address::{address_in, network_of};
pub use log::{Requests, tell_who};
pub use words::to_sign_in;

/// No request of ours takes longer; a stuck one must not hold a connection for ever.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// A sign-in waits for its turn: the sixtieth at eight o'clock three minutes, where the NAS takes twenty a minute.
const SIGN_IN_TIMEOUT: Duration = Duration::from_mins(5);
/// Nothing we take in is larger.
const LARGEST_BODY: usize = 64 << 10;

/// Nothing inline, nothing foreign.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Two years, as lists of such sites ask for.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Goes with an answer that pages of other sites may show: a picture anybody may see.
#[derive(Debug, Clone, Copy)]
pub struct Embeddable;

const HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (RESOURCE_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// What the layers work with.
#[derive(Debug, Clone)]
pub struct Layers {
    pub clock: Clock,
    pub random: Random,
    pub hub: Hub,
    pub inbox: Inbox,
    pub renderer: Renderer,
    pub is_passing: IsPassing,
    pub origins: Origins,
    pub trusted_proxies: Vec<IpNet>,
    pub identity: identity::Source,
    /// Browsers reach us over TLS.
    pub secure: bool,
    pub requests: Requests,
}

impl Layers {
    /// The last one put on is the first one a request meets.
    pub fn around(self, router: Router) -> Router {
        let Self {
            clock,
            random,
            hub,
            inbox,
            renderer,
            is_passing,
            origins,
            trusted_proxies,
            identity,
            secure,
            requests,
        } = self;
        let pace = Pace::new(clock.clone());
        router
            // Before a handler reads anything, so that what changes meanwhile is told to the page afterwards.
            .layer(from_fn_with_state((hub, inbox), mark_beginning))
            // Needs to know who asks.
            .layer(from_fn_with_state(pace.clone(), pace::by_person))
            .layer(from_fn_with_state(identity, identity::layer))
            // Before anybody's session is touched by what another site made their browser send.
            .layer(from_fn_with_state(origins, csrf::layer))
            .layer(from_fn_with_state(pace, pace::by_address))
            .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
            .layer(from_fn_with_state(clock.clone(), limit_time))
            // Inside the words, so that an accident of a handler is told like any other trouble of ours.
            .layer(CatchPanicLayer::custom(words::panicked))
            .layer(from_fn_with_state((renderer, is_passing), words::layer))
            .layer(from_fn_with_state(secure, protect))
            // Outermost: every request has an address, a name and its line in the log.
            .layer(from_fn_with_state(
                log::Log { clock, random, trusted_proxies: trusted_proxies.into(), requests },
                log::layer,
            ))
    }
}

async fn mark_beginning(State((hub, inbox)): State<(Hub, Inbox)>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(hub.cursor());
    let is_page = request.method() == Method::GET && asked(request.uri().path(), request.headers()) == Asked::Page;
    if is_page && let Some(account) = caller_in(request.extensions()).map(|caller| caller.account.clone()) {
        inbox.read_rights(&account).await;
        request.extensions_mut().insert(inbox.bell(&account).await);
    }
    next.run(request).await
}

async fn limit_time(State(clock): State<Clock>, request: Request, next: Next) -> Response {
    let signs_in = request.method() == Method::POST && ["/", "/code"].contains(&request.uri().path());
    let limit = if signs_in { SIGN_IN_TIMEOUT } else { REQUEST_TIMEOUT };
    match clock.timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Error::TooSlow.into_response(),
    }
}

/// Nothing but static files is kept by a browser: what one person saw is not for whoever sits down next.
async fn protect(State(secure): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let shared = response.extensions().get::<Embeddable>().is_some();
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if shared {
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    }
    if secure {
        headers.insert(STRICT_TRANSPORT_SECURITY, HSTS);
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests;
