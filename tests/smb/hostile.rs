//! Servers that are absent, silent, mad, or lie: never a yes, and the right kind of no.

use std::io::ErrorKind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use farol::domain::Timestamp;
use farol::runtime::{Clock, Tasks};
use farol::smb::{Doubt, Prover, Refusal, Silence, Verdict};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::middle::{Answer, LOGOFF, SIGNED, downgrade, listen, welcome};
use crate::samba::{ANA, Samba};
use crate::{PATIENCE, prover, secret, settings};

const FORGED: Verdict = Verdict::Inconclusive(Doubt::SomebodyInTheMiddle);

/// Signs in as ana with a wrong password, through a box that rewrites what the Samba answers.
async fn wrong_password_through(rewrite: impl FnMut(&mut Answer) -> bool + Clone + Send + 'static) -> Verdict {
    let samba = Samba::start("").await;
    let port = listen(samba.port, rewrite).await;
    prover(port).prove_password(ANA.name, &secret("outra")).await
}

#[tokio::test]
async fn a_box_in_the_middle_that_changes_nothing_is_not_noticed() {
    let samba = Samba::start("").await;
    let port = listen(samba.port, |_| true).await;
    assert_eq!(prover(port).prove_password(ANA.name, &secret(ANA.password)).await, Verdict::Accepted);
}

#[tokio::test]
async fn a_refusal_turned_into_an_unsigned_welcome_is_refused() {
    for header_flags in [0, SIGNED] {
        let verdict = wrong_password_through(move |answer| {
            if answer.is_refusal() {
                answer.succeed(header_flags, [0; 16], &welcome(0));
            }
            true
        });
        assert_eq!(verdict.await, FORGED, "{header_flags}");
    }
}

#[tokio::test]
async fn a_refusal_turned_into_a_wrongly_signed_welcome_is_refused() {
    let verdict = wrong_password_through(|answer| {
        if answer.is_refusal() {
            answer.succeed(SIGNED, [7; 16], &welcome(0));
        }
        true
    });
    assert_eq!(verdict.await, FORGED);
}

#[tokio::test]
async fn a_refusal_turned_into_a_guest_or_nobody_session_is_refused() {
    for session_flags in [1, 2, 3] {
        let verdict = wrong_password_through(move |answer| {
            if answer.is_refusal() {
                answer.succeed(0, [0; 16], &welcome(session_flags));
            }
            true
        });
        assert_eq!(verdict.await, Verdict::Refused(Refusal::Guest), "{session_flags}");
    }
}

#[tokio::test]
async fn an_unsigned_welcome_in_an_older_dialect_is_refused_at_the_goodbye() {
    for session_flags in [0, 4] {
        let verdict = wrong_password_through(move |answer| {
            downgrade(answer, session_flags);
            if answer.command() == LOGOFF {
                answer.succeed(0, [0; 16], &[4, 0, 0, 0]);
            }
            true
        });
        assert_eq!(verdict.await, FORGED, "{session_flags}");
    }
}

#[tokio::test]
async fn a_box_that_cuts_the_line_instead_of_signing_the_goodbye_is_not_believed() {
    let verdict = wrong_password_through(|answer| {
        downgrade(answer, 0);
        answer.command() != LOGOFF
    });
    assert_eq!(verdict.await, Verdict::Unreachable(Silence::Dropped));
}

#[tokio::test]
async fn where_nobody_listens_the_answer_says_so() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let refused = Silence::Network(ErrorKind::ConnectionRefused);
    assert_eq!(prover(port).prove_password("ana", &secret("x")).await, Verdict::Unreachable(refused));
    assert_eq!(prover(port).probe().await, Err(refused));
}

#[tokio::test]
async fn empty_halves_and_the_guest_account_are_refused_without_dialling() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    for (name, password, refusal) in
        [("", "x", Refusal::Empty), ("ana", "", Refusal::Empty), ("FAROL\\guest", "x", Refusal::Guest)]
    {
        // Dialled, this port would be unreachable.
        assert_eq!(prover(port).prove_password(name, &secret(password)).await, Verdict::Refused(refusal));
    }
}

#[tokio::test]
async fn a_silent_server_is_left_when_the_time_is_up_and_its_line_is_closed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
    let prover = Prover::new(settings(listener.local_addr().unwrap().port()), clock);
    let (ana, password) = ("ana", secret("x"));
    let silent = async {
        let (mut line, _) = listener.accept().await.unwrap();
        let mut heard = [0; 4];
        line.read_exact(&mut heard).await.unwrap();
        hand.advance(PATIENCE);
        let rest = Clock::real().timeout(PATIENCE / 2, line.read_to_end(&mut Vec::new())).await;
        assert!(rest.is_ok(), "the line stays open");
    };
    let (verdict, ()) = tokio::join!(prover.prove_password(ana, &password), silent);
    assert_eq!(verdict, Verdict::Unreachable(Silence::TimedOut));
}

#[tokio::test]
async fn the_probe_knows_a_file_server_from_a_stranger() {
    let samba = Samba::start("").await;
    assert_eq!(prover(samba.port).probe().await, Ok(()));
    assert_eq!(prover(says(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()).await).probe().await, Err(Silence::NotSmb));
}

#[tokio::test]
async fn a_stranger_on_the_port_is_not_taken_for_a_wrong_password() {
    for garbage in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"\0\0\0\x04what", b"SSH-2.0-OpenSSH_9.2\r\n"] {
        let verdict = prover(says(garbage.to_vec()).await).prove_password("ana", &secret("x")).await;
        let strange = [Silence::NotSmb, Silence::Dropped].map(Verdict::Unreachable);
        assert!(strange.contains(&verdict), "{garbage:?}: {verdict:?}");
    }
}

/// A server that hears one message, says this, and closes.
async fn says(bytes: Vec<u8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    Tasks::default().run("stranger", async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let length = line.read_u32().await.unwrap();
            line.read_exact(&mut vec![0; usize::try_from(length).unwrap()]).await.unwrap();
            let _ = line.write_all(&bytes).await;
        }
    });
    port
}

/// Panics of the SMB crate; those in its own tasks would otherwise only look like a lost connection.
static PANICS: AtomicUsize = AtomicUsize::new(0);

fn count_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.location().is_some_and(|location| location.file().contains("smb2-")) {
            PANICS.fetch_add(1, Ordering::Relaxed);
        }
        usual(panic);
    }));
}

#[test]
fn random_bytes_of_a_server_are_never_a_yes_and_never_a_panic() {
    count_panics();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // Bare bytes, framed bytes, and a well-formed header in front, so that each layer gets its share of nonsense.
    let header = b"\xFESMB\x40\0\0\0\0\0\0\0\0\0\x01\0\x01\0\0\0";
    let nonsense = (0..3_u8, proptest::collection::vec(any::<u8>(), 0..400)).prop_map(move |(kind, bytes)| {
        let message = if kind == 2 { [&header[..], &[0; 44], &bytes].concat() } else { bytes };
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        if kind == 0 { message } else { [&length[..], &message].concat() }
    });
    let outcome = TestRunner::new(ProptestConfig::with_cases(500)).run(&nonsense, |bytes| {
        let verdict = runtime.block_on(async { prover(says(bytes).await).prove_password("ana", &secret("x")).await });
        prop_assert_ne!(verdict, Verdict::Accepted);
        prop_assert_ne!(verdict, Verdict::Unreachable(Silence::TimedOut));
        prop_assert_eq!(PANICS.load(Ordering::Relaxed), 0);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn a_wrong_password_stays_wrong_whatever_bytes_are_changed_on_the_way() {
    count_panics();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let samba = runtime.block_on(Samba::start(""));
    let change = (0..4_usize, any::<prop::sample::Index>(), 1..=255_u8);
    let outcome = TestRunner::new(ProptestConfig::with_cases(100)).run(&change, |(which, place, mask)| {
        let mut heard = 0;
        let rewrite = move |answer: &mut Answer| {
            if heard == which {
                let at = place.index(answer.0.len());
                answer.0[at] ^= mask;
            }
            heard += 1;
            true
        };
        let verdict = runtime.block_on(async {
            // A changed message number leaves both sides waiting, so the patience is short.
            let settings = farol::smb::Settings {
                timeout: Duration::from_millis(200),
                ..settings(listen(samba.port, rewrite).await)
            };
            Prover::new(settings, Clock::real()).prove_password(ANA.name, &secret("outra")).await
        });
        prop_assert_ne!(verdict, Verdict::Accepted);
        prop_assert_eq!(PANICS.load(Ordering::Relaxed), 0);
        Ok(())
    });
    outcome.unwrap();
}
