//! `/maintenance.ics`: maintenance as calendars read it.

use axum::extract::State;
use axum::http::Uri;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use crate::web::calendar::Calendar;
use crate::web::csrf::NotCrossSite;
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::visit::Visit;
use crate::web::words::Language;

const FILE: &str = "attachment; filename=\"farol-maintenance.ics\"";

pub async fn show(
    State(calendar): State<Calendar>,
    own: Result<NotCrossSite, Error>,
    visit: Visit,
    uri: Uri,
) -> Result<Response, Error> {
    let mut query = Form::in_query(&uri)?;
    let language = query.find("lang").map_or(Some(visit.language), |word| Language::parse(&word));
    let language = language.ok_or(Error::Invalid)?;
    let text = match (query.find("key"), &visit.caller) {
        (Some(key), _) => calendar.for_key(&key, language).await?.ok_or(Error::NotFound)?,
        // By the cookie, and so for no page but ours.
        (None, Some(caller)) if own.is_ok() => calendar.for_account(&caller.account, language).await?,
        (None, Some(_)) => return Err(Error::CrossSite),
        (None, None) => return Err(Error::SignInNeeded),
    };
    let headers =
        [(CONTENT_TYPE, "text/calendar; charset=utf-8"), (CONTENT_DISPOSITION, FILE), (CACHE_CONTROL, "no-store")];
    Ok((headers, text).into_response())
}
