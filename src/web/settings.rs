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

impl Settings {
    /// Browsers reach us over TLS.
    pub fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// Passwords would cross the network for anybody to read: we listen to more than this machine, and nothing says that
    /// a proxy speaks TLS in front of us.
    pub fn exposes_passwords(&self) -> bool {
        !self.listen.ip().is_loopback() && !self.is_secure()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_cross_the_network_only_behind_tls() {
        for (listen, public_url, exposed) in [
            ("127.0.0.1:8080", None, false),
            ("[::1]:8080", None, false),
            ("0.0.0.0:8080", None, true),
            ("[::]:8080", None, true),
            ("192.168.0.10:80", Some("http://farol.example"), true),
            ("0.0.0.0:8080", Some("https://farol.example"), false),
        ] {
            let settings = Settings {
                listen: listen.parse().unwrap(),
                secret_key: Secret::from(""),
                public_url: public_url.map(|url| Url::parse(url).unwrap()),
                trusted_proxies: Vec::new(),
                time_zone: None,
            };
            assert_eq!(settings.exposes_passwords(), exposed, "{listen} {public_url:?}");
        }
    }
}
