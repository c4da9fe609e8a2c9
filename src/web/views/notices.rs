//! The notification centre: what a person was told in the last thirty days, as far as it still concerns them.

use serde::Serialize;

use crate::web::views::{NoticeView, Page};

#[derive(Debug, Serialize)]
pub struct NoticesPage {
    pub entries: Vec<EntryView>,
    /// The number of the newest line to be marked as read; `None` when nothing is unread.
    pub newest: Option<u64>,
    /// Before which number the next page goes on; `None` on the last.
    pub older: Option<u64>,
    /// The page with the newest.
    pub first: bool,
    /// Where calendars read of maintenance.
    pub calendar: String,
}

#[derive(Debug, Serialize)]
pub struct EntryView {
    #[serde(flatten)]
    pub notice: NoticeView,
    pub unread: bool,
}

impl Page for NoticesPage {
    const TEMPLATE: &'static str = "pages/notices/notices.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::web::views::Piece as _;

        let calendar = || "http://farol.example/maintenance.ics?key=ab12&lang=pt-BR".to_owned();
        let entry = |(at, notice)| EntryView { notice, unread: at < 3 };
        let entries = || NoticeView::samples().into_iter().enumerate().map(entry).collect();
        vec![
            Self { entries: entries(), newest: Some(7), older: Some(3), first: true, calendar: calendar() },
            Self { entries: entries(), newest: None, older: None, first: false, calendar: calendar() },
            Self { entries: Vec::new(), newest: None, older: None, first: true, calendar: calendar() },
            Self { entries: Vec::new(), newest: None, older: None, first: false, calendar: calendar() },
        ]
    }
}
