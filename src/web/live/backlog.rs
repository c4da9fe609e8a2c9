//! What waits for a browser that reads slowly: bounded; what is shown whole gives way to a newer whole.

use std::collections::VecDeque;

use axum::body::Bytes;

use crate::web::live::Topic;

const MOST_FRAMES: usize = 256;
const MOST_BYTES: usize = 1 << 20;
/// Joined into one write, as long as each is small.
const WRITE: usize = 64 << 10;

/// What a frame is, as far as waiting goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Line(u64),
    /// The present of a part. Of two, the one with the larger version was begun later.
    State {
        topic: Topic,
        version: u64,
    },
    /// Everything a socket begins with, for somebody who had all lines up to this one.
    Beginning(u64),
    /// Of interest now or never.
    Aside,
}

#[derive(Debug, Default)]
pub struct Backlog {
    frames: VecDeque<(Kind, Bytes)>,
    bytes: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Pushed {
    /// So many gave way.
    Kept(usize),
    /// Even so there is too much.
    TooMuch,
}

impl Backlog {
    pub fn push(&mut self, kind: Kind, bytes: Bytes) -> Pushed {
        self.bytes += bytes.len();
        self.frames.push_back((kind, bytes));
        if self.fits() {
            return Pushed::Kept(0);
        }
        let merged = self.merge();
        if self.fits() { Pushed::Kept(merged) } else { Pushed::TooMuch }
    }

    fn fits(&self) -> bool {
        self.frames.len() <= MOST_FRAMES && self.bytes <= MOST_BYTES
    }

    /// Of each part the last one stays.
    fn merge(&mut self) -> usize {
        let before = self.frames.len();
        let mut newer: Vec<Topic> = Vec::new();
        let mut kept = VecDeque::new();
        while let Some((kind, bytes)) = self.frames.pop_back() {
            if let Kind::State { topic, .. } = kind {
                if newer.contains(&topic) {
                    self.bytes -= bytes.len();
                    continue;
                }
                newer.push(topic);
            }
            kept.push_front((kind, bytes));
        }
        self.frames = kept;
        before - self.frames.len()
    }

    /// A beginning goes before whatever came while it was made, which it may already contain.
    pub fn begin(&mut self, from: u64, up_to: u64, version: u64, beginning: Bytes) {
        self.frames.retain(|(kind, _)| match kind {
            Kind::Line(seq) => *seq > up_to,
            Kind::State { version: other, .. } => *other > version,
            Kind::Beginning(_) | Kind::Aside => true,
        });
        self.frames.push_front((Kind::Beginning(from), beginning));
        self.bytes = self.frames.iter().map(|(_, bytes)| bytes.len()).sum();
    }

    /// The next bytes to write: several frames at once when they are small.
    pub fn next(&mut self) -> Option<Bytes> {
        let (_, first) = self.frames.pop_front()?;
        self.bytes -= first.len();
        if self.frames.front().is_none_or(|(_, second)| first.len() + second.len() > WRITE) {
            return Some(first);
        }
        let mut joined = first.to_vec();
        while let Some((_, more)) = self.frames.pop_front_if(|(_, more)| joined.len() + more.len() <= WRITE) {
            self.bytes -= more.len();
            joined.extend_from_slice(&more);
        }
        Some(joined.into())
    }

    /// The last line that need not be repeated when all of this is thrown away. `None`: no line waits here.
    pub fn had(&self) -> Option<u64> {
        self.frames.iter().find_map(|(kind, _)| match kind {
            Kind::Line(seq) => Some(seq - 1),
            Kind::Beginning(from) => Some(*from),
            Kind::State { .. } | Kind::Aside => None,
        })
    }

    pub fn len(&self) -> usize {
        self.frames.len()
    }

    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(topic: Topic, version: u64) -> (Kind, Bytes) {
        (Kind::State { topic, version }, format!("{}{version} ", topic.as_str()).into())
    }

    fn line(seq: u64) -> (Kind, Bytes) {
        (Kind::Line(seq), format!("{seq} ").into())
    }

    fn drain(backlog: &mut Backlog) -> String {
        std::iter::from_fn(|| backlog.next()).map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()).collect()
    }

    #[test]
    fn when_there_is_too_much_the_newest_whole_stays_and_lines_stay_in_order() {
        let mut backlog = Backlog::default();
        let mut merged = 0;
        for number in 1..=300 {
            let kept = [line(number), state(Topic::Storage, number), state(Topic::Banner, number)];
            for (kind, bytes) in kept.into_iter().take(if number <= 5 { 3 } else { 2 }) {
                if number <= 5 || matches!(kind, Kind::State { .. }) {
                    match backlog.push(kind, bytes) {
                        Pushed::Kept(fewer) => merged += fewer,
                        Pushed::TooMuch => panic!("states give way"),
                    }
                }
            }
            assert!(backlog.len() <= MOST_FRAMES);
        }
        assert!(merged > 0);
        let sent = drain(&mut backlog);
        assert!(sent.starts_with("1 2 3 4 5 banner5 storage"), "{sent}");
        assert!(sent.ends_with("storage300 "), "{sent}");
    }

    #[test]
    fn lines_never_give_way_so_too_many_of_them_are_too_much() {
        let mut backlog = Backlog::default();
        for seq in 1..=MOST_FRAMES as u64 {
            assert_eq!(backlog.push(line(seq).0, line(seq).1), Pushed::Kept(0));
        }
        assert_eq!(backlog.push(line(257).0, line(257).1), Pushed::TooMuch);
        assert_eq!(backlog.had(), Some(0));
        let mut backlog = Backlog::default();
        assert_eq!(backlog.push(Kind::Aside, vec![0; MOST_BYTES + 1].into()), Pushed::TooMuch);
        assert_eq!(backlog.had(), None);
    }

    #[test]
    fn a_beginning_goes_first_and_what_it_contains_is_not_sent_again() {
        let mut backlog = Backlog::default();
        for (kind, bytes) in
            [line(7), state(Topic::Storage, 3), line(8), state(Topic::Banner, 4), state(Topic::Bell, 5), line(9)]
        {
            backlog.push(kind, bytes);
        }
        backlog.begin(5, 8, 4, "present ".into());
        assert_eq!(backlog.had(), Some(5));
        assert_eq!(drain(&mut backlog), "present bell5 9 ");
        assert_eq!((backlog.bytes, backlog.had()), (0, None));
    }
}
