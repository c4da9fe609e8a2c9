//! What comes from one browser, as it comes.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use futures_util::Stream;
use tokio::io::ReadBuf;

use crate::web::live::frame::{self, Heard, Violation};
use crate::web::live::registry::Id;
use crate::web::live::wire::In;

/// On the stack, so that a socket at rest keeps no buffer.
const AT_ONCE: usize = 4 << 10;

#[derive(Debug)]
pub struct Input {
    id: Id,
    half: In,
    reader: frame::Reader,
    over: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Came {
    Frame(Heard),
    /// Nothing more is read from this one.
    Violation(Violation),
    /// The browser has gone.
    Gone,
}

impl Input {
    /// `begun` is what the browser had already sent.
    pub fn new(id: Id, half: In, begun: &Bytes) -> Self {
        let mut reader = frame::Reader::default();
        reader.push(begun);
        Self { id, half, reader, over: false }
    }

    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Came> {
        loop {
            match self.reader.next() {
                Ok(Some(heard)) => return Poll::Ready(Came::Frame(heard)),
                Ok(None) => {}
                Err(violation) => return Poll::Ready(Came::Violation(violation)),
            }
            let mut bytes = [0; AT_ONCE];
            let mut buffer = ReadBuf::new(&mut bytes);
            match ready!(self.half.poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => self.reader.push(buffer.filled()),
                Ok(()) | Err(_) => return Poll::Ready(Came::Gone),
            }
        }
    }
}

impl Stream for Input {
    type Item = (Id, Came);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        let came = ready!(self.poll_frame(cx));
        self.over = !matches!(came, Came::Frame(_));
        Poll::Ready(Some((self.id, came)))
    }
}
