//! The small files of an installation, as they go into an archive: nothing but what was meant is read.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::Errno;
use rustix::process::geteuid;
use sha2::{Digest as _, Sha256};

use crate::backup::manifest::{Part, SMALL};
use crate::backup::owner::Owner;
use crate::backup::{Error, place};

/// A pipe must not keep us waiting for somebody who writes.
const PLAIN: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);
/// Here systemd puts copies of secrets for a service. Whose those are says nothing about the files themselves.
const CREDENTIALS: &str = "/run/credentials";
const SECRET_MODE: u32 = 0o600;
/// Of a folder.
const WRITTEN_BY_OTHERS: u32 = 0o022;

/// `None`: there is no such file. As [`read_own`], but a link is followed where only root or we ourselves can have put it,
/// as with the certificates that others renew.
pub(super) fn read(name: String, path: &Path) -> Result<Option<(Part, Vec<u8>)>, Error> {
    let opened = match openat(CWD, path, PLAIN | OFlags::NOFOLLOW, Mode::empty()) {
        Err(Errno::LOOP) if may_follow(path) => openat(CWD, path, PLAIN, Mode::empty()),
        opened => opened,
    };
    let Some(file) = found(opened, path)? else { return Ok(None) };
    let (mut part, bytes) = take(name, file, path)?;
    if path.starts_with(CREDENTIALS) {
        (part.mode, part.owner) = (SECRET_MODE, None);
    }
    Ok(Some((part, bytes)))
}

fn may_follow(path: &Path) -> bool {
    fs::metadata(place::folder_of(path)).is_ok_and(|folder| {
        let is_trusted = folder.uid() == place::ROOT || folder.uid() == geteuid().as_raw();
        is_trusted && folder.mode() & WRITTEN_BY_OTHERS == 0
    })
}

/// A file the server makes itself. It makes no links: one that is there would lead us to what only we may read.
pub(super) fn read_own(name: String, folder: &Path, file: &str) -> Result<Option<(Part, Vec<u8>)>, Error> {
    let path = folder.join(file);
    if folder.is_symlink() {
        return Err(Error::Linked(folder.to_owned()));
    }
    let opened = openat(CWD, folder, PLAIN | OFlags::DIRECTORY | OFlags::NOFOLLOW, Mode::empty())
        .and_then(|folder| openat(&folder, file, PLAIN | OFlags::NOFOLLOW, Mode::empty()));
    let Some(file) = found(opened, &path)? else { return Ok(None) };
    let (part, bytes) = take(name, file, &path)?;
    // It comes back to whoever has the folder of the data.
    Ok(Some((Part { owner: None, ..part }, bytes)))
}

fn found(opened: Result<std::os::fd::OwnedFd, Errno>, path: &Path) -> Result<Option<File>, Error> {
    match opened {
        Ok(file) => Ok(Some(file.into())),
        Err(Errno::NOENT) => Ok(None),
        Err(Errno::LOOP) => Err(Error::Linked(path.to_owned())),
        Err(cause) => Err(Error::Read { path: path.to_owned(), source: cause.into() }),
    }
}

fn take(name: String, file: File, path: &Path) -> Result<(Part, Vec<u8>), Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        let kind = if metadata.is_dir() { io::ErrorKind::IsADirectory } else { io::ErrorKind::Unsupported };
        return Err(failed(kind.into()));
    }
    let mut bytes = Vec::new();
    file.take(SMALL + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > SMALL {
        return Err(Error::TooLarge(path.to_owned()));
    }
    let sha256 = place::hexadecimal(&Sha256::digest(&bytes));
    let (mode, owner) = (metadata.permissions().mode() & 0o777, Some(Owner::of(&metadata)));
    Ok((Part { name, bytes: bytes.len() as u64, sha256, mode, owner }, bytes))
}
