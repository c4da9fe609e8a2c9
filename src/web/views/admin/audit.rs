//! The audit trail: who did what, newest first; and whether all of it is as it was recorded.

use serde::Serialize;
use url::form_urlencoded;

use crate::audit::{Break, Verdict, Verification};
use crate::domain::audit::{Action, Entry, Filter};
use crate::web::views::admin::detail::{self, Part};
use crate::web::views::{Panel, Piece, TimeView, Viewpoint};

#[derive(Debug, Serialize)]
pub struct AuditPanel {
    pub rows: Vec<AuditRow>,
    pub actor: String,
    pub text: String,
    /// The same, for addresses.
    pub query: String,
    pub filtered: bool,
    pub actions: Vec<ActionView>,
    /// The entry before which the page begins; `None` is the newest.
    pub before: Option<i64>,
    /// There is more, from before this one.
    pub older: Option<i64>,
    pub verdict: VerdictView,
}

#[derive(Debug, Serialize)]
pub struct ActionView {
    pub word: &'static str,
    pub text: &'static str,
    pub chosen: bool,
}

#[derive(Debug, Serialize)]
pub struct AuditRow {
    pub number: i64,
    pub at: TimeView,
    /// Seconds matter here.
    pub time: String,
    pub action: &'static str,
    pub light: &'static str,
    pub actor: String,
    pub address: String,
    pub subject: Vec<Part>,
    pub detail: Vec<Part>,
}

/// What came out when the trail was last verified.
#[derive(Debug, Serialize)]
pub struct VerdictView {
    /// `never`, `running`, `whole`, `broken` or `failed`.
    pub state: &'static str,
    pub at: Option<TimeView>,
    pub entries: i64,
    pub hash: String,
    /// The key of what was found first, and its number.
    pub found: &'static str,
    pub number: i64,
}

impl AuditPanel {
    /// `entries` has one more than a page shows, if there is more.
    pub fn of(mut entries: Vec<Entry>, limit: usize, filter: &Filter, viewpoint: &Viewpoint) -> Self {
        let more = entries.len() > limit;
        entries.truncate(limit);
        let older = entries.last().filter(|_| more).map(|entry| entry.number);
        let view = |action: Action| ActionView {
            word: action.as_str(),
            text: text_of(action),
            chosen: filter.action == Some(action),
        };
        Self {
            rows: entries.into_iter().map(|entry| AuditRow::of(entry, viewpoint)).collect(),
            actor: filter.actor.clone(),
            text: filter.text.clone(),
            query: query_of(filter),
            filtered: *filter != Filter::default(),
            actions: Action::ALL.into_iter().map(view).collect(),
            before: None,
            older,
            verdict: VerdictView::of(&Verification::Never, viewpoint),
        }
    }
}

fn query_of(filter: &Filter) -> String {
    let action = filter.action.map(Action::as_str).unwrap_or_default();
    let pairs = [("action", action), ("actor", &filter.actor), ("q", &filter.text)];
    let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish()
}

impl AuditRow {
    fn of(entry: Entry, viewpoint: &Viewpoint) -> Self {
        Self {
            number: entry.number,
            at: viewpoint.see(entry.at),
            time: viewpoint.to_the_second(entry.at),
            action: text_of(entry.deed.action),
            light: light_of(entry.deed.action),
            actor: entry.deed.actor,
            address: entry.deed.address.map(|address| address.to_string()).unwrap_or_default(),
            subject: detail::subject(entry.deed.action, entry.deed.subject),
            detail: detail::detail(entry.deed.action, entry.deed.detail),
        }
    }
}

impl VerdictView {
    pub fn of(verification: &Verification, viewpoint: &Viewpoint) -> Self {
        let nothing =
            |state| Self { state, at: None, entries: 0, hash: String::new(), found: "verify-altered", number: 0 };
        match verification {
            Verification::Never => nothing("never"),
            Verification::Running => nothing("running"),
            Verification::Failed(at) => Self { at: Some(viewpoint.see(*at)), ..nothing("failed") },
            Verification::Done(at, Verdict::Whole(whole)) => Self {
                at: Some(viewpoint.see(*at)),
                entries: whole.entries,
                hash: whole.hash.clone(),
                ..nothing("whole")
            },
            Verification::Done(at, Verdict::Broken(found)) => {
                let (found, number) = first_found(found);
                Self { at: Some(viewpoint.see(*at)), found, number, ..nothing("broken") }
            }
        }
    }
}

fn first_found(found: &Break) -> (&'static str, i64) {
    match found {
        Break::Altered { number } => ("verify-altered", *number),
        Break::Unreadable { row, .. } => ("verify-unreadable", row.parse().unwrap_or_default()),
        Break::Missing { number } => ("verify-missing", *number),
        Break::Added { number } => ("verify-added", *number),
        Break::CutOff { number } => ("verify-cut", *number),
        Break::Head { number } => ("verify-head", *number),
    }
}

fn text_of(action: Action) -> &'static str {
    match action {
        Action::SignIn => "action-sign-in",
        Action::SignInRefused => "action-sign-in-refused",
        Action::BreakGlassSignIn => "action-break-glass",
        Action::BreakGlassRefused => "action-break-glass-refused",
        Action::SignOut => "action-sign-out",
        Action::SessionEnded => "action-session-ended",
        Action::ScriptDownloaded => "action-script",
        Action::BanPlaced => "action-ban-placed",
        Action::BanLifted => "action-ban-lifted",
        Action::AdministratorCreated => "action-administrator-created",
        Action::AdministratorRemoved => "action-administrator-removed",
        Action::MaintenancePlanned => "action-maintenance-planned",
        Action::MaintenanceChanged => "action-maintenance-changed",
        Action::MaintenanceCalledOff => "action-maintenance-called-off",
        Action::AnnouncementPublished => "action-announcement-published",
        Action::AnnouncementRemoved => "action-announcement-removed",
        Action::IncidentWritten => "action-incident",
        Action::AlertSilenced => "action-silenced",
        Action::AlertHeardAgain => "action-heard-again",
        Action::FactorEnrolled => "action-factor-enrolled",
        Action::FactorReset => "action-factor-reset",
        Action::Confirmed => "action-confirmed",
        Action::ConfirmationRefused => "action-confirmation-refused",
        Action::AuditExported => "action-audit-exported",
        Action::LogDownloaded => "action-log-downloaded",
        Action::DiagnosisDownloaded => "action-diagnosis",
        Action::MessageTested => "action-message-tested",
        Action::CalendarRenewed => "action-calendar-renewed",
        Action::CopyRestored => "action-copy-restored",
    }
}

/// What somebody who looks for trouble looks at first.
fn light_of(action: Action) -> &'static str {
    match action {
        Action::SignInRefused | Action::BreakGlassRefused | Action::ConfirmationRefused | Action::BanPlaced => {
            "attention"
        }
        Action::BreakGlassSignIn
        | Action::AdministratorCreated
        | Action::AdministratorRemoved
        | Action::FactorEnrolled
        | Action::FactorReset
        | Action::CopyRestored => "planned",
        Action::SignIn
        | Action::SignOut
        | Action::SessionEnded
        | Action::ScriptDownloaded
        | Action::BanLifted
        | Action::MaintenancePlanned
        | Action::MaintenanceChanged
        | Action::MaintenanceCalledOff
        | Action::AnnouncementPublished
        | Action::AnnouncementRemoved
        | Action::IncidentWritten
        | Action::CalendarRenewed
        | Action::AlertSilenced
        | Action::AlertHeardAgain
        | Action::Confirmed
        | Action::AuditExported
        | Action::LogDownloaded
        | Action::DiagnosisDownloaded
        | Action::MessageTested => "plain",
    }
}

impl Panel for AuditPanel {
    const PATH: &'static str = "/admin/audit";
    const TEMPLATE: &'static str = "pages/admin/audit.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::domain::audit::Deed;
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let entry = |(number, action): (usize, Action)| Entry {
            number: i64::try_from(number).unwrap() + 1,
            at: viewpoint.now,
            deed: Deed {
                action,
                actor: "\"><img src=x onerror=1>".into(),
                address: (number % 2 == 0).then(|| [10, 0, 0, 7].into()),
                subject: if number % 3 == 0 { String::new() } else { "ana".into() },
                detail: "one session from 10.0.0.7".into(),
            },
            hash: String::new(),
        };
        let entries = || Action::ALL.into_iter().enumerate().map(entry).collect::<Vec<_>>();
        let filter = Filter { action: Some(Action::SignIn), actor: "ana".into(), text: "x".into() };
        let whole = || Self::of(entries(), 50, &Filter::default(), &viewpoint);
        let mut all: Vec<Self> =
            VerdictView::samples().into_iter().map(|verdict| Self { verdict, ..whole() }).collect();
        all.push(Self { before: Some(20), ..Self::of(entries(), 10, &filter, &viewpoint) });
        all.push(Self::of(Vec::new(), 10, &filter, &viewpoint));
        all
    }
}

impl Piece for VerdictView {
    const COMPONENT: &'static str = "audit.verdict";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::audit::Whole;
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let now = viewpoint.now;
        let whole = Whole { entries: 1_204, span: Some((now, now)), hash: "9f86d081884c7d65".repeat(4) };
        let breaks = [
            Break::Altered { number: 3 },
            Break::Unreadable { table: "audit", row: "4".into(), column: "at" },
            Break::Missing { number: 5 },
            Break::Added { number: 6 },
            Break::CutOff { number: 7 },
            Break::Head { number: 8 },
        ];
        let broken = breaks.map(|found| Verification::Done(now, Verdict::Broken(found)));
        let others = [
            Verification::Never,
            Verification::Running,
            Verification::Failed(now),
            Verification::Done(now, Verdict::Whole(whole)),
        ];
        others.iter().chain(&broken).map(|verification| Self::of(verification, &viewpoint)).collect()
    }
}
