//! The control panel: every switch by HTTP, and a small page with buttons. Loopback only.

use std::convert::Infallible;

use axum::response::Response;
use hyper::body::Incoming;
use hyper::header::{ACCEPT, HeaderMap, HeaderValue, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tracing::debug;

use super::front::{json_page, with_type};
use super::network::Door;
use super::{Kind, Sim, Switch};

pub(super) async fn serve(sim: Sim, door: Door) {
    let stop = sim.nas.tasks.stopping();
    loop {
        let (stream, _) = tokio::select! {
            () = stop.cancelled() => return,
            accepted = door.next() => accepted,
        };
        let (server, stop) = (sim.clone(), stop.clone());
        sim.nas.tasks.run("sim panel connection", async move {
            let service = service_fn(|request: Request<Incoming>| {
                let response = answer(&server, &request);
                async move { Ok::<_, Infallible>(response) }
            });
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::select! {
                () = stop.cancelled() => {}
                outcome = connection => if let Err(error) = outcome {
                    debug!(%error, "a connection of the panel broke");
                },
            }
        });
    }
}

fn answer(sim: &Sim, request: &Request<Incoming>) -> Response {
    let headers = request.headers();
    let path = request.uri().path();
    if request.method() == Method::GET {
        return match path {
            "/" => with_type(StatusCode::OK, "text/html; charset=utf-8", page(sim)),
            "/faults" => json_page(StatusCode::OK, &json!(sim.faults())),
            _ => unknown(),
        };
    }
    if request.method() != Method::POST {
        return json_page(StatusCode::METHOD_NOT_ALLOWED, &json!({"error": "only GET and POST"}));
    }
    if is_from_elsewhere(headers) {
        return json_page(StatusCode::FORBIDDEN, &json!({"error": "another site may not press these buttons"}));
    }
    let Some(action) = path.strip_prefix("/faults/") else { return unknown() };
    let asks_off = request.uri().query().is_some_and(|query| query.split('&').any(|part| part == "off"));
    let (name, off) = action.strip_suffix("/off").map_or((action, asks_off), |name| (name, true));
    if name == "clear" {
        sim.clear_faults();
    } else if sim.set_fault(name, !off).is_err() {
        return unknown();
    }
    if wants_page(headers) { back() } else { json_page(StatusCode::OK, &json!(sim.faults())) }
}

/// Browsers say where a request comes from; programs say nothing.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    site.is_some_and(|site| site != b"same-origin" && site != b"none")
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("text/html"))
}

fn back() -> Response {
    let mut response = with_type(StatusCode::SEE_OTHER, "text/plain", "");
    response.headers_mut().insert(LOCATION, HeaderValue::from_static("/"));
    response
}

fn unknown() -> Response {
    json_page(StatusCode::NOT_FOUND, &json!({"error": "unknown address or fault"}))
}

/// The look of the page, and its text around the switches.
const PAGE: &str = include_str!("panel.html");

fn page(sim: &Sim) -> String {
    let switches: String = sim.faults().iter().map(row).collect();
    let facts = [
        ("{release}", sim.release().to_string()),
        ("{url}", sim.url()),
        ("{plain}", sim.plain_url().unwrap_or_else(|| "—".to_owned())),
        ("{phase}", words_for(sim.world().phase).to_owned()),
        ("{switches}", switches),
    ];
    facts.iter().fold(PAGE.to_owned(), |page, (name, value)| page.replace(name, value))
}

fn words_for(phase: super::world::Phase) -> &'static str {
    use super::world::Phase;
    match phase {
        Phase::Booting => "iniciando",
        Phase::Ready => "pronto",
        Phase::ShuttingDown => "desligando",
        Phase::Restarting => "reiniciando",
        Phase::Off => "desligado",
    }
}

fn row(switch: &Switch) -> String {
    let Switch { name, on, kind, description } = switch;
    let (state, action, label) = match (on, kind) {
        (true, _) => ("on", format!("/faults/{name}/off"), "Desfazer"),
        (false, Kind::Once) => ("off", format!("/faults/{name}"), "Disparar"),
        (false, Kind::Lasting | Kind::NextAnswer | Kind::Sequence) => ("off", format!("/faults/{name}"), "Ligar"),
    };
    format!(
        "<li class=\"{state}\"><div><code>{name}</code><p>{description}</p></div>\
         <form method=\"post\" action=\"{action}\"><button>{label}</button></form></li>\n"
    )
}
