//! Handing something over by one HTTP request. Of the answer only the code is read.

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};

use crate::outbox::post::Post;
use crate::outbox::trust::Trust;
use crate::outbox::way::{is_about_tls, unreachable};
use crate::outbox::{Error, Failure};

/// Follows no redirect: it would carry keys to wherever it points.
pub fn client(trust: &Trust) -> Result<Client, Error> {
    Client::builder()
        .tls_backend_preconfigured(trust.client_config()?)
        .redirect(Policy::none())
        .no_proxy()
        .user_agent(concat!("Farol/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|_| Error::Client)
}

pub async fn send(client: &Client, message: Post) -> Result<(), Failure> {
    let Post { url, headers, body, missing_is_secret } = message;
    let (host, port) = (url.host_str().unwrap_or_default().to_owned(), url.port_or_known_default().unwrap_or(443));
    let mut request = client.post(url).header("content-type", "application/json").body(body);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let answer = match request.send().await {
        Ok(answer) => answer.status(),
        Err(error) if is_about_tls(&error) => return Err(Failure::Certificate),
        Err(error) if error.is_timeout() => return Err(Failure::TimedOut),
        Err(error) if error.is_connect() => return Err(unreachable(&host, port).await),
        Err(_) => return Err(Failure::NotUnderstood),
    };
    match answer {
        answer if answer.is_success() => Ok(()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Failure::WrongSecret),
        StatusCode::NOT_FOUND if missing_is_secret => Err(Failure::WrongSecret),
        answer => Err(Failure::Answered(answer.as_u16())),
    }
}
