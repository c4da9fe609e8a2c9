//! The dashboard of the local administrator, who is nobody on the NAS: what works now, instead of drives.

use serde::Serialize;

use crate::domain::health::Level;
use crate::web::views::dashboard::greeting;
use crate::web::views::{Page, StateView};

#[derive(Debug, Serialize)]
pub struct LocalDashboardPage {
    /// The key of the greeting.
    pub greeting: &'static str,
    pub username: String,
    pub state: StateView,
    /// Nobody else can come in now.
    pub alone: bool,
}

impl LocalDashboardPage {
    pub fn of(username: &str, hour: i8, level: Level) -> Self {
        let alone = !level.is_up() && level != Level::Unknown;
        Self { greeting: greeting(hour), username: username.to_owned(), state: StateView::of(level), alone }
    }
}

impl Page for LocalDashboardPage {
    const TEMPLATE: &'static str = "pages/dashboard/local.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let levels = [Level::Unreachable, Level::Online, Level::KeyRefused];
        levels.into_iter().map(|level| Self::of("plantao\"><img src=x onerror=1>", 23, level)).collect()
    }
}
