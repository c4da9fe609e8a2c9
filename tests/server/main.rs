//! The server as browsers meet it: the whole app in this process, beside a simulated NAS.
#![expect(clippy::unwrap_used, reason = "a harness that cannot be set up fails the test")]

mod access;
mod crowd;
mod emergency;
mod errors;
mod guard;
mod harness;
mod hostile;
mod live;
mod newcomer;
mod origin;
mod own;
mod people;
mod sessions;
mod signin;
mod slow;
mod sockets;
mod throttle;
mod trespass;
#[path = "../drives/twenty.rs"]
mod twenty;
