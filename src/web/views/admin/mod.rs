//! The pages of the administrators' room, and the one before its door.

mod alerts;
mod ask;
mod audit;
mod bans;
mod confirm;
mod connection;
mod detail;
mod health;
mod latency;
mod logs;
mod messages;
mod overview;
mod pages;
mod pools;
mod sessions;
mod system;
mod words;

pub use alerts::AlertsView;
pub use ask::AskEndPanel;
pub use audit::{AuditPanel, VerdictView};
pub use bans::BansPanel;
pub use confirm::ConfirmPage;
pub use connection::{ConnectionPanel, TestsView};
pub use health::{FeedPanel, HealthPanel, Light};
pub use latency::{Chart, ChartData, LatencyRow, LatencyView, Range};
pub use logs::{LogPanel, LogView};
pub use messages::{ChannelsView, MessagesPanel, TriedView};
pub use overview::{FiguresView, OnlineView, OverviewPanel};
pub use pages::Pages;
pub use pools::PoolsView;
pub use sessions::{Looking, SessionRow, SessionsPanel};
pub use system::{RoundsView, SystemPanel};
