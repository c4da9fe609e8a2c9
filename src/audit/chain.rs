//! What a hash covers, and whether a row follows the one before.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::domain::Timestamp;
use crate::store::{AuditHead, AuditRecord};

/// Tells this chain from anything else hashed with the same function, and from a later way to write an entry.
const KIND: &str = "farol audit 1";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Whole(Whole),
    Broken(Break),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub entries: i64,
    /// When the first and the last entry were made; `None` when there is none.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Of the last entry: whoever notes it elsewhere can tell a chain that was computed anew. Empty without entries.
    pub hash: String,
}

/// The first thing that is not as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Break {
    /// It does not fit its hash: this entry was changed or moved, or the one before was changed together with its hash.
    Altered { number: i64 },
    /// A column holds what it never could.
    Unreadable { table: &'static str, row: String, column: &'static str },
    /// It is gone, and later ones are there.
    Missing { number: i64 },
    /// It is there, but nobody recorded it.
    Added { number: i64 },
    /// From this one on the tail is gone.
    CutOff { number: i64 },
    /// The entries fit each other up to this one, but the row that says where the trail ends is gone or tells another hash.
    Head { number: i64 },
}

/// The trail as far as it was found whole.
#[derive(Debug, Default)]
pub(super) struct Chain {
    number: i64,
    hash: String,
    span: Option<(Timestamp, Timestamp)>,
}

impl Chain {
    /// The number to read on from.
    pub(super) fn last(&self) -> Option<i64> {
        // None at the start: what was put before the first entry is to be found too.
        (self.number > 0).then_some(self.number)
    }

    /// Takes the next row in the order of their numbers.
    pub(super) fn follow(&mut self, record: &AuditRecord) -> Result<(), Break> {
        let expected = self.number + 1;
        if record.number > expected {
            return Err(Break::Missing { number: expected });
        }
        if record.number < expected {
            return Err(Break::Added { number: record.number });
        }
        if record.hash != hash(record, &self.hash) {
            return Err(Break::Altered { number: expected });
        }
        let at = Timestamp::from_millis(record.at_ms);
        let first = self.span.map_or(at, |(first, _)| first);
        *self = Self { number: expected, hash: record.hash.clone(), span: Some((first, at)) };
        Ok(())
    }

    /// After the last row.
    pub(super) fn close(self, head: Option<&AuditHead>) -> Verdict {
        let Self { number, hash, span } = self;
        match head {
            Some(head) if head.number > number => Verdict::Broken(Break::CutOff { number: number + 1 }),
            Some(head) if head.number < number => Verdict::Broken(Break::Added { number: head.number.max(0) + 1 }),
            Some(head) if head.hash == hash => Verdict::Whole(Whole { entries: number, span, hash }),
            _ => Verdict::Broken(Break::Head { number }),
        }
    }
}

/// Every part goes in with its length before it, so no two entries are ever written alike. The record's own hash stays out.
pub(super) fn hash(record: &AuditRecord, previous: &str) -> String {
    let AuditRecord { number, at_ms, action, actor, address, subject, detail, hash: _ } = record;
    let (number, at_ms) = (number.to_string(), at_ms.to_string());
    let mut digest = Sha256::new();
    for part in [KIND, previous, &number, &at_ms, action, actor, address, subject, detail] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
