//! The server as browsers meet it: the whole app in this process, beside a simulated NAS.
#![expect(clippy::unwrap_used, reason = "a harness that cannot be set up fails the test")]

mod access;
mod emergency;
mod errors;
mod harness;
mod live;
mod origin;
mod own;
mod signin;
