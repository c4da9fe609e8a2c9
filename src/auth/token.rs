//! What a browser holds, and what is kept of it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::domain::Secret;
use crate::runtime::Random;

/// Longer than any token of ours: what is longer is not even hashed.
const LONGEST: usize = 128;

pub fn new(random: &Random) -> Secret<String> {
    Secret::new(random.token())
}

/// 256 random bits need no salt and no slow hash: nobody can try them all. `None`: it cannot be one of ours.
pub fn hash(token: &Secret<String>) -> Option<String> {
    let text = token.reveal();
    (!text.is_empty() && text.len() <= LONGEST).then(|| {
        Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hash, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hash, "{byte:02x}");
            hash
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_as_its_hash_and_a_monster_not_at_all() {
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash(&Secret::from("abc")).as_deref(), Some(known));
        assert_eq!(hash(&new(&Random::seeded(1))).map(|hash| hash.len()), Some(64));
        assert_eq!(hash(&Secret::from("")), None);
        assert_eq!(hash(&Secret::new("a".repeat(129))), None);
    }
}
