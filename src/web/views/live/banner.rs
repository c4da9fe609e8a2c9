//! The banner under the top bar: trouble first, then what is being done, then what is to come. One line, and more on demand.

use serde::Serialize;

use crate::domain::caller::Role;
use crate::domain::health::{Level, Snapshot};
use crate::domain::maintenance::{Shown, Stage};
use crate::web::views::live::notice::title_in;
use crate::web::views::{Piece, TimeView, Viewpoint};

#[derive(Debug, Clone, Serialize)]
pub struct BannerView {
    /// `None`: all is well, and nothing is planned for the next day.
    pub line: Option<BannerLine>,
    /// What is being done and what is to come, the nearest first.
    pub plans: Vec<PlanView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct BannerLine {
    /// The colour by its meaning: `trouble`, `attention` or `planned`.
    pub tone: &'static str,
    pub icon: &'static str,
    /// The key of what is so, and of what to do about it.
    pub title: &'static str,
    pub text: &'static str,
    /// Since when, when that is what matters.
    pub since: Option<TimeView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct PlanView {
    pub title: String,
    /// Empty when nobody wrote one.
    pub text: String,
    pub starts: String,
    pub ends: String,
    pub begins: TimeView,
    /// Seconds until it begins; `None` once it has.
    pub left_s: Option<u64>,
    /// The key of the time left, and its number.
    pub left: &'static str,
    pub count: u64,
}

/// What the banner is made from.
#[derive(Debug)]
pub struct Trouble<'a> {
    pub seen: &'a Snapshot,
    /// What is coming, under way or late, as far as it concerns whoever looks.
    pub windows: &'a [&'a Shown],
    pub role: Role,
}

impl BannerView {
    pub fn of(trouble: &Trouble<'_>, viewpoint: &Viewpoint) -> Self {
        let mut windows = trouble.windows.to_vec();
        windows.retain(|window| matches!(window.stage, Stage::Ahead | Stage::Running | Stage::Overdue));
        windows.sort_by_key(|window| window.at);
        let plans = windows.iter().map(|window| plan(window, viewpoint)).collect();
        let late = windows.iter().any(|window| window.stage == Stage::Overdue);
        let line =
            of_level(trouble, late, viewpoint).or_else(|| windows.iter().find_map(|window| of_stage(window.stage)));
        Self { line, plans }
    }
}

/// `late`: what was planned should have ended by now.
fn of_level(trouble: &Trouble<'_>, late: bool, viewpoint: &Viewpoint) -> Option<BannerLine> {
    let (tone, icon, title, text) = match (trouble.seen.level, trouble.role) {
        (Level::Online | Level::Attention | Level::Unknown, _) => return None,
        (Level::Unreachable | Level::Restarting | Level::Planned, _) if late => {
            ("trouble", "wrench", "banner-overdue", "banner-overdue-text")
        }
        (Level::Unreachable, _) => ("trouble", "circle-x", "banner-unreachable", "banner-save"),
        (Level::Restarting, _) => ("planned", "rotate-cw", "banner-restarting", "banner-back"),
        (Level::Planned, _) => ("planned", "wrench", "banner-planned", "banner-save"),
        (Level::KeyRefused, Role::Administrator) => {
            ("trouble", "key-round", "banner-key-administrators", "banner-key-renew")
        }
        (Level::KeyRefused, Role::Employee) => ("attention", "circle-question-mark", "banner-key", "banner-key-text"),
    };
    Some(BannerLine { tone, icon, title, text, since: Some(viewpoint.see(trouble.seen.since)) })
}

/// While the storage itself is well; what is late has not ended only because nobody has looked yet.
const fn of_stage(stage: Stage) -> Option<BannerLine> {
    let (icon, title, text) = match stage {
        Stage::Ahead => ("calendar-clock", "banner-ahead", "banner-ahead-text"),
        Stage::Running => ("wrench", "banner-running", "banner-running-text"),
        Stage::Overdue | Stage::Over | Stage::CalledOff => return None,
    };
    Some(BannerLine { tone: "planned", icon, title, text, since: None })
}

fn plan(window: &Shown, viewpoint: &Viewpoint) -> PlanView {
    let language = viewpoint.language;
    let left_s = window.at.starts_at.since(viewpoint.now).as_secs();
    let (left, count) = match left_s {
        0..60 => ("left-seconds", left_s.max(1)),
        60..3_600 => ("left-minutes", left_s / 60),
        _ => ("left-hours", left_s / 3_600),
    };
    PlanView {
        title: title_in(&window.title, language),
        text: window.text.in_language(language).trim().to_owned(),
        starts: viewpoint.moment(window.at.starts_at),
        ends: viewpoint.moment(window.at.ends_at),
        begins: viewpoint.see(window.at.starts_at),
        left_s: (window.at.starts_at > viewpoint.now).then_some(left_s),
        left,
        count,
    }
}

impl Piece for BannerView {
    const COMPONENT: &'static str = "live.banner";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use std::time::Duration;

        use crate::web::views::live::notice::sample::{shown, texts};
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let view = |level, role, windows: &[&Shown]| {
            let since = viewpoint.before(Duration::from_secs(200));
            let seen = Snapshot { level, since, ..Snapshot::unknown(viewpoint.now) };
            Self::of(&Trouble { seen: &seen, windows, role }, &viewpoint)
        };
        let window = |stage, minutes| shown(&viewpoint, stage, Duration::from_mins(minutes));
        let (ahead, quarter, running) =
            (window(Stage::Ahead, 300), window(Stage::Ahead, 15), window(Stage::Running, 0));
        let evil =
            Shown { title: texts("\"><img src=x onerror=1>", ""), text: texts("", ""), ..window(Stage::Overdue, 0) };
        let mut soon = window(Stage::Ahead, 0);
        soon.at.starts_at = viewpoint.now.plus(Duration::from_secs(40));
        vec![
            view(Level::Online, Role::Employee, &[]),
            view(Level::Online, Role::Employee, &[&ahead]),
            view(Level::Unreachable, Role::Employee, &[]),
            view(Level::Unreachable, Role::Administrator, &[&quarter]),
            view(Level::Restarting, Role::Employee, &[]),
            view(Level::Planned, Role::Employee, &[&running]),
            view(Level::KeyRefused, Role::Employee, &[]),
            view(Level::KeyRefused, Role::Administrator, &[]),
            view(Level::Attention, Role::Employee, &[&ahead, &running]),
            view(Level::Unreachable, Role::Employee, &[&evil, &soon]),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_stands_before_plans_and_a_refused_key_is_told_apart_by_whom_it_is_told_to() {
        let titles: Vec<Option<&str>> =
            BannerView::samples().iter().map(|view| view.line.as_ref().map(|line| line.title)).collect();
        let expected = [
            None,
            Some("banner-ahead"),
            Some("banner-unreachable"),
            Some("banner-unreachable"),
            Some("banner-restarting"),
            Some("banner-planned"),
            Some("banner-key"),
            Some("banner-key-administrators"),
            Some("banner-running"),
            Some("banner-overdue"),
        ];
        assert_eq!(titles, expected);
    }

    #[test]
    fn what_is_late_is_said_while_the_files_are_away_and_only_then() {
        use crate::web::views::live::notice::sample::shown;
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let [late, ahead] =
            [Stage::Overdue, Stage::Ahead].map(|stage| shown(&viewpoint, stage, std::time::Duration::from_mins(9)));
        let title = |level, windows: &[&Shown]| {
            let seen = Snapshot { level, ..Snapshot::unknown(viewpoint.now) };
            let view = BannerView::of(&Trouble { seen: &seen, windows, role: Role::Employee }, &viewpoint);
            view.line.map(|line| line.title)
        };
        for away in [Level::Unreachable, Level::Restarting, Level::Planned] {
            assert_eq!(title(away, &[&ahead, &late]), Some("banner-overdue"), "{away:?}");
        }
        for back in [Level::Online, Level::Attention, Level::Unknown] {
            assert_eq!(title(back, &[&late]), None, "{back:?}");
            assert_eq!(title(back, &[&late, &ahead]), Some("banner-ahead"), "{back:?}");
        }
        assert_eq!(title(Level::KeyRefused, &[&late]), Some("banner-key"));
    }

    #[test]
    fn what_is_under_way_has_no_time_left() {
        let left = |at: usize| BannerView::samples().swap_remove(at).plans[0].left_s;
        assert_eq!([1, 5].map(left), [Some(300 * 60), None]);
    }
}
