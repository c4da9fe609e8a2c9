//! Files that appear under their name whole or not at all.

use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{CWD, Mode, OFlags, openat};
use tempfile::{NamedTempFile, PersistError};

use crate::backup::Error;
use crate::backup::owner::Owner;

/// Hidden: a process that is killed leaves it behind.
const PREFIX: &str = ".farol-";
const SUFFIX: &str = ".draft";
const RANDOM: usize = 6;
/// What SQLite puts beside a database.
const SIDES: [&str; 4] = ["", "-wal", "-shm", "-journal"];
/// Nobody works on one draft for so long.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(24);
const FOLDER_MODE: u32 = 0o750;
pub(super) const ROOT: u32 = 0;

/// The owner reads and writes, the group may read; whatever else a file allowed, nobody else may.
const MOST_MODE: u32 = 0o640;

pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Beside the file that it will become; only its owner may read it.
pub(super) fn draft(file: &Path) -> Result<NamedTempFile, Error> {
    let folder = folder_of(file);
    let mut name = tempfile::Builder::new();
    name.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM);
    let draft = name.tempfile_in(folder).map_err(|source| failed(folder, source))?;
    remove_forgotten(folder, &draft);
    Ok(draft)
}

/// What a process that was killed has left behind, by the clock of the disk. What is not ours to remove stays.
fn remove_forgotten(folder: &Path, newest: &NamedTempFile) {
    let Ok(now) = newest.as_file().metadata().and_then(|draft| draft.modified()) else { return };
    let is_forgotten = |file: Metadata| {
        let age = file.modified().ok().and_then(|at| now.duration_since(at).ok());
        file.is_file() && age.is_some_and(|age| age > FORGOTTEN_AFTER)
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_draft) && entry.metadata().is_ok_and(is_forgotten) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_draft(name: &str) -> bool {
    let parts = name.strip_prefix(PREFIX).and_then(|name| name.split_once(SUFFIX));
    parts.is_some_and(|(random, side)| {
        random.len() == RANDOM && random.chars().all(|c| c.is_ascii_alphanumeric()) && SIDES.contains(&side)
    })
}

/// A new one belongs to whom the folder around it belongs.
pub(super) fn make_folder(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    let made = || {
        DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        give(&openat(CWD, folder, flags, Mode::empty())?.into(), folder_of(folder), None)
    };
    made().map_err(|source| failed(folder, source))
}

/// An administrator puts back what a server of less rights must use: to `owner`, as far as there is such an account here,
/// and else to whom the folder around it belongs. Nobody but root may give anything away.
fn give(thing: &File, folder: &Path, owner: Option<&Owner>) -> io::Result<()> {
    let (folder, own) = (fs::metadata(folder)?, thing.metadata()?);
    let (user, group) = owner.map(Owner::numbers).unwrap_or_default();
    let (user, group) = (user.unwrap_or(folder.uid()), group.unwrap_or(folder.gid()));
    if own.uid() == ROOT && (user, group) != (own.uid(), own.gid()) {
        fchown(thing, Some(user), Some(group))?;
    }
    Ok(())
}

pub(super) fn hand_over(draft: &NamedTempFile, file: &Path, mode: u32, owner: Option<&Owner>) -> Result<(), Error> {
    let given = || {
        draft.as_file().set_permissions(Permissions::from_mode(mode & MOST_MODE))?;
        give(draft.as_file(), folder_of(file), owner)
    };
    given().map_err(|source| failed(file, source))
}

/// In the place of whatever was there.
pub(super) fn put(draft: NamedTempFile, file: &Path) -> Result<(), Error> {
    put_by(|draft| draft.persist(file), draft, file)
}

/// Only where nothing is.
pub(super) fn put_new(draft: NamedTempFile, file: &Path) -> Result<(), Error> {
    put_by(|draft| draft.persist_noclobber(file), draft, file)
}

fn put_by(
    persist: impl FnOnce(NamedTempFile) -> Result<File, PersistError>,
    draft: NamedTempFile,
    file: &Path,
) -> Result<(), Error> {
    let put = || {
        draft.as_file().sync_all()?;
        persist(draft).map_err(|error| error.error)?;
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
