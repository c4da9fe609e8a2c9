//! The server as browsers meet it: the whole app in this process, beside a simulated NAS.
#![expect(clippy::unwrap_used, reason = "a harness that cannot be set up fails the test")]

mod access;
mod admin;
mod crowd;
mod emergency;
mod errors;
mod guard;
mod harness;
mod health;
mod hostile;
mod live;
mod metrics;
mod newcomer;
mod origin;
mod own;
mod people;
mod planning;
mod rights;
mod sessions;
mod signin;
mod slow;
mod sockets;
mod throttle;
mod trespass;
#[path = "../drives/twenty.rs"]
mod twenty;
