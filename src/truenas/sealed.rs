//! JSON that may hold a secret: one copy of it, wiped as soon as it is sent.

use std::io::{self, Write};

use serde::Serialize;
use tokio_tungstenite::tungstenite::Bytes;
use zeroize::Zeroizing;

use crate::truenas::Error;

/// What both roads send. The text in it is wiped when the last of its clones is dropped.
pub fn json(value: &impl Serialize) -> Result<Bytes, Error> {
    let failed = |_| Error::protocol("request", "it cannot be written as JSON");
    // Measured first: a text that grows while it is written leaves copies of its beginning behind.
    let mut length = Length(0);
    serde_json::to_writer(&mut length, value).map_err(failed)?;
    let mut text = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut *text, value).map_err(failed)?;
    Ok(Bytes::from_owner(text))
}

struct Length(usize);

impl Write for Length {
    fn write(&mut self, written: &[u8]) -> io::Result<usize> {
        self.0 += written.len();
        Ok(written.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
