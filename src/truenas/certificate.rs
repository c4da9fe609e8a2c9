//! What a certificate says that people want to know. Only as much of its form is read as leads there.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rustls::pki_types::CertificateDer;
use sha2::{Digest as _, Sha256};

use crate::domain::Timestamp;
use crate::truenas::Fingerprint;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificate {
    pub fingerprint: Fingerprint,
    /// `None` when it does not say so in any usual way.
    pub expires_at: Option<Timestamp>,
}

impl Certificate {
    pub fn of(der: &CertificateDer<'_>) -> Self {
        Self { fingerprint: Fingerprint(Sha256::digest(der).into()), expires_at: expires_at(der) }
    }
}

const VERSION: u8 = 0xa0;
const SHORT_TIME: u8 = 0x17;
const LONG_TIME: u8 = 0x18;

struct Item<'a> {
    tag: u8,
    within: &'a [u8],
    after: &'a [u8],
}

fn item(bytes: &[u8]) -> Option<Item<'_>> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let (digits, rest) =
            rest.split_at_checked(usize::from(first & 0x7f)).filter(|(digits, _)| digits.len() <= 4)?;
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    let (within, after) = rest.split_at_checked(length)?;
    Some(Item { tag: *tag, within, after })
}

/// Behind the number, the algorithm and the issuer, and at times a version before them.
fn expires_at(der: &[u8]) -> Option<Timestamp> {
    let mut rest = item(item(der)?.within)?.within;
    let before = if item(rest)?.tag == VERSION { 4 } else { 3 };
    for _ in 0..before {
        rest = item(rest)?.after;
    }
    let end = item(item(item(rest)?.within)?.after)?;
    let text = std::str::from_utf8(end.within).ok()?;
    let century = match end.tag {
        LONG_TIME => "",
        SHORT_TIME if text < "50" => "20",
        SHORT_TIME => "19",
        _ => return None,
    };
    let at = DateTime::strptime("%Y%m%d%H%M%SZ", format!("{century}{text}")).ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(Timestamp::from_millis(at.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(tag: u8, time: &str) -> Vec<u8> {
        let wrap = |tag: u8, parts: &[&[u8]]| {
            let within = parts.concat();
            [&[tag, u8::try_from(within.len()).unwrap()], &*within].concat()
        };
        let (number, empty) = ([2, 1, 7], [0x30, 0]);
        let validity = wrap(0x30, &[&wrap(SHORT_TIME, &[b"200101000000Z"]), &wrap(tag, &[time.as_bytes()])]);
        wrap(0x30, &[&wrap(0x30, &[&[VERSION, 3, 2, 1, 2], &number, &empty, &empty, &validity])])
    }

    #[test]
    fn the_end_is_read_in_both_forms_and_nonsense_has_none() {
        let new_year = Some(Timestamp::from_millis(1_893_456_000_000));
        assert_eq!(expires_at(&certificate(SHORT_TIME, "300101000000Z")), new_year);
        assert_eq!(expires_at(&certificate(LONG_TIME, "20300101000000Z")), new_year);
        let good = certificate(SHORT_TIME, "300101000000Z");
        for cut in 0..good.len() {
            assert_eq!(expires_at(&good[..cut]), None, "{cut}");
        }
        assert_eq!(expires_at(&certificate(SHORT_TIME, "309901000000Z")), None);
        assert_eq!(expires_at(&certificate(0x16, "300101000000Z")), None);
        assert_eq!(expires_at(&[0x30, 0xff, 1, 2, 3]), None);
    }
}
