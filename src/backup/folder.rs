//! A folder of archives: each named for its moment, the oldest removed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Zoned;
use jiff::civil::DateTime;

const FORM: &str = "farol-%Y-%m-%d-%H%M%S.zip";

/// Names in the order of their moments.
pub fn name_at(at: &Zoned) -> String {
    at.datetime().strftime(FORM).to_string()
}

/// Removes all but the newest `keep`, and `newest` whatever its name says. Only files of a name we would give.
pub fn remove_old(folder: &Path, keep: usize, newest: &Path) -> io::Result<Vec<PathBuf>> {
    let mut older = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let ours = entry.file_name().to_str().is_some_and(is_ours) && entry.file_type()?.is_file();
        if ours && newest.file_name() != Some(&entry.file_name()) {
            older.push(entry.path());
        }
    }
    older.sort_unstable();
    older.reverse();
    let removed = older.split_off(older.len().min(keep.saturating_sub(1)));
    removed.iter().try_for_each(fs::remove_file)?;
    Ok(removed)
}

fn is_ours(name: &str) -> bool {
    DateTime::strptime(FORM, name).is_ok_and(|moment| moment.strftime(FORM).to_string() == name)
}
