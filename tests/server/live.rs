//! The steps of a sign-in, as a browser watches them.

use farol::runtime::Clock;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::{Browser, House, PATIENCE};

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// Or the status the server answered instead.
async fn watch(browser: &Browser, origin: Option<&str>, attempt: Option<&str>) -> Result<Socket, u16> {
    let mut request = format!("{}/live/signin", browser.origin().replace("http", "ws")).into_client_request().unwrap();
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    if let Some(attempt) = attempt {
        request.headers_mut().insert("cookie", format!("farol_attempt={attempt}").parse().unwrap());
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

/// A socket of an attempt, with the present read.
async fn of_attempt(browser: &Browser) -> Socket {
    let origin = browser.origin().to_owned();
    let mut socket = watch(browser, Some(&origin), Some("an-attempt")).await.unwrap();
    next(&mut socket).await.unwrap();
    socket
}

async fn next(socket: &mut Socket) -> Option<Message> {
    Clock::real().timeout(PATIENCE, socket.next()).await.expect("nothing came").and_then(Result::ok)
}

#[tokio::test]
async fn only_a_page_of_ours_with_the_cookie_of_an_attempt_may_watch() {
    let house = House::open().await;
    let browser = house.browser();
    let ours = browser.origin().to_owned();
    for (origin, attempt, status) in [
        (None, Some("a"), 403),
        (Some("http://evil.example"), Some("a"), 403),
        (Some(ours.as_str()), None, 400),
        (Some(ours.as_str()), Some(""), 400),
    ] {
        assert_eq!(watch(&browser, origin, attempt).await.err(), Some(status), "{origin:?} {attempt:?}");
    }
    house.close().await;
}

#[tokio::test]
async fn a_browser_sees_the_present_first_then_each_step_and_the_end() {
    let house = House::open().await;
    let browser = house.browser();
    browser.get("/").await;
    let (origin, attempt) = (browser.origin().to_owned(), browser.cookie("farol_attempt").unwrap());
    let mut socket = watch(&browser, Some(&origin), Some(&attempt)).await.unwrap();
    let present = next(&mut socket).await.unwrap().into_text().unwrap();
    assert!(present.contains("id=\"signin-steps\"") && !present.contains("step-done"), "{present}");
    let answer = browser.post("/", &[("username", "ana"), ("password", "demo-ana")]).await;
    assert_eq!(answer.status, 303);
    let mut last = present;
    let code = loop {
        match next(&mut socket).await.unwrap() {
            Message::Text(text) => last = text,
            Message::Close(goodbye) => break goodbye.unwrap().code,
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    };
    assert_eq!(last.matches("step-done").count(), 5, "{last}");
    assert_eq!(u16::from(code), 1000);
    house.close().await;
}

#[tokio::test]
async fn a_socket_takes_nothing_in() {
    let house = House::open().await;
    let mut socket = of_attempt(&house.browser()).await;
    socket.send(Message::text("{}")).await.unwrap();
    let Some(Message::Close(Some(goodbye))) = next(&mut socket).await else { panic!("no goodbye") };
    assert_eq!(u16::from(goodbye.code), 1008);
    house.close().await;
}

#[tokio::test]
async fn a_browser_that_asks_whether_we_live_again_and_again_is_let_go() {
    let house = House::open().await;
    let mut socket = of_attempt(&house.browser()).await;
    for _ in 0..60 {
        socket.send(Message::Ping(Vec::new().into())).await.unwrap();
        assert!(matches!(next(&mut socket).await, Some(Message::Pong(_))));
    }
    socket.send(Message::Ping(Vec::new().into())).await.unwrap();
    let mut last = next(&mut socket).await;
    while matches!(last, Some(Message::Pong(_))) {
        last = next(&mut socket).await;
    }
    let Some(Message::Close(Some(goodbye))) = last else { panic!("no goodbye: {last:?}") };
    assert_eq!(u16::from(goodbye.code), 1008);
    house.close().await;
}

#[tokio::test]
async fn a_server_that_stops_tells_who_watches_to_come_back() {
    let house = House::open().await;
    let mut socket = of_attempt(&house.browser()).await;
    let goodbye = async { next(&mut socket).await };
    let ((), goodbye) = tokio::join!(house.close(), goodbye);
    let Some(Message::Close(Some(goodbye))) = goodbye else { panic!("no goodbye: {goodbye:?}") };
    assert_eq!(u16::from(goodbye.code), 1012);
}
