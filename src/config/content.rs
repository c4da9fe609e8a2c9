//! What stands in a file a person named: all of it, but never for ever.

use std::fs::File;
use std::io::{Error, ErrorKind, Read as _};
use std::path::Path;

/// Four times the list of all authorities a browser knows; whatever is bigger was named by mistake.
const MOST_BYTES: u64 = 1024 * 1024;

/// Devices give bytes without end and pipes let wait for the first one, so only regular files are opened.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(ErrorKind::Unsupported.into());
    }
    let mut bytes = Vec::new();
    // Counted while reading: the length a file claims may be old, and is zero for some that are not empty.
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES { Err(ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

pub(super) fn text(path: &Path) -> Result<String, Error> {
    String::from_utf8(bytes(path)?).map_err(|_| ErrorKind::InvalidData.into())
}

/// Why a file could not be read, for a person.
pub(super) fn reason(error: &Error) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the list of causes grows with Rust, and its own words will do")]
    match error.kind() {
        ErrorKind::NotFound => "não existe".into(),
        ErrorKind::PermissionDenied => "sem permissão de leitura".into(),
        ErrorKind::IsADirectory => "é uma pasta".into(),
        ErrorKind::Unsupported => "não é um arquivo comum".into(),
        ErrorKind::FileTooLarge => "tem mais de 1 MiB".into(),
        ErrorKind::InvalidData => "não é texto em UTF-8".into(),
        other => other.to_string(),
    }
}
