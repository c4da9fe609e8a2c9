//! Who calls: the session's cookie, and what it stands for.

use axum::http::Extensions;

use crate::domain::caller::Caller;

#[derive(Debug, Clone)]
pub struct Identity(Caller);

/// Who asks, in a request behind the layer below, or whom an answer is for.
pub fn caller_in(extensions: &Extensions) -> Option<&Caller> {
    extensions.get::<Identity>().map(|identity| &identity.0)
}
