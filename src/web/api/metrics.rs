//! `GET /metrics`: figures for Prometheus, in the text format of `OpenMetrics`, for whom the settings name. No label holds a
//! name of a person, a share or an address.
//!
//! The rooms count for themselves; what is asked for is gathered when somebody asks.

use std::net::IpAddr;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, FORWARDED};
use axum::http::{HeaderMap, HeaderName};
use axum::response::IntoResponse;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::domain::health::{Level, Snapshot};
use crate::outbox::{ChannelView, Outbox};
use crate::runtime::{Round, Tally};
use crate::web::Rooms;
use crate::web::error::Error;
use crate::web::layers::{Requests, address_in};
use crate::web::live::{Counters, Figures};
use crate::web::settings::Scrapers;

const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// What proxies say of whom they speak for.
const PROXY_HEADERS: [HeaderName; 3] =
    [FORWARDED, HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("x-real-ip")];

/// Whose figures are told, and to whom.
#[derive(Debug, Clone)]
pub struct Metrics {
    pub scrapers: Scrapers,
    /// Almost each of them has figures of its own.
    pub rooms: Rooms,
    pub requests: Requests,
    pub sockets: Counters,
}

type Labels = Vec<(&'static str, String)>;

pub async fn show(State(metrics): State<Metrics>, request: Request) -> Result<impl IntoResponse, Error> {
    if !admits(&metrics.scrapers, address_in(request.extensions()), request.headers()) {
        return Err(Error::Forbidden);
    }
    let rooms = &metrics.rooms;
    let mut registry = Registry::with_prefix("farol");
    let version = env!("CARGO_PKG_VERSION").to_owned();
    registry.register("build", "The version that runs", Info::new(vec![("version", version)]));
    nas(&mut registry, &rooms.health.latest());
    rounds(&mut registry, &rooms.tasks.rounds().list());
    messages(&mut registry, &rooms.outbox, &rooms.outbox.channels().await.map_err(Error::broken)?);
    sockets(&mut registry, metrics.sockets.figures());
    let alive = rooms.sessions.list_all().await.map_err(Error::broken)?.len();
    let waiting = rooms.throttle.list().await.map_err(Error::broken)?.len();
    gauge(&mut registry, "sessions", "Sessions that are alive", [(Vec::new(), size(alive))]);
    gauge(&mut registry, "throttled", "Accounts and addresses that have to wait", [(Vec::new(), size(waiting))]);
    counter(&mut registry, "sign_ins", "Sign-ins by outcome", one_label(&rooms.sign_in.outcomes(), "outcome"));
    let emergency = one_label(&rooms.emergency.outcomes(), "outcome");
    counter(&mut registry, "emergency_sign_ins", "Break-glass sign-ins by outcome", emergency);
    let lines = one_label(&rooms.hub.told(), "kind");
    counter(&mut registry, "lines", "Lines told to people and to the health feed", lines);
    let requests = metrics.requests.all().into_iter();
    let requests =
        requests.map(|((route, class), count)| (vec![("route", route), ("status", class.to_owned())], count));
    counter(&mut registry, "http_requests", "Answered requests by route and class of status", requests);
    let mut text = String::new();
    encode(&mut text, &registry).map_err(Error::broken)?;
    Ok(([(CONTENT_TYPE, FORMAT)], text))
}

fn admits(scrapers: &Scrapers, address: IpAddr, headers: &HeaderMap) -> bool {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    // A proxy on this machine that nobody declared speaks for the whole world.
    let own_voice = !address.is_loopback() || PROXY_HEADERS.iter().all(|name| !headers.contains_key(name));
    (own_voice && scrapers.admit_address(address)) || bearer.is_some_and(|token| scrapers.admit_token(token))
}

fn nas(registry: &mut Registry, seen: &Snapshot) {
    let level = |level: Level| (vec![("level", level.as_str().to_owned())], f64::from(u8::from(level == seen.level)));
    gauge(registry, "nas_level", "1 for the level the NAS is at, 0 for the others", Level::ALL.map(level));
    gauge(
        registry,
        "nas_open_alerts",
        "Alerts nobody dismissed, from warning upwards",
        [(Vec::new(), f64::from(seen.open_alerts))],
    );
    let latency = seen.latency_ms.map(|ms| (Vec::new(), Duration::from_millis(ms).as_secs_f64()));
    gauge(registry, "nas_latency_seconds", "How long the NAS took to answer, absent when it did not", latency);
}

fn rounds(registry: &mut Registry, rounds: &[Round]) {
    let label = |round: &Round| vec![("round", round.name.to_owned())];
    let took = rounds.iter().map(|round| (label(round), round.took.as_secs_f64()));
    gauge(registry, "round_duration_seconds", "How long the last round took", took);
    let failed = rounds.iter().map(|round| (label(round), f64::from(u8::from(round.failure.is_some()))));
    gauge(registry, "round_failed", "1 when the last round came to nothing", failed);
    counter(registry, "rounds", "Rounds made", rounds.iter().map(|round| (label(round), round.rounds)));
    let failures = rounds.iter().map(|round| (label(round), round.failures));
    counter(registry, "round_failures", "Rounds that came to nothing", failures);
}

fn messages(registry: &mut Registry, outbox: &Outbox, channels: &[ChannelView]) {
    #[expect(clippy::cast_precision_loss, reason = "a queue has at most hundreds")]
    let waiting =
        channels.iter().map(|channel| (vec![("channel", channel.kind.as_str().to_owned())], channel.waiting as f64));
    gauge(registry, "outbox_waiting", "Messages that wait to be handed over", waiting);
    let outcomes = outbox.counts().into_iter().flat_map(|(kind, counts)| {
        let label = move |word: &str| vec![("channel", kind.as_str().to_owned()), ("outcome", word.to_owned())];
        let counts = [
            ("delivered", counts.delivered),
            ("failed", counts.failed),
            ("given_up", counts.given_up),
            ("dropped", counts.dropped),
        ];
        counts.map(|(word, count)| (label(word), count))
    });
    counter(registry, "outbox_messages", "Tries to hand a message over, and messages lost, by outcome", outcomes);
}

fn sockets(registry: &mut Registry, figures: Figures) {
    let Figures { open, waiting, frames, merged, dropped, resyncs, too_slow, refused, violations } = figures;
    #[expect(clippy::cast_precision_loss, reason = "no machine holds that many")]
    let (open, waiting) = (open as f64, waiting as f64);
    gauge(registry, "sockets_open", "Sockets that are open", [(Vec::new(), open)]);
    gauge(registry, "socket_frames_waiting", "Frames behind sockets that are full", [(Vec::new(), waiting)]);
    let by_fate = [("sent", frames), ("merged", merged), ("dropped", dropped)];
    let by_fate = by_fate.map(|(fate, count)| (vec![("fate", fate.to_owned())], count));
    counter(registry, "socket_frames", "Frames for sockets, by what became of them", by_fate);
    counter(registry, "socket_resyncs", "Sockets sent the present because they lagged behind", [(Vec::new(), resyncs)]);
    let ended = [("too_slow", too_slow), ("refused", refused), ("violation", violations)];
    let ended = ended.map(|(reason, count)| (vec![("reason", reason.to_owned())], count));
    counter(registry, "socket_refusals", "Sockets not opened, or closed by us, by reason", ended);
}

#[expect(clippy::cast_precision_loss, reason = "nobody has that many")]
fn size(count: usize) -> f64 {
    count as f64
}

fn one_label(tally: &Tally<&'static str>, label: &'static str) -> Vec<(Labels, u64)> {
    tally.all().into_iter().map(|(word, count)| (vec![(label, word.to_owned())], count)).collect()
}

fn counter(registry: &mut Registry, name: &str, help: &str, values: impl IntoIterator<Item = (Labels, u64)>) {
    let family = Family::<Labels, Counter>::default();
    for (labels, value) in values {
        family.get_or_create(&labels).inc_by(value);
    }
    registry.register(name, help, family);
}

fn gauge(registry: &mut Registry, name: &str, help: &str, values: impl IntoIterator<Item = (Labels, f64)>) {
    let family = Family::<Labels, Gauge<f64, AtomicU64>>::default();
    for (labels, value) in values {
        family.get_or_create(&labels).set(value);
    }
    registry.register(name, help, family);
}
