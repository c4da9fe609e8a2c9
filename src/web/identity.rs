//! Who calls: the session's cookie, and what it stands for.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::auth::{Factors, Sessions, Use};
use crate::domain::caller::Caller;
use crate::domain::session::End;
use crate::web::cookies::{Cookies, Kept};
use crate::web::error::Error;
use crate::web::layers::{address_in, tell_who};

#[derive(Debug, Clone)]
struct Identity(Caller);

/// Who asks, in a request behind the layer below, or whom an answer is for.
pub fn caller_in(extensions: &Extensions) -> Option<&Caller> {
    extensions.get::<Identity>().map(|identity| &identity.0)
}

/// There was somebody; the session of whom ended.
#[derive(Debug, Clone, Copy)]
struct Gone(End);

/// Why what the browser holds opens nothing any more, if it did once.
pub fn end_in(extensions: &Extensions) -> Option<End> {
    extensions.get::<Gone>().map(|gone| gone.0)
}

/// For handlers behind a route that asks for somebody.
#[derive(Debug)]
pub struct SignedIn(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        caller_in(&parts.extensions).cloned().map(Self).ok_or(Error::SignInNeeded)
    }
}

#[derive(Debug, Clone)]
pub struct Source {
    pub sessions: Sessions,
    pub factors: Factors,
    pub cookies: Cookies,
}

pub async fn layer(State(source): State<Source>, mut request: Request, next: Next) -> Response {
    let address = address_in(request.extensions());
    let caller = match source.caller(request.uri().path(), request.headers(), address).await {
        Ok(caller) => caller,
        Err(error) => return error.into_response(),
    };
    let Some(caller) = caller else {
        let Some(end) = source.end(request.headers()) else { return next.run(request).await };
        request.extensions_mut().insert(Gone(end));
        let mut response = next.run(request).await;
        response.extensions_mut().insert(Gone(end));
        return response;
    };
    tell_who(&caller);
    let identity = Identity(caller);
    request.extensions_mut().insert(identity.clone());
    let mut response = next.run(request).await;
    // The layers around us tell an error to the person it happened to.
    response.extensions_mut().insert(identity);
    response
}

/// What open pages ask for besides all under `/live`.
const BY_THEMSELVES: [&str; 4] =
    ["/status/now", "/admin/health/latency.json", "/admin/connection/progress", "/admin/audit/verdict"];

/// An open page asks for it, with nobody in front of it.
pub fn is_asked_by_itself(path: &str) -> bool {
    path == "/live" || path.starts_with("/live/") || BY_THEMSELVES.contains(&path)
}

impl Source {
    async fn caller(&self, path: &str, headers: &HeaderMap, address: IpAddr) -> Result<Option<Caller>, Error> {
        // They are the same for everybody.
        if path.starts_with("/assets/") {
            return Ok(None);
        }
        let Some(token) = self.cookies.find(headers, Kept::Session) else { return Ok(None) };
        let usage = if is_asked_by_itself(path) { Use::ByItself } else { Use::ByPerson };
        let session = self.sessions.find(&token, usage).await.map_err(Error::broken)?;
        Ok(session.map(|session| {
            let standing = self.factors.standing(&session);
            Caller { account: session.account, session: session.id, address, standing }
        }))
    }

    fn end(&self, headers: &HeaderMap) -> Option<End> {
        self.sessions.why_ended(&self.cookies.find(headers, Kept::Session)?)
    }
}
