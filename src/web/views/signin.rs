//! The sign-in: name and password, the code of a second factor, and the way in when the NAS is down.

use std::cmp::Ordering;

use serde::Serialize;

use crate::domain::session::End;
use crate::domain::signin::{Outcome, Progress, Step};
use crate::web::views::{Page, Piece};

mod problem;

pub use problem::ProblemView;

#[derive(Debug, Serialize)]
pub struct PasswordPage {
    pub panel: PasswordPanel,
}

/// The card with the form. The answer to the form is this piece again, unless it leads on.
#[derive(Debug, Clone, Serialize)]
pub struct PasswordPanel {
    /// As it was typed, so that only the password is typed anew.
    pub username: String,
    /// The key of the sentence why one is here.
    pub ended: Option<&'static str>,
    pub problem: Option<ProblemView>,
    pub steps: StepsView,
    /// A path of ours somebody was on their way to.
    pub next: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct CodePage {
    pub panel: CodePanel,
}

#[derive(Debug, Clone, Serialize)]
pub struct CodePanel {
    /// Whose code it is, as it was typed; and where they were on their way to. Both go along with the form.
    pub username: String,
    pub next: Option<String>,
    pub problem: Option<ProblemView>,
    pub steps: StepsView,
}

#[derive(Debug, Serialize)]
pub struct EmergencyPage {
    pub username: String,
    pub problem: Option<ProblemView>,
}

/// The list under the button.
#[derive(Debug, Clone, Serialize)]
pub struct StepsView {
    /// Nothing has been asked for: the list is there for the script to show at the first click.
    pub idle: bool,
    pub steps: Vec<StepView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct StepView {
    pub light: &'static str,
    pub icon: &'static str,
    /// The key of what is done.
    pub text: &'static str,
    /// The key of how far it is.
    pub word: &'static str,
    pub place: Option<u32>,
    pub reach_ms: Option<u64>,
}

/// Why somebody finds the sign-in instead of the page that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// A page was asked for that wants somebody signed in.
    Needed,
    /// There was a session, and it ended.
    Over(End),
}

impl Ended {
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Needed).chain(End::ALL.map(Self::Over))
    }

    /// As the address says it: `/?ended=over`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Needed => "needed",
            Self::Over(End::TimeOver) => "over",
            Self::Over(End::Unused) => "unused",
            Self::Over(End::SignedOut) => "signed-out",
            Self::Over(End::Renewed) => "renewed",
            Self::Over(End::Replaced) => "replaced",
            Self::Over(End::Elsewhere) => "elsewhere",
            Self::Over(End::ByAdministrator) => "administrator",
            Self::Over(End::AccountGone) => "gone",
            Self::Over(End::AccountLocked) => "locked",
            Self::Over(End::PasswordDisabled) => "disabled",
            Self::Over(End::PasswordChanged) => "password",
            Self::Over(End::RoleChanged) => "role",
            Self::Over(End::CodesGuessed) => "codes",
            Self::Over(End::KeyRefused) => "key",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::all().find(|ended| ended.as_str() == word)
    }

    /// The key of the sentence.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Needed => "ended-needed",
            Self::Over(End::TimeOver) => "ended-over",
            Self::Over(End::Unused) => "ended-unused",
            Self::Over(End::SignedOut) => "ended-signed-out",
            Self::Over(End::Renewed) => "ended-renewed",
            Self::Over(End::Replaced) => "ended-replaced",
            Self::Over(End::Elsewhere) => "ended-elsewhere",
            Self::Over(End::ByAdministrator) => "ended-administrator",
            Self::Over(End::AccountGone) => "ended-gone",
            Self::Over(End::AccountLocked) => "ended-locked",
            Self::Over(End::PasswordDisabled) => "ended-disabled",
            Self::Over(End::PasswordChanged) => "ended-password",
            Self::Over(End::RoleChanged) => "ended-role",
            Self::Over(End::CodesGuessed) => "ended-codes",
            Self::Over(End::KeyRefused) => "ended-key",
        }
    }
}

impl PasswordPanel {
    pub fn fresh(ended: Option<Ended>) -> Self {
        let steps = StepsView::of(&Progress::IDLE);
        Self { username: String::new(), ended: ended.map(Ended::text), problem: None, steps, next: None }
    }
}

impl StepsView {
    /// After a refusal the steps that will not come are left out.
    pub fn of(progress: &Progress) -> Self {
        let shown = |step: &Step| progress.outcome != Some(Outcome::Refused) || Some(*step) <= progress.step;
        let steps = Step::ALL.into_iter().filter(shown).map(|step| StepView::of(step, progress)).collect();
        Self { idle: progress.step.is_none(), steps }
    }
}

impl StepView {
    fn of(step: Step, progress: &Progress) -> Self {
        let (light, icon, word) = match (Some(step).cmp(&progress.step), progress.outcome) {
            (_, Some(Outcome::SignedIn)) | (Ordering::Less, _) | (Ordering::Equal, Some(Outcome::CodeWanted)) => DONE,
            (Ordering::Equal, Some(Outcome::Refused)) => FAILED,
            (Ordering::Equal, None) => RUNNING,
            (Ordering::Greater, _) => WAITING,
        };
        let text = match step {
            Step::Queue => "step-queue",
            Step::Reach => "step-reach",
            Step::Check if progress.code => "step-check-code",
            Step::Check => "step-check",
            Step::Rights => "step-rights",
            Step::Ready => "step-ready",
        };
        let place = progress.place.filter(|_| step == Step::Queue && light == RUNNING.0);
        // Less than one is told as one: nothing is reached in no time.
        let reach_ms = progress.reach_ms.filter(|_| step == Step::Reach && light != WAITING.0).map(|ms| ms.max(1));
        Self { light, icon, text, word, place, reach_ms }
    }
}

type Look = (&'static str, &'static str, &'static str);

const WAITING: Look = ("waiting", "circle-dashed", "step-waiting");
const RUNNING: Look = ("running", "loader-circle", "step-running");
const DONE: Look = ("done", "circle-check", "step-done");
const FAILED: Look = ("failed", "circle-x", "step-failed");

impl Page for PasswordPage {
    const TEMPLATE: &'static str = "pages/signin/password.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        PasswordPanel::samples().into_iter().map(|panel| Self { panel }).collect()
    }
}

impl Piece for PasswordPanel {
    const COMPONENT: &'static str = "signin.panel";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let ended = Ended::all().map(|ended| Self::fresh(Some(ended)));
        let mut samples = vec![Self::fresh(None)];
        samples.extend(ended);
        let steps = StepsView::of(&sample::progress(Some(Step::Check), Some(Outcome::Refused)));
        samples.extend(ProblemView::samples().into_iter().enumerate().map(|(at, problem)| Self {
            username: ["ana", "\"><img src=x onerror=1>", ""][at % 3].into(),
            ended: None,
            problem: Some(problem),
            steps: if at % 2 == 0 { steps.clone() } else { StepsView::of(&Progress::IDLE) },
            next: (at % 2 == 0).then(|| "/download_bat?share=R%26D".into()),
        }));
        samples
    }
}

impl Page for CodePage {
    const TEMPLATE: &'static str = "pages/signin/code.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        CodePanel::samples().into_iter().map(|panel| Self { panel }).collect()
    }
}

impl Piece for CodePanel {
    const COMPONENT: &'static str = "signin.code";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let steps = StepsView::of(&sample::progress(Some(Step::Check), Some(Outcome::CodeWanted)));
        let next = Some("/download_bat?share=R%26D".to_owned());
        let fresh = Self { username: "fabio".into(), next, problem: None, steps };
        let hostile = "\"><img src=x onerror=1>".to_owned();
        let wrong = Self { username: hostile, next: None, problem: Some(ProblemView::wrong_code()), ..fresh.clone() };
        vec![fresh, wrong]
    }
}

impl Page for EmergencyPage {
    const TEMPLATE: &'static str = "pages/signin/emergency.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let wrong = Self { username: "plantao".into(), problem: Some(ProblemView::wrong_emergency()) };
        vec![Self { username: String::new(), problem: None }, wrong]
    }
}

impl Piece for StepsView {
    const COMPONENT: &'static str = "signin.steps";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let under_way = Step::ALL.map(|step| sample::progress(Some(step), None));
        let ended = [Outcome::SignedIn, Outcome::CodeWanted, Outcome::Refused]
            .map(|outcome| sample::progress(Some(Step::Check), Some(outcome)));
        let code = Progress { step: Some(Step::Check), code: true, ..Progress::IDLE };
        [Progress::IDLE, code].into_iter().chain(under_way).chain(ended).map(|progress| Self::of(&progress)).collect()
    }
}

#[cfg(test)]
mod sample {
    use super::*;

    pub fn progress(step: Option<Step>, outcome: Option<Outcome>) -> Progress {
        let place = step.map(|_| 2);
        let reach_ms = (step >= Some(Step::Reach)).then_some(180);
        Progress { step, place, reach_ms, outcome, ..Progress::IDLE }
    }
}

#[cfg(test)]
mod tests;
