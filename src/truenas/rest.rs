//! REST, for releases up to 24.10 only: deletable in one stroke with them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use rustls::ClientConfig;
use serde_json::Value;
use tokio::sync::{Notify, Semaphore};
use tokio_tungstenite::tungstenite::Bytes;

use crate::domain::nas::Road;
use crate::runtime::Clock;
use crate::truenas::error::one_line;
use crate::truenas::method::{self, Call, Method, Verb};
use crate::truenas::transport::{CALLS_AT_ONCE, Opened, Transport};
use crate::truenas::{Error, Settings, http, sealed};

/// There is no connection that could break: asking is the only way to notice.
const LOOK_EVERY: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Rest {
    client: reqwest::Client,
    settings: Settings,
    slots: Semaphore,
    clock: Clock,
    /// A call that met trouble asks for a look at once: one slow answer is no broken road.
    trouble: Notify,
}

pub async fn open(settings: &Settings, tls: Arc<ClientConfig>, clock: &Clock) -> Result<Opened, Error> {
    let transport = Arc::new(Rest::open(settings, &tls, clock).await?);
    let looking = transport.clone();
    Ok(Opened { transport, life: Box::pin(async move { looking.last().await }) })
}

impl Rest {
    /// Proves the key with one reading call.
    pub async fn open(settings: &Settings, tls: &ClientConfig, clock: &Clock) -> Result<Self, Error> {
        if settings.url().scheme() == "http" && !settings.allow_plain_http {
            return Err(Error::PlainRefused);
        }
        let rest = Self {
            client: http::client(tls)?,
            settings: settings.clone(),
            slots: Semaphore::new(CALLS_AT_ONCE),
            clock: clock.clone(),
            trouble: Notify::new(),
        };
        rest.look().await?;
        Ok(rest)
    }

    async fn last(&self) -> Error {
        loop {
            tokio::select! {
                () = self.trouble.notified() => {}
                () = self.clock.sleep(LOOK_EVERY) => {}
            }
            if let Err(error) = self.look().await {
                return error;
            }
        }
    }

    /// Only a TrueNAS answers this, and only to a key it accepts; what else that key may do is no matter here.
    pub async fn look(&self) -> Result<(), Error> {
        match self.exchange(&method::SYSTEM_STATE.call(Value::Null, None)).await {
            Ok(_) | Err(Error::RoleMissing { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn exchange(&self, call: &Call) -> Result<Value, Error> {
        let body = call.body.as_ref().map(sealed::json).transpose()?;
        let (status, body) = self.send(call.method, body, self.settings.call_timeout).await?;
        answer(call.method, status, &body)
    }

    /// The bare answer to one request.
    pub async fn send(
        &self,
        method: &'static Method,
        body: Option<Bytes>,
        limit: Duration,
    ) -> Result<(StatusCode, Vec<u8>), Error> {
        let mut url = self.settings.url().clone();
        url.set_path(&format!("/api/v2.0{}", method.rest));
        let verb = match method.verb {
            Verb::Get => reqwest::Method::GET,
            Verb::Post => reqwest::Method::POST,
        };
        let mut request = self.client.request(verb, url).bearer_auth(self.settings.api_key.now().reveal());
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let answering = async {
            let response = request.send().await.map_err(http::error)?;
            Ok((response.status(), http::body(response).await?))
        };
        self.clock.timeout(limit, answering).await.unwrap_or(Err(Error::TimedOut(limit)))
    }
}

#[async_trait]
impl Transport for Rest {
    fn road(&self) -> Road {
        Road::Rest
    }

    async fn call(&self, call: Call) -> Result<Value, Error> {
        let limit = self.settings.call_timeout;
        let queued = async {
            let _slot = self.slots.acquire().await;
            self.exchange(&call).await
        };
        let outcome = self.clock.timeout(limit, queued).await.unwrap_or(Err(Error::TimedOut(limit)));
        if outcome.as_ref().is_err_and(|error| !error.is_about_one_item()) {
            self.trouble.notify_one();
        }
        outcome
    }
}

pub fn answer(method: &'static Method, status: StatusCode, body: &[u8]) -> Result<Value, Error> {
    const ENOENT: i64 = 2;
    let name = method.rest;
    let json = serde_json::from_slice::<Value>(body).ok();
    let message = json.as_ref().and_then(|json| json.get("message")).and_then(Value::as_str).map(one_line);
    let errno = json.as_ref().and_then(|json| json.get("errno").and_then(Value::as_i64).or_else(|| field_errno(json)));
    match status.as_u16() {
        200 => json.ok_or_else(|| Error::protocol(name, "an answer that is not JSON")),
        401 => Err(Error::KeyRefused { answer: "HTTP 401".to_owned() }),
        // The page of its proxy: the service itself refuses without one.
        403 if body.trim_ascii_start().starts_with(b"<") => Err(Error::AddressRefused),
        403 => Err(Error::RoleMissing { method: name }),
        404 if message.is_some() => Err(Error::Missing { method: name }),
        404 => Err(Error::protocol(name, "the NAS does not know this address")),
        422 if errno == Some(ENOENT) => Err(Error::Missing { method: name }),
        status @ 502..=504 => Err(Error::NotReady { status }),
        status @ 300..=399 => Err(Error::protocol(name, format!("the NAS leads elsewhere (HTTP {status})"))),
        status => Err(Error::Refused {
            method: name,
            errno: errno.unwrap_or_else(|| status.into()),
            reason: message.unwrap_or_else(|| one_line(&String::from_utf8_lossy(body))),
        }),
    }
}

/// Of the first field found wrong: `{"path": [{"message": …, "errno": 2}]}`.
fn field_errno(answer: &Value) -> Option<i64> {
    answer.as_object()?.values().find_map(|problems| problems.get(0)?.get("errno")?.as_i64())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answered(status: u16, body: &str) -> Result<Value, Error> {
        answer(&method::FOLDER_ACL, StatusCode::from_u16(status).unwrap(), body.as_bytes())
    }

    #[test]
    fn every_status_has_its_error() {
        assert!(answered(200, "[]").is_ok());
        assert!(matches!(answered(200, "<html>"), Err(Error::Protocol { .. })));
        assert!(matches!(answered(401, "Unauthorized"), Err(Error::KeyRefused { .. })));
        assert!(matches!(answered(403, "<html>"), Err(Error::AddressRefused)));
        assert!(matches!(answered(403, ""), Err(Error::RoleMissing { .. })));
        assert!(matches!(answered(404, r#"{"message":"gone"}"#), Err(Error::Missing { .. })));
        assert!(matches!(answered(404, "404: Not Found"), Err(Error::Protocol { .. })));
        assert!(matches!(answered(422, r#"{"message":"no path","errno":2}"#), Err(Error::Missing { .. })));
        assert!(matches!(
            answered(422, r#"{"path":[{"message":"x","errno":22}]}"#),
            Err(Error::Refused { errno: 22, .. })
        ));
        assert!(matches!(answered(422, r#"{"path":[{"message":"x","errno":2}]}"#), Err(Error::Missing { .. })));
        assert!(matches!(answered(422, r#"{"path":["x"]}"#), Err(Error::Refused { errno: 422, .. })));
        assert!(matches!(answered(502, "<html>"), Err(Error::NotReady { status: 502 })));
        assert!(
            matches!(answered(500, r#"{"message":"boom","traceback":"…"}"#), Err(Error::Refused { reason, .. }) if reason == "boom")
        );
        assert!(matches!(answered(307, ""), Err(Error::Protocol { .. })));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn no_answer_makes_the_reader_panic(status in 100..600_u16, body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = answer(&method::SHARES, StatusCode::from_u16(status).unwrap(), &body);
        }
    }
}
