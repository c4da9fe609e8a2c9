//! The commands of the binary.
//!
//! Must never know: how a room does its work. A command asks `config` for settings and rooms for answers.

pub mod check;
