//! `/admin/sessions`: everybody who is signed in, and ending it.

use axum::extract::State;
use axum::http::Uri;
use axum::response::{Redirect, Response};

use crate::auth::Sessions;
use crate::domain::caller::{AccountId, Caller};
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
    let all = sessions.list_all().await.map_err(Error::broken)?;
    let session = find(&all, &id)?;
    let of_person = all.iter().filter(|other| other.account.id == session.account.id).count();
    let row = SessionRow::of(session, &caller.session, of_person, &room.viewpoint(&visit));
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
        let account = find(&sessions.list_all().await.map_err(Error::broken)?, &id)?.account.id.clone();
        end_all(&sessions, &caller, &account).await?
    } else {
        sessions.end(&caller, &id).await.map_err(Error::broken)?
    };
    if ended { Ok(Redirect::to(PAGE)) } else { Err(Error::NotFound) }
}

async fn end_all(sessions: &Sessions, caller: &Caller, account: &AccountId) -> Result<bool, Error> {
    sessions.end_all_of(caller, account).await.map(|ended| ended > 0).map_err(Error::broken)
}

fn find<'a>(all: &'a [Session], id: &SessionId) -> Result<&'a Session, Error> {
    all.iter().find(|session| session.id == *id).ok_or(Error::NotFound)
}
