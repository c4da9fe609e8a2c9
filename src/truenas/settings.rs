//! What must be known to reach the NAS, valid by construction.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::truenas::ServiceKey;

/// The customer asked for ten seconds a call.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(10);

/// How to know that whoever answers is our NAS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// The authorities the operating system trusts.
    System,
    /// Only authorities in this PEM file.
    Authority(PathBuf),
    /// Exactly this certificate, whatever its name and dates.
    Pinned(Fingerprint),
}

/// SHA-256 of a certificate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Reads 64 hexadecimal digits, with or without colons, blanks and a leading `sha256:`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.get(..7).filter(|head| head.eq_ignore_ascii_case("sha256:")).map_or(text, |_| &text[7..]);
        let digits: Vec<u8> = digits
            .chars()
            .filter(|c| !matches!(c, ':' | ' '))
            .map(|c| c.to_digit(16).and_then(|n| u8::try_from(n).ok()))
            .collect::<Option<_>>()?;
        let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
        (digits.len() == 64).then(|| bytes.try_into().ok()).flatten().map(Self)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02X}", if index == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Debug, Clone)]
pub struct Settings {
    /// Scheme, host and port only.
    url: Url,
    /// The account the key belongs to: 25.04 and later ask for it.
    pub username: String,
    pub api_key: ServiceKey,
    pub trust: Trust,
    /// Speak plain HTTP to releases up to 24.10. Newer ones revoke a key that arrives so: never there, whatever this says.
    pub allow_plain_http: bool,
    pub call_timeout: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    #[error("not a URL of the form https://host[:port]")]
    Malformed,
    #[error("carries a user name or password")]
    Credentials,
    #[error("plain http would expose the key")]
    Plain,
}

impl Settings {
    /// Accepts the customer's form with `/api/v2.0` at the end. Plain `http` needs to be allowed.
    pub fn parse_url(text: &str, allow_plain_http: bool) -> Result<Url, InvalidUrl> {
        let mut url = Url::parse(text.trim()).map_err(|_| InvalidUrl::Malformed)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidUrl::Credentials);
        }
        let path_known = matches!(url.path().trim_end_matches('/'), "" | "/api/v2.0" | "/api/current" | "/ui");
        if url.host_str().is_none_or(str::is_empty) || !path_known || url.query().is_some() || url.fragment().is_some()
        {
            return Err(InvalidUrl::Malformed);
        }
        let scheme = match url.scheme() {
            "https" | "wss" => "https",
            "http" | "ws" if allow_plain_http => "http",
            "http" | "ws" => return Err(InvalidUrl::Plain),
            _ => return Err(InvalidUrl::Malformed),
        };
        url.set_scheme(scheme).map_err(|()| InvalidUrl::Malformed)?;
        url.set_path("");
        Ok(url)
    }

    pub fn new(url: Url, username: String, api_key: impl Into<ServiceKey>, trust: Trust) -> Self {
        let api_key = api_key.into();
        Self { url, username, api_key, trust, allow_plain_http: false, call_timeout: CALL_TIMEOUT }
    }

    /// The same account and the same trust at another address.
    #[must_use]
    pub fn at(&self, url: Url) -> Self {
        Self { url, ..self.clone() }
    }

    pub fn url(&self) -> &Url {
        &self.url
    }

    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_customers_url_forms_are_understood() {
        for (text, plain, expected) in [
            ("https://192.168.1.100", false, Ok("https://192.168.1.100/")),
            ("https://nas.local:8443/api/v2.0/", false, Ok("https://nas.local:8443/")),
            ("http://192.168.1.100/api/v2.0", false, Err(InvalidUrl::Plain)),
            ("http://192.168.1.100/api/v2.0", true, Ok("http://192.168.1.100/")),
            ("https://root:pw@nas", false, Err(InvalidUrl::Credentials)),
            ("ftp://nas", true, Err(InvalidUrl::Malformed)),
            ("https://nas/other", false, Err(InvalidUrl::Malformed)),
            ("nas", false, Err(InvalidUrl::Malformed)),
        ] {
            assert_eq!(
                Settings::parse_url(text, plain).as_ref().map(Url::as_str),
                expected.as_ref().copied(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_fingerprint_is_read_in_every_usual_form_and_shown_in_one() {
        let shown = Fingerprint([0xAB; 32]).to_string();
        assert_eq!(shown.len(), 95);
        for text in [shown.clone(), shown.replace(':', "").to_lowercase(), format!("SHA256:{shown}")] {
            assert_eq!(Fingerprint::parse(&text), Some(Fingerprint([0xAB; 32])), "{text}");
        }
        for text in ["", "AB:CD", &"é".repeat(32), &shown[1..], &format!("{shown}00")] {
            assert_eq!(Fingerprint::parse(text), None, "{text}");
        }
    }
}
