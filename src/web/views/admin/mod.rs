//! The pages of the administrators' room, and the one before its door.

mod confirm;
mod overview;

pub use confirm::ConfirmPage;
pub use overview::OverviewPanel;
