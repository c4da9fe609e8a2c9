//! `/sessions`: where a person is signed in, and ending it; `/logout`: ending it here.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};

use crate::auth::Sessions;
use crate::domain::session::{End, SessionId};
use crate::web::cookies::{Cookies, Kept};
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::identity::SignedIn;
use crate::web::layers::to_sign_in;
use crate::web::renderer::Renderer;
use crate::web::views::{Ended, SessionsPage, SessionsView};
use crate::web::visit::Visit;

const PAGE: &str = "/sessions";

pub async fn list(
    State(sessions): State<Sessions>,
    State(renderer): State<Renderer>,
    SignedIn(caller): SignedIn,
    visit: Visit,
) -> Result<Response, Error> {
    let own = sessions.list_of(&caller.account.id).await.map_err(Error::broken)?;
    let list = SessionsView::of(&own, &caller.session, &renderer.viewpoint(&visit));
    renderer.page(&visit, &SessionsPage { list })
}

pub async fn end(
    State(sessions): State<Sessions>,
    SignedIn(caller): SignedIn,
    mut form: Form,
) -> Result<Redirect, Error> {
    let id = SessionId::new(form.text("session"));
    let ended = sessions.end_own(&caller, &id).await.map_err(Error::broken)?;
    if ended { Ok(Redirect::to(PAGE)) } else { Err(Error::NotFound) }
}

pub async fn end_others(State(sessions): State<Sessions>, SignedIn(caller): SignedIn) -> Result<Redirect, Error> {
    sessions.end_others(&caller).await.map_err(Error::broken)?;
    Ok(Redirect::to(PAGE))
}

/// Also for a session that is over: whoever asks to leave is let go.
pub async fn logout(
    State(sessions): State<Sessions>,
    State(cookies): State<Cookies>,
    headers: HeaderMap,
    form: Result<Form, Error>,
) -> Result<Response, Error> {
    if let Some(token) = cookies.find(&headers, Kept::Session) {
        sessions.end_by_token(&token).await.map_err(Error::broken)?;
    }
    let gone = AppendHeaders(Kept::ALL.map(|kept| cookies.forget(kept)));
    // Whoever leaves only to come in again goes on to where they were.
    let next = form.ok().and_then(|mut form| form.find("next"));
    let next = to_sign_in(next.as_deref().unwrap_or("/"), Some(Ended::Over(End::SignedOut)));
    Ok((gone, Redirect::to(&next)).into_response())
}
