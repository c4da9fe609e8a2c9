//! Browser sockets.

mod frame;
mod present;
mod signin;
mod ticket;
mod topic;

pub use present::{Present, Viewer};
pub use signin::routes;
pub use ticket::Tickets;
pub use topic::{Topic, Topics};
