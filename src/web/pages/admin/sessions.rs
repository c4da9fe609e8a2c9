//! `/admin/sessions`: everybody who is signed in, and ending it.

use axum::extract::State;
use axum::http::Uri;
use axum::response::{Redirect, Response};

use crate::auth::Sessions;
use crate::domain::session::{Session, SessionId};
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::identity::SignedIn;
use crate::web::room::Room;
use crate::web::views::{AskEndPanel, Looking, SessionRow, SessionsPanel};
use crate::web::visit::Visit;

const PAGE: &str = "/admin/sessions";

pub async fn list(
    State(room): State<Room>,
    State(sessions): State<Sessions>,
    SignedIn(caller): SignedIn,
    visit: Visit,
    uri: Uri,
) -> Result<Response, Error> {
    let mut query = Form::in_query(&uri)?;
    let text = query.search("q");
    let page = query.find("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let looking = Looking { text, by_person: query.text("sort") == "person", page };
    let all = sessions.list_all().await.map_err(Error::broken)?;
    room.page(&visit, SessionsPanel::of(&all, looking, &caller, &room.viewpoint(&visit)))
}

/// For browsers without scripts: is it really meant?
pub async fn ask(
    State(room): State<Room>,
    State(sessions): State<Sessions>,
    SignedIn(caller): SignedIn,
    visit: Visit,
    uri: Uri,
) -> Result<Response, Error> {
    let mut query = Form::in_query(&uri)?;
    let id = SessionId::new(query.text("session"));
    let session = find(&sessions, &id).await?;
    let of_person = sessions.list_of(&session.account.id).await.map_err(Error::broken)?.len();
    let row = SessionRow::of(&session, &caller.session, of_person, &room.viewpoint(&visit));
    room.page(&visit, AskEndPanel { row, all: query.find("all").is_some() })
}

/// One session, or with `all` every one of the same person's.
pub async fn end(
    State(sessions): State<Sessions>,
    SignedIn(caller): SignedIn,
    mut form: Form,
) -> Result<Redirect, Error> {
    let id = SessionId::new(form.text("session"));
    let ended = if form.find("all").is_some() {
        let account = find(&sessions, &id).await?.account.id;
        sessions.end_all_of(&caller, &account).await.map(|ended| ended > 0)
    } else {
        sessions.end(&caller, &id).await
    };
    if ended.map_err(Error::broken)? { Ok(Redirect::to(PAGE)) } else { Err(Error::NotFound) }
}

async fn find(sessions: &Sessions, id: &SessionId) -> Result<Session, Error> {
    sessions.find_by_id(id).await.map_err(Error::broken)?.ok_or(Error::NotFound)
}
