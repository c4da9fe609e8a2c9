//! The simulator from outside: plain connections, HTTP and frames, as any client would meet it.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

mod faults;
mod lab;
mod limits;
mod logins;
mod panel;
mod releases;
mod world;
