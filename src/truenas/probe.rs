//! Which road this NAS offers. Asks without any secret.

use std::sync::Arc;

use rustls::ClientConfig;
use serde_json::Value;

use crate::domain::nas::{BootId, Road};
use crate::runtime::Clock;
use crate::truenas::{Error, Settings, http};

/// What the NAS says of itself to anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub road: Road,
    /// 25.10 and later.
    pub boot_id: Option<BootId>,
}

pub async fn offer(settings: &Settings, tls: &Arc<ClientConfig>, clock: &Clock) -> Result<Offer, Error> {
    let client = http::client(tls)?;
    let timeout = settings.call_timeout;
    let asking = async {
        let road = match ask(&client, settings, "/api/versions").await? {
            (200, Some(Value::Array(_))) => Road::Rpc,
            // Old releases send everything they do not know to their own pages.
            (302 | 404, _) => Road::Rest,
            // The plain port of a NAS that speaks TLS only.
            (301 | 307 | 308, _) if settings.url().scheme() == "http" => return Err(Error::PlainRefused),
            (status, _) => return Err(Error::protocol("/api/versions", format!("this is no TrueNAS (HTTP {status})"))),
        };
        let boot_id = match ask(&client, settings, "/api/boot_id").await? {
            (200, Some(Value::String(id))) => Some(BootId(id)),
            _ => None,
        };
        Ok(Offer { road, boot_id })
    };
    clock.timeout(timeout, asking).await.unwrap_or(Err(Error::TimedOut(timeout)))
}

async fn ask(client: &reqwest::Client, settings: &Settings, path: &str) -> Result<(u16, Option<Value>), Error> {
    let mut url = settings.url().clone();
    url.set_path(path);
    let response = client.get(url).send().await.map_err(http::error)?;
    match response.status().as_u16() {
        status @ 500..=599 => Err(Error::NotReady { status }),
        403 => Err(Error::AddressRefused),
        status => Ok((status, serde_json::from_slice(&http::body(response).await?).ok())),
    }
}
