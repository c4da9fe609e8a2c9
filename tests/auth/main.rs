//! Signing in, whole: the rooms of the server against a simulated NAS and a database of their own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod alike;
mod disk;
mod emergency;
mod ends;
mod office;
mod people;
mod quiet;
mod rights;
mod trouble;
mod waiting;
