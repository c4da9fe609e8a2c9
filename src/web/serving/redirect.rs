//! The answer to whoever asks in the clear where we speak TLS: the same address, encrypted.

use axum::body::Body;
use axum::http::header::{CONNECTION, HOST, HeaderValue, LOCATION};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Request, Response, StatusCode, Uri};

/// The port browsers leave out.
const USUAL_PORT: u16 = 443;

/// Where to.
#[derive(Debug, Clone)]
pub struct Redirect {
    /// As browsers know us; without it, the host they asked for.
    pub public: Option<String>,
    pub port: u16,
}

impl Redirect {
    pub fn answer<B>(&self, request: &Request<B>) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::BAD_REQUEST;
        if let Some(place) = self.place(request.headers(), request.uri()) {
            *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
            response.headers_mut().insert(LOCATION, place);
        }
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        response
    }

    fn place(&self, headers: &HeaderMap, asked: &Uri) -> Option<HeaderValue> {
        let path = asked.path_and_query().map_or("/", |path| path.as_str());
        let path = if path.starts_with('/') { path } else { "/" };
        let origin = match &self.public {
            Some(origin) => origin.clone(),
            None => self.same_host(headers)?,
        };
        HeaderValue::from_str(&format!("{origin}{path}")).ok()
    }

    fn same_host(&self, headers: &HeaderMap) -> Option<String> {
        let authority: Authority = headers.get(HOST)?.to_str().ok()?.parse().ok()?;
        let port = if self.port == USUAL_PORT { String::new() } else { format!(":{}", self.port) };
        Some(format!("https://{}{port}", authority.host()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirected(public: Option<&str>, port: u16, host: &str, path: &str) -> (u16, String) {
        let redirect = Redirect { public: public.map(str::to_owned), port };
        let request = Request::get(path).header(HOST, host).body(()).unwrap();
        let answer = redirect.answer(&request);
        let place = answer.headers().get(LOCATION).map_or("", |place| place.to_str().unwrap());
        (answer.status().as_u16(), place.to_owned())
    }

    #[test]
    fn whoever_asks_in_the_clear_is_sent_to_the_same_page_over_tls() {
        let sent = |place: &str| (308, place.to_owned());
        assert_eq!(redirected(None, 8443, "farol:8080", "/a?b=c"), sent("https://farol:8443/a?b=c"));
        assert_eq!(redirected(None, 443, "farol", "/"), sent("https://farol/"));
        assert_eq!(redirected(None, 8443, "[::1]:80", "/"), sent("https://[::1]:8443/"));
        assert_eq!(redirected(Some("https://farol.example"), 8443, "evil", "/a"), sent("https://farol.example/a"));
        assert_eq!(redirected(None, 443, "farol", "http://evil/a"), sent("https://farol/a"));
        assert_eq!(redirected(None, 443, "fa rol/", "/"), (400, String::new()));
    }
}
