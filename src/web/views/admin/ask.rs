//! Whether something is really meant, for browsers without scripts; with them a dialog of the same words asks.

use serde::Serialize;

use crate::web::views::Panel;
use crate::web::views::admin::sessions::SessionRow;

#[derive(Debug, Serialize)]
pub struct AskEndPanel {
    pub row: SessionRow,
    /// All of this person's, and not this one alone.
    pub all: bool,
}

impl Panel for AskEndPanel {
    const PATH: &'static str = "/admin/sessions";
    const TEMPLATE: &'static str = "pages/admin/ask.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let rows = crate::web::views::admin::sessions::rows();
        rows.into_iter().take(2).map(|row| Self { all: row.of_person > 1, row }).collect()
    }
}
