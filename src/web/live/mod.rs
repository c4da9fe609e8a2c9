//! Browser sockets.

mod signin;

pub use signin::routes;
