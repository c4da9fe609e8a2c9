//! The log read again: which days there are, their lines, and the last of all.
//!
//! A file is found by its day, never by a name from outside. Whatever is in it is read in pieces of a limited size, and
//! nothing of it is believed: somebody else may have written there.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Take};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use tracing::Level;

use super::daily::{day_of, name_of};
use super::line::harmless;

/// Ours are far shorter. A longer one is cut into several.
const LONGEST_LINE: u64 = 64 << 10;
/// Read first when the last lines are wanted: some hundreds.
const FIRST_LOOK: u64 = 128 << 10;
/// Read at most of a day, when few lines are what is wanted.
const FARTHEST_LOOK: u64 = 4 << 20;

/// The folder of the log.
#[derive(Debug, Clone)]
pub struct Files {
    directory: PathBuf,
}

/// A day of which there is a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub date: Date,
    pub bytes: u64,
}

/// Which lines somebody wants to see. By default all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// At least so grave.
    pub least: Option<Level>,
    /// In small or capital letters.
    pub text: String,
}

impl Wanted {
    pub fn admits(&self, line: &str) -> bool {
        // The graver a level, the smaller it is.
        let grave = |least| level_of(line).is_some_and(|level| level <= least);
        self.least.is_none_or(grave)
            && (self.text.is_empty() || line.to_lowercase().contains(&self.text.to_lowercase()))
    }
}

/// The second column of a line of ours.
pub fn level_of(line: &str) -> Option<Level> {
    line.split_once("] [")?.1.split_once(']')?.0.parse().ok()
}

impl Files {
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The newest first. A folder that is not there has none.
    pub fn list(&self) -> io::Result<Vec<Day>> {
        let entries = match fs::read_dir(&self.directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut days = Vec::new();
        for entry in entries {
            let entry = entry?;
            // A link could lead anywhere, and a pipe would be waited for.
            let file = entry.metadata().ok().filter(fs::Metadata::is_file);
            let date = entry.file_name().to_str().and_then(day_of);
            days.extend(date.zip(file).map(|(date, file)| Day { date, bytes: file.len() }));
        }
        days.sort_by_key(|day| std::cmp::Reverse(day.date));
        Ok(days)
    }

    /// What the file of the day holds until now.
    pub fn lines(&self, day: Day) -> io::Result<Lines> {
        Ok(Lines(BufReader::new(self.open(day)?.take(day.bytes))))
    }

    /// So many of the last lines that are wanted, in the order they were written.
    pub fn last(&self, most: usize, wanted: &Wanted) -> io::Result<Vec<String>> {
        let mut last = Vec::new();
        for day in self.list()? {
            let mut lines = self.last_of(day, most - last.len(), wanted)?;
            lines.append(&mut last);
            last = lines;
            if last.len() >= most {
                break;
            }
        }
        Ok(last)
    }

    fn last_of(&self, day: Day, most: usize, wanted: &Wanted) -> io::Result<Vec<String>> {
        let mut look = FIRST_LOOK;
        loop {
            let start = day.bytes.saturating_sub(look);
            let mut file = self.open(day)?;
            file.seek(SeekFrom::Start(start))?;
            let mut lines = Lines(BufReader::new(file.take(day.bytes - start)));
            if start > 0 {
                // It begins somewhere in the middle.
                lines.next().transpose()?;
            }
            let mut found = Vec::new();
            for line in lines {
                found.extend(Some(line?).filter(|line| wanted.admits(line)));
            }
            if found.len() >= most || start == 0 || look >= FARTHEST_LOOK {
                return Ok(found.split_off(found.len().saturating_sub(most)));
            }
            look = (look * 4).min(FARTHEST_LOOK);
        }
    }

    fn open(&self, day: Day) -> io::Result<File> {
        File::open(self.directory.join(name_of(day.date)))
    }
}

/// The lines of one file, each without its end and with nothing invisible.
#[derive(Debug)]
pub struct Lines(BufReader<Take<File>>);

impl Iterator for Lines {
    type Item = io::Result<String>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut piece = Vec::new();
        match (&mut self.0).take(LONGEST_LINE).read_until(b'\n', &mut piece) {
            Ok(0) => None,
            Ok(_) => {
                let text = piece.strip_suffix(b"\n").unwrap_or(&piece);
                Some(Ok(harmless(&String::from_utf8_lossy(text))))
            }
            Err(error) => Some(Err(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(level: &str, text: &str) -> String {
        format!("[2026-11-20 10:00:00.000] [{level}] [10.0.0.7] [ana] {text}\n")
    }

    #[test]
    fn a_file_that_is_no_day_of_ours_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path().join("logs"));
        assert_eq!(files.list().unwrap(), []);
        fs::create_dir_all(files.directory().join("farol.2026-11-18.log")).unwrap();
        fs::write(folder.path().join("secret"), "secret").unwrap();
        std::os::unix::fs::symlink("../secret", files.directory().join("farol.2026-11-17.log")).unwrap();
        for name in ["farol.2026-11-19.log", "farol.2026-11-20.log", "farol.log", "farol.2026-11-20.log.gz", "passwd"] {
            fs::write(files.directory().join(name), "x\n").unwrap();
        }
        let days: Vec<String> = files.list().unwrap().iter().map(|day| day.date.to_string()).collect();
        assert_eq!(days, ["2026-11-20", "2026-11-19"]);
    }

    #[test]
    fn the_last_lines_come_from_several_days_and_from_far_up_when_few_are_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path().into());
        fs::write(folder.path().join("farol.2026-11-19.log"), line("WARN", "Yesterday")).unwrap();
        let quiet = line("INFO", &"x".repeat(200)).repeat(2_000);
        fs::write(folder.path().join("farol.2026-11-20.log"), line("ERROR", "Early") + &quiet).unwrap();
        let grave = Wanted { least: Some(Level::WARN), text: String::new() };
        let found = files.last(5, &grave).unwrap();
        assert!(found[0].ends_with("Yesterday") && found[1].ends_with("Early") && found.len() == 2, "{found:?}");
        assert_eq!(files.last(5, &Wanted { text: "EARLY".into(), ..grave }).unwrap().len(), 1);
        assert_eq!(files.last(300, &Wanted::default()).unwrap().len(), 300);
    }

    #[test]
    fn what_others_wrote_is_cut_and_shows_no_terminal_commands() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path().into());
        let mut hostile = b"\x1b[31mred\r\x07 \xff \xe2\x80\xae\n".to_vec();
        hostile.extend(vec![b'y'; 3 * (64 << 10)]);
        fs::write(folder.path().join("farol.2026-11-20.log"), hostile).unwrap();
        let day = files.list().unwrap()[0];
        let lines: Vec<String> = files.lines(day).unwrap().collect::<io::Result<_>>().unwrap();
        assert_eq!(lines[0], "\u{fffd}[31mred\u{fffd}\u{fffd} \u{fffd} \u{fffd}");
        assert_eq!(lines[1..].iter().map(String::len).collect::<Vec<_>>(), [64 << 10; 3]);
        assert_eq!(level_of(&lines[0]), None);
        assert_eq!(level_of(&line("WARN", "[INFO]")), Some(Level::WARN));
    }
}
