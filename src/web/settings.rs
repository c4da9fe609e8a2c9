//! Where we listen, and as what browsers know us.

use std::net::SocketAddr;

use ipnet::IpNet;
use url::Url;

use crate::domain::Secret;

#[derive(Debug, Clone)]
pub struct Settings {
    pub listen: SocketAddr,
    /// At least 32 characters nobody else knows.
    pub secret_key: Secret<String>,
    /// How browsers reach us, when it is not where we listen: a proxy that speaks TLS.
    pub public_url: Option<Url>,
    /// Whose word about a client's address counts.
    pub trusted_proxies: Vec<IpNet>,
    /// For dates, and for good morning; `None` is the machine's own.
    pub time_zone: Option<String>,
}
