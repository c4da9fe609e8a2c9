//! The real executable, as a person at a terminal uses it: what it says, what it leaves behind, how it ends.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its stage must stop at once")]

mod access;
mod admin;
mod audit;
mod backup;
mod canary;
mod check;
mod demo;
mod doctor;
mod entrance;
mod harness;
mod help;
mod nas;
mod serve;
mod setup;
mod stop;
mod systemd;
mod web;
