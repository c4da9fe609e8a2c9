//! The append-only trail: who did what, from where, and how it ended.
//!
//! Must never know: HTTP, words for people, why something was allowed.
//!
//! Invariants: nothing here changes or removes an entry. Each entry's hash covers all of it and the hash of the one before,
//! so a change, a gap or a swap breaks the chain from there on, and a row of its own says where the trail ends, so a tail cut
//! off is missed. Whoever can write the whole database can also compute the whole chain anew: against that it only helps to
//! have noted the last hash elsewhere.

mod chain;
mod error;
mod verifier;

use std::fmt::Write as _;

use crate::domain::Timestamp;
use crate::domain::audit::{Action, Deed, Entry, Filter};
use crate::runtime::Clock;
use crate::runtime::logging::escape;
use crate::store::{self, AUDIT_DETAIL_LIMIT, AUDIT_NAME_LIMIT, AuditRecord, Store, Transaction};
use chain::Chain;

pub use chain::{Break, Verdict, Whole};
pub use error::Error;
pub use verifier::{Verification, Verifier};

/// How many entries are read at once: enough to be quick, little enough to hold.
const PAGE: u64 = 500;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Audit {
    store: Store,
    clock: Clock,
}

impl Audit {
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Gives the entry as it was kept: on one line a text, and not longer than the trail takes.
    pub async fn record(&self, deed: Deed) -> Result<Entry, Error> {
        let deed = Deed {
            actor: line(&deed.actor, AUDIT_NAME_LIMIT),
            subject: line(&deed.subject, AUDIT_NAME_LIMIT),
            detail: line(&deed.detail, AUDIT_DETAIL_LIMIT),
            ..deed
        };
        let record = self.store.write(|tx| append(tx, &self.clock, &deed)).await.map_err(Error::Record)?;
        let AuditRecord { number, at_ms, hash, .. } = record;
        Ok(Entry { number, at: Timestamp::from_millis(at_ms), deed, hash })
    }

    /// The newest first, from before entry number `before` or from the end; never more than a page of some hundreds.
    pub async fn list(&self, before: Option<i64>, limit: u64) -> Result<Vec<Entry>, Error> {
        self.search(&Filter::default(), before, limit).await
    }

    /// Those that fit, in the same order.
    pub async fn search(&self, filter: &Filter, before: Option<i64>, limit: u64) -> Result<Vec<Entry>, Error> {
        let records = self.store.list_audit_before(filter, before, limit.min(PAGE)).await.map_err(Error::List)?;
        records.into_iter().map(entry).collect()
    }

    /// Walks the whole trail and names the first row that is not as it was recorded. Entries may be added meanwhile.
    pub async fn verify(&self) -> Result<Verdict, Error> {
        let mut chain = Chain::default();
        loop {
            // Before the page: what this end counts in must then be there.
            let head = match self.store.find_audit_head().await {
                Ok(head) => head,
                Err(cause) => return unreadable(cause),
            };
            let page = self.store.list_audit_after(chain.last(), PAGE).await.map_err(Error::Verify)?;
            if page.is_empty() {
                return Ok(chain.close(head.as_ref()));
            }
            for record in page {
                let record = match record {
                    Ok(record) => record,
                    Err(cause) => return unreadable(cause),
                };
                if let Err(found) = chain.follow(&record) {
                    return Ok(Verdict::Broken(found));
                }
            }
        }
    }
}

/// A row that holds no value of its column's kind has been tampered with; anything else is trouble with the database.
fn unreadable(cause: store::Error) -> Result<Verdict, Error> {
    if let store::Error::CorruptRow { table, row, column, .. } = cause {
        return Ok(Verdict::Broken(Break::Unreadable { table, row, column }));
    }
    Err(Error::Verify(cause))
}

async fn append(tx: Transaction, clock: &Clock, deed: &Deed) -> Result<AuditRecord, store::Error> {
    let place = tx.take_audit_place().await?;
    let mut record = AuditRecord {
        number: place.number,
        at_ms: clock.now().as_millis(),
        action: deed.action.as_str().to_owned(),
        actor: deed.actor.clone(),
        address: deed.address.map(|address| address.to_string()).unwrap_or_default(),
        subject: deed.subject.clone(),
        detail: deed.detail.clone(),
        hash: String::new(),
    };
    record.hash = chain::hash(&record, &place.hash);
    tx.add_audit_record(&record).await?;
    Ok(record)
}

fn entry(record: AuditRecord) -> Result<Entry, Error> {
    let AuditRecord { number, at_ms, action, actor, address, subject, detail, hash } = record;
    let action = Action::parse(&action).ok_or(Error::Unknown { number, column: "action" })?;
    let address = if address.is_empty() {
        None
    } else {
        Some(address.parse().map_err(|_| Error::Unknown { number, column: "address" })?)
    };
    let deed = Deed { action, actor, address, subject, detail };
    Ok(Entry { number, at: Timestamp::from_millis(at_ms), deed, hash })
}

/// What would end the line, command a terminal or not be seen is spelled out; what is too long is cut, and shows it.
/// A backslash stays one, because the names of shares are full of them.
fn line(text: &str, limit: u32) -> String {
    let limit = limit as usize;
    let mut safe = String::new();
    // What is spelled out only gets longer, so nothing behind these characters can be kept.
    for c in text.chars().take(limit + 1) {
        if c == '\\' {
            safe.push(c);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(safe, "{}", escape(c.encode_utf8(&mut [0; 4])));
        }
    }
    if safe.chars().count() > limit {
        safe = safe.chars().take(limit - 1).chain(['…']).collect();
    }
    safe
}

#[cfg(test)]
mod tests;
