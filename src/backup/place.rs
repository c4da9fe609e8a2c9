//! Files that appear under their name whole or not at all.

use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::backup::Error;

/// Hidden: a process that is killed leaves it behind.
const PREFIX: &str = ".farol-";
const FOLDER_MODE: u32 = 0o750;
const ROOT: u32 = 0;

/// The owner reads and writes, the group may read; whatever else a file allowed, nobody else may.
const MOST_MODE: u32 = 0o640;

pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Beside the file that it will become; only its owner may read it.
pub(super) fn draft(file: &Path) -> Result<NamedTempFile, Error> {
    let folder = folder_of(file);
    tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder).map_err(|source| failed(folder, source))
}

/// A new one belongs to whom the folder around it belongs.
pub(super) fn make_folder(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    let made = || {
        DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)?;
        give_to_owner_of(folder_of(folder), folder)
    };
    made().map_err(|source| failed(folder, source))
}

/// An administrator puts back what a server of less rights must use. Nobody else may give anything away.
fn give_to_owner_of(folder: &Path, thing: &Path) -> io::Result<()> {
    let (folder, own) = (fs::metadata(folder)?, fs::metadata(thing)?);
    if own.uid() == ROOT && (folder.uid(), folder.gid()) != (own.uid(), own.gid()) {
        chown(thing, Some(folder.uid()), Some(folder.gid()))?;
    }
    Ok(())
}

pub(super) fn hand_over(draft: &NamedTempFile, file: &Path, mode: u32) -> Result<(), Error> {
    let given = || {
        draft.as_file().set_permissions(Permissions::from_mode(mode & MOST_MODE))?;
        give_to_owner_of(folder_of(file), draft.path())
    };
    given().map_err(|source| failed(file, source))
}

/// In the place of whatever was there.
pub(super) fn put(draft: NamedTempFile, file: &Path) -> Result<(), Error> {
    let put = || {
        draft.as_file().sync_all()?;
        draft.persist(file).map_err(|error| error.error)?;
        File::open(folder_of(file))?.sync_all()
    };
    put().map_err(|source| failed(file, source))
}

/// Only where nothing is.
pub(super) fn put_new(draft: NamedTempFile, file: &Path) -> Result<(), Error> {
    let put = || {
        draft.as_file().sync_all()?;
        draft.persist_noclobber(file).map_err(|error| error.error)?;
        File::open(folder_of(file))?.sync_all()
    };
    put().map_err(|source: io::Error| {
        let exists = source.kind() == io::ErrorKind::AlreadyExists;
        if exists { Error::Exists(file.to_owned()) } else { failed(file, source) }
    })
}

/// Keeps what is there under another name too. The file stays until something takes its place.
pub(super) fn keep_as(file: &Path, aside: PathBuf) -> Result<PathBuf, Error> {
    let kept = match fs::hard_link(file, &aside) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Not every disk gives a file two names.
        Err(_) => fs::rename(file, &aside),
        Ok(()) => Ok(()),
    };
    kept.map_err(|source| failed(&aside, source)).map(|()| aside)
}

/// The same name with something after it.
pub(super) fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

pub(super) fn failed(path: &Path, source: io::Error) -> Error {
    Error::Write { path: path.to_owned(), source }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
