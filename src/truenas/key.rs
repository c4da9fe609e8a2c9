//! The service key in force, which somebody may replace in its file while we run.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::AsyncReadExt as _;
use tracing::{info, warn};

use crate::domain::Secret;

/// Far longer than any key: whatever is bigger was put there by mistake.
const MOST_BYTES: u64 = 4_096;

/// Cheap to clone; all clones are one key.
#[derive(Debug, Clone)]
pub struct ServiceKey(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// `None`: it was said once and for all.
    file: Option<PathBuf>,
    now: Mutex<Secret<String>>,
}

impl ServiceKey {
    /// `file` is where it came from, if it may be read again there.
    pub fn new(key: Secret<String>, file: Option<PathBuf>) -> Self {
        Self(Arc::new(Inner { file, now: Mutex::new(key) }))
    }

    pub fn now(&self) -> Secret<String> {
        self.key().clone()
    }

    /// For when the NAS has refused it. Whether another one stands in its file now.
    pub(super) async fn read_again(&self) -> bool {
        let Some(file) = &self.0.file else { return false };
        let read = match read(file).await {
            Ok(read) => read,
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "the file of the service key could not be read again");
                return false;
            }
        };
        let is_usable = !read.reveal().is_empty() && read.reveal().chars().all(|c| c.is_ascii_graphic());
        let mut now = self.key();
        if !is_usable || *now == read {
            return false;
        }
        *now = read;
        info!("another service key stands in its file: it is used from now on");
        true
    }

    /// A plain value: a panic elsewhere leaves it whole.
    fn key(&self) -> MutexGuard<'_, Secret<String>> {
        self.0.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Secret<String>> for ServiceKey {
    fn from(key: Secret<String>) -> Self {
        Self::new(key, None)
    }
}

/// The text without its last line end. A pipe would keep us waiting for ever, so only regular files are opened.
async fn read(file: &PathBuf) -> std::io::Result<Secret<String>> {
    if !tokio::fs::metadata(file).await?.is_file() {
        return Err(std::io::ErrorKind::Unsupported.into());
    }
    let mut text = String::new();
    tokio::fs::File::open(file).await?.take(MOST_BYTES).read_to_string(&mut text).await?;
    let text = Secret::new(text);
    let key = text.reveal();
    let key = key.strip_suffix('\n').unwrap_or(key);
    Ok(Secret::from(key.strip_suffix('\r').unwrap_or(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn another_key_in_the_file_is_taken_and_nothing_that_is_no_key() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("api.key");
        let key = ServiceKey::new(Secret::from("1-old"), Some(file.clone()));
        assert!(!key.read_again().await, "there is no file");
        for same in ["1-old\n", "", "two words", "1-ol\u{e7}\n", "\n"] {
            std::fs::write(&file, same).unwrap();
            assert!(!key.read_again().await, "{same:?}");
        }
        let other = key.clone();
        std::fs::write(&file, "2-new\r\n").unwrap();
        assert!(key.read_again().await);
        assert_eq!(other.now().reveal(), "2-new");
        assert!(!ServiceKey::new(Secret::from("1-old"), None).read_again().await, "nobody said where it stands");
    }
}
