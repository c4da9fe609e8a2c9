//! What is shown together: as masks with a bit for each, joined once for all who want the same of it.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;

use crate::domain::caller::AccountId;
use crate::web::live::socket::{Show, To};

/// As many as a mask has bits.
pub const MOST: usize = 64;

/// Those for anybody, and those for each one person: most that are shown to one are nothing to all others.
pub fn by_person(shows: &[Arc<Show>]) -> (u64, HashMap<AccountId, u64>) {
    let (mut common, mut own) = (0, HashMap::new());
    for (at, show) in shows.iter().enumerate() {
        let mask = match &show.to {
            To::Person(person) => own.entry(person.account.id.clone()).or_default(),
            To::Hearers(..) | To::Role(_) | To::OthersOf(..) => &mut common,
        };
        *mask |= 1 << at;
    }
    (common, own)
}

pub fn chosen(shows: &[Arc<Show>], mask: u64) -> impl Iterator<Item = &Show> {
    shows.iter().enumerate().filter(move |(at, _)| mask & (1 << at) != 0).map(|(_, show)| &**show)
}

pub fn join(shows: &[Arc<Show>], mask: u64) -> Bytes {
    let mut wanted = chosen(shows, mask);
    match (wanted.next(), mask.count_ones()) {
        (Some(only), 1) => only.bytes.clone(),
        _ => chosen(shows, mask).flat_map(|show| show.bytes.iter().copied()).collect(),
    }
}
