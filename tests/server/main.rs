//! The server as browsers meet it: the whole of it in this process, before a simulated NAS.
#![expect(clippy::unwrap_used, reason = "what cannot be had fails the test")]

mod harness;
mod crowd;
mod errors;
mod hostile;
mod rights;
mod sessions;
mod signin;
mod throttle;
mod trespass;
