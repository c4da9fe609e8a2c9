//! A folder of archives: each named for its moment, the newest found, the oldest removed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::domain::Timestamp;

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

/// When the newest archive was made, by its name: what others did to the file since does not make it newer.
pub fn find_newest(folder: &Path, zone: &TimeZone) -> io::Result<Option<Timestamp>> {
    let mut newest = None;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            newest = newest.max(entry.file_name().to_str().and_then(moment));
        }
    }
    let newest = newest.and_then(|moment| moment.to_zoned(zone.clone()).ok());
    Ok(newest.map(|moment| Timestamp::from_millis(moment.timestamp().as_millisecond())))
}

fn is_ours(name: &str) -> bool {
    moment(name).is_some()
}

fn moment(name: &str) -> Option<DateTime> {
    DateTime::strptime(FORM, name).ok().filter(|moment| moment.strftime(FORM).to_string() == name)
}
