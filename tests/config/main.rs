//! Settings as a person and the log see them: never with a secret in sight.
#![expect(clippy::unwrap_used, reason = "a helper that cannot go on should fail the test")]

mod canary;
mod check;
mod wire;
