//! One contract over both roads: the client against the simulator, on every release.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod answers;
mod errors;
mod fake;
mod health;
mod keys;
mod nas;
<<<<<<< HEAD
=======
mod password_trouble;
>>>>>>> 7e658db3198d3c59f9bab1978c2b7d82ec1dd467
mod passwords;
mod sessions;
mod survival;
mod trust;
