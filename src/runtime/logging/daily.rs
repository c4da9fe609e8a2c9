//! The files of the log: one for each day of the local calendar, kept for so many days.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::PathBuf;

use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::runtime::Clock;

/// The owner writes, the group reads, nobody else: a log names people and machines.
pub(super) const DIRECTORY_MODE: u32 = 0o750;
pub(super) const FILE_MODE: u32 = 0o640;

pub(super) struct Daily {
    pub(super) directory: PathBuf,
    keep_days: usize,
    pub(super) clock: Clock,
    pub(super) zone: TimeZone,
    /// The file of the day of the last line.
    open: Option<(Date, File)>,
}

impl Daily {
    /// Opens the file of today, so that whoever starts hears at once when it cannot be written.
    pub(super) fn open(directory: PathBuf, keep_days: usize, clock: Clock, zone: TimeZone) -> io::Result<Self> {
        let mut daily = Self { directory, keep_days, clock, zone, open: None };
        daily.open = Some(daily.turn(daily.today())?);
        Ok(daily)
    }

    /// After a failure the next line starts anew.
    pub(super) fn write(&mut self, line: &str) -> io::Result<()> {
        let today = self.today();
        // A file that was removed has no name any more, and whatever goes there is gone.
        let (day, mut file) = match self.open.take() {
            Some((day, file)) if day == today && file.metadata()?.nlink() > 0 => (day, file),
            _ => self.turn(today)?,
        };
        let length = file.metadata()?.len();
        if let Err(error) = file.write_all(format!("{line}\n").as_bytes()) {
            // On a full disk half of a line would stay, and the next one stand behind it.
            let _ = file.set_len(length);
            return Err(error);
        }
        self.open = Some((day, file));
        Ok(())
    }

    /// Opens the file of a day and removes those whose time has passed.
    fn turn(&self, today: Date) -> io::Result<(Date, File)> {
        DirBuilder::new().recursive(true).mode(DIRECTORY_MODE).create(&self.directory)?;
        let path = self.directory.join(name_of(today));
        let file = OpenOptions::new().append(true).create(true).mode(FILE_MODE).open(path)?;
        self.remove_old(today);
        Ok((today, file))
    }

    /// What cannot be removed stays: that is no reason to have no log.
    fn remove_old(&self, today: Date) {
        let span = i64::try_from(self.keep_days).ok().and_then(|days| Span::new().try_days(days).ok());
        let Some(oldest) = span.and_then(|span| today.checked_sub(span).ok()) else { return };
        for entry in std::fs::read_dir(&self.directory).into_iter().flatten().flatten() {
            if entry.file_name().to_str().and_then(day_of).is_some_and(|day| day < oldest) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    fn today(&self) -> Date {
        self.clock.now().in_zone(&self.zone).date()
    }
}

pub(super) fn name_of(day: Date) -> String {
    format!("farol.{day}.log")
}

/// Only of a name we would give ourselves: the directory may hold the logs of others.
pub(super) fn day_of(name: &str) -> Option<Date> {
    let day = name.strip_prefix("farol.")?.strip_suffix(".log")?.parse().ok()?;
    (name_of(day) == name).then_some(day)
}
