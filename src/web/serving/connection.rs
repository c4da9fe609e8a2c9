//! One connection, from its first byte to its last, or until it becomes a socket.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{CONNECTION, HeaderValue};
use axum::http::{Request, Response, StatusCode};
use hyper::body::{Body as _, Incoming};
use hyper::rt::{Read, Write};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::runtime::Clock;
use crate::web::serving::bodies::{Answered, Asked};
use crate::web::serving::crowd::{Phase, Place, Visitor};
use crate::web::serving::redirect::Redirect;
use crate::web::serving::watched::Watched;

/// The head of a request, and what of an answer waits to be sent. In bytes.
const LARGEST_HEAD: usize = 64 << 10;
/// For whoever is about to ask when we are asked to stop: they have just come, or have let us wait since their last request.
/// And for an answer to reach whoever is still sending.
const GRACE: Duration = Duration::from_millis(150);
/// How TLS begins: a record that holds a greeting.
const TLS_GREETING: u8 = 0x16;

/// How people are spoken to at a door.
#[derive(Clone)]
pub enum Manner {
    Plain(Router),
    /// Who speaks in the clear all the same is redirected.
    Tls(Router, TlsAcceptor, Redirect),
    Redirect(Redirect),
}

/// Until it ends, or is sent away for being slow.
pub async fn attend(manner: Manner, stream: TcpStream, peer: SocketAddr, place: Place, stop: CancellationToken) {
    let visitor = &place.0;
    // Answers are sent whole and shall not wait for more; a connection that refuses this works all the same.
    let _ = stream.set_nodelay(true);
    tokio::select! {
        () = visitor.sent_away() => {}
        () = talk(manner, stream, peer, visitor.clone(), stop) => {}
    }
}

async fn talk(manner: Manner, stream: TcpStream, peer: SocketAddr, visitor: Arc<Visitor>, stop: CancellationToken) {
    let guest = Guest { peer, visitor, stop };
    match manner {
        Manner::Plain(router) => guest.serve(TokioIo::new(guest.watch(stream)), router).await,
        Manner::Redirect(redirect) => guest.redirect(stream, redirect).await,
        Manner::Tls(router, acceptor, redirect) => {
            let begins = tokio::select! {
                begins = begins_tls(&stream) => begins,
                () = guest.patience() => return,
            };
            if !begins {
                return guest.redirect(stream, redirect).await;
            }
            let greeting = tokio::select! {
                greeting = acceptor.accept(guest.watch(stream)) => greeting,
                () = guest.patience() => return,
            };
            match greeting {
                Ok(stream) => {
                    guest.visitor.set(Phase::Fresh);
                    guest.serve(TokioIo::new(stream), router).await;
                }
                Err(error) => debug!(%error, %peer, "a TLS greeting failed"),
            }
        }
    }
}

/// Also when nothing comes, which then is nobody to redirect.
async fn begins_tls(stream: &TcpStream) -> bool {
    let mut first = [0];
    matches!(stream.peek(&mut first).await, Ok(1)) && first[0] == TLS_GREETING
}

struct Guest {
    peer: SocketAddr,
    visitor: Arc<Visitor>,
    stop: CancellationToken,
}

impl Guest {
    fn watch(&self, stream: TcpStream) -> Watched {
        Watched::new(stream, self.visitor.clone())
    }

    /// Ends a moment after the stop. That moment is one of the clock on the wall, by which whoever stops us waits.
    async fn patience(&self) {
        self.stop.cancelled().await;
        Clock::real().sleep(GRACE).await;
    }

    /// Ends with the stop; for somebody we are not busy with, a moment later.
    async fn stopped(&self) {
        self.stop.cancelled().await;
        if matches!(self.visitor.phase(), Phase::Fresh | Phase::Idle | Phase::Head) {
            Clock::real().sleep(GRACE).await;
            // What has come by now is heard of before this goes on.
            tokio::task::yield_now().await;
        }
    }

    /// Their answer has had the time to arrive. What they still send is for nobody.
    async fn trailed(&self) {
        self.visitor.trails().await;
        Clock::real().sleep(GRACE).await;
    }

    async fn serve<I: Read + Write + Unpin + Send + 'static>(&self, io: I, router: Router) {
        let router = TowerToHyperService::new(router);
        let (peer, visitor, stop) = (self.peer, self.visitor.clone(), self.stop.clone());
        let answer = move |request| {
            let (answered, stop) = (answer(router.clone(), visitor.clone(), peer, request), stop.clone());
            async move { answered.await.map(|answer| if stop.is_cancelled() { last(answer) } else { answer }) }
        };
        self.speak(io, answer).await;
    }

    async fn redirect(&self, stream: TcpStream, redirect: Redirect) {
        let visitor = self.visitor.clone();
        let answer = move |request: Request<Incoming>| {
            visitor.asked(!request.body().is_end_stream());
            std::future::ready(Ok(sent(redirect.answer(&request), &visitor)))
        };
        self.speak(TokioIo::new(self.watch(stream)), answer).await;
    }

    async fn speak<I, F>(&self, io: I, answer: impl Fn(Request<Incoming>) -> F)
    where
        I: Read + Write + Unpin + Send + 'static,
        F: Future<Output = Result<Response<Answered>, Infallible>>,
    {
        let mut http = http1::Builder::new();
        // Its limit of time is ours, and counts otherwise.
        http.header_read_timeout(None).max_buf_size(LARGEST_HEAD);
        let connection = http.serve_connection(io, service_fn(answer)).with_upgrades();
        tokio::pin!(connection);
        let ended = tokio::select! {
            // What has come is read before anybody is let go.
            biased;
            ended = connection.as_mut() => ended,
            () = self.stopped() => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = connection => ended,
                    () = self.trailed() => return,
                }
            }
        };
        if let Err(error) = ended {
            debug!(error = &error as &dyn std::error::Error, peer = %self.peer, "a connection broke");
        }
    }
}

async fn answer(
    router: TowerToHyperService<Router>,
    visitor: Arc<Visitor>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Answered>, Infallible> {
    visitor.asked(!request.body().is_end_stream());
    let mut request = request.map(|body| Body::new(Asked::new(body, visitor.clone())));
    request.extensions_mut().insert(ConnectInfo(peer));
    router.call(request).await.map(|answer| sent(answer, &visitor))
}

/// Whoever asks again does so over another connection, which finds who comes after us.
fn last(mut answer: Response<Answered>) -> Response<Answered> {
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

fn sent(answer: Response<Body>, visitor: &Arc<Visitor>) -> Response<Answered> {
    answer.map(|body| Answered::new(body, visitor.clone()))
}
