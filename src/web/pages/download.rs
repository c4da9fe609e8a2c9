//! `GET /download_bat`: the script that maps a person's drives, all of them or the one of `?share=`.

use axum::extract::State;
use axum::http::Uri;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use crate::audit::Audit;
use crate::domain::audit::{Action, Deed};
use crate::shares::FILE_NAME;
use crate::web::csrf::NotCrossSite;
use crate::web::drives::Drives;
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::identity::SignedIn;
use crate::web::visit::Visit;

pub async fn script(
    State(drives): State<Drives>,
    State(audit): State<Audit>,
    SignedIn(caller): SignedIn,
    visit: Visit,
    (uri, NotCrossSite): (Uri, NotCrossSite),
) -> Result<Response, Error> {
    let share = Form::in_query(&uri)?.find("share");
    let known = drives.known(&caller.account).await?.ok_or(Error::NotFound)?;
    let script = drives.script(&caller.account, &known, share.as_deref(), visit.language).ok_or(Error::NotFound)?;
    audit
        .record(Deed::by(&caller, Action::ScriptDownloaded, share.unwrap_or_default(), ""))
        .await
        .map_err(Error::broken)?;
    let attachment = format!("attachment; filename=\"{FILE_NAME}\"");
    let headers = [(CONTENT_TYPE, "application/octet-stream".to_owned()), (CONTENT_DISPOSITION, attachment)];
    Ok((headers, script).into_response())
}
