//! The ways a call is refused, with the numbers of the real thing.

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    UnknownMethod,
    NotAuthenticated,
    NotAuthorized,
    /// Too many open calls from this address.
    Busy,
    Missing(String),
    External(String),
    Locked(String),
    Invalid {
        field: String,
        text: String,
    },
}

impl Failure {
    pub(super) fn invalid(field: &str, text: &str) -> Self {
        Self::Invalid { field: field.to_owned(), text: text.to_owned() }
    }

    pub(super) fn errno(&self) -> u16 {
        match self {
            Self::Missing(_) => 2,
            Self::NotAuthorized => 13,
            Self::Busy => 16,
            Self::External(_) => 18,
            Self::Invalid { .. } => 22,
            Self::UnknownMethod => 201,
            Self::Locked(_) => 205,
            Self::NotAuthenticated => 207,
        }
    }

    pub(super) fn errname(&self) -> &'static str {
        match self {
            Self::Missing(_) => "ENOENT",
            Self::NotAuthorized => "EACCES",
            Self::Busy => "EBUSY",
            Self::External(_) => "EXDEV",
            Self::Invalid { .. } => "EINVAL",
            Self::UnknownMethod => "ENOMETHOD",
            Self::Locked(_) => "EDATASETISLOCKED",
            Self::NotAuthenticated => "ENOTAUTHENTICATED",
        }
    }

    pub(super) fn reason(&self) -> String {
        let text = match self {
            Self::UnknownMethod => "Method does not exist",
            Self::NotAuthenticated => "Not authenticated",
            Self::NotAuthorized => "Not authorized",
            Self::Busy => "Rate Limit Exceeded",
            Self::Missing(text) | Self::External(text) | Self::Locked(text) | Self::Invalid { text, .. } => text,
        };
        format!("[{}] {text}", self.errname())
    }
}
