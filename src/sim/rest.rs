//! The REST road: up to 25.10, and only for full administrators in its last two releases.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HeaderMap};
use hyper::{Request, StatusCode};
use serde_json::{Map, Value, json};
use tracing::debug;

use super::failure::Failure;
use super::faults::{self, Fault};
use super::front::{json_page, with_type};
use super::login::{self, Identity};
use super::methods::{self, Method, Request as Call};
use super::nas::Nas;
use super::rights;

/// The largest body it reads.
const BODY_LIMIT: usize = 1 << 20;

pub(super) async fn answer(nas: &Arc<Nas>, path: &str, request: Request<Incoming>) -> Response {
    let identity = match identify(nas, request.headers()) {
        Ok(identity) => identity,
        Err(stranger) => return stranger.response(nas),
    };
    nas.note_rest_use();
    if nas.profile.rest_needs_full_admin() && !identity.rights.is_full_admin() {
        return with_type(StatusCode::FORBIDDEN, "text/plain", "");
    }
    let path = path.trim_end_matches('/').to_owned();
    let (verb, query) = (request.method().as_str().to_owned(), request.uri().query().unwrap_or("").to_owned());
    debug!(asked = path, "the NAS was asked");
    let Ok(body) = to_bytes(Body::new(request.into_body()), BODY_LIMIT).await else {
        return json_page(StatusCode::BAD_REQUEST, &json!({"message": "Body too large"}));
    };
    let body = if body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&body) };
    let Ok(body) = body else {
        return json_page(StatusCode::BAD_REQUEST, &json!({"message": "Failed to parse JSON body"}));
    };
    if (verb.as_str(), path.as_str()) == ("GET", "/core/ping") {
        return finish(nas, json!("pong"));
    }
    let Some((found, params)) = find(nas, &verb, &path, &query, &body) else {
        return with_type(StatusCode::NOT_FOUND, "text/plain", "404: Not Found");
    };
    let has_list = !nas.profile.keys_belong_to_people() && identity.username == "svc-farol";
    if has_list && found.rest.is_none_or(|address| !rights::lists(address)) {
        return with_type(StatusCode::FORBIDDEN, "text/plain", "");
    }
    match found.call(&Call { nas, params: &params, rights: &identity.rights }) {
        Ok(result) => finish(nas, result),
        Err(failure) => refuse(&failure, &path),
    }
}

/// The method behind an address and its parameters in order; `/user/id/71` is one record of `/user`.
fn find(nas: &Nas, verb: &str, path: &str, query: &str, body: &Value) -> Option<(&'static Method, Vec<Value>)> {
    if let Some((collection, id)) = path.split_once("/id/") {
        let found = methods::find_rest(nas.profile, verb, collection)?;
        return Some((found, vec![json!([["id", "=", coerce(id)]]), json!({"get": true})]));
    }
    let found = methods::find_rest(nas.profile, verb, path)?;
    let params = match (verb, found.params) {
        ("GET", []) => Vec::new(),
        ("GET", _) if body.is_object() => vec![body["query-filters"].clone(), body["query-options"].clone()],
        ("GET", _) => from_query(query),
        // A single parameter is the whole body; some clients wrap it all the same.
        (_, [name]) => vec![body.get(name).unwrap_or(body).clone()],
        (_, names) => names.iter().map(|name| body[*name].clone()).collect(),
    };
    Some((found, params))
}

/// `?username=ana&limit=5`: options by their names, everything else a filter, values coerced.
fn from_query(query: &str) -> Vec<Value> {
    let (mut filters, mut options) = (Vec::new(), Map::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "limit" | "offset" | "count" | "get" => {
                options.insert(name.into_owned(), coerce(&value));
            }
            "sort" => {
                options.insert("order_by".to_owned(), value.split(',').collect());
            }
            _ => {
                let (field, operator) = name.split_once("__").unwrap_or((name.as_ref(), "="));
                filters.push(json!([field, operator, coerce(&value)]));
            }
        }
    }
    vec![Value::Array(filters), Value::Object(options)]
}

/// The real one turns what looks like a number, a yes or a null into one: `?username=1234` finds nobody.
fn coerce(text: &str) -> Value {
    match text.to_lowercase().as_str() {
        "null" | "none" => Value::Null,
        "true" => json!(true),
        "false" => json!(false),
        _ => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
    }
}

/// Why a request is not let in at all.
#[derive(Debug, Clone, Copy)]
enum Stranger {
    NoCredentials,
    BadToken,
    DeadKey,
}

impl Stranger {
    fn response(self, nas: &Nas) -> Response {
        match self {
            Self::BadToken => with_type(StatusCode::FORBIDDEN, "text/plain", ""),
            // A slip of these releases: a key they do not know makes them stumble.
            Self::DeadKey if nas.profile.keys_belong_to_people() => {
                let body = json!({"message": "Internal error", "traceback": "Traceback (most recent call last)"});
                json_page(StatusCode::INTERNAL_SERVER_ERROR, &body)
            }
            Self::NoCredentials | Self::DeadKey => {
                with_type(StatusCode::UNAUTHORIZED, "text/plain", "401: Unauthorized")
            }
        }
    }
}

fn identify(nas: &Nas, headers: &HeaderMap) -> Result<Identity, Stranger> {
    if nas.switches.is_on(Fault::ExpiredSession) {
        return Err(Stranger::NoCredentials);
    }
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if given.starts_with("Token ") {
        return Err(Stranger::BadToken);
    }
    // Basic is refused for everyone, because the second factor is on for the whole NAS.
    let key = given.strip_prefix("Bearer ").ok_or(Stranger::NoCredentials)?;
    // REST exposes a key sent in the clear, but does not revoke it.
    login::by_key(nas, None, key, false).map_err(|_| Stranger::DeadKey)
}

fn refuse(failure: &Failure, path: &str) -> Response {
    match failure {
        Failure::NotAuthorized | Failure::NotAuthenticated => with_type(StatusCode::FORBIDDEN, "text/plain", ""),
        Failure::Missing(_) if path.contains("/id/") => {
            json_page(StatusCode::NOT_FOUND, &json!({"message": "Item does not exist"}))
        }
        Failure::Invalid { field, text } => {
            let problems = json!([{"message": text, "errno": failure.errno()}]);
            json_page(StatusCode::UNPROCESSABLE_ENTITY, &json!({field.as_str(): problems}))
        }
        Failure::UnknownMethod | Failure::Busy | Failure::Missing(_) | Failure::External(_) | Failure::Locked(_) => {
            let body = json!({"message": failure.reason(), "errno": failure.errno()});
            json_page(StatusCode::UNPROCESSABLE_ENTITY, &body)
        }
    }
}

fn finish(nas: &Nas, mut result: Value) -> Response {
    faults::pad(nas, &mut result);
    let text = result.to_string();
    if nas.switches.is_on(Fault::MalformedReply) {
        return with_type(StatusCode::OK, "application/json", faults::spoil(&text));
    }
    if nas.switches.take(Fault::MidFrameDrop) {
        return with_type(StatusCode::OK, "application/json", faults::half(text));
    }
    with_type(StatusCode::OK, "application/json", text)
}
