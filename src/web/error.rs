//! The one mapping from what went wrong to status, public text and code. A layer renders it as page, piece or JSON.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// What somebody needs to make room, and a database to start anew.
const RECOVERY: Duration = Duration::from_secs(30);

/// Tells whether something that went wrong is over as soon as what we keep things in is there again.
pub type IsPassing = fn(&(dyn std::error::Error + 'static)) -> bool;

/// What a request ends with when it does not end well.
#[derive(Debug, Clone)]
pub enum Error {
    /// Nothing of it can be understood.
    Malformed,
    SignInNeeded,
    Forbidden,
    /// A code of the second factor comes first. `act`: it was more than a page to look at.
    ConfirmationNeeded {
        act: bool,
    },
    /// Another site made the browser ask.
    CrossSite,
    NotFound,
    MethodNotAllowed,
    TooSlow,
    TooLarge,
    UnsupportedType,
    /// It is understood, and not possible.
    Invalid,
    TooMany {
        wait: Duration,
    },
    /// Ours to repair; the chain is for the log.
    Broken(Arc<dyn std::error::Error + Send + Sync>),
    /// The NAS gave an answer nobody can use.
    BadGateway,
    /// The NAS, or what we need of it, is not there for now.
    Unavailable,
    /// What we keep things in is full, held or away, for now.
    NotKept,
}

/// What anybody may know of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Public {
    pub status: StatusCode,
    /// For programs: never changes once released.
    pub code: &'static str,
    /// The keys of heading and sentence.
    pub title: &'static str,
    pub text: &'static str,
}

impl Error {
    pub fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Broken(Arc::new(error))
    }

    pub fn public(&self) -> Public {
        let (status, code, title, text) = match self {
            Self::Malformed => (400, "malformed", "error-malformed", "error-malformed-text"),
            Self::SignInNeeded => (401, "sign_in_needed", "error-sign-in", "error-sign-in-text"),
            Self::Forbidden => (403, "forbidden", "error-forbidden", "error-forbidden-text"),
            Self::ConfirmationNeeded { .. } => {
                (403, "confirmation_needed", "error-confirmation", "error-confirmation-text")
            }
            Self::CrossSite => (403, "cross_site", "error-cross-site", "error-cross-site-text"),
            Self::NotFound => (404, "not_found", "error-not-found", "error-not-found-text"),
            Self::MethodNotAllowed => (405, "method_not_allowed", "error-method", "error-method-text"),
            Self::TooSlow => (504, "too_slow", "error-too-slow", "error-too-slow-text"),
            Self::TooLarge => (413, "too_large", "error-too-large", "error-too-large-text"),
            Self::UnsupportedType => (415, "unsupported_type", "error-type", "error-type-text"),
            Self::Invalid => (422, "invalid", "error-invalid", "error-invalid-text"),
            Self::TooMany { .. } => (429, "too_many_requests", "error-too-many", "error-too-many-text"),
            Self::Broken(_) => (500, "broken", "error-broken", "error-broken-text"),
            Self::BadGateway => (502, "bad_gateway", "error-gateway", "error-gateway-text"),
            Self::Unavailable => (503, "unavailable", "error-unavailable", "error-unavailable-text"),
            Self::NotKept => (503, "not_kept", "error-not-kept", "error-not-kept-text"),
        };
        Public { status: StatusCode::from_u16(status).unwrap_or_default(), code, title, text }
    }

    /// After how long it is worth asking again.
    pub fn wait(&self) -> Option<Duration> {
        match *self {
            Self::TooMany { wait } => Some(wait),
            Self::NotKept => Some(RECOVERY),
            Self::Malformed
            | Self::SignInNeeded
            | Self::Forbidden
            | Self::ConfirmationNeeded { .. }
            | Self::CrossSite
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::TooSlow
            | Self::TooLarge
            | Self::UnsupportedType
            | Self::Invalid
            | Self::Broken(_)
            | Self::BadGateway
            | Self::Unavailable => None,
        }
    }

    /// What is told of it: that what is ours to repair repairs itself, where it does.
    pub fn told(self, is_passing: IsPassing) -> Self {
        let passes = matches!(&self, Self::Broken(error) if is_passing(&**error));
        if passes { Self::NotKept } else { self }
    }

    /// For an answer that comes from the framework, with a plain text of its own or none at all.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::SignInNeeded,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE | StatusCode::URI_TOO_LONG => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedType,
            StatusCode::UNPROCESSABLE_ENTITY => Self::Invalid,
            StatusCode::BAD_GATEWAY => Self::BadGateway,
            StatusCode::GATEWAY_TIMEOUT => Self::TooSlow,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            status if status.is_client_error() => Self::Malformed,
            status => Self::broken(UnexpectedStatus(status)),
        }
    }
}

/// A handler ended with a status it has no words for.
#[derive(Debug, thiserror::Error)]
#[error("an answer had the status {0} and nothing to say about it")]
struct UnexpectedStatus(StatusCode);

/// A template that cannot be rendered is ours to repair.
impl From<tera::Error> for Error {
    fn from(error: tera::Error) -> Self {
        Self::broken(error)
    }
}

/// Empty but for its status: the words come with the layer that knows what was asked.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.public().status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Rounded up: whoever waits that long is not sent away again.
pub fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
