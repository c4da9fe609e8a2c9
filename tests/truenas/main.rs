//! One contract over both roads: the client against the simulator, on every release.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod answers;
mod errors;
mod fake;
mod health;
mod keys;
mod nas;
mod password_trouble;
mod passwords;
mod sessions;
mod survival;
mod trust;
