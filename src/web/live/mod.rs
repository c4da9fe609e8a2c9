//! Browser sockets.

mod frame;
mod present;
mod render;
mod signin;
mod ticket;
mod topic;

pub use present::{Present, Viewer};
pub use render::Render;
pub use signin::routes;
pub use ticket::Tickets;
pub use topic::{Topic, Topics};
