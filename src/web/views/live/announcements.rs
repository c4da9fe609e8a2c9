//! What the administration has pinned to the page of those it concerns.

use serde::Serialize;

use crate::web::views::{Piece, TimeView};

#[derive(Debug, Clone, Serialize)]
pub struct AnnouncementsView {
    pub announcements: Vec<AnnouncementView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct AnnouncementView {
    pub id: String,
    pub title: String,
    pub text: String,
    pub time: TimeView,
    /// The person is asked to confirm, and has not done so.
    pub asks: bool,
}

impl Piece for AnnouncementsView {
    const COMPONENT: &'static str = "live.announcements";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use std::time::Duration;

        use crate::web::views::Viewpoint;
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let view = |(at, (title, text)): (usize, &(&str, &str))| AnnouncementView {
            id: format!("a{at}"),
            title: (*title).into(),
            text: (*text).into(),
            time: viewpoint.see(viewpoint.before(Duration::from_hours(u64::try_from(at).unwrap() * 20))),
            asks: at == 0,
        };
        let said = [
            ("Feriado na segunda", "O escritório não abre.\nO armazenamento fica no ar."),
            ("\"><img src=x onerror=1>", ""),
        ];
        let announcements: Vec<AnnouncementView> = said.iter().enumerate().map(view).collect();
        vec![Self { announcements: Vec::new() }, Self { announcements }]
    }
}
