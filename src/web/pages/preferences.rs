//! `POST /preferences`: the language or the theme, remembered by the browser; then back to where the person was.

use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};

use crate::web::cookies::Cookies;
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::views::Theme;
use crate::web::visit::{THEME_COOKIE, own_path};
use crate::web::words::{LANGUAGE_COOKIE, Language};

pub async fn choose(State(cookies): State<Cookies>, mut form: Form) -> Result<Response, Error> {
    let mut chosen = Vec::new();
    if let Some(word) = form.find("language") {
        let language = Language::parse(&word).ok_or(Error::Invalid)?;
        chosen.push(cookies.prefer(LANGUAGE_COOKIE, language.as_str()));
    }
    if let Some(word) = form.find("theme") {
        let theme = Theme::parse(&word).ok_or(Error::Invalid)?;
        chosen.push(cookies.prefer(THEME_COOKIE, theme.as_str()));
    }
    if chosen.is_empty() {
        return Err(Error::Invalid);
    }
    let back = form.text("back");
    Ok((AppendHeaders(chosen), Redirect::to(own_path(&back).unwrap_or("/"))).into_response())
}
