//! How a command ended, as the shell sees it. Documented in `--help`: a code never changes its meaning.

use std::process::ExitCode;

use crate::app::lifecycle::Ending;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Fine = 0,
    /// Something of ours broke.
    Failed = 1,
    /// Settings or arguments are missing or wrong.
    Settings = 2,
    /// The NAS could not be used.
    Nas = 3,
    /// Something exists already and was left alone.
    Exists = 4,
    /// A file could not be written.
    Write = 5,
    /// There is no such person.
    Nobody = 6,
    /// The audit trail is not as it was recorded.
    Tampered = 7,
    /// An archive is damaged, or newer than this program.
    Archive = 8,
    /// A server uses what should be replaced.
    InUse = 9,
    /// Something should be put right soon.
    Attention = 10,
    /// Something must be put right now.
    Trouble = 11,
}

impl From<Ending> for Exit {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Asked => Self::Fine,
            Ending::Broken => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
