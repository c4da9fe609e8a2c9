//! TLS spoken by the server itself: people, their sockets, and a certificate that is renewed meanwhile.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use farol::web::Tls;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::harness::{House, soon, trusting};
use crate::sockets::announce;

pub async fn self_signed() -> House {
    House::with(|settings| {
        let names = ["localhost", "127.0.0.1"].map(str::to_owned).to_vec();
        settings.web.tls = Tls::SelfSigned { folder: settings.data_dir.join("tls"), names };
    })
    .await
}

/// Puts another certificate, and its key, into a folder. The certificate.
fn issue(folder: &Path) -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    std::fs::write(folder.join("certificate.pem"), &pem).unwrap();
    std::fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    pem
}

/// Shows what [`issue`] has put there.
async fn with_files(folder: &Path) -> House {
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    House::with(|settings| settings.web.tls = Tls::Files { certificate, key, names: vec!["localhost".to_owned()] })
        .await
}

/// A connection that trusts this certificate alone; `None` when it is shown another.
async fn connect(house: &House, trusted: &str) -> Option<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(house.address()).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    soon(TlsConnector::from(Arc::new(trusting(trusted))).connect(name, stream)).await.ok()
}

async fn is_answered(stream: &mut TlsStream<TcpStream>) -> bool {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: farol\r\n\r\n").await.unwrap();
    let mut text = String::new();
    while !text.ends_with("ok\n") {
        let Ok(byte) = soon(stream.read_u8()).await else { return false };
        text.push(byte.into());
    }
    text.starts_with("HTTP/1.1 200 ")
}

#[tokio::test]
async fn people_sign_in_over_tls_and_what_their_browsers_keep_is_guarded() {
    let house = self_signed().await;
    let ana = house.browser();
    let page = ana.get("/").await;
    assert!(page.header("strict-transport-security").starts_with("max-age="));
    let answer = ana.sign_in("ana", "demo-ana").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/dashboard"), "{}", answer.body);
    let cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let session = cookies.into_iter().find(|cookie| cookie.starts_with("__Host-farol=")).unwrap();
    assert!(session.contains("; Secure") && session.contains("SameSite=Strict"), "{session}");
    assert_eq!(ana.get("/dashboard").await.status, 200);
    let script = ana.get("/download_bat").await;
    assert!(script.body.contains(&format!("https://{}", house.address())), "{}", script.body);
    house.close().await;
}

#[tokio::test]
async fn a_socket_over_tls_hears_all_in_order_however_much_it_is() {
    const MANY: usize = 240;
    let house = self_signed().await;
    let (mut ana, mut bruno) = (house.signed_in("ana").await.live().await, house.signed_in("bruno").await.live().await);
    ana.until("id=\"storage\"").await;
    bruno.until("id=\"storage\"").await;
    let long = "x".repeat(5_000);
    // More than fits on the way: what is left waits encrypted, and has to be sent on as soon as there is room.
    for number in 0..MANY {
        announce(&house, &format!("line {number}. {long}")).await;
    }
    for socket in [&mut ana, &mut bruno] {
        let heard = soon(socket.until(&format!("line {}. ", MANY - 1))).await;
        let all = heard.concat();
        let found: Vec<usize> = (0..MANY).filter_map(|number| all.find(&format!("line {number}. "))).collect();
        assert!(found.len() == MANY && found.is_sorted(), "{found:?}");
    }
    house.close().await;
}

#[tokio::test]
async fn what_is_far_too_large_is_refused_in_words_and_not_by_hanging_up() {
    const LARGE: usize = 8 << 20;
    let folder = tempfile::tempdir().unwrap();
    let certificate = issue(folder.path());
    let house = with_files(folder.path()).await;
    let mut stream = connect(&house, &certificate).await.unwrap();
    let head =
        format!("POST / HTTP/1.1\r\nhost: farol\r\nsec-fetch-site: same-origin\r\ncontent-length: {LARGE}\r\n\r\n");
    soon(stream.write_all(head.as_bytes())).await.unwrap();
    soon(stream.write_all(&vec![b'x'; LARGE])).await.unwrap();
    let mut text = String::new();
    soon(stream.read_to_string(&mut text)).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 413 ") && text.ends_with("</html>\n"), "{text}");
    house.close().await;
}

#[tokio::test]
async fn whoever_speaks_in_the_clear_is_led_to_the_same_page_over_tls() {
    let house = self_signed().await;
    let mut stream = TcpStream::connect(house.address()).await.unwrap();
    stream.write_all(b"GET /dashboard?a HTTP/1.1\r\nHost: localhost:1\r\nCookie: farol=x\r\n\r\n").await.unwrap();
    let mut text = String::new();
    soon(stream.read_to_string(&mut text)).await.unwrap();
    let place = format!("location: https://localhost:{}/dashboard?a\r\n", house.address().port());
    assert!(text.starts_with("HTTP/1.1 308 ") && text.contains(&place), "{text}");
    house.close().await;
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_to_new_connections_and_a_broken_one_to_none_until_it_is_put_right() {
    let folder = tempfile::tempdir().unwrap();
    let old = issue(folder.path());
    let key = folder.path().join("key.pem");
    let house = with_files(folder.path()).await;
    let mut first = connect(&house, &old).await.unwrap();
    assert!(is_answered(&mut first).await);
    let new = issue(folder.path());
    house.pass(Duration::from_secs(65)).await;
    assert!(connect(&house, &old).await.is_none());
    assert!(is_answered(&mut connect(&house, &new).await.unwrap()).await);
    assert!(is_answered(&mut first).await, "who was there stays");
    assert_eq!(house.round("certificate").unwrap().failure, None);
    issue(folder.path());
    std::fs::write(&key, "nothing").unwrap();
    house.pass(Duration::from_secs(65)).await;
    assert!(is_answered(&mut connect(&house, &new).await.unwrap()).await, "the last good one is kept");
    let failure = house.round("certificate").unwrap().failure.unwrap();
    assert!(failure.contains("holds no private key"), "{failure}");
    std::fs::remove_file(&key).unwrap();
    let last = issue(folder.path());
    house.pass(Duration::from_secs(65)).await;
    assert!(is_answered(&mut connect(&house, &last).await.unwrap()).await, "as soon as it is put right");
    assert_eq!(house.round("certificate").unwrap().failure, None);
    house.close().await;
}
