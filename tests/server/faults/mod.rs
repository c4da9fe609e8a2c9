//! What a machine does to a server sooner or later: each time people are answered in sentences, nothing that was
//! acknowledged is lost, and all is well again by itself.

mod clock;
mod database;
mod disk;
mod process;
mod storage;
