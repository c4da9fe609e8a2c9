//! The form of a maintenance window, and what would come of it.

use serde::Serialize;

use crate::domain::Timestamp;
use crate::domain::entry::{Field, Problem};
use crate::domain::maintenance::{Entry, Occurrence, Plan, Weekday, Window, outlook};
use crate::domain::notice::Notice;
use crate::web::views::planning::Fields;
use crate::web::views::planning::fields::FieldView;
use crate::web::views::{NoticeView, Panel, Piece, Viewpoint};

/// Offered while a zone is typed; every zone of the tz database is taken.
const ZONES: [&str; 20] = [
    "America/Araguaina",
    "America/Bahia",
    "America/Belem",
    "America/Boa_Vista",
    "America/Campo_Grande",
    "America/Cuiaba",
    "America/Fortaleza",
    "America/Maceio",
    "America/Manaus",
    "America/Noronha",
    "America/Porto_Velho",
    "America/Recife",
    "America/Rio_Branco",
    "America/Santarem",
    "America/Sao_Paulo",
    "America/New_York",
    "Europe/Lisbon",
    "Europe/London",
    "Africa/Luanda",
    "UTC",
];

/// Of the next occurrences.
const MOST_PREVIEWED: usize = 4;

#[derive(Debug, Serialize)]
pub struct PlanPanel {
    /// `None`: a new one.
    pub window: Option<String>,
    pub rule: &'static str,
    pub title_portuguese: FieldView,
    pub title_english: FieldView,
    pub text_portuguese: FieldView,
    pub text_english: FieldView,
    pub rule_problem: FieldView,
    pub starts: FieldView,
    pub ends: FieldView,
    pub weekdays: FieldView,
    pub days: Vec<DayBox>,
    pub day: FieldView,
    pub month_days: Vec<MonthDayView>,
    pub time: FieldView,
    pub minutes: FieldView,
    pub zone: FieldView,
    pub zones: &'static [&'static str],
    pub shares: FieldView,
    pub boxes: Vec<ShareChoice>,
    pub wrong: bool,
    pub preview: PreviewView,
}

#[derive(Debug, Clone, Serialize)]
pub struct DayBox {
    pub word: &'static str,
    /// The key of its name.
    pub text: &'static str,
    pub chosen: bool,
}

/// A day of the month: by its number, or as the how-manieth of its name.
#[derive(Debug, Clone, Serialize)]
pub struct MonthDayView {
    pub word: String,
    pub text: &'static str,
    pub number: u8,
    pub chosen: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct ShareChoice {
    pub id: String,
    pub name: String,
    pub chosen: bool,
}

impl PlanPanel {
    pub fn of(
        window: Option<&str>,
        entry: &Entry,
        problems: &[(Field, Problem)],
        boxes: Vec<ShareChoice>,
        preview: PreviewView,
    ) -> Self {
        let fields = Fields(problems);
        let rule = match entry.rule.as_str() {
            "weekly" => "weekly",
            "monthly" => "monthly",
            _ => "once",
        };
        Self {
            window: window.map(str::to_owned),
            rule,
            title_portuguese: fields.view(Field::TitlePortuguese, &entry.title.portuguese),
            title_english: fields.view(Field::TitleEnglish, &entry.title.english),
            text_portuguese: fields.view(Field::TextPortuguese, &entry.text.portuguese),
            text_english: fields.view(Field::TextEnglish, &entry.text.english),
            rule_problem: fields.view(Field::Rule, ""),
            starts: fields.view(Field::Starts, &entry.starts),
            ends: fields.view(Field::Ends, &entry.ends),
            weekdays: fields.view(Field::Weekdays, ""),
            days: Weekday::ALL.map(|day| day_box(day, &entry.weekdays)).into(),
            day: fields.view(Field::Day, &entry.day),
            month_days: month_days(&entry.day),
            time: fields.view(Field::Time, &entry.time),
            minutes: fields.view(Field::Minutes, &entry.minutes),
            zone: fields.view(Field::Zone, &entry.zone),
            zones: &ZONES,
            shares: fields.view(Field::Shares, ""),
            boxes,
            wrong: !problems.is_empty(),
            preview,
        }
    }
}

fn day_box(day: Weekday, chosen: &[String]) -> DayBox {
    let word = day.as_str();
    DayBox { word, text: names(day).0, chosen: chosen.iter().any(|one| one == word) }
}

fn month_days(chosen: &str) -> Vec<MonthDayView> {
    let view = |word: String, text, number| MonthDayView { chosen: word == chosen.trim(), word, text, number };
    let numbers = (1..=31).map(|number| view(number.to_string(), "month-day", number));
    let nth = (1..=4).flat_map(|nth| Weekday::ALL.map(|day| (format!("{nth} {}", day.as_str()), names(day).1, nth)));
    let last = Weekday::ALL.map(|day| (format!("last {}", day.as_str()), names(day).2, 0));
    numbers.chain(nth.chain(last).map(|(word, text, number)| view(word, text, number))).collect()
}

/// The keys of its name, of the how-manieth of a month and of the last.
const fn names(day: Weekday) -> (&'static str, &'static str, &'static str) {
    match day {
        Weekday::Monday => ("day-monday", "nth-monday", "last-monday"),
        Weekday::Tuesday => ("day-tuesday", "nth-tuesday", "last-tuesday"),
        Weekday::Wednesday => ("day-wednesday", "nth-wednesday", "last-wednesday"),
        Weekday::Thursday => ("day-thursday", "nth-thursday", "last-thursday"),
        Weekday::Friday => ("day-friday", "nth-friday", "last-friday"),
        Weekday::Saturday => ("day-saturday", "nth-saturday", "last-saturday"),
        Weekday::Sunday => ("day-sunday", "nth-sunday", "last-sunday"),
    }
}

impl Panel for PlanPanel {
    const PATH: &'static str = "/admin/maintenance";
    const TEMPLATE: &'static str = "pages/planning/plan.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let shares = || {
            let choice = |(id, name): (&str, &str)| ShareChoice { id: id.into(), name: name.into(), chosen: id == "2" };
            [("1", "Financeiro"), ("2", "\"><img src=x onerror=1>")].map(choice).to_vec()
        };
        let mut previews = PreviewView::samples().into_iter();
        let entry = |rule: &str| Entry { rule: rule.into(), zone: "America/Cuiaba".into(), ..Entry::default() };
        let all = [Field::TitlePortuguese, Field::Rule, Field::Starts, Field::Weekdays, Field::Day, Field::Shares];
        let problems = all.map(|field| (field, Problem::Missing));
        vec![
            Self::of(None, &entry("once"), &[], shares(), previews.next().unwrap()),
            Self::of(Some("w1"), &entry("weekly"), &problems, Vec::new(), previews.next().unwrap()),
        ]
    }
}

/// What would come of a plan.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewView {
    /// Nothing to show until the plan is whole.
    pub ready: bool,
    pub next: Vec<String>,
    pub told: Vec<ToldView>,
    /// How many people have a page open, and how many of them it concerns.
    pub online: usize,
    pub concerned: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct ToldView {
    pub when: String,
    pub title: String,
    pub text: String,
}

impl PreviewView {
    pub fn of(plan: Option<Plan>, online: usize, concerned: usize, viewpoint: &Viewpoint) -> Self {
        let Some(plan) = plan else {
            return Self { ready: false, next: Vec::new(), told: Vec::new(), online, concerned };
        };
        let window = Window::new(String::new(), plan, String::new(), viewpoint.now);
        let next = next(&window, viewpoint.now);
        let told = next.first().map(|one| told(&window, *one, viewpoint)).unwrap_or_default();
        let next = next.iter().map(|one| viewpoint.span(one.starts_at, one.ends_at)).collect();
        Self { ready: true, next, told, online, concerned }
    }
}

fn next(window: &Window, now: Timestamp) -> Vec<Occurrence> {
    let soon = window.occurrences(now, now.plus(std::time::Duration::from_hours(400 * 24)));
    let soon: Vec<Occurrence> = soon.into_iter().take(MOST_PREVIEWED).collect();
    if soon.is_empty() { window.next(now).into_iter().collect() } else { soon }
}

fn told(window: &Window, one: Occurrence, viewpoint: &Viewpoint) -> Vec<ToldView> {
    let view = |(at, minutes): (Timestamp, u32)| {
        let planned = window.planned(one);
        let notice = match minutes {
            0 => Notice::MaintenanceBegan(planned),
            minutes => Notice::MaintenanceAhead { window: planned, minutes },
        };
        let NoticeView { title, text, .. } =
            NoticeView::of(0, at, &notice, &Viewpoint { now: at, ..viewpoint.clone() });
        ToldView { when: viewpoint.moment(at), title, text }
    };
    let end = Notice::MaintenanceEnded(window.planned(one));
    let NoticeView { title, text, .. } = NoticeView::of(0, one.ends_at, &end, viewpoint);
    let end = ToldView { when: viewpoint.moment(one.ends_at), title, text };
    outlook(one, viewpoint.now).into_iter().map(view).chain([end]).collect()
}

impl Piece for PreviewView {
    const COMPONENT: &'static str = "planning.preview";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::domain::maintenance::{LocalTime, Rule};
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let at = LocalTime { hour: 22, minute: 30 };
        let rule = Rule::Weekly { weekdays: vec![Weekday::Saturday], at, minutes: 120 };
        let plan = super::maintenance::sample::plan(rule, "\"><img src=x onerror=1>");
        vec![Self::of(Some(plan), 12, 3, &viewpoint), Self::of(None, 0, 0, &viewpoint)]
    }
}
