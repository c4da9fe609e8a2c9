//! A connection that notes when something moves on it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::web::serving::crowd::{Phase, Visitor};

/// In bytes.
const UNREAD_AT_ONCE: usize = 8 << 10;

#[derive(Debug)]
pub struct Watched {
    stream: TcpStream,
    visitor: Arc<Visitor>,
}

impl Watched {
    pub fn new(stream: TcpStream, visitor: Arc<Visitor>) -> Self {
        Self { stream, visitor }
    }

    /// Watched no more: it is a connection of its own kind from now on.
    pub fn into_inner(self) -> TcpStream {
        self.stream
    }

    fn note_written(&self, written: &Poll<io::Result<usize>>) {
        if matches!(written, Poll::Ready(Ok(1..))) {
            // It takes what it is sent, and has its time anew. The last of an answer is sent when nothing more is asked of us.
            self.visitor.turn(Phase::Sending, Phase::Sending);
            self.visitor.turn(Phase::Idle, Phase::Idle);
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.visitor.turn(Phase::Idle, Phase::Head);
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.note_written(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.note_written(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    /// Closed on somebody who still sends, a connection would tear the answer away from them.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        let mut unread = [0; UNREAD_AT_ONCE];
        while self.visitor.still_sends() {
            let mut part = ReadBuf::new(&mut unread);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part))?;
            if part.filled().is_empty() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}
