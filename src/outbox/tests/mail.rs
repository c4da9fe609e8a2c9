//! Mail: encryption, login, and headers nobody can add to.

use std::path::PathBuf;

use crate::domain::Secret;
use crate::domain::nas::AlertLevel;
use crate::outbox::tests::office::{CANARY, Office, chief, sending};
use crate::outbox::tests::servers::{Server, certificate, http, smtp};
use crate::outbox::{Email, Encryption, Failure, Kind, Settings, Target};

/// `\0farol\0kanarienvogel`, in base 64.
const LOGIN: &str = "AGZhcm9sAGthbmFyaWVudm9nZWw=";

fn mail(port: u16, encryption: Encryption, ca_file: Option<PathBuf>, password: &str) -> Settings {
    let email = Email {
        server: "localhost".to_owned(),
        port,
        encryption,
        login: Some(("farol".to_owned(), Secret::from(password))),
        from: "Farol <farol@example.com>".to_owned(),
        to: vec!["ti@example.com".to_owned(), "Ana <ana@example.com>".to_owned()],
    };
    Settings { ca_file, ..sending(vec![Target::Email(email)]) }
}

fn port<T>(server: &Server<T>) -> u16 {
    server.address.port()
}

#[tokio::test]
async fn mail_is_encrypted_from_the_first_byte_or_before_anything_is_said() {
    let home = tempfile::tempdir().unwrap();
    let (tls, ca_file) = certificate(home.path());
    for encryption in [Encryption::Tls, Encryption::StartTls] {
        let server = smtp(Some(tls.clone()), encryption == Encryption::Tls, LOGIN).await;
        let office = Office::open(mail(port(&server), encryption, Some(ca_file.clone()), CANARY)).await;
        office
            .alert(AlertLevel::Warning, "Disk sda\r\nBcc: eve@example.com\r\n\r\n.\r\nMAIL FROM:<eve@example.com>")
            .await;
        office.gathered("email", 1).await;
        let text = server.seen(1).await.remove(0);
        assert!(text.starts_with("encrypted: true\n"), "{text}");
        let (head, body) = text.split_once("\n\n").unwrap();
        assert!(head.contains("From: Farol <farol@example.com>\n"), "{head}");
        assert!(head.contains("To: ti@example.com, Ana <ana@example.com>\n"), "{head}");
        assert!(head.contains("Auto-Submitted: auto-generated\n"), "{head}");
        assert!(
            head.contains("Message-ID: <email-") && head.contains("Date: Wed, 25 Nov 2026 12:00:03 +0000\n"),
            "{head}"
        );
        assert!(!head.lines().any(|line| line.starts_with("Bcc")) && !text.contains(CANARY), "{head}");
        let body = body.replace("=\n", "");
        assert!(body.contains("Disk sda Bcc: eve@example.com . MAIL FROM"), "{body}");
        office.stop().await;
    }
}

#[tokio::test]
async fn mail_that_cannot_go_out_says_why() {
    let home = tempfile::tempdir().unwrap();
    let (tls, ca_file) = certificate(home.path());
    let server = smtp(Some(tls.clone()), false, LOGIN).await;
    let wrapped = smtp(Some(tls), true, LOGIN).await;
    let plain = smtp(None, false, LOGIN).await;
    let web = http(None).await;
    let trusted = Some(ca_file);
    let (all, lock, open) = (Encryption::Tls, Encryption::StartTls, Encryption::Nothing);
    for (port, encryption, ca_file, password, outcome) in [
        (port(&plain), open, None, CANARY, Ok(())),
        (port(&server), lock, trusted.clone(), "wrong", Err(Failure::WrongSecret)),
        (port(&server), lock, None, CANARY, Err(Failure::Certificate)),
        (port(&wrapped), all, None, CANARY, Err(Failure::Certificate)),
        (port(&plain), lock, trusted.clone(), CANARY, Err(Failure::NotUnderstood)),
        (port(&plain), all, trusted.clone(), CANARY, Err(Failure::Certificate)),
    ] {
        let office = Office::open(mail(port, encryption, ca_file, password)).await;
        assert_eq!(office.outbox.test(Kind::Email, &chief()).await, outcome, "{encryption:?} {password}");
        office.stop().await;
    }
    let silent = port(&web);
    let office = Office::open(mail(silent, open, None, CANARY)).await;
    let late = async {
        crate::outbox::tests::office::until(async || web.talking()).await;
        office.hand.advance(std::time::Duration::from_secs(30));
    };
    let caller = chief();
    let (outcome, ()) = tokio::join!(office.outbox.test(Kind::Email, &caller), late);
    assert_eq!(outcome, Err(Failure::TimedOut));
    office.stop().await;
}
