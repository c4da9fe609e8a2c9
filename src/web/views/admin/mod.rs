//! The pages of the administrators' room, and the one before its door.

mod ask;
mod audit;
mod bans;
mod confirm;
mod logs;
mod messages;
mod overview;
mod pages;
mod sessions;
mod system;

pub use ask::AskEndPanel;
pub use audit::{AuditPanel, VerdictView};
pub use bans::BansPanel;
pub use confirm::ConfirmPage;
pub use logs::{LogPanel, LogView};
pub use messages::{ChannelsView, MessagesPanel, TriedView};
pub use overview::OverviewPanel;
pub use pages::Pages;
pub use sessions::{Looking, SessionRow, SessionsPanel};
pub use system::{RoundsView, SystemPanel};
