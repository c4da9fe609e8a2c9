//! Who calls: the session's cookie, and what it stands for.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::auth::{Sessions, Use};
use crate::domain::Secret;
use crate::domain::caller::Caller;
use crate::web::cookies::{Cookies, Kept};
use crate::web::error::Error;
use crate::web::layers::{address_in, tell_who};

#[derive(Debug, Clone)]
struct Identity(Caller);

/// Who asks, in a request behind the layer below, or whom an answer is for.
pub fn caller_in(extensions: &Extensions) -> Option<&Caller> {
    extensions.get::<Identity>().map(|identity| &identity.0)
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

/// What the browser holds, believed or not: a sign-in ends it, and so does a sign-out.
#[derive(Debug)]
pub struct Held(pub Option<Secret<String>>);

impl FromRequestParts<Cookies> for Held {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, cookies: &Cookies) -> Result<Self, Infallible> {
        Ok(Self(cookies.find(&parts.headers, Kept::Session)))
    }
}

#[derive(Debug, Clone)]
pub struct Source {
    pub sessions: Sessions,
    pub cookies: Cookies,
}

pub async fn layer(State(source): State<Source>, mut request: Request, next: Next) -> Response {
    let address = address_in(request.extensions());
    let caller = match source.caller(request.uri().path(), request.headers(), address).await {
        Ok(caller) => caller,
        Err(error) => return error.into_response(),
    };
    let Some(caller) = caller else { return next.run(request).await };
    tell_who(&caller);
    let identity = Identity(caller);
    request.extensions_mut().insert(identity.clone());
    let mut response = next.run(request).await;
    // The layers around us tell an error to the person it happened to.
    response.extensions_mut().insert(identity);
    response
}

impl Source {
    async fn caller(&self, path: &str, headers: &HeaderMap, address: IpAddr) -> Result<Option<Caller>, Error> {
        // They are the same for everybody.
        if path.starts_with("/assets/") {
            return Ok(None);
        }
        let Some(token) = self.cookies.find(headers, Kept::Session) else { return Ok(None) };
        let usage = if path.starts_with("/live/") { Use::ByItself } else { Use::ByPerson };
        let session = self.sessions.find(&token, usage).await.map_err(Error::broken)?;
        Ok(session.map(|session| Caller { account: session.account, session: session.id, address }))
    }
}
