//! Errors in words: as a page, as a piece for htmx or as JSON, by what was asked. The framework's own plain texts end here.

use std::any::Any;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, REFRESH};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Serialize;
use tracing::error;
use url::{Position, Url, form_urlencoded};

use crate::domain::session::End;
use crate::web::error::Error;
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

pub async fn layer(State(renderer): State<Renderer>, request: Request, next: Next) -> Response {
    let mut visit = Visit::read(request.uri(), request.headers(), request.extensions());
    let page = current_page(request.headers());
    // A link on another site: the browser held the cookie back. Asked again by a page of ours, it sends it.
    let from_elsewhere = request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    let method = request.method().clone();
    let RequestId(id) = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(trouble) = trouble_in(&mut response) else { return response };
    if let Error::Broken(error) = &trouble {
        error!(request_id = id, error = &**error as &dyn std::error::Error, "a request could not be answered");
    }
    visit.caller = caller_in(response.extensions()).cloned();
    visit.end = end_in(response.extensions());
    let leave = matches!(trouble, Error::SignInNeeded);
    let told = match visit.asked {
        Asked::Page if leave && method == Method::GET && from_elsewhere => {
            let again = [(REFRESH, format!("0; url={}", visit.path))];
            (again, tell(&renderer, &visit, &trouble, &id)).into_response()
        }
        Asked::Page if leave && method == Method::GET => {
            Redirect::to(&to_sign_in(&visit.path, visit.end)).into_response()
        }
        Asked::Piece if leave => {
            let told = tell(&renderer, &visit, &trouble, &id);
            ([(REDIRECT, to_sign_in(&page.unwrap_or_default(), visit.end))], told).into_response()
        }
        Asked::Page | Asked::Piece | Asked::Json => tell(&renderer, &visit, &trouble, &id),
    };
    with_headers_of(&response, told)
}

/// The page htmx asks from.
fn current_page(headers: &HeaderMap) -> Option<String> {
    let url = Url::parse(headers.get("hx-current-url")?.to_str().ok()?).ok()?;
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

/// The sign-in page, why one is there, and where to go on afterwards.
fn to_sign_in(path: &str, end: Option<End>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(end) = end {
        query.append_pair("ended", Ended::Over(end).as_str());
    }
    if let Some(path) = own_path(path).filter(|path| !["/", "/dashboard"].contains(path)) {
        query.append_pair("next", path);
    }
    let query = query.finish();
    if query.is_empty() { "/".into() } else { format!("/?{query}") }
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
    told
}

/// `Allow`, `Retry-After`, cookies: whatever the first answer carried but its body.
fn with_headers_of(first: &Response, mut told: Response) -> Response {
    for (name, value) in first.headers() {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            told.headers_mut().append(name.clone(), value.clone());
        }
    }
    told
}
