//! Where messages go, and which of them.

use std::path::PathBuf;

use jiff::tz::TimeZone;
use url::{Host, Url};

use crate::domain::Secret;
use crate::domain::language::Language;
use crate::outbox::message::{Event, Level};
use crate::outbox::quiet::Quiet;

/// The port on which mail servers take mail from their own people.
pub const SMTP_PORT: u16 = 587;

/// By default nothing goes out.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Each kind at most once.
    pub channels: Vec<Channel>,
    /// A PEM file of authorities to trust beside those of the operating system.
    pub ca_file: Option<PathBuf>,
    /// What the hours of the messages and of the quiet are counted in.
    pub time_zone: TimeZone,
}

/// One way out. It is called by its kind.
#[derive(Debug, Clone)]
pub struct Channel {
    pub target: Target,
    pub rule: Rule,
}

/// An address may hold the key to it, so most are secrets.
#[derive(Debug, Clone)]
pub enum Target {
    Email(Email),
    Webhook { url: Secret<String>, key: Secret<String> },
    Ntfy { url: Secret<String>, token: Option<Secret<String>> },
    Telegram { url: Url, token: Secret<String>, chat: String },
    Teams { url: Secret<String> },
}

#[derive(Debug, Clone)]
pub struct Email {
    pub server: String,
    pub port: u16,
    pub encryption: Encryption,
    /// Name and password, where the server asks for them.
    pub login: Option<(String, Secret<String>)>,
    pub from: String,
    pub to: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte.
    Tls,
    /// Asked for in plain text, and nothing else is said before.
    StartTls,
    /// To a server on this machine only.
    Nothing,
}

/// Which messages a channel takes, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub least: Level,
    /// Empty: all.
    pub events: Vec<Event>,
    pub quiet: Option<Quiet>,
    /// Trouble is told in the quiet too.
    pub trouble_anytime: bool,
    pub language: Language,
}

/// What a channel is, in the word it is called by everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Email,
    Webhook,
    Ntfy,
    Telegram,
    Teams,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    #[error("not a URL of the form https://host/path")]
    Malformed,
    #[error("plain http leaves this machine")]
    Plain,
    #[error("carries a user name or password")]
    Credentials,
}

impl Default for Settings {
    fn default() -> Self {
        Self { channels: Vec::new(), ca_file: None, time_zone: TimeZone::UTC }
    }
}

impl Settings {
    /// An address to which messages may be handed over HTTP: encrypted, unless it is on this machine.
    pub fn parse_url(text: &str) -> Result<Url, InvalidAddress> {
        let url = Url::parse(text.trim()).map_err(|_| InvalidAddress::Malformed)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidAddress::Credentials);
        }
        match (url.scheme(), url.host()) {
            ("https", Some(_)) => Ok(url),
            ("http", Some(host)) if is_here(&host) => Ok(url),
            ("http", Some(_)) => Err(InvalidAddress::Plain),
            _ => Err(InvalidAddress::Malformed),
        }
    }

    /// The same for ntfy, whose address ends with the topic.
    pub fn parse_topic(text: &str) -> Result<(Url, String), InvalidAddress> {
        let mut url = Self::parse_url(text)?;
        let segments: Vec<&str> = url.path().trim_matches('/').split('/').collect();
        let [topic] = segments.as_slice() else { return Err(InvalidAddress::Malformed) };
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if topic.is_empty() || topic.len() > 64 || !topic.chars().all(plain) {
            return Err(InvalidAddress::Malformed);
        }
        let topic = (*topic).to_owned();
        url.set_path("/");
        Ok((url, topic))
    }

    /// Whether a mail server of this name is on this machine.
    pub fn is_local(server: &str) -> bool {
        Host::parse(server).is_ok_and(|host| is_here(&host))
            || server.parse().is_ok_and(|ip| is_here::<&str>(&Host::Ipv6(ip)))
    }

    /// An address mail can be sent to or from, with or without a name before it.
    pub fn is_mailbox(text: &str) -> bool {
        text.parse::<lettre::message::Mailbox>().is_ok()
    }
}

fn is_here<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Domain(name) => name.as_ref() == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

impl Encryption {
    pub const ALL: [Self; 3] = [Self::Tls, Self::StartTls, Self::Nothing];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::StartTls => "starttls",
            Self::Nothing => "none",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encryption| encryption.as_str() == word)
    }
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Email, Self::Webhook, Self::Ntfy, Self::Telegram, Self::Teams];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
            Self::Ntfy => "ntfy",
            Self::Telegram => "telegram",
            Self::Teams => "teams",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl Channel {
    pub const fn kind(&self) -> Kind {
        match &self.target {
            Target::Email(_) => Kind::Email,
            Target::Webhook { .. } => Kind::Webhook,
            Target::Ntfy { .. } => Kind::Ntfy,
            Target::Telegram { .. } => Kind::Telegram,
            Target::Teams { .. } => Kind::Teams,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for (text, outcome) in [
            ("https://hooks.example.com/a?b=c", None),
            ("http://127.0.0.1:9/", None),
            ("http://[::1]/", None),
            ("http://localhost:8080/x", None),
            ("http://192.168.1.9/", Some(InvalidAddress::Plain)),
            ("http://localhost.example.com/", Some(InvalidAddress::Plain)),
            ("https://ana:pw@example.com/", Some(InvalidAddress::Credentials)),
            ("ftp://example.com/", Some(InvalidAddress::Malformed)),
            ("example.com", Some(InvalidAddress::Malformed)),
        ] {
            assert_eq!(Settings::parse_url(text).err(), outcome, "{text}");
        }
        for (server, local) in [("localhost", true), ("127.0.0.9", true), ("::1", true), ("mail.example.com", false)] {
            assert_eq!(Settings::is_local(server), local, "{server}");
        }
    }

    #[test]
    fn a_topic_is_one_plain_word_at_the_end() {
        let (url, topic) = Settings::parse_topic("https://ntfy.sh/farol-office_1").unwrap();
        assert_eq!((url.as_str(), topic.as_str()), ("https://ntfy.sh/", "farol-office_1"));
        for text in ["https://ntfy.sh/", "https://ntfy.sh/a/b", "https://ntfy.sh/a%20b", "http://ntfy.sh/a"] {
            assert!(Settings::parse_topic(text).is_err(), "{text}");
        }
    }
}
