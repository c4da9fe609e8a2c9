//! The one table of keys: what may be set, of which kind, and what holds when nobody sets it.

use crate::domain::language::Language;
use crate::{auth, health, outbox, shares, smb, truenas};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// May carry a password, so it is shown without it.
    Url,
    Secret,
    /// Texts, told apart by commas.
    List,
    /// `name=text`, told apart by commas. In the file a table, whose names are anybody's.
    Pairs,
    Flag,
    Number {
        least: u64,
        most: u64,
    },
}

/// What holds when no source speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fallback {
    /// Nothing: the key is needed, or is one of two of which one is needed, or may stay empty.
    Nothing,
    Text(&'static str),
    Flag(bool),
    Number(u64),
    /// Comes from another key.
    Derived,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    /// `section.key`, as in `farol.toml`.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) fallback: Fallback,
    /// The customer's own names, weakest first. `FAROL_<SECTION>_<KEY>` is stronger than all of them.
    pub(super) variables: &'static [&'static str],
}

impl Key {
    pub(super) fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.replace('.', "_").to_uppercase())
    }

    /// The name a person most likely knows.
    pub(super) fn customary_variable(&self) -> String {
        self.variables.last().map_or_else(|| self.variable(), |name| (*name).to_owned())
    }

    /// Every name by which the environment may say it, weakest first.
    pub(super) fn all_variables(&self) -> Vec<String> {
        self.variables.iter().map(|name| (*name).to_owned()).chain([self.variable()]).collect()
    }
}

pub(super) const PREFIX: &str = "FAROL_";

/// Names the settings file instead of a key.
pub(super) const FILE_VARIABLE: &str = "FAROL_CONFIG";

/// The customer's name for the bare address of the NAS.
pub(super) const IP_VARIABLE: &str = "TRUENAS_IP";

/// Longer than any reboot of a NAS lasts; a call that takes more is lost.
const MOST_WAIT_S: u64 = 300;
/// A session of a month is a forgotten session.
const MOST_SESSION_S: u64 = 30 * 24 * 3600;
/// Shorter sessions would end while a person reads.
const LEAST_SESSION_S: u64 = 60;
/// Ten years: a typing error, not a wish.
const MOST_KEEP_DAYS: u64 = 3650;

const fn key(name: &'static str, kind: Kind, fallback: Fallback) -> Key {
    Key { name, kind, fallback, variables: &[] }
}

const fn also(key: Key, variables: &'static [&'static str]) -> Key {
    Key { variables, ..key }
}

const fn number(least: u64, most: u64) -> Kind {
    Kind::Number { least, most }
}

pub(super) const KEYS: &[Key] = &[
    also(key("truenas.url", Kind::Url, Fallback::Nothing), &[IP_VARIABLE, "TRUENAS_API_URL"]),
    key("truenas.username", Kind::Text, Fallback::Text("")),
    also(key("truenas.api_key", Kind::Secret, Fallback::Nothing), &["TRUENAS_API_KEY"]),
    also(key("truenas.api_key_file", Kind::Text, Fallback::Nothing), &["TRUENAS_API_KEY_FILE"]),
    key("truenas.fingerprint", Kind::Text, Fallback::Nothing),
    key("truenas.ca_file", Kind::Text, Fallback::Nothing),
    key("truenas.allow_plain_http", Kind::Flag, Fallback::Flag(false)),
    key("truenas.call_timeout_s", number(1, MOST_WAIT_S), Fallback::Number(truenas::CALL_TIMEOUT.as_secs())),
    key("server.listen", Kind::Text, Fallback::Text("127.0.0.1:8080")),
    key("server.tls", Kind::Text, Fallback::Text("off")),
    key("server.tls_certificate", Kind::Text, Fallback::Nothing),
    key("server.tls_key", Kind::Text, Fallback::Nothing),
    key("server.tls_names", Kind::List, Fallback::Nothing),
    key("server.redirect_listen", Kind::Text, Fallback::Nothing),
    also(key("server.secret_key", Kind::Secret, Fallback::Nothing), &["SECRET_KEY"]),
    also(key("server.secret_key_file", Kind::Text, Fallback::Nothing), &["SECRET_KEY_FILE"]),
    also(
        key(
            "server.session_timeout_s",
            number(LEAST_SESSION_S, MOST_SESSION_S),
            Fallback::Number(auth::SESSION_TIMEOUT.as_secs()),
        ),
        &["SESSION_TIMEOUT"],
    ),
    key("server.idle_timeout_s", number(LEAST_SESSION_S, MOST_SESSION_S), Fallback::Derived),
    key("server.public_url", Kind::Url, Fallback::Nothing),
    key("server.trusted_proxies", Kind::List, Fallback::Nothing),
    key("server.time_zone", Kind::Text, Fallback::Derived),
    key("server.data_dir", Kind::Text, Fallback::Text("farol-data")),
    key("auth.authenticator", Kind::Text, Fallback::Text(auth::Authenticator::Smb.as_str())),
    key("auth.administrators_group", Kind::Text, Fallback::Text(auth::ADMINISTRATORS_GROUP)),
    key("auth.on_service_key_refused", Kind::Text, Fallback::Text(auth::OnKeyRefused::LogOut.as_str())),
    key("auth.second_factor", Kind::Text, Fallback::Text(auth::SecondFactor::Required.as_str())),
    key("store.url", Kind::Url, Fallback::Derived),
    key("store.url_file", Kind::Text, Fallback::Nothing),
    key("smb.host", Kind::Text, Fallback::Derived),
    key("smb.port", number(1, 65_535), Fallback::Number(smb::SMB_PORT as u64)),
    key("smb.timeout_s", number(1, MOST_WAIT_S), Fallback::Number(10)),
    key("drives.host", Kind::Text, Fallback::Derived),
    key("drives.letters", Kind::List, Fallback::Text(shares::LETTERS)),
    key("drives.fixed", Kind::Pairs, Fallback::Nothing),
    key("health.period_s", number(1, 3600), Fallback::Number(health::PERIOD.as_secs())),
    key("status.public", Kind::Flag, Fallback::Flag(true)),
    key("metrics.allow", Kind::List, Fallback::Text("127.0.0.1,::1")),
    key("metrics.token", Kind::Secret, Fallback::Nothing),
    key("metrics.token_file", Kind::Text, Fallback::Nothing),
    key("messages.ca_file", Kind::Text, Fallback::Nothing),
    key("email.server", Kind::Text, Fallback::Nothing),
    key("email.port", number(1, 65_535), Fallback::Number(outbox::SMTP_PORT as u64)),
    key("email.encryption", Kind::Text, Fallback::Text(outbox::Encryption::StartTls.as_str())),
    key("email.username", Kind::Text, Fallback::Nothing),
    key("email.password", Kind::Secret, Fallback::Nothing),
    key("email.password_file", Kind::Text, Fallback::Nothing),
    key("email.from", Kind::Text, Fallback::Nothing),
    key("email.to", Kind::List, Fallback::Nothing),
    key("email.level", Kind::Text, Fallback::Text(outbox::Level::Attention.as_str())),
    key("email.events", Kind::List, Fallback::Nothing),
    key("email.quiet", Kind::Text, Fallback::Nothing),
    key("email.trouble_anytime", Kind::Flag, Fallback::Flag(true)),
    key("email.language", Kind::Text, Fallback::Text(Language::Portuguese.as_str())),
    key("webhook.url", Kind::Secret, Fallback::Nothing),
    key("webhook.url_file", Kind::Text, Fallback::Nothing),
    key("webhook.key", Kind::Secret, Fallback::Nothing),
    key("webhook.key_file", Kind::Text, Fallback::Nothing),
    key("webhook.level", Kind::Text, Fallback::Text(outbox::Level::Attention.as_str())),
    key("webhook.events", Kind::List, Fallback::Nothing),
    key("webhook.quiet", Kind::Text, Fallback::Nothing),
    key("webhook.trouble_anytime", Kind::Flag, Fallback::Flag(true)),
    key("webhook.language", Kind::Text, Fallback::Text(Language::Portuguese.as_str())),
    key("ntfy.url", Kind::Secret, Fallback::Nothing),
    key("ntfy.url_file", Kind::Text, Fallback::Nothing),
    key("ntfy.token", Kind::Secret, Fallback::Nothing),
    key("ntfy.token_file", Kind::Text, Fallback::Nothing),
    key("ntfy.level", Kind::Text, Fallback::Text(outbox::Level::Attention.as_str())),
    key("ntfy.events", Kind::List, Fallback::Nothing),
    key("ntfy.quiet", Kind::Text, Fallback::Nothing),
    key("ntfy.trouble_anytime", Kind::Flag, Fallback::Flag(true)),
    key("ntfy.language", Kind::Text, Fallback::Text(Language::Portuguese.as_str())),
    key("telegram.token", Kind::Secret, Fallback::Nothing),
    key("telegram.token_file", Kind::Text, Fallback::Nothing),
    key("telegram.chat", Kind::Text, Fallback::Nothing),
    key("telegram.url", Kind::Text, Fallback::Text("https://api.telegram.org")),
    key("telegram.level", Kind::Text, Fallback::Text(outbox::Level::Attention.as_str())),
    key("telegram.events", Kind::List, Fallback::Nothing),
    key("telegram.quiet", Kind::Text, Fallback::Nothing),
    key("telegram.trouble_anytime", Kind::Flag, Fallback::Flag(true)),
    key("telegram.language", Kind::Text, Fallback::Text(Language::Portuguese.as_str())),
    key("teams.url", Kind::Secret, Fallback::Nothing),
    key("teams.url_file", Kind::Text, Fallback::Nothing),
    key("teams.level", Kind::Text, Fallback::Text(outbox::Level::Attention.as_str())),
    key("teams.events", Kind::List, Fallback::Nothing),
    key("teams.quiet", Kind::Text, Fallback::Nothing),
    key("teams.trouble_anytime", Kind::Flag, Fallback::Flag(true)),
    key("teams.language", Kind::Text, Fallback::Text(Language::Portuguese.as_str())),
    key("log.directory", Kind::Text, Fallback::Derived),
    key("log.keep_days", number(1, MOST_KEEP_DAYS), Fallback::Number(30)),
    key("log.filter", Kind::Text, Fallback::Text("info")),
];

pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}
