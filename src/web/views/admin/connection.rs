//! The way to the NAS, layer by layer, and the calls we make there: what came out, and what helps when it failed.

use std::time::Duration;

use serde::Serialize;

use crate::domain::Timestamp;
use crate::domain::nas::Road;
use crate::health::{Found, Inspector, Known, Layer, LinkError, Need, Outcome, Step, Test};
use crate::web::views::admin::words::{call_of, cause, cure, layer, lost_without};
use crate::web::views::{Panel, Piece, TimeView, Viewpoint};
use crate::web::words::{Language, say};

/// A certificate that ends sooner than this is worth a look.
const SOON: Duration = Duration::from_hours(30 * 24);

#[derive(Debug, Serialize)]
pub struct ConnectionPanel {
    pub tests: TestsView,
}

/// Both tests.
#[derive(Debug, Serialize)]
pub struct TestsView {
    pub layers: Vec<StepView>,
    pub layers_at: Option<TimeView>,
    pub calls: Vec<CallView>,
    pub calls_at: Option<TimeView>,
    pub running: bool,
    /// Until another test may begin, in seconds; nothing when it may now.
    pub wait_s: u64,
}

#[derive(Debug, Serialize)]
pub struct StepView {
    /// The key of what is tried.
    pub name: &'static str,
    pub light: &'static str,
    /// `waiting`, `running` or `done`.
    pub state: &'static str,
    pub ms: u128,
    /// What came out; empty while nothing has.
    pub sentence: String,
    /// What helps, if something must be helped; and in the words of whoever refused.
    pub cure: String,
    pub detail: String,
}

#[derive(Debug, Serialize)]
pub struct CallView {
    pub word: &'static str,
    pub calls: String,
    pub role: &'static str,
    pub step: StepView,
}

impl TestsView {
    pub fn of(inspector: &Inspector, viewpoint: &Viewpoint) -> Self {
        let wait = inspector.pause();
        let wait_s = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self::tried(inspector.layers().as_ref(), inspector.calls().as_ref(), wait_s, viewpoint)
    }

    fn tried(layers: Option<&Test<Layer>>, calls: Option<&Test<Need>>, wait_s: u64, viewpoint: &Viewpoint) -> Self {
        let of_layer = |one: Layer| StepView::of(layer(one), step_of(layers, &one), viewpoint);
        let of_call = |need: Need| CallView {
            word: need.as_str(),
            calls: need.calls().join(", "),
            role: need.role(),
            step: StepView::of(call_of(need), step_of(calls, &need), viewpoint),
        };
        Self {
            layers: Layer::ALL.map(of_layer).into(),
            layers_at: layers.map(|test| viewpoint.see(test.began_at)),
            calls: Need::ALL.map(of_call).into(),
            calls_at: calls.map(|test| viewpoint.see(test.began_at)),
            running: layers.is_some_and(|test| test.running) || calls.is_some_and(|test| test.running),
            wait_s,
        }
    }
}

fn step_of<'a, T: PartialEq>(test: Option<&'a Test<T>>, one: &T) -> Option<&'a Step<T>> {
    test?.steps.iter().find(|step| step.of == *one)
}

impl StepView {
    fn of<T>(name: &'static str, step: Option<&Step<T>>, viewpoint: &Viewpoint) -> Self {
        let nothing = |state| Self {
            name,
            light: "unknown",
            state,
            ms: 0,
            sentence: String::new(),
            cure: String::new(),
            detail: String::new(),
        };
        let Some(Step { took, outcome, .. }) = step else { return nothing("waiting") };
        let ms = took.as_millis();
        match outcome {
            Outcome::Running => nothing("running"),
            Outcome::Found(found) => {
                let (light, sentence, cure) = told(found, viewpoint);
                Self { light, ms, sentence, cure, ..nothing("done") }
            }
            Outcome::Failed(error) => Self {
                light: "trouble",
                ms,
                sentence: say(viewpoint.language, cause(error), []),
                cure: say(viewpoint.language, cure(error), []),
                detail: detail(error),
                ..nothing("done")
            },
        }
    }
}

/// What the NAS or the system said itself.
fn detail(error: &LinkError) -> String {
    match error {
        LinkError::KeyRefused { answer } => answer.clone(),
        LinkError::Refused { reason, .. } => reason.clone(),
        LinkError::RoleMissing { method } | LinkError::Missing { method } => (*method).to_owned(),
        other @ (LinkError::Unreachable(_)
        | LinkError::TimedOut(_)
        | LinkError::Disconnected(_)
        | LinkError::NotReady { .. }
        | LinkError::Tls(_)
        | LinkError::WrongCertificate { .. }
        | LinkError::Authority(_)
        | LinkError::PlainRefused
        | LinkError::AddressRefused
        | LinkError::Standby { .. }
        | LinkError::RateLimited
        | LinkError::Busy
        | LinkError::SessionEnded
        | LinkError::Protocol { .. }) => {
            std::iter::successors(std::error::Error::source(other), |error| error.source())
                .last()
                .map_or_else(|| other.to_string(), ToString::to_string)
        }
    }
}

/// The light, the sentence, and what helps.
fn told(found: &Found, viewpoint: &Viewpoint) -> (&'static str, String, String) {
    let language = viewpoint.language;
    let plain = |light, key, cure: &str| (light, say(language, key, []), cure.to_owned());
    let cured = |light, key, cure| plain(light, key, &say(language, cure, []));
    match found {
        Found::Addresses { host, addresses } => {
            let told = [("host", host.as_str().into()), ("addresses", addresses.join(", ").into())];
            ("well", say(language, "found-addresses", told), String::new())
        }
        Found::Port(port) => ("well", say(language, "found-port", [("port", port.to_string().into())]), String::new()),
        Found::Unencrypted => cured("attention", "found-plain", "found-plain-cure"),
        Found::Certificate { known, expires_at } => certificate(*known, *expires_at, viewpoint),
        Found::Road(Road::Rpc) => plain("well", "found-rpc", ""),
        Found::Road(Road::Rest) => plain("well", "found-rest", ""),
        Found::Release(Some(release)) => {
            ("well", say(language, "found-release", [("release", release.to_string().into())]), String::new())
        }
        Found::Release(None) => plain("well", "found-key", ""),
        Found::Rights(missing) if missing.is_empty() => plain("well", "found-rights", ""),
        Found::Rights(missing) => rights(missing, language),
        Found::TooPowerful(false) => plain("well", "found-modest", ""),
        Found::TooPowerful(true) => cured("attention", "found-powerful", "found-powerful-cure"),
        Found::Answer(None) => plain("well", "found-answer", ""),
        Found::Answer(Some(count)) => {
            ("well", say(language, "found-records", [("count", (*count).into())]), String::new())
        }
    }
}

fn certificate(known: Known, expires_at: Option<Timestamp>, viewpoint: &Viewpoint) -> (&'static str, String, String) {
    let key = match known {
        Known::BySystem => "found-by-system",
        Known::ByAuthority => "found-by-authority",
        Known::ByFingerprint => "found-by-fingerprint",
    };
    let mut sentence = say(viewpoint.language, key, []);
    let Some(at) = expires_at else { return ("well", sentence, String::new()) };
    let until = say(viewpoint.language, "found-until", [("until", viewpoint.see(at).exact.into())]);
    sentence = format!("{sentence} {until}");
    // Whoever is known by the fingerprint is known whatever the dates say.
    if known != Known::ByFingerprint && at < viewpoint.now.plus(SOON) {
        return ("attention", sentence, say(viewpoint.language, "found-until-cure", []));
    }
    ("well", sentence, String::new())
}

fn rights(missing: &[Need], language: Language) -> (&'static str, String, String) {
    let light = if missing.iter().any(|need| need.is_vital()) { "trouble" } else { "attention" };
    let lost: Vec<String> = missing.iter().map(|need| say(language, lost_without(*need), [])).collect();
    let mut roles: Vec<&str> = missing.iter().map(|need| need.role()).collect();
    roles.dedup();
    let sentence = say(language, "found-lacking", [("lost", lost.join("; ").into())]);
    (light, sentence, say(language, "found-lacking-cure", [("roles", roles.join(", ").into())]))
}

impl Panel for ConnectionPanel {
    const PATH: &'static str = "/admin/connection";
    const TEMPLATE: &'static str = "pages/admin/connection.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        TestsView::samples().into_iter().map(|tests| Self { tests }).collect()
    }
}

impl Piece for TestsView {
    const COMPONENT: &'static str = "connection.tests";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let hostile = || "\"><img src=x onerror=1>".to_owned();
        let step = |of, outcome| Step { of, took: Duration::from_millis(12), outcome };
        let addresses = Found::Addresses { host: hostile(), addresses: vec![hostile()] };
        let soon = Some(viewpoint.now);
        let later = Some(viewpoint.now.plus(SOON * 2));
        let founds = [
            addresses,
            Found::Port(443),
            Found::Certificate { known: Known::BySystem, expires_at: soon },
            Found::Road(Road::Rpc),
            Found::Release(crate::domain::nas::Release::parse("25.10.1")),
            Found::Rights(Need::ALL.into()),
            Found::TooPowerful(true),
        ];
        let others = [
            Found::Unencrypted,
            Found::Certificate { known: Known::ByAuthority, expires_at: later },
            Found::Certificate { known: Known::ByFingerprint, expires_at: None },
            Found::Road(Road::Rest),
            Found::Release(None),
            Found::Rights(Vec::new()),
            Found::TooPowerful(false),
        ];
        let test = |steps, running| Test { began_at: viewpoint.now, running, steps };
        let all = |founds: [Found; 7]| {
            let steps = Layer::ALL.into_iter().zip(founds).map(|(layer, found)| step(layer, Outcome::Found(found)));
            test(steps.collect(), false)
        };
        let calls = Test {
            began_at: viewpoint.now,
            running: true,
            steps: vec![
                Step { of: Need::People, took: Duration::ZERO, outcome: Outcome::Found(Found::Answer(None)) },
                Step { of: Need::Shares, took: Duration::ZERO, outcome: Outcome::Found(Found::Answer(Some(7))) },
                Step { of: Need::Alerts, took: Duration::ZERO, outcome: Outcome::Running },
            ],
        };
        let mut views = vec![
            Self::tried(None, None, 0, &viewpoint),
            Self::tried(Some(&all(founds)), Some(&calls), 8, &viewpoint),
            Self::tried(Some(&all(others)), None, 3, &viewpoint),
        ];
        views.extend(crate::web::views::admin::words::errors().into_iter().map(|error| {
            let steps = vec![step(Layer::Name, Outcome::Failed(error))];
            Self::tried(Some(&test(steps, false)), None, 0, &viewpoint)
        }));
        views
    }
}
