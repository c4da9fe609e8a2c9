//! The one HTTP client of the house: no redirects, no proxies, bounded answers.

use std::sync::Arc;

use futures_util::StreamExt as _;
use reqwest::Response;
use reqwest::redirect::Policy;
use rustls::ClientConfig;

use crate::truenas::transport::LONGEST_ANSWER;
use crate::truenas::{Error, tls};

/// Never follows a redirect: it would carry the key to wherever it points.
pub fn client(tls: &ClientConfig) -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .map_err(error)
}

pub async fn body(response: Response) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(error)?;
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(Error::protocol("answer", format!("longer than {LONGEST_ANSWER} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub fn error(error: reqwest::Error) -> Error {
    // The URL in it would repeat what the reader knows.
    let error = error.without_url();
    match tls::unexpected_fingerprint(&error) {
        Some(found) => Error::WrongCertificate { found },
        None if tls::is_about_tls(&error) => Error::Tls(Arc::new(error)),
        None if error.is_connect() => Error::Unreachable(Arc::new(error)),
        None => Error::Disconnected(Arc::new(error)),
    }
}
