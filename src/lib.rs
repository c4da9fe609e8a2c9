//! Farol: the live intranet of an office that keeps its files on a TrueNAS box.
//!
//! The map of the house, ground floor first. A room uses only rooms above it in this list, and of those the ones that
//! `tests/house.rs` names.
//!
//! | floor | room | knows |
//! |---|---|---|
//! | 0 | [`domain`] | the words of the trade: plain values and pure rules |
//! | 0 | [`runtime`] | how the process lives in time: clock, chance, tasks, logs |
//! | 1 | [`store`] | SQL, and it alone |
//! | 1 | [`truenas`] | speaking to the NAS over either road |
//! | 1 | [`smb`] | proving a password and a share over SMB |
//! | 1 | [`sim`] | a simulated TrueNAS on the real wire |
//! | 2 | [`live`] | fan-out of events inside the process: kept, then told |
//! | 2 | [`shares`] | what a person may reach, and why |
//! | 2 | [`health`] | watching the NAS |
//! | 2 | [`audit`] | the append-only trail, chained and verifiable |
//! | 2 | [`backup`] | all an installation needs to live again elsewhere, in one archive |
//! | 2 | [`notices`] | what people are told, and what they have read |
//! | 2 | [`outbox`] | messages outside the page: queued, retried |
//! | 3 | [`auth`] | proving who calls |
//! | 5 | [`web`] | HTTP: pages and interfaces |
//! | 6 | [`config`] | files and environment into settings |
//! | 7 | [`app`] | building the rooms, starting, stopping |
//! | 8 | [`cli`] | the commands of the binary |

pub mod domain;
pub mod runtime;

#[cfg(feature = "server")]
pub mod app;
#[cfg(feature = "server")]
pub mod audit;
#[cfg(feature = "server")]
pub mod auth;
#[cfg(feature = "server")]
pub mod backup;
#[cfg(feature = "server")]
pub mod cli;
#[cfg(feature = "server")]
pub mod config;
#[cfg(feature = "server")]
pub mod health;
#[cfg(feature = "server")]
pub mod live;
#[cfg(feature = "server")]
pub mod notices;
#[cfg(feature = "server")]
pub mod outbox;
#[cfg(feature = "server")]
pub mod shares;
#[cfg(feature = "server")]
pub mod sim;
#[cfg(feature = "server")]
pub mod smb;
#[cfg(feature = "server")]
pub mod store;
#[cfg(feature = "server")]
pub mod truenas;
#[cfg(feature = "server")]
pub mod web;
