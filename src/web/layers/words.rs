//! Errors in words: as a page, as a piece for htmx or as JSON, by what was asked. The framework's own plain texts end here.

use std::any::Any;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, REFERER, REFRESH, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Serialize;
use tracing::error;
use url::{Position, Url, form_urlencoded};

use crate::web::error::{Error, IsPassing, whole_seconds};
use crate::web::identity::{caller_in, end_in};
use crate::web::layers::log::RequestId;
use crate::web::renderer::Renderer;
use crate::web::views::{Ended, ErrorNotice, ErrorPage};
use crate::web::visit::{Asked, Visit, own_path};
use crate::web::words::say;

/// What programs are told: stable.
#[derive(Debug, Serialize)]
struct ErrorBody {
    code: &'static str,
    message: String,
    request_id: String,
}

/// Where a piece that went wrong is shown, instead of where it was meant to go.
const RETARGET: (HeaderName, HeaderValue) =
    (HeaderName::from_static("hx-retarget"), HeaderValue::from_static("#notices"));
const RESWAP: (HeaderName, HeaderValue) = (HeaderName::from_static("hx-reswap"), HeaderValue::from_static("innerHTML"));
const REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");

#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
struct Panicked(String);

#[expect(clippy::needless_pass_by_value, reason = "the layer that catches hands it over so")]
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic.downcast_ref::<String>().cloned();
    let said = said.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    Error::broken(Panicked(said.unwrap_or_default())).into_response()
}

pub async fn layer(
    State((renderer, is_passing)): State<(Renderer, IsPassing)>,
    request: Request,
    next: Next,
) -> Response {
    let mut visit = Visit::read(request.uri(), request.headers(), request.extensions());
    let page = page_before(request.headers());
    // A link on another site: the browser held the cookie back. Asked again by a page of ours, it sends it.
    let from_elsewhere = request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    let method = request.method().clone();
    let RequestId(id) = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(trouble) = trouble_in(&mut response) else { return response };
    if let Error::Broken(error) = &trouble {
        error!(request_id = id, error = &**error as &dyn std::error::Error, "a request could not be answered");
    }
    let trouble = trouble.told(is_passing);
    visit.caller = caller_in(response.extensions()).cloned();
    visit.end = end_in(response.extensions());
    let told = match (detour(&trouble, &visit, &method, page.as_deref()), visit.asked) {
        (Some(_), Asked::Page) if from_elsewhere => {
            let again = [(REFRESH, format!("0; url={}", visit.path))];
            (again, tell(&renderer, &visit, &trouble, &id)).into_response()
        }
        (Some(to), Asked::Page) => Redirect::to(&to).into_response(),
        (Some(to), Asked::Piece | Asked::Json) => {
            ([(REDIRECT, to)], tell(&renderer, &visit, &trouble, &id)).into_response()
        }
        (None, _) => tell(&renderer, &visit, &trouble, &id),
    };
    with_headers_of(&response, told)
}

/// Where whoever has to prove who they are is sent instead. `page` is where they asked from.
fn detour(trouble: &Error, visit: &Visit, method: &Method, page: Option<&str>) -> Option<String> {
    let here = match visit.asked {
        Asked::Page => Some(visit.path.as_str()),
        Asked::Piece => page,
        Asked::Json => return None,
    };
    if let Error::ConfirmationNeeded { act } = *trouble {
        let path = if act { page } else { here };
        return Some(to_confirmation(path.unwrap_or_default(), act));
    }
    let looked = visit.asked == Asked::Piece || method == Method::GET;
    let leaves = looked && matches!(trouble, Error::SignInNeeded);
    leaves.then(|| to_sign_in(here.unwrap_or_default(), visit.end.map(Ended::Over)))
}

/// The page the question comes from.
fn page_before(headers: &HeaderMap) -> Option<String> {
    let page = headers.get("hx-current-url").or_else(|| headers.get(REFERER))?;
    let url = Url::parse(page.to_str().ok()?).ok()?;
    Some(url[Position::BeforePath..Position::AfterQuery].to_owned())
}

/// Ours, or one of the framework: those have no body or a plain text.
fn trouble_in(response: &mut Response) -> Option<Error> {
    let ours = response.extensions_mut().remove::<Error>();
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let wordless = failed && !kind.starts_with("text/html") && !kind.starts_with("application/json");
    ours.or_else(|| wordless.then(|| Error::of_status(response.status())))
}

/// The sign-in page, why one is there, and where to go on afterwards. A file is no place to go on to: its button is on
/// the dashboard.
pub fn to_sign_in(path: &str, ended: Option<Ended>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(ended) = ended {
        query.append_pair("ended", ended.as_str());
    }
    let leads_on = |path: &&str| !["/", "/dashboard"].contains(path) && !path.starts_with("/download_bat");
    if let Some(path) = own_path(path).filter(leads_on) {
        query.append_pair("next", path);
    }
    let query = query.finish();
    if query.is_empty() { "/".into() } else { format!("/?{query}") }
}

/// The page that asks for a code. Whoever was about to do something comes back to the page where they began it.
fn to_confirmation(path: &str, act: bool) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(path) = own_path(path) {
        query.append_pair("to", path);
    }
    if act {
        query.append_pair("form", "yes");
    }
    format!("/admin/confirm?{}", query.finish())
}

fn tell(renderer: &Renderer, visit: &Visit, trouble: &Error, id: &str) -> Response {
    let public = trouble.public();
    let request_id = public.status.is_server_error().then(|| id.to_owned());
    let told = match visit.asked {
        Asked::Json => {
            let message = say(visit.language, public.text, []);
            Ok(Json(ErrorBody { code: public.code, message, request_id: id.to_owned() }).into_response())
        }
        Asked::Piece => renderer
            .piece(visit, &ErrorNotice { title: public.title, text: public.text, request_id })
            .map(|piece| ([RETARGET, RESWAP], piece).into_response()),
        Asked::Page => renderer.page(
            visit,
            &ErrorPage { status: public.status.as_u16(), title: public.title, text: public.text, request_id },
        ),
    };
    let mut told = told.unwrap_or_else(|error| {
        error!(request_id = id, error = ?error, "not even an error could be told");
        say(visit.language, public.text, []).into_response()
    });
    *told.status_mut() = public.status;
    if let Some(wait) = trouble.wait() {
        told.headers_mut().insert(RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
    }
    told
}

/// `Allow`, cookies: whatever the first answer carried but its body.
fn with_headers_of(first: &Response, mut told: Response) -> Response {
    for (name, value) in first.headers() {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            told.headers_mut().append(name.clone(), value.clone());
        }
    }
    told
}
