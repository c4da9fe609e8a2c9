//! What went wrong, as a page and as a piece.

use serde::Serialize;

use crate::web::views::{Page, Piece};

#[derive(Debug, Serialize)]
pub struct ErrorPage {
    pub status: u16,
    /// The key of the heading.
    pub title: &'static str,
    /// The key of the sentence.
    pub text: &'static str,
    /// By this it is found in the log; only where nobody but an administrator can help.
    pub request_id: Option<String>,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "pages/errors/error.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        every_error(|status, title, text, request_id| Self { status, title, text, request_id })
    }
}

/// Shown in the notices of the page when a piece could not be had.
#[derive(Debug, Serialize)]
pub struct ErrorNotice {
    pub title: &'static str,
    pub text: &'static str,
    pub request_id: Option<String>,
}

impl Piece for ErrorNotice {
    const COMPONENT: &'static str = "errors.notice";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        every_error(|_, title, text, request_id| Self { title, text, request_id })
    }
}

#[cfg(test)]
fn every_error<T>(sample: impl Fn(u16, &'static str, &'static str, Option<String>) -> T) -> Vec<T> {
    use axum::http::StatusCode;

    use crate::web::error::Error;

    let known = [400, 401, 403, 404, 405, 413, 415, 422, 500, 502, 503, 504];
    let mut errors: Vec<Error> =
        known.into_iter().map(|status| Error::of_status(StatusCode::from_u16(status).unwrap())).collect();
    errors.extend([
        Error::CrossSite,
        Error::ConfirmationNeeded { act: true },
        Error::TooMany { wait: std::time::Duration::from_secs(1) },
        Error::NotKept,
    ]);
    let publics = errors.into_iter().map(|error| error.public());
    publics
        .map(|public| {
            let request_id = public.status.is_server_error().then(|| "4f1d09ab77e2".into());
            sample(public.status.as_u16(), public.title, public.text, request_id)
        })
        .collect()
}
