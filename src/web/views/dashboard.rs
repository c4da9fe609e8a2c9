//! The page a person comes to: how the storage is, and what may be mapped.

use serde::Serialize;

use crate::domain::health::Level;
use crate::web::views::{AnnouncementsView, BoardView, Page, Piece, StorageView, TimeView};

mod local;

pub use local::LocalDashboardPage;

#[derive(Debug, Serialize)]
pub struct DashboardPage {
    /// The key of the greeting.
    pub greeting: &'static str,
    pub first_name: String,
    pub state: StateView,
    /// When the table was read, once that is too long ago to be taken for the present.
    pub old: Option<TimeView>,
    pub board: BoardView,
    pub announcements: AnnouncementsView,
}

/// One line about the storage, which goes on being true while the page is open.
#[derive(Debug, Clone, Serialize)]
pub struct StateView {
    pub light: &'static str,
    /// The key of the line.
    pub text: &'static str,
}

impl StateView {
    pub const fn of(level: Level) -> Self {
        Self { light: StorageView::light_of(level), text: state(level) }
    }
}

/// What the page is made from.
#[derive(Debug)]
pub struct Dashboard<'a> {
    pub name: &'a str,
    /// Of the day, in the office.
    pub hour: i8,
    pub level: Level,
    pub old: Option<TimeView>,
    pub board: BoardView,
    pub announcements: AnnouncementsView,
}

impl DashboardPage {
    pub fn of(seen: Dashboard<'_>) -> Self {
        Self {
            greeting: greeting(seen.hour),
            first_name: first_name(seen.name),
            state: StateView::of(seen.level),
            old: seen.old,
            board: seen.board,
            announcements: seen.announcements,
        }
    }
}

const fn greeting(hour: i8) -> &'static str {
    match hour {
        5..12 => "greeting-morning",
        12..18 => "greeting-afternoon",
        _ => "greeting-evening",
    }
}

/// What people call each other by.
fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or(name).to_owned()
}

const fn state(level: Level) -> &'static str {
    match level {
        Level::Unknown => "state-unknown",
        Level::Online => "state-online",
        Level::Attention => "state-attention",
        Level::Planned => "state-planned",
        Level::Restarting => "state-restarting",
        Level::Unreachable => "state-unreachable",
        Level::KeyRefused => "state-key-refused",
    }
}

impl Piece for StateView {
    const COMPONENT: &'static str = "dashboard.state";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        [Level::Online, Level::Unreachable].map(Self::of).into()
    }
}

impl Page for DashboardPage {
    const TEMPLATE: &'static str = "pages/dashboard/dashboard.html";
    const LIVE: &'static str = "announcements shares";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::web::views::Viewpoint;
        use crate::web::words::Language;

        let names = ["Ana Lima", "Carla \"R&D\" Nunes <TI> 100%", "<img src=x onerror=1>", "bruno"];
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let mut boards = BoardView::samples();
        // What most people have comes first.
        boards.swap(0, 2);
        let seen = boards.into_iter().enumerate().map(|(at, board)| Dashboard {
            name: names[at % names.len()],
            hour: i8::try_from(at * 7 % 24).unwrap() + 2,
            level: Level::ALL[at % Level::ALL.len()],
            old: (at == 3).then(|| viewpoint.see(viewpoint.before(std::time::Duration::from_mins(43)))),
            board,
            announcements: AnnouncementsView::samples().swap_remove(usize::from(at == 1)),
        });
        seen.map(Self::of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_follows_the_clock() {
        let greetings = [4, 5, 11, 12, 17, 18, 23].map(greeting);
        let (morning, afternoon, evening) = ("greeting-morning", "greeting-afternoon", "greeting-evening");
        assert_eq!(greetings, [evening, morning, morning, afternoon, afternoon, evening, evening]);
    }

    #[test]
    fn people_are_greeted_by_the_first_of_their_names() {
        let greeted = ["Ana Lima", "  Bruno  Sá", "carla", ""].map(first_name);
        assert_eq!(greeted, ["Ana", "Bruno", "carla", ""]);
    }
}
