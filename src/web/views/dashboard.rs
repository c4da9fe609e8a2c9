//! The page a person comes to: how the storage is, and what may be mapped.

use serde::Serialize;

use crate::domain::health::Level;
use crate::web::views::{BoardView, Page, TimeView};

mod local;

pub use local::LocalDashboardPage;

#[derive(Debug, Serialize)]
pub struct DashboardPage {
    /// The key of the greeting.
    pub greeting: &'static str,
    pub first_name: String,
    /// The key of one line about the storage.
    pub state: &'static str,
    /// The key of a heading, when files cannot be reached at the moment.
    pub down: Option<&'static str>,
    /// When the table was read, once that is too long ago to be taken for the present.
    pub old: Option<TimeView>,
    pub board: BoardView,
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
}

impl DashboardPage {
    pub fn of(seen: Dashboard<'_>) -> Self {
        Self {
            greeting: greeting(seen.hour),
            first_name: first_name(seen.name),
            state: state(seen.level),
            down: down(seen.level),
            old: seen.old,
            board: seen.board,
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

/// A refused key is our trouble: the files themselves are there.
const fn down(level: Level) -> Option<&'static str> {
    match level {
        Level::Planned => Some("down-planned"),
        Level::Restarting => Some("down-restarting"),
        Level::Unreachable => Some("down-unreachable"),
        Level::Unknown | Level::Online | Level::Attention | Level::KeyRefused => None,
    }
}

impl Page for DashboardPage {
    const TEMPLATE: &'static str = "pages/dashboard/dashboard.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::web::views::{Piece as _, Viewpoint};
        use crate::web::words::Language;

        let levels = [
            Level::Online,
            Level::Attention,
            Level::Planned,
            Level::Restarting,
            Level::Unreachable,
            Level::Unknown,
            Level::KeyRefused,
        ];
        let names = ["Ana Lima", "Carla \"R&D\" Nunes <TI> 100%", "<img src=x onerror=1>", "bruno"];
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let mut boards = BoardView::samples();
        // What most people have comes first.
        boards.swap(0, 2);
        let seen = boards.into_iter().enumerate().map(|(at, board)| Dashboard {
            name: names[at % names.len()],
            hour: i8::try_from(at * 7 % 24).unwrap() + 2,
            level: levels[at % levels.len()],
            old: (at == 3).then(|| viewpoint.see(viewpoint.before(std::time::Duration::from_mins(43)))),
            board,
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
