//! An upgraded connection in its two directions. Over plain TCP it is the kernel's socket and nothing around it; over
//! anything else, the same with a little more memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use axum::body::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead as _, AsyncWrite as _, AsyncWriteExt as _, ReadBuf, ReadHalf, WriteHalf};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use crate::web::serving::Watched;

type Any = TokioIo<Upgraded>;

#[derive(Debug)]
pub enum In {
    Plain(OwnedReadHalf),
    Other(ReadHalf<Any>),
}

#[derive(Debug)]
pub enum Out {
    Plain(OwnedWriteHalf),
    Other(WriteHalf<Any>),
}

/// The third is what the browser had already sent.
pub fn split(upgraded: Upgraded) -> (In, Out, Bytes) {
    match upgraded.downcast::<TokioIo<Watched>>() {
        Ok(parts) => {
            let (read, write) = parts.io.into_inner().into_inner().into_split();
            (In::Plain(read), Out::Plain(write), parts.read_buf)
        }
        Err(upgraded) => {
            let (read, write) = tokio::io::split(TokioIo::new(upgraded));
            (In::Other(read), Out::Other(write), Bytes::new())
        }
    }
}

impl In {
    pub fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(half) => Pin::new(half).poll_read(cx, buffer),
            Self::Other(half) => Pin::new(half).poll_read(cx, buffer),
        }
    }
}

impl Out {
    /// As much as is taken at once, which may be nothing. What is left is to be [written](Self::write), even when it is
    /// empty; `None`: everything is on its way.
    pub fn try_write(&mut self, bytes: &Bytes) -> io::Result<Option<Bytes>> {
        let written = match self {
            // Not through a poll: the runtime would make a task that writes to many pause as if they were full.
            Self::Plain(half) => half.try_write(bytes),
            Self::Other(half) => {
                let cx = &mut Context::from_waker(Waker::noop());
                match Pin::new(&mut *half).poll_write(cx, bytes) {
                    // Encrypted bytes wait where nobody sends them unasked.
                    Poll::Ready(Ok(written)) if written == bytes.len() => match Pin::new(half).poll_flush(cx) {
                        Poll::Ready(flushed) => return flushed.map(|()| None),
                        Poll::Pending => return Ok(Some(Bytes::new())),
                    },
                    Poll::Ready(written) => written,
                    Poll::Pending => Ok(0),
                }
            }
        };
        match written {
            Ok(written) if written == bytes.len() => Ok(None),
            Ok(0) if matches!(self, Self::Plain(_)) => Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => Ok(Some(bytes.slice(written..))),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Some(bytes.clone())),
            Err(error) => Err(error),
        }
    }

    /// Waits until something is taken and on its way.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self {
            Self::Plain(half) => half.write(bytes).await?,
            Self::Other(half) => {
                let written = if bytes.is_empty() { 0 } else { half.write(bytes).await? };
                half.flush().await?;
                written
            }
        };
        if written == 0 && !bytes.is_empty() { Err(io::ErrorKind::WriteZero.into()) } else { Ok(written) }
    }
}
