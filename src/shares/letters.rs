//! Which drive letter a share gets: the same one for everybody, today and after the next share is made.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::share::{Share, ShareKind};
use crate::shares::Settings;

/// The letters of one person's shares, by the share's number. `all` are the shares of the NAS, `mine` the numbers of
/// those the person is offered.
///
/// A share's place among all of the NAS decides, never what one person happens to reach: colleagues can tell each other
/// "look on M:". Numbers only grow, so a new share comes last and moves nobody; a disabled one keeps its place. Where
/// there are more shares than letters, places begin again from the first letter: of two shares of one person with the same
/// place the older keeps it and the other gets the next letter still free. When none is left a share stays without, and
/// the script looks for one on the person's machine.
pub fn hand_out(settings: &Settings, all: &[Share], mine: &BTreeSet<i64>) -> BTreeMap<i64, char> {
    let mut shares: Vec<&Share> = all.iter().filter(|share| share.kind != ShareKind::TimeMachine).collect();
    shares.sort_by_key(|share| share.id);
    let fixed = fixed(settings, &shares);
    // Kept free even for those who do not reach the share: a letter means one thing in the whole office.
    let taken: BTreeSet<char> = settings.fixed_letters.values().map(char::to_ascii_uppercase).collect();
    let pool: Vec<char> = usable(settings).filter(|letter| !taken.contains(letter)).collect();
    let mut handed: BTreeMap<i64, char> =
        fixed.iter().filter(|(id, _)| mine.contains(id)).map(|(id, letter)| (*id, *letter)).collect();
    let mut free: BTreeSet<char> = pool.iter().copied().collect();
    let ranked = shares.iter().filter(|share| !fixed.contains_key(&share.id)).enumerate();
    for (rank, share) in ranked.filter(|(_, share)| mine.contains(&share.id)) {
        let from_its_place = pool.iter().cycle().skip(rank.checked_rem(pool.len()).unwrap_or(0)).take(pool.len());
        if let Some(letter) = from_its_place.copied().find(|letter| free.remove(letter)) {
            handed.insert(share.id, letter);
        }
    }
    handed
}

/// The letters of the settings that may be a network drive at all: A and B are old disk drives, C runs Windows.
pub(super) fn usable(settings: &Settings) -> impl Iterator<Item = char> + '_ {
    let mut seen = BTreeSet::new();
    settings
        .letters
        .iter()
        .map(char::to_ascii_uppercase)
        .filter(move |letter| is_usable(*letter) && seen.insert(*letter))
}

fn is_usable(letter: char) -> bool {
    ('D'..='Z').contains(&letter)
}

/// Names differ in more than capitals, or the NAS would not take them both.
fn fixed(settings: &Settings, shares: &[&Share]) -> BTreeMap<i64, char> {
    let mut used = BTreeSet::new();
    let mut fixed = BTreeMap::new();
    for share in shares {
        let wish = settings.fixed_letters.iter().find(|(name, _)| name.to_lowercase() == share.name.to_lowercase());
        let letter = wish.map(|(_, letter)| letter.to_ascii_uppercase()).filter(|letter| is_usable(*letter));
        if let Some(letter) = letter.filter(|letter| used.insert(*letter)) {
            fixed.insert(share.id, letter);
        }
    }
    fixed
}

#[cfg(test)]
mod tests;
