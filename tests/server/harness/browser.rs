//! A browser as far as a server can tell: it keeps cookies, says where a form came from, and follows nothing by itself.

use std::collections::BTreeMap;

use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Method, redirect};

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The names on the cards.
    pub fn shares(&self) -> Vec<String> {
        let cards = self.body.split("data-share=\"").skip(1);
        cards.map(|rest| unescape(rest.split('"').next().unwrap())).collect()
    }
}

/// What a browser makes of an attribute.
pub fn unescape(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&#x2F;", "/")];
    entities.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain)).replace("&amp;", "&")
}

/// One field of a form.
pub fn field<'a>(name: &'a str, value: &'a str) -> (&'a str, &'a str) {
    (name, value)
}

pub struct Browser {
    http: reqwest::Client,
    site: String,
    pub cookies: BTreeMap<String, String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// What it says about where a form was.
    pub origin: Option<String>,
}

impl Browser {
    pub fn new(site: String) -> Self {
        let http = client();
        Self { http, origin: Some(site.clone()), site, cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// Says this with every request.
    pub fn saying(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()));
        self
    }

    /// A second window of the same browser: the same cookies.
    pub fn twin(&self) -> Self {
        Self {
            http: client(),
            site: self.site.clone(),
            cookies: self.cookies.clone(),
            headers: self.headers.clone(),
            origin: self.origin.clone(),
        }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.post_bytes(path, body.into_bytes()).await
    }

    pub async fn post_bytes(&mut self, path: &str, form: Vec<u8>) -> Answer {
        self.send(Method::POST, path, Some(form)).await
    }

    pub async fn send(&mut self, method: Method, path: &str, form: Option<Vec<u8>>) -> Answer {
        let safe = matches!(method, Method::GET | Method::HEAD);
        let mut request = self.http.request(method, format!("{}{path}", self.site));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(origin) = self.origin.as_ref().filter(|_| !safe) {
            request = request.header(ORIGIN, origin);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, cookies.join("; "));
        }
        if let Some(form) = form {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        self.keep_cookies(&headers);
        Answer { status, headers, body: response.text().await.unwrap() }
    }

    /// Opens the page, fills in the form, sends it.
    pub async fn sign_in(&mut self, username: &str, password: &str) -> Answer {
        self.get("/").await;
        self.post("/", &[("username", username), ("password", password)]).await
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE) {
            let mut parts = cookie.to_str().unwrap().split(';').map(str::trim);
            let (name, value) = parts.next().unwrap().split_once('=').unwrap();
            let gone = value.is_empty() || parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
            if gone {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests' own client has nothing to do with the server's")]
fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(redirect::Policy::none()).build().unwrap()
}
