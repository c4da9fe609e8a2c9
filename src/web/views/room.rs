//! The administrators' room: what surrounds each of its pages.
//!
//! **A page of the room** is a struct that implements [`Panel`] and a template that opens with
//! `{% extends "layout/room.html" %}`, fills the blocks `title` and `panel`, and sees `frame` and, as `page`, the fields of the
//! struct. It is answered with `room.page(&visit, panel)` ([`crate::web::room::Room`]), has its line in [`RAIL`] and in
//! `everything` of `tests.rs` (`all.page::<RoomPage<X>>()`).

use serde::Serialize;

use crate::web::views::Page;

/// A place in the rail. Its text is a key of the locales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub path: &'static str,
    pub icon: &'static str,
    pub text: &'static str,
}

const fn entry(path: &'static str, icon: &'static str, text: &'static str) -> Entry {
    Entry { path, icon, text }
}

/// From the top down.
pub const RAIL: &[Entry] = &[
    entry("/admin", "layout-dashboard", "room-overview"),
    entry("/admin/health", "activity", "room-health"),
    entry("/admin/connection", "plug", "room-connection"),
    entry("/admin/sessions", "users", "room-sessions"),
    entry("/admin/maintenance", "calendar-clock", "room-maintenance"),
    entry("/admin/announcements", "megaphone", "room-announcements"),
    entry("/admin/incidents", "triangle-alert", "room-incidents"),
    entry("/admin/bans", "ban", "room-bans"),
    entry("/admin/audit", "scroll-text", "room-audit"),
    entry("/admin/messages", "mail", "room-messages"),
    entry("/admin/logs", "terminal", "room-logs"),
    entry("/admin/system", "server", "room-system"),
];

/// What a page of the room shows besides the rail.
pub trait Panel: Serialize {
    /// Of its entry in the rail.
    const PATH: &'static str;
    /// Below `templates/`.
    const TEMPLATE: &'static str;
    /// What of it changes while somebody looks, besides what is around every page.
    const LIVE: &'static str = "";

    /// Together they reach every branch of the template.
    #[cfg(test)]
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

#[derive(Debug, Serialize)]
pub struct RoomPage<P> {
    pub rail: Vec<RailView>,
    /// Nobody here was asked for a second factor.
    pub unguarded: bool,
    #[serde(flatten)]
    pub panel: P,
}

#[derive(Debug, Serialize)]
pub struct RailView {
    pub path: &'static str,
    pub icon: &'static str,
    pub text: &'static str,
    pub current: bool,
}

impl<P: Panel> RoomPage<P> {
    pub fn of(panel: P, unguarded: bool) -> Self {
        let view = |entry: &Entry| RailView {
            path: entry.path,
            icon: entry.icon,
            text: entry.text,
            current: entry.path == P::PATH,
        };
        Self { rail: RAIL.iter().map(view).collect(), unguarded, panel }
    }
}

impl<P: Panel> Page for RoomPage<P> {
    const TEMPLATE: &'static str = P::TEMPLATE;
    const LIVE: &'static str = P::LIVE;

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let samples = P::samples().into_iter().enumerate();
        samples.map(|(at, panel)| Self::of(panel, at % 2 == 1)).collect()
    }
}
