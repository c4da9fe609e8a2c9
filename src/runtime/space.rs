//! How much room a folder's disk has left, and whether we may write there.

use std::io;
use std::path::Path;

use rustix::fs::{Access, access, statvfs};

/// In bytes, and in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// For us; the superuser may have more.
    pub free: u64,
    pub total: u64,
    /// How many files may still be made; `None` on disks without such a limit.
    pub free_files: Option<u64>,
}

impl Space {
    pub fn of(folder: &Path) -> io::Result<Self> {
        let disk = statvfs(folder)?;
        Ok(Self {
            free: disk.f_bavail.saturating_mul(disk.f_frsize),
            total: disk.f_blocks.saturating_mul(disk.f_frsize),
            free_files: (disk.f_files > 0).then_some(disk.f_favail),
        })
    }
}

pub fn is_writable(folder: &Path) -> bool {
    access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_has_no_more_room_left_than_room_and_one_that_is_not_there_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let space = Space::of(folder.path()).unwrap();
        assert!(space.total > 0 && space.free <= space.total, "{space:?}");
        assert!(is_writable(folder.path()));
        let gone = folder.path().join("gone");
        assert!(Space::of(&gone).is_err() && !is_writable(&gone));
    }
}
