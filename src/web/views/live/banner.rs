//! The banner under the top bar: trouble first, then what is being done, then what is to come. One line, and more on demand.

use std::time::Duration;

use serde::Serialize;

use crate::domain::caller::Role;
use crate::domain::health::{Level, Snapshot};
use crate::domain::notice::Planned;
use crate::web::views::live::notice::title_of;
use crate::web::views::{Piece, TimeView, Viewpoint};

/// Told by the notification centre until then, and by the banner from then on.
const AHEAD: Duration = Duration::from_hours(24);

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
    pub starts: String,
    /// `None`: nobody knows how long it takes.
    pub ends: Option<String>,
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
    /// Running and coming windows.
    pub windows: &'a [Planned],
    pub role: Role,
}

impl BannerView {
    pub fn of(trouble: &Trouble<'_>, viewpoint: &Viewpoint) -> Self {
        let mut near: Vec<&Planned> = trouble.windows.iter().filter(|window| is_near(window, viewpoint)).collect();
        near.sort_by_key(|window| window.starts_at);
        let running = near.iter().any(|window| window.starts_at <= viewpoint.now);
        let since = || Some(viewpoint.see(trouble.seen.since));
        let line = match (trouble.seen.level, trouble.role) {
            (Level::Unreachable, _) => Some(line("trouble", "circle-x", "banner-unreachable", "banner-save", since())),
            (Level::Restarting, _) => Some(line("planned", "rotate-cw", "banner-restarting", "banner-back", since())),
            (Level::Planned, _) => Some(line("planned", "wrench", "banner-planned", "banner-save", since())),
            (Level::KeyRefused, Role::Administrator) => {
                Some(line("trouble", "key-round", "banner-key-administrators", "banner-key-renew", since()))
            }
            (Level::KeyRefused, Role::Employee) => {
                Some(line("attention", "circle-question-mark", "banner-key", "banner-key-text", None))
            }
            (Level::Online | Level::Attention | Level::Unknown, _) => maintenance(running, near.is_empty()),
        };
        let plans = near.into_iter().map(|window| plan(window, viewpoint)).collect();
        Self { line, plans }
    }
}

const fn line(
    tone: &'static str,
    icon: &'static str,
    title: &'static str,
    text: &'static str,
    since: Option<TimeView>,
) -> BannerLine {
    BannerLine { tone, icon, title, text, since }
}

const fn maintenance(running: bool, nothing_planned: bool) -> Option<BannerLine> {
    match (running, nothing_planned) {
        (_, true) => None,
        (true, false) => Some(line("planned", "wrench", "banner-running", "banner-running-text", None)),
        (false, false) => Some(line("planned", "calendar-clock", "banner-ahead", "banner-ahead-text", None)),
    }
}

fn is_near(window: &Planned, viewpoint: &Viewpoint) -> bool {
    let over = window.ends_at.is_some_and(|ends| ends <= viewpoint.now);
    !over && window.starts_at.since(viewpoint.now) <= AHEAD
}

fn plan(window: &Planned, viewpoint: &Viewpoint) -> PlanView {
    let left_s = window.starts_at.since(viewpoint.now).as_secs();
    let (left, count) = match left_s {
        0..60 => ("left-seconds", left_s.max(1)),
        60..3_600 => ("left-minutes", left_s / 60),
        _ => ("left-hours", left_s / 3_600),
    };
    PlanView {
        title: title_of(window, viewpoint.language),
        starts: viewpoint.moment(window.starts_at),
        ends: window.ends_at.map(|ends| viewpoint.moment(ends)),
        left_s: (window.starts_at > viewpoint.now).then_some(left_s),
        left,
        count,
    }
}

impl Piece for BannerView {
    const COMPONENT: &'static str = "live.banner";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::web::views::live::notice::sample::{texts, window};
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let view = |level, role, windows: &[Planned]| {
            let since = viewpoint.before(Duration::from_secs(200));
            let seen = Snapshot { level, since, ..Snapshot::unknown(viewpoint.now) };
            Self::of(&Trouble { seen: &seen, windows, role }, &viewpoint)
        };
        let evil = Planned { title: texts("\"><img src=x onerror=1>", ""), ends_at: None, ..window(&viewpoint, 0) };
        let soon = Planned { starts_at: viewpoint.now.plus(Duration::from_secs(40)), ..window(&viewpoint, 1) };
        let quarter = Planned { starts_at: viewpoint.now.plus(Duration::from_mins(15)), ..window(&viewpoint, 1) };
        vec![
            view(Level::Online, Role::Employee, &[]),
            view(Level::Online, Role::Employee, &[window(&viewpoint, 5)]),
            view(Level::Unreachable, Role::Employee, &[]),
            view(Level::Unreachable, Role::Administrator, &[quarter]),
            view(Level::Restarting, Role::Employee, &[]),
            view(Level::Planned, Role::Employee, &[window(&viewpoint, 0)]),
            view(Level::KeyRefused, Role::Employee, &[]),
            view(Level::KeyRefused, Role::Administrator, &[]),
            view(Level::Attention, Role::Employee, &[evil, soon]),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::views::live::notice::sample::window;
    use crate::web::words::Language;

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
        ];
        assert_eq!(titles, expected);
    }

    #[test]
    fn a_window_is_in_the_banner_from_a_day_before_until_its_end() {
        let mut viewpoint = Viewpoint::sample(Language::Portuguese);
        let windows = [window(&viewpoint, 25)];
        let seen = Snapshot { level: Level::Online, ..Snapshot::unknown(viewpoint.now) };
        let begin = viewpoint.now;
        let shown = [0, 1, 25, 26, 27].map(|hours| {
            viewpoint.now = begin.plus(Duration::from_hours(hours));
            let trouble = Trouble { seen: &seen, windows: &windows, role: Role::Employee };
            BannerView::of(&trouble, &viewpoint).line.map(|line| line.title)
        });
        let (ahead, running) = (Some("banner-ahead"), Some("banner-running"));
        assert_eq!(shown, [None, ahead, running, running, None]);
    }
}
