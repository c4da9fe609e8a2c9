//! Every end of a session: why, and how soon whoever holds it open hears of it.

use std::time::Duration;

use farol::domain::caller::Caller;
use farol::domain::event::{Audience, Line};
use farol::domain::notice::Notice;
use farol::domain::session::End;
use farol::domain::signin::AttemptId;
use farol::live::{Heard, Subscription};
use farol::runtime::Clock;
use farol::sim::Profile;
use tokio::sync::watch;

use crate::office::{Office, form, soon};

const TELLING: [Profile; 3] = [Profile::R25_04, Profile::R25_10, Profile::R26];
const SILENT: [Profile; 3] = [Profile::R22_12, Profile::R24_10, Profile::Spec];

/// What live pages promise, by the real clock.
const AT_ONCE: Duration = Duration::from_secs(1);
/// From the change to the next look where nothing is told, and the looking itself.
const PERIOD: Duration = Duration::from_secs(35);

/// What the NAS may do to ana, and what it means to her.
const BY_THE_NAS: [(&str, End); 5] = [
    ("user-locked", End::AccountLocked),
    ("user-removed", End::AccountGone),
    ("password-disabled", End::PasswordDisabled),
    ("password-changed", End::PasswordChanged),
    // She administers by this group here.
    ("user-moved", End::RoleChanged),
];

/// As a socket waits: told that some session ended, it looks whether it was its own, and why.
async fn ended(office: &Office, ends: &mut watch::Receiver<()>, token: &farol::domain::Secret<String>) -> Option<End> {
    loop {
        ends.changed().await.unwrap();
        if office.server.sessions.find(token, farol::auth::Use::ByItself).await.unwrap().is_none() {
            return office.server.sessions.why_ended(token);
        }
    }
}

#[tokio::test]
async fn what_the_nas_tells_of_an_account_ends_its_sessions_within_a_second() {
    for release in TELLING {
        for (fault, end) in BY_THE_NAS {
            let office = Office::administered_by("financeiro", release).await;
            office.watch();
            let (ana, bruno) = (office.signed_in("ana").await, office.signed_in("bruno").await);
            let mut ends = office.server.sessions.ends();
            office.turn(fault, true);
            let why = Clock::real().timeout(AT_ONCE, ended(&office, &mut ends, &ana.token)).await;
            assert_eq!(why, Ok(Some(end)), "{release} {fault}");
            assert_eq!(office.server.sessions.why_ended(&bruno.token), None);
        }
    }
}

#[tokio::test]
async fn a_nas_that_tells_nothing_is_asked_within_its_period() {
    for release in SILENT {
        for (fault, end) in BY_THE_NAS {
            if fault == "password-changed" {
                // They do not say when a password was changed.
                continue;
            }
            let office = Office::administered_by("financeiro", release).await;
            office.watch();
            let ana = office.signed_in("ana").await;
            let mut ends = office.server.sessions.ends();
            office.turn(fault, true);
            Box::pin(office.pass_until(office.clock.sleep(PERIOD))).await;
            // From here on the clock stands still: whoever was to be asked has been.
            let why = soon(ended(&office, &mut ends, &ana.token)).await;
            assert_eq!(why, Some(end), "{release} {fault}");
        }
    }
}

#[tokio::test]
async fn what_people_do_ends_a_session_at_once_and_says_who_did() {
    let office = Office::open(Profile::R25_10).await;
    let (ana, carla) = (office.signed_in("ana").await, office.signed_in("carla").await);
    let again = office.signed_in("ana").await;
    let sessions = &office.server.sessions;
    let by = |signed_in: &farol::auth::SignedIn| Caller {
        account: signed_in.session.account.clone(),
        session: signed_in.session.id.clone(),
        address: signed_in.session.visitor.address,
        standing: farol::domain::caller::Standing::Plain,
    };
    let mut ends = sessions.ends();
    assert!(sessions.end(&by(&again), &ana.session.id).await.unwrap());
    assert_eq!(soon(ended(&office, &mut ends, &ana.token)).await, Some(End::Elsewhere));
    assert!(sessions.end(&by(&carla), &again.session.id).await.unwrap());
    assert_eq!(soon(ended(&office, &mut ends, &again.token)).await, Some(End::ByAdministrator));
    sessions.end_by_token(&carla.token).await.unwrap();
    assert_eq!(soon(ended(&office, &mut ends, &carla.token)).await, Some(End::SignedOut));
}

#[tokio::test]
async fn a_browser_that_gets_a_new_session_goes_on_with_it_unless_it_is_somebody_elses() {
    let office = Office::open(Profile::R25_10).await;
    let mut held = office.signed_in("ana").await.token;
    let mut ends = office.server.sessions.ends();
    for (username, end) in [("ana", End::Renewed), ("bruno", End::Replaced)] {
        let attempt = AttemptId::new(format!("attempt-{username}"));
        let mut form = form(attempt, "10.0.0.7", username, &format!("demo-{username}"));
        form.held = Some(held.clone());
        let farol::auth::Entered::SignedIn(next) = soon(office.server.sign_in.with_password(form)).await.unwrap()
        else {
            panic!("no code is asked for");
        };
        assert_eq!(soon(ended(&office, &mut ends, &held)).await, Some(end));
        held = next.token;
    }
}

#[tokio::test]
async fn a_session_ends_at_its_very_time() {
    for (limit, end) in [(farol::auth::IDLE_TIMEOUT, End::Unused), (farol::auth::SESSION_TIMEOUT, End::TimeOver)] {
        let office = Office::open(Profile::R25_10).await;
        office.watch();
        let ana = office.signed_in("ana").await;
        let mut ends = office.server.sessions.ends();
        // Whoever uses it now and then keeps it to its last moment.
        for _ in 0..u32::from(end == End::TimeOver) * 2 {
            office.hand.advance(Duration::from_hours(3));
            assert!(office.server.sessions.find(&ana.token, farol::auth::Use::ByPerson).await.unwrap().is_some());
        }
        let left = ana.session.created_at.plus(limit).since(office.clock.now());
        let left = left.saturating_sub(Duration::from_secs(1));
        office.hand.advance(left);
        // Nothing ends before its time; the look that finds nothing also finds out how long to wait.
        soon(async { Clock::real().sleep(Duration::from_millis(100)).await }).await;
        assert!(!ends.has_changed().unwrap(), "{end}");
        office.hand.advance(Duration::from_secs(1));
        let why = Clock::real().timeout(AT_ONCE, ended(&office, &mut ends, &ana.token)).await;
        assert_eq!(why, Ok(Some(end)));
    }
}

/// The notices for administrators that have come until now.
async fn alarms(office: &Office, heard: &mut Subscription) -> Vec<Notice> {
    let mut alarms = Vec::new();
    office.server.hub.changed(farol::domain::event::Region::Status);
    loop {
        match soon(heard.next()).await.unwrap() {
            Heard::Changed(farol::domain::event::Region::Status) => return alarms,
            Heard::Changed(_) => {}
            Heard::Told(told) => {
                assert_eq!(told.audience, Audience::Administrators);
                let Line::Notice(notice) = told.line.clone() else { panic!("{told:?}") };
                alarms.push(notice);
            }
            Heard::Missed => panic!("too much came"),
        }
    }
}

#[tokio::test]
async fn a_refused_key_ends_everybody_is_told_once_and_is_well_again_by_itself() {
    for release in [Profile::R24_10, Profile::R25_10] {
        let mut office = Office::open(release).await;
        office.watch();
        let ana = office.signed_in("ana").await;
        let (mut ends, mut heard) = (office.server.sessions.ends(), office.server.hub.subscribe());
        office.turn("revoked-key", true);
        office.turn("idle-cut", true);
        let (why, _) = Box::pin(office.pass_until(ended(&office, &mut ends, &ana.token))).await;
        assert_eq!(why, Some(End::KeyRefused), "{release}");
        assert!(office.server.sign_in.is_key_refused());
        office.pass_until(office.clock.sleep(Duration::from_mins(5))).await;
        assert_eq!(alarms(&office, &mut heard).await, [Notice::KeyRefused], "{release}");
        assert_eq!(office.says("ana", "demo-ana").await, "the NAS refuses the service key");
        office.restart().await;
        office.watch();
        let mut heard = office.server.hub.subscribe();
        office.pass_until(office.clock.sleep(Duration::from_mins(2))).await;
        assert_eq!(alarms(&office, &mut heard).await, [], "a restart is no news");
        office.turn("revoked-key", false);
        let well = office.until(async || office.server.client.road().await.is_ok());
        office.pass_until(well).await;
        office.pass_until(office.clock.sleep(Duration::from_mins(1))).await;
        assert_eq!(alarms(&office, &mut heard).await, [Notice::KeyAccepted], "{release}");
        assert!(!office.server.sign_in.is_key_refused());
        office.signed_in("ana").await;
    }
}
