//! What went wrong, as a page.

use serde::Serialize;

use crate::web::views::Page;

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
        vec![
            Self { status: 404, title: "error-not-found", text: "error-not-found-text", request_id: None },
            Self { status: 500, title: "error-broken", text: "error-broken-text", request_id: Some("4f1d".into()) },
        ]
    }
}
