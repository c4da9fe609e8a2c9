//! Frames of the socket, and the numbers of the pieces in them.

use std::ops::Range;

use crate::server::MARK;

/// Digits of a number.
const DIGITS: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Close,
    Ping,
    Other,
}

#[derive(Debug)]
pub struct Frame {
    pub kind: Kind,
    pub payload: Range<usize>,
}

/// The first frame, if it is there as a whole. A server sends them unmasked and, as ours are small, in one part.
pub fn first(bytes: &[u8]) -> Option<Frame> {
    let (head, short) = (*bytes.first()?, bytes.get(1)? & 0x7f);
    let (start, length) = match short {
        126 => (4, usize::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?))),
        127 => (10, usize::try_from(u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?)).ok()?),
        _ => (2, usize::from(short)),
    };
    let kind = match head {
        0x81 => Kind::Text,
        0x88 => Kind::Close,
        0x89 => Kind::Ping,
        _ => Kind::Other,
    };
    (bytes.len() >= start + length).then_some(Frame { kind, payload: start..start + length })
}

#[derive(Debug, Clone)]
pub struct Mark {
    pub number: u32,
    /// Of the digits.
    pub place: Range<usize>,
}

pub fn marks(payload: &[u8]) -> impl Iterator<Item = Mark> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += payload.get(at..)?.iter().position(|byte| *byte == MARK)? + 1;
            let place = at..at + DIGITS;
            let ends = payload.get(place.end) == Some(&MARK);
            let digits =
                payload.get(place.clone()).filter(|_| ends).and_then(|digits| std::str::from_utf8(digits).ok());
            if let Some(number) = digits.and_then(|digits| digits.parse().ok()) {
                at = place.end + 1;
                return Some(Mark { number, place });
            }
        }
    })
}
