//! A small browser: it keeps cookies, says which site asks, and follows nothing by itself.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use farol::runtime::Clock;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method};

use super::PATIENCE;

pub struct Browser {
    client: Client,
    base: String,
    cookies: Mutex<BTreeMap<String, String>>,
    says: Vec<(&'static str, String)>,
    /// The certificate it was told to trust, where it speaks TLS.
    trusted: Option<String>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// Empty when it is no text.
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("no header {name}: {self:?}"));
        value.to_str().unwrap()
    }

    #[track_caller]
    pub fn assert_says(&self, text: &str) {
        assert!(self.body.contains(text), "{text:?} is missing in {}", self.body);
    }

    /// The names on the cards.
    pub fn shares(&self) -> Vec<String> {
        let cards = self.body.split("<li class=\"share\" id=").skip(1);
        let names = cards.map(|card| card.split("<h3>").nth(1).unwrap().split("</h3>").next().unwrap());
        names.map(unescaped).collect()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Browser {
    pub fn new(address: SocketAddr) -> Self {
        // Nothing here speaks TLS, yet the client wants to know how. A second browser finds it known.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        let base = format!("http://{address}");
        Self { client, base, cookies: Mutex::default(), says: Vec::new(), trusted: None }
    }

    /// Trusts this certificate, in PEM, and no other.
    pub fn over_tls(address: SocketAddr, trusted: &str) -> Self {
        let plain = Self::new(address);
        let roots = [reqwest::Certificate::from_pem(trusted.as_bytes()).unwrap()];
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        let client = client.tls_certs_only(roots).build().unwrap();
        Self { client, base: format!("https://{address}"), trusted: Some(trusted.to_owned()), ..plain }
    }

    pub fn trusted(&self) -> Option<&str> {
        self.trusted.as_deref()
    }

    /// Says this with every request.
    pub fn saying(mut self, name: &'static str, value: &str) -> Self {
        self.says.push((name, value.to_owned()));
        self
    }

    /// A second window, which has the same cookies.
    pub fn twin(&self) -> Self {
        let cookies = self.cookies.lock().unwrap().clone();
        Self {
            client: self.client.clone(),
            base: self.base.clone(),
            cookies: Mutex::new(cookies),
            says: self.says.clone(),
            trusted: self.trusted.clone(),
        }
    }

    /// This one, with the cookies of another.
    pub fn like(&self, other: &Self) -> Self {
        let twin = self.twin();
        twin.cookies.lock().unwrap().clone_from(&other.cookies.lock().unwrap());
        twin
    }

    /// The address as the bar of the browser shows it.
    pub fn origin(&self) -> &str {
        &self.base
    }

    /// Of the session, named as the connection asks for.
    pub fn session(&self) -> Option<(&'static str, String)> {
        let name = if self.trusted.is_some() { "__Host-farol" } else { "farol" };
        self.cookie(name).map(|value| (name, value))
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[("accept", "text/html")], "").await
    }

    /// A form of one of our pages.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.form(path, fields, &[("accept", "text/html"), ("sec-fetch-site", "same-origin")]).await
    }

    /// The same form, sent by htmx.
    pub async fn htmx(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [("accept", "text/html"), ("sec-fetch-site", "same-origin"), ("hx-request", "true")];
        self.form(path, fields, &headers).await
    }

    pub async fn sign_in(&self, username: &str, password: &str) -> Answer {
        self.get("/").await;
        self.post("/", &[("username", username), ("password", password)]).await
    }

    pub async fn form(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend(headers);
        self.ask("POST", path, &all, body).await
    }

    /// Exactly this, and the cookies.
    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
        self.try_ask(method, path, headers, body).await.unwrap()
    }

    /// Of a server that may be gone.
    pub async fn try_ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> reqwest::Result<Answer> {
        let mut request =
            self.client.request(method.parse::<Method>().unwrap(), format!("{}{path}", self.base)).body(body.into());
        let says = self.says.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in headers.iter().copied().chain(says) {
            request = request.header(name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap());
        }
        let jar: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !jar.is_empty() {
            request = request.header("cookie", jar.join("; "));
        }
        let answered = Box::pin(async {
            let response = request.send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let bytes = Vec::from(response.bytes().await?);
            Ok(Answer { status, headers, body: String::from_utf8(bytes.clone()).unwrap_or_default(), bytes })
        });
        let answer: Answer = Clock::real().timeout(PATIENCE, answered).await.expect("no answer")?;
        self.keep(&answer.headers);
        Ok(answer)
    }

    fn keep(&self, headers: &HeaderMap) {
        let mut jar = self.cookies.lock().unwrap();
        for cookie in headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// What a browser makes of an attribute.
pub fn unescaped(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&#x2F;", "/")];
    entities.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain)).replace("&amp;", "&")
}
