//! Requests that other sites make a browser send. Whatever changes something must prove that a page of ours asked for it.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::ORIGIN;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use url::Url;

use crate::web::Settings;
use crate::web::error::Error;

/// What browsers call the pages of this server.
#[derive(Debug, Clone)]
pub struct Origins(Arc<[String]>);

impl Origins {
    /// The public address; without one, the names of this machine and of its certificate, at the port we listen on.
    pub fn new(settings: &Settings, address: SocketAddr) -> Self {
        if let Some(url) = &settings.public_url {
            return Self([url.origin().ascii_serialization()].into());
        }
        let own = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let names = own.iter().chain(settings.tls.names());
        Self(names.filter_map(|name| origin(settings.scheme(), name, address.port())).collect())
    }

    fn allow(&self, origin: &str) -> bool {
        self.0.iter().any(|ours| ours == origin)
    }
}

/// As browsers write it: without the usual port, an address of the newer kind in brackets.
fn origin(scheme: &str, name: &str, port: u16) -> Option<String> {
    let host = if name.contains(':') { format!("[{name}]") } else { name.to_owned() };
    let url = Url::parse(&format!("{scheme}://{host}:{port}")).ok()?;
    Some(url.origin().ascii_serialization())
}

pub async fn layer(State(origins): State<Origins>, mut request: Request, next: Next) -> Response {
    if changes_something(request.method()) && !proves_same_origin(request.headers(), &origins) {
        return Error::CrossSite.into_response();
    }
    request.extensions_mut().insert(origins);
    next.run(request).await
}

fn changes_something(method: &Method) -> bool {
    ![Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

/// Each header is believed only in the negative: whichever is there must agree, and one of them must be there.
fn proves_same_origin(headers: &HeaderMap, origins: &Origins) -> bool {
    let site = headers.get("sec-fetch-site").map(|site| site == "same-origin");
    let origin = origin_agrees(headers, origins);
    [site, origin].contains(&Some(true)) && ![site, origin].contains(&Some(false))
}

fn origin_agrees(headers: &HeaderMap, origins: &Origins) -> Option<bool> {
    let origin = headers.get(ORIGIN)?;
    Some(origin.to_str().is_ok_and(|origin| origins.allow(origin)))
}

/// For an answer no other site may make a browser fetch. A person may: by typing the address, or from a bookmark.
#[derive(Debug)]
pub struct NotCrossSite;

/// For sockets: the page that opens it must be ours, and say so.
#[derive(Debug)]
pub struct OwnOrigin;

fn in_request(parts: &Parts) -> Result<&Origins, Error> {
    parts.extensions.get::<Origins>().ok_or(Error::CrossSite)
}

impl<S: Send + Sync> FromRequestParts<S> for NotCrossSite {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let site = parts.headers.get("sec-fetch-site").map(|site| site == "same-origin" || site == "none");
        let origin = origin_agrees(&parts.headers, in_request(parts)?);
        if [site, origin].contains(&Some(false)) { Err(Error::CrossSite) } else { Ok(Self) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OwnOrigin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        match origin_agrees(&parts.headers, in_request(parts)?) {
            Some(true) => Ok(Self),
            Some(false) | None => Err(Error::CrossSite),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Secret;
    use crate::web::Scrapers;
    use crate::web::tls::Tls;

    fn origins(public_url: Option<&str>) -> Origins {
        with_tls(public_url, Tls::Off)
    }

    fn with_tls(public_url: Option<&str>, tls: Tls) -> Origins {
        let listen = "127.0.0.1:8080".parse().unwrap();
        let settings = Settings {
            listen,
            tls,
            redirect_listen: None,
            secret_key: Secret::from(""),
            public_url: public_url.map(|url| Url::parse(url).unwrap()),
            trusted_proxies: Vec::new(),
            time_zone: None,
            scrapers: Scrapers::default(),
            public_status: true,
        };
        Origins::new(&settings, listen)
    }

    fn headers(site: &str, origin: &str) -> HeaderMap {
        let pairs = [("sec-fetch-site", site), ("origin", origin)];
        let given = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        given.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_change_needs_a_proof_and_no_contradiction() {
        let origins = origins(Some("https://farol.example/"));
        for (site, origin, proved) in [
            ("same-origin", "https://farol.example", true),
            ("same-origin", "", true),
            ("", "https://farol.example", true),
            ("", "", false),
            ("none", "", false),
            ("same-site", "", false),
            ("cross-site", "https://farol.example", false),
            ("same-origin", "https://evil.example", false),
            ("same-origin", "null", false),
            ("", "http://farol.example", false),
            ("", "https://farol.example:8443", false),
            ("", "https://farol.example.evil.example", false),
        ] {
            assert_eq!(proves_same_origin(&headers(site, origin), &origins), proved, "{site:?} {origin:?}");
        }
    }

    #[test]
    fn without_a_public_address_we_are_known_by_the_names_of_this_machine() {
        let origins = origins(None);
        for (origin, ours) in [
            ("http://localhost:8080", true),
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:8080", true),
            ("http://127.0.0.1", false),
            ("https://localhost:8080", false),
            ("http://farol.example:8080", false),
        ] {
            assert_eq!(origins.allow(origin), ours, "{origin}");
        }
    }

    #[test]
    fn speaking_tls_we_are_known_by_the_names_of_our_certificate_too() {
        let names = ["farol.local", "192.168.1.10", "fd00::1"].map(str::to_owned).to_vec();
        let tls = Tls::SelfSigned { folder: "tls".into(), names };
        let origins = with_tls(None, tls.clone());
        for (origin, ours) in [
            ("https://localhost:8080", true),
            ("https://farol.local:8080", true),
            ("https://192.168.1.10:8080", true),
            ("https://[fd00::1]:8080", true),
            ("http://localhost:8080", false),
            ("http://farol.local:8080", false),
            ("https://farol.local", false),
        ] {
            assert_eq!(origins.allow(origin), ours, "{origin}");
        }
        let public = with_tls(Some("https://farol.example/"), tls);
        assert!(public.allow("https://farol.example") && !public.allow("https://farol.local:8080"));
        assert_eq!(origin("https", "farol", 443).as_deref(), Some("https://farol"));
    }

    #[tokio::test]
    async fn a_download_refuses_other_sites_and_a_socket_whoever_does_not_say_where_it_is_from() {
        for (site, origin, download, socket) in [
            ("", "", true, false),
            ("none", "", true, false),
            ("same-origin", "http://localhost:8080", true, true),
            ("same-site", "", false, false),
            ("cross-site", "", false, false),
            ("", "http://evil.example", false, false),
        ] {
            let (mut parts, ()) = axum::http::Request::new(()).into_parts();
            parts.headers = headers(site, origin);
            parts.extensions.insert(origins(None));
            let shown = format!("{site:?} {origin:?}");
            assert_eq!(NotCrossSite::from_request_parts(&mut parts, &()).await.is_ok(), download, "{shown}");
            assert_eq!(OwnOrigin::from_request_parts(&mut parts, &()).await.is_ok(), socket, "{shown}");
        }
    }
}
