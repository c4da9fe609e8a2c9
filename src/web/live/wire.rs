//! An upgraded connection in its two directions. Over plain TCP it is the kernel's socket and nothing around it; over
//! anything else, the same with a little more memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use axum::body::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::downcast;
use tokio::io::{AsyncRead as _, AsyncWrite as _, AsyncWriteExt as _, ReadBuf, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

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
    match downcast::<TokioIo<TcpStream>>(upgraded) {
        Ok(parts) => {
            let stream = parts.io.into_inner();
            // Frames are small and shall not wait for more; a socket that refuses this works all the same.
            let _ = stream.set_nodelay(true);
            let (read, write) = stream.into_split();
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
    /// As much as is taken at once, which may be nothing.
    pub fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self {
            // Not through a poll: the runtime would make a task that writes to many pause as if they were full.
            Self::Plain(half) => half.try_write(bytes),
            Self::Other(half) => match Pin::new(half).poll_write(&mut Context::from_waker(Waker::noop()), bytes) {
                Poll::Ready(written) => written,
                Poll::Pending => return Ok(0),
            },
        };
        match written {
            Ok(0) if !bytes.is_empty() => Err(io::ErrorKind::WriteZero.into()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            written => written,
        }
    }

    /// Waits until something is taken.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self {
            Self::Plain(half) => half.write(bytes).await?,
            Self::Other(half) => half.write(bytes).await?,
        };
        if written == 0 { Err(io::ErrorKind::WriteZero.into()) } else { Ok(written) }
    }
}
