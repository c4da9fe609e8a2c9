//! Who uses a folder: many servers may at once, and whoever must be alone there hears whether somebody does.
//!
//! The system's own lock on the folder itself: it needs no file, and ends with the process, however that ends.

use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

/// Dropping it lets go.
#[derive(Debug)]
pub struct Hold {
    _folder: File,
}

impl Hold {
    /// Together with others; makes the folder where it is not there. `None`: somebody is alone there.
    pub fn share(folder: &Path) -> io::Result<Option<Self>> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let file = File::open(folder)?;
        held(file.try_lock_shared(), file)
    }

    /// `None`: somebody uses the folder.
    pub fn alone(folder: &Path) -> io::Result<Option<Self>> {
        let file = File::open(folder)?;
        held(file.try_lock(), file)
    }
}

fn held(outcome: Result<(), TryLockError>, file: File) -> io::Result<Option<Hold>> {
    match outcome {
        Ok(()) => Ok(Some(Hold { _folder: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_share_a_folder_and_one_is_alone_there() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("data");
        assert!(Hold::alone(&folder).is_err());
        let many = [Hold::share(&folder).unwrap().unwrap(), Hold::share(&folder).unwrap().unwrap()];
        assert!(Hold::alone(&folder).unwrap().is_none());
        drop(many);
        let one = Hold::alone(&folder).unwrap().unwrap();
        assert!(Hold::share(&folder).unwrap().is_none() && Hold::alone(&folder).unwrap().is_none());
        drop(one);
        assert!(Hold::share(&folder).unwrap().is_some());
    }
}
