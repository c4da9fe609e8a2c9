//! Every view in every language, and every template by some view.

use std::collections::BTreeSet;

use super::*;
use crate::web::templates::{Files, Templates};
use crate::web::words::Language;

/// What was rendered, and what by.
struct Rendered {
    templates: Templates,
    roots: BTreeSet<&'static str>,
    /// Which sample, and its markup.
    samples: Vec<(String, String)>,
}

impl Rendered {
    /// Every view of the house, one line each.
    fn everything() -> Self {
        let mut all = Self { templates: Templates::load().unwrap(), roots: BTreeSet::new(), samples: Vec::new() };
        all.page::<PasswordPage>();
        all.page::<CodePage>();
        all.page::<EmergencyPage>();
        all.page::<DashboardPage>();
        all.page::<LocalDashboardPage>();
        all.page::<SessionsPage>();
        all.page::<NoticesPage>();
        all.page::<StatusPage>();
        all.piece::<StatusView>();
        all.page::<ConfirmPage>();
        all.page::<RoomPage<OverviewPanel>>();
        all.page::<RoomPage<HealthPanel>>();
        all.page::<RoomPage<FeedPanel>>();
        all.page::<RoomPage<ConnectionPanel>>();
        all.page::<RoomPage<SessionsPanel>>();
        all.page::<RoomPage<AskEndPanel>>();
        all.page::<RoomPage<BansPanel>>();
        all.page::<RoomPage<AuditPanel>>();
        all.piece::<VerdictView>();
        all.page::<RoomPage<LogPanel>>();
        all.piece::<LogView>();
        all.page::<RoomPage<SystemPanel>>();
        all.piece::<RoundsView>();
        all.page::<RoomPage<MessagesPanel>>();
        all.piece::<ChannelsView>();
        all.piece::<FiguresView>();
        all.piece::<OnlineView>();
        all.piece::<LatencyView>();
        all.piece::<PoolsView>();
        all.piece::<AlertsView>();
        all.piece::<TestsView>();
        all.page::<RoomPage<MaintenancePanel>>();
        all.page::<RoomPage<AskOffPanel>>();
        all.page::<RoomPage<PlanPanel>>();
        all.piece::<MaintenanceView>();
        all.piece::<PreviewView>();
        all.page::<RoomPage<AnnouncementsPanel>>();
        all.page::<RoomPage<ConfirmationsPanel>>();
        all.page::<RoomPage<AskRemovePanel>>();
        all.piece::<PublishedView>();
        all.page::<RoomPage<IncidentsPanel>>();
        all.page::<RoomPage<IncidentPanel>>();
        all.page::<ErrorPage>();
        all.piece::<ErrorNotice>();
        all.piece::<PasswordPanel>();
        all.piece::<CodePanel>();
        all.piece::<StepsView>();
        all.piece::<BoardView>();
        all.piece::<SessionsView>();
        all.piece::<StorageView>();
        all.piece::<StateView>();
        all.piece::<BannerView>();
        all.piece::<BellView>();
        all.piece::<NoticeView>();
        all.piece::<FeedView>();
        all.piece::<FactView>();
        all.piece::<AnnouncementsView>();
        all.piece::<FarewellView>();
        all
    }

    fn page<P: Page>(&mut self) {
        self.roots.insert(P::TEMPLATE);
        for language in Language::ALL {
            let frames = Frame::samples(language);
            // The first sample in every frame, each further one in the first.
            let mut samples = P::samples().into_iter();
            let first = samples.next().expect("every page has a sample");
            for (at, frame) in frames.iter().enumerate() {
                self.keep(P::TEMPLATE, language, at, self.templates.page(frame, &first).map(|html| html.0));
            }
            for (at, sample) in samples.enumerate() {
                let html = self.templates.page(&frames[1], &sample).map(|html| html.0);
                self.keep(P::TEMPLATE, language, frames.len() + at, html);
            }
        }
    }

    fn piece<P: Piece>(&mut self) {
        self.roots.insert(P::COMPONENT);
        for language in Language::ALL {
            for (at, sample) in P::samples().into_iter().enumerate() {
                self.keep(P::COMPONENT, language, at, self.templates.piece(language, &sample));
            }
        }
    }

    fn keep(&mut self, name: &str, language: Language, at: usize, html: Result<String, tera::Error>) {
        let sample = format!("{name}, {}, sample {at}", language.as_str());
        let html = html.unwrap_or_else(|error| panic!("{sample}: {error:?}"));
        self.samples.push((sample, html));
    }
}

#[test]
fn every_view_renders_in_every_language_without_markup_of_its_values() {
    for (sample, html) in Rendered::everything().samples {
        assert!(!html.contains("<img src=x"), "{sample} lets a value be markup:\n{html}");
        let inline = ["<script>", " style=\"", " onclick=", "javascript:", "hx-on"];
        for banned in inline {
            assert!(
                !html.contains(banned),
                "{sample} contains {banned}, which the policy of the page refuses:\n{html}"
            );
        }
    }
}

#[test]
fn the_sprite_holds_every_icon_a_page_shows_and_no_other() {
    let names = |text: &str, before: &str| -> BTreeSet<String> {
        text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).map(Into::into).collect()
    };
    let pages: String = Rendered::everything().samples.into_iter().map(|(_, html)| html).collect();
    let shown = names(&pages, ".svg#");
    let held = names(include_str!("../../../assets/icons.svg"), "<symbol id=\"");
    assert_eq!(shown, held);
}

/// Below `target/look/`, for a browser.
#[test]
#[ignore = "writes every sample to a file, for people to look at"]
fn every_sample_is_written_down() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/look");
    std::fs::create_dir_all(&folder).unwrap();
    for (sample, html) in Rendered::everything().samples {
        std::fs::write(folder.join(sample.replace(['/', ',', ' '], "_") + ".html"), html).unwrap();
    }
}

/// Templates it stands on and components it calls: `{% extends "x" %}`, `{% include "x" %}`, `<area.thing`.
fn named_by(text: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for word in ["extends", "include"] {
        named.extend(
            text.split(&format!("{{% {word} \"")).skip(1).filter_map(|rest| rest.split('"').next()).map(Into::into),
        );
    }
    for rest in text.split('<').skip(1) {
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "._".contains(*c)).collect();
        if name.contains('.') {
            named.insert(name);
        }
    }
    named
}

/// The bodies of the components a file defines.
fn components_in(text: &str) -> Vec<(String, String)> {
    text.split("{% component ")
        .skip(1)
        .map(|rest| {
            let name = rest.split('(').next().unwrap_or_default().trim().to_owned();
            let body = rest.split("{% endcomponent").next().unwrap_or_default();
            (name, body.to_owned())
        })
        .collect()
}

#[test]
fn every_template_and_every_component_is_used() {
    let mut units: Vec<(String, String)> = Vec::new();
    for file in Files::iter().filter(|name| name.ends_with(".html")) {
        let text = String::from_utf8(Files::get(&file).unwrap().data.into_owned()).unwrap();
        assert!(text.lines().count() <= 120, "templates/{file} has more than 120 lines");
        let components = components_in(&text);
        if components.is_empty() {
            units.push((file.into_owned(), text));
        } else {
            units.extend(components);
        }
    }
    let mut used: BTreeSet<String> = Rendered::everything().roots.into_iter().map(Into::into).collect();
    loop {
        let known = used.len();
        let more: Vec<String> =
            units.iter().filter(|(name, _)| used.contains(name)).flat_map(|(_, text)| named_by(text)).collect();
        used.extend(more);
        if used.len() == known {
            break;
        }
    }
    let unused: Vec<&String> = units.iter().map(|(name, _)| name).filter(|name| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "nobody uses {unused:?}");
}

/// Whatever comes by itself waits for its turn, however grave: only a forced end, and the answer to one's own form, is said at
/// once.
#[test]
fn nothing_is_an_alert_but_a_forced_end_and_a_form_that_was_refused() {
    let all = Rendered::everything().samples;
    let loud = all.iter().filter(|(_, html)| html.contains("role=\"alert\""));
    let loud: BTreeSet<&str> = loud.filter_map(|(sample, _)| sample.split(',').next()).collect();
    let forms = [
        "pages/admin/confirm.html",
        "pages/admin/messages.html",
        "pages/planning/announcements.html",
        "pages/planning/incident.html",
        "pages/planning/incidents.html",
        "pages/planning/plan.html",
        "pages/signin/code.html",
        "pages/signin/emergency.html",
        "pages/signin/password.html",
        "signin.code",
        "signin.panel",
    ];
    assert_eq!(loud, forms.into_iter().chain(["live.farewell"]).collect());
}
