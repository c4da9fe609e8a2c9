//! Bodies that note when they have come whole, and when they have been sent.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body as Outgoing, Bytes};
use hyper::body::{Body, Frame, Incoming, SizeHint};

use crate::web::serving::crowd::{Phase, Visitor};

/// Of a request.
#[derive(Debug)]
pub struct Asked {
    body: Incoming,
    visitor: Arc<Visitor>,
}

impl Asked {
    pub fn new(body: Incoming, visitor: Arc<Visitor>) -> Self {
        Self { body, visitor }
    }
}

impl Body for Asked {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(frame, Poll::Ready(None)) || self.body.is_end_stream() {
            self.visitor.asked_all();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Asked {
    /// Nobody waits for the rest of it any more.
    fn drop(&mut self) {
        self.visitor.turn(Phase::Body, Phase::Answering);
    }
}

/// Of an answer.
#[derive(Debug)]
pub struct Answered {
    body: Outgoing,
    visitor: Arc<Visitor>,
}

impl Answered {
    pub fn new(body: Outgoing, visitor: Arc<Visitor>) -> Self {
        visitor.set(Phase::Sending);
        Self { body, visitor }
    }
}

impl Body for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answered {
    /// All of it has been handed over.
    fn drop(&mut self) {
        self.visitor.turn(Phase::Sending, Phase::Idle);
    }
}
