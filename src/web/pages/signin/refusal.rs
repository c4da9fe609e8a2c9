//! What a form of the sign-in answers when it does not let somebody in.

use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::AppendHeaders;

use tracing::error;

use crate::auth::{Closed, Invalid, Refused};
use crate::web::error::{Error, whole_seconds};
use crate::web::views::ProblemView;

pub struct Refusal {
    pub status: StatusCode,
    pub problem: ProblemView,
    /// `Retry-After`, where waiting helps.
    pub wait: AppendHeaders<Option<(axum::http::HeaderName, String)>>,
}

impl Refusal {
    pub fn of(refused: Refused) -> Self {
        let (status, problem) = match refused {
            Refused::WrongCredentials => (StatusCode::UNAUTHORIZED, ProblemView::wrong_credentials()),
            Refused::PasswordExpired => (StatusCode::FORBIDDEN, ProblemView::password_expired()),
            Refused::AccountClosed(Closed::Locked) => (StatusCode::FORBIDDEN, ProblemView::account_locked()),
            Refused::AccountClosed(Closed::Disabled) => (StatusCode::FORBIDDEN, ProblemView::account_disabled()),
            Refused::AccountClosed(Closed::Missing) => (StatusCode::FORBIDDEN, ProblemView::account_missing()),
            Refused::WrongCode { again: true } => (StatusCode::UNAUTHORIZED, ProblemView::wrong_code()),
            Refused::WrongCode { again: false } => (StatusCode::UNAUTHORIZED, ProblemView::code_refused()),
            Refused::CodeExpired => (StatusCode::UNAUTHORIZED, ProblemView::code_over()),
            Refused::AlreadyUnderWay => (StatusCode::CONFLICT, ProblemView::already_under_way()),
            Refused::Throttled { wait } => return Self::throttled(wait),
            Refused::QueueFull => (StatusCode::SERVICE_UNAVAILABLE, ProblemView::queue_full()),
            Refused::NasUnreachable => (StatusCode::SERVICE_UNAVAILABLE, ProblemView::unreachable()),
            Refused::NasRestarting => (StatusCode::SERVICE_UNAVAILABLE, ProblemView::restarting()),
            Refused::ServiceKeyRefused => (StatusCode::SERVICE_UNAVAILABLE, ProblemView::service_key_refused()),
            Refused::ConnectionTrouble => (StatusCode::BAD_GATEWAY, ProblemView::connection()),
            Refused::Invalid(Invalid::Code) => (StatusCode::UNPROCESSABLE_ENTITY, ProblemView::wrong_code()),
            Refused::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, ProblemView::invalid()),
            Refused::Broken(error) => {
                error!(error = &error as &dyn std::error::Error, "a sign-in could not be carried through");
                if error.is_passing() {
                    return Self::not_kept();
                }
                (StatusCode::INTERNAL_SERVER_ERROR, ProblemView::broken())
            }
        };
        Self { status, problem, wait: AppendHeaders(None) }
    }

    /// One sentence for whatever was wrong.
    pub fn of_emergency(refused: Refused) -> Self {
        let wrong = matches!(refused, Refused::WrongCredentials | Refused::WrongCode { .. });
        let refusal = Self::of(refused);
        if wrong { Self { problem: ProblemView::wrong_emergency(), ..refusal } } else { refusal }
    }

    fn not_kept() -> Self {
        let wait = Error::NotKept.wait().map(|wait| (RETRY_AFTER, whole_seconds(wait).to_string()));
        let status = Error::NotKept.public().status;
        Self { status, problem: ProblemView::not_kept(), wait: AppendHeaders(wait) }
    }

    fn throttled(wait: Duration) -> Self {
        let wait_s = whole_seconds(wait).max(1);
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            problem: ProblemView::throttled(wait_s),
            wait: AppendHeaders(Some((RETRY_AFTER, wait_s.to_string()))),
        }
    }
}
