//! What can go wrong with an archive or a file, named for what was being done.

use std::io;
use std::path::PathBuf;

use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    #[error("{} cannot be read", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} cannot be written", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("the archive cannot be written")]
    Pack(#[source] zip::result::ZipError),
    #[error("{} is larger than any such file", .0.display())]
    TooLarge(PathBuf),
    #[error("{} is a link", .0.display())]
    Linked(PathBuf),
    #[error("it was interrupted")]
    Stopped,
    #[error("the database cannot be used")]
    Store(#[source] store::Error),
    /// Of the copy that was made, and so of the database.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// No archive at all, or one that was cut off.
    #[error("this is no whole archive")]
    NoArchive(#[source] zip::result::ZipError),
    #[error("there is no list of contents that can be read")]
    NoManifest,
    #[error("the archive is not as its list of contents says: {0}")]
    Differs(String),
    #[error("the archive holds more than any archive does: {0}")]
    Oversized(String),
    #[error("{} has no room for {bytes} bytes, only for {free}", folder.display())]
    NoRoom { folder: PathBuf, bytes: u64, free: u64 },
    #[error("the archive was made in form {0}, and this program knows none newer than {known}", known = super::manifest::FORMAT)]
    NewerFormat(u32),
    #[error("the database in the archive was made by a newer program: {0}")]
    NewerSchema(String),
    #[error("the archive holds a database that cannot be used")]
    Copy(#[source] store::Error),
    /// Some files are those of the archive already; those that were there are beside them.
    #[error("not all of the archive could be put back")]
    Halfway(#[source] Box<Error>),
    #[error("{} is in use", .0.display())]
    InUse(PathBuf),
}
