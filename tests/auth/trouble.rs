//! A NAS in trouble is told as what it is, never as a wrong password.

use farol::auth::Refused;
use farol::domain::signin::AttemptId;
use farol::sim::Profile;

use crate::office::{Office, form, soon};

#[tokio::test]
async fn what_is_wrong_with_the_nas_is_told_and_counts_against_nobody() {
    for (fault, expected) in [
        ("refused", "the NAS cannot be reached"),
        ("revoked-key", "the NAS refuses the service key"),
        ("502", "the NAS is starting, restarting or updating"),
    ] {
        let mut office = Office::open(Profile::R25_10).await;
        office.turn(fault, true);
        office.restart().await;
        // More than anybody has in a minute.
        for _ in 0..8 {
            assert_eq!(office.says("ana", "demo-ana").await, expected, "{fault}");
        }
        assert_eq!(office.server.throttle.list().await.unwrap(), []);
        assert_eq!(office.deeds().await, []);
    }
}

#[tokio::test]
async fn forms_no_page_of_ours_sends_are_refused_before_anybody_is_asked() {
    let office = Office::open(Profile::R25_10).await;
    let long = "a".repeat(10_000);
    for (attempt, name, password) in [
        ("a", "", "x"),
        ("a", "ana", ""),
        ("a", &*long, "x"),
        ("a", "ana", &*long),
        ("a", "an\u{0}a", "x"),
        ("", "ana", "x"),
    ] {
        let form = form(AttemptId::new(attempt), "10.0.0.7", name, password);
        let said = soon(office.server.sign_in.with_password(form)).await;
        assert!(matches!(said, Err(Refused::Invalid(_))), "{said:?}");
    }
    assert_eq!(office.deeds().await, []);
}
