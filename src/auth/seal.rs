//! Secrets the database keeps for us: under a key it does not hold, so whoever reads it alone reads none of them.
//!
//! A stream from a keyed hash over a random nonce, then a tag over all of it and whose it is: nobody moves one account's
//! secret to another. One block of the stream is as long as the one kind of secret there is.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac};
use sha2::Sha256;

use crate::domain::Secret;
use crate::domain::caller::AccountId;
use crate::domain::session::SessionId;
use crate::runtime::Random;

/// What a block of the hash covers, and what the secret of a second factor is long in base32.
const LENGTH: usize = 32;
const NONCE: usize = 16;
const TAG: usize = 32;

#[derive(Debug, Clone)]
pub struct Seal {
    stream: Secret<[u8; 32]>,
    tag: Secret<[u8; 32]>,
    offer: Secret<[u8; 32]>,
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::new_from_slice(key).expect("a keyed hash takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac
}

fn block(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    keyed(key, parts).finalize().into_bytes().into()
}

impl Seal {
    pub fn new(secret_key: &Secret<String>) -> Self {
        let derived = |purpose: &str| Secret::new(block(secret_key.reveal().as_bytes(), &[purpose.as_bytes()]));
        Self {
            stream: derived("farol second factor: stream"),
            tag: derived("farol second factor: tag"),
            offer: derived("farol second factor: offer"),
        }
    }

    /// What a session is offered to enrol: the same however often it is shown, and nowhere kept.
    pub fn offered(&self, session: &SessionId) -> Secret<[u8; 32]> {
        Secret::new(block(self.offer.reveal(), &[session.as_str().as_bytes()]))
    }

    pub fn close(&self, owner: &AccountId, secret: &Secret<String>, random: &Random) -> String {
        let nonce = random.bytes::<NONCE>();
        let hidden = self.turned(&nonce, secret.reveal().as_bytes());
        let tag: [u8; TAG] =
            keyed(self.tag.reveal(), &[owner.as_str().as_bytes(), &nonce, &hidden]).finalize().into_bytes().into();
        nonce.into_iter().chain(hidden).chain(tag).fold(String::new(), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// `None`: not sealed with this key for this owner.
    pub fn open(&self, owner: &AccountId, sealed: &str) -> Option<Secret<String>> {
        let bytes = bytes_of(sealed)?;
        let (nonce, rest) = bytes.split_first_chunk::<NONCE>()?;
        let (hidden, tag) = rest.split_last_chunk::<TAG>()?;
        keyed(self.tag.reveal(), &[owner.as_str().as_bytes(), nonce, hidden]).verify_slice(tag).ok()?;
        String::from_utf8(self.turned(nonce, hidden)).ok().map(Secret::new)
    }

    fn turned(&self, nonce: &[u8], text: &[u8]) -> Vec<u8> {
        assert!(text.len() <= LENGTH, "one block of the stream covers it");
        let stream = block(self.stream.reveal(), &[nonce]);
        text.iter().zip(stream).map(|(byte, mask)| byte ^ mask).collect()
    }
}

fn bytes_of(hexadecimal: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hexadecimal.chars().map(|c| c.to_digit(16)?.try_into().ok()).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0 && digits.len() <= 2 * (NONCE + LENGTH + TAG))?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_owner_and_its_key_open_what_was_sealed() {
        let (seal, random) = (Seal::new(&Secret::from("one key")), Random::seeded(1));
        let (ana, bruno) = (AccountId::of_uid(1), AccountId::of_uid(2));
        let secret = Secret::from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let sealed = seal.close(&ana, &secret, &random);
        assert_eq!(seal.open(&ana, &sealed), Some(secret.clone()));
        assert_eq!(seal.open(&bruno, &sealed), None);
        assert_eq!(Seal::new(&Secret::from("another key")).open(&ana, &sealed), None);
        assert_ne!(seal.close(&ana, &secret, &random), sealed, "the same secret looks different each time");
        assert!(!sealed.contains("4745"), "nothing of it is readable");
        let changed = format!("{}0", &sealed[..sealed.len() - 1]);
        for broken in ["", "0", "zz", &sealed[2..], &changed, &sealed.repeat(2)] {
            assert_eq!(seal.open(&ana, broken).filter(|_| broken != sealed), None, "{broken}");
        }
    }

    #[test]
    fn each_session_is_offered_its_own_secret_and_always_the_same() {
        let seal = Seal::new(&Secret::from("one key"));
        let offered = |id: &str| *seal.offered(&SessionId::new(id)).reveal();
        assert_eq!(offered("a"), offered("a"));
        assert_ne!(offered("a"), offered("b"));
    }
}
