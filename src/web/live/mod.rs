//! Browser sockets.

mod present;
mod signin;
mod topic;

pub use present::{Present, Viewer};
pub use signin::routes;
pub use topic::{Topic, Topics};
