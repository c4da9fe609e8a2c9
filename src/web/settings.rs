//! Where we listen, and as what browsers know us.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use crate::domain::Secret;
use crate::web::tls::Tls;

#[derive(Debug, Clone)]
pub struct Settings {
    pub listen: SocketAddr,
    pub tls: Tls,
    /// Where whoever comes in the clear is only told where to go.
    pub redirect_listen: Option<SocketAddr>,
    /// At least 32 characters nobody else knows.
    pub secret_key: Secret<String>,
    /// How browsers reach us, when it is not where we listen: a name, or a proxy that speaks TLS.
    pub public_url: Option<Url>,
    /// Whose word about a client's address counts.
    pub trusted_proxies: Vec<IpNet>,
    /// For dates, and for good morning; `None` is the machine's own.
    pub time_zone: Option<String>,
    pub scrapers: Scrapers,
    /// Whoever is not signed in may see how the storage is.
    pub public_status: bool,
}

/// Who may read the figures of the server: by default programs on this machine.
#[derive(Debug, Clone)]
pub struct Scrapers {
    pub networks: Vec<IpNet>,
    pub token: Option<Secret<String>>,
}

/// Why an address cannot be the one browsers know us by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidPublicUrl {
    /// Not `scheme://name` or `scheme://name:port` alone.
    Malformed,
    /// Plain HTTP to another machine.
    Plain,
}

/// Why a list of proxies cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidProxies {
    Malformed,
    /// Whoever can reach us could claim any address.
    Everybody,
}

impl Settings {
    /// Browsers reach us over TLS.
    pub fn is_secure(&self) -> bool {
        self.tls.is_on() || self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// How the addresses begin at which we listen ourselves.
    pub fn scheme(&self) -> &'static str {
        if self.tls.is_on() { "https" } else { "http" }
    }

    /// How our own addresses begin, for whoever reads them elsewhere. `address` is where we really listen.
    pub fn portal(&self, address: SocketAddr) -> String {
        let own = || format!("{}://{address}", self.scheme());
        self.public_url.as_ref().map_or_else(own, |url| url.origin().ascii_serialization())
    }

    pub fn parse_public_url(text: &str) -> Result<Url, InvalidPublicUrl> {
        let url = Url::parse(text.trim()).map_err(|_| InvalidPublicUrl::Malformed)?;
        let is_bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        match (url.scheme(), url.host()) {
            ("https", Some(_)) if is_bare => Ok(url),
            ("http", Some(host)) if is_bare && is_own_machine(&host) => Ok(url),
            ("http", Some(_)) if is_bare => Err(InvalidPublicUrl::Plain),
            _ => Err(InvalidPublicUrl::Malformed),
        }
    }

    /// Addresses and networks, told apart by commas.
    pub fn parse_proxies(text: &str) -> Result<Vec<IpNet>, InvalidProxies> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        let parse = |item: &str| item.parse::<IpAddr>().map(IpNet::from).or_else(|_| item.parse::<IpNet>());
        let networks: Vec<IpNet> = items.map(parse).collect::<Result<_, _>>().map_err(|_| InvalidProxies::Malformed)?;
        let trusts_everybody = networks.iter().any(|network| network.prefix_len() == 0);
        if trusts_everybody { Err(InvalidProxies::Everybody) } else { Ok(networks) }
    }

    /// Whether cookies would cross a network in the clear if we speak plain HTTP: no proxy in front of us speaks TLS.
    pub fn exposes_cookies(listen: SocketAddr, public_url: Option<&Url>) -> bool {
        !listen.ip().to_canonical().is_loopback() && public_url.is_none_or(|url| url.scheme() != "https")
    }
}

impl Default for Scrapers {
    fn default() -> Self {
        let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
        Self { networks: loopback.map(IpNet::from).to_vec(), token: None }
    }
}

impl Scrapers {
    pub fn admit_address(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address.to_canonical()))
    }

    /// By what is made of the token, so that no comparison tells how much of it was right.
    pub fn admit_token(&self, token: &str) -> bool {
        let digest = |text: &str| Sha256::digest(text.as_bytes());
        self.token.as_ref().is_some_and(|own| digest(own.reveal()) == digest(token))
    }
}

/// The names and addresses that never leave the machine.
fn is_own_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}
