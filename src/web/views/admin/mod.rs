//! The pages of the administrators' room, and the one before its door.

mod ask;
mod audit;
mod bans;
mod confirm;
mod overview;
mod pages;
mod sessions;

pub use ask::AskEndPanel;
pub use audit::{AuditPanel, VerdictView};
pub use bans::BansPanel;
pub use confirm::ConfirmPage;
pub use overview::OverviewPanel;
pub use pages::Pages;
pub use sessions::{Looking, SessionRow, SessionsPanel};
