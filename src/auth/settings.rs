//! Who proves a password, who administers, how long a session lasts.

use std::time::Duration;

/// The customer's eight hours.
pub const SESSION_TIMEOUT: Duration = Duration::from_hours(8);

/// Longer than any lunch, shorter than a night.
pub const IDLE_TIMEOUT: Duration = Duration::from_hours(4);

/// The demo's group; `farol setup` asks for the real one.
pub const ADMINISTRATORS_GROUP: &str = "portal-admins";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authenticator {
    /// The same sign-in a mapped drive makes.
    Smb,
    /// The NAS's own sign-in: needs a privilege for the staff there, and knows second factors.
    TruenasApi,
}

impl Authenticator {
    pub const ALL: [Self; 2] = [Self::Smb, Self::TruenasApi];

    /// The word in the settings file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Smb => "smb",
            Self::TruenasApi => "truenas-api",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|authenticator| authenticator.as_str() == word)
    }
}

/// What becomes of everybody when the NAS no longer accepts the service key, without which nobody's rights are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnKeyRefused {
    /// Nobody stays signed in whom the NAS has to vouch for.
    LogOut,
    /// Who is in stays in, with the rights last known.
    Keep,
}

impl OnKeyRefused {
    pub const ALL: [Self; 2] = [Self::LogOut, Self::Keep];

    /// The word in the settings file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LogOut => "logout",
            Self::Keep => "keep",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == word)
    }
}

/// Whether the administrators of the NAS prove who they are once more, by a code, before they administer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    Required,
    /// The password opens everything.
    Off,
}

impl SecondFactor {
    pub const ALL: [Self; 2] = [Self::Required, Self::Off];

    /// The word in the settings file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Off => "off",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == word)
    }
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub authenticator: Authenticator,
    /// The group on the NAS whose members administer the portal.
    pub administrators_group: String,
    pub on_service_key_refused: OnKeyRefused,
    pub second_factor: SecondFactor,
    /// The absolute end of a session.
    pub session_timeout: Duration,
    /// The end of one nobody uses.
    pub idle_timeout: Duration,
}

impl Settings {
    /// The name of a group as somebody typed it, if it can be one.
    pub fn parse_group(text: &str) -> Option<String> {
        let name = text.trim();
        (!name.is_empty() && !name.contains(char::is_control)).then(|| name.to_owned())
    }
}
