//! Rights that change while somebody looks: what is shown and told then, and how soon.

use std::time::Duration;

use farol::domain::caller::AccountId;
use farol::domain::event::{Audience, Line, Listener, Region};
use farol::domain::notice::Notice;
use farol::domain::share::Right;
use farol::live::{Heard, Replay, Subscription};
use farol::runtime::Clock;
use farol::sim::Profile;

use crate::office::{Office, soon};

/// The NAS tells by itself what changes.
const TELLING: [Profile; 3] = [Profile::R25_04, Profile::R25_10, Profile::R26];
/// It has to be asked.
const SILENT: [Profile; 3] = [Profile::R22_12, Profile::R24_10, Profile::Spec];

/// From the change to what an open page shows, by the real clock.
const AT_ONCE: Duration = Duration::from_secs(2);
/// From the change to the next look where nothing is told: a lifetime, a tick, and the looking itself.
const PERIOD: Duration = Duration::from_secs(30);
/// The same for lists of rights, which no release tells of.
const ACL_PERIOD: Duration = Duration::from_secs(70);

/// What ana is told next, with whom else it is for, once her shares have been shown anew.
async fn told(heard: &mut Subscription) -> (Audience, Notice) {
    let mut shown = false;
    loop {
        match heard.next().await.unwrap() {
            Heard::Changed(Region::Shares(account)) => shown = account == ana(),
            Heard::Told(told) => {
                assert!(shown, "the cards first");
                let Line::Notice(notice) = told.line.clone() else { panic!("{told:?}") };
                return (told.audience.clone(), notice);
            }
            Heard::Changed(_) => {}
            Heard::Missed => panic!("too much came"),
        }
    }
}

fn ana() -> AccountId {
    AccountId::of_uid(3001)
}

fn lost(name: &str) -> (Audience, Notice) {
    (Audience::Account(ana()), Notice::ShareLost { name: name.to_owned() })
}

fn gained(office: &Office, name: &str) -> (Audience, Notice) {
    let known = office.server.board.known(&ana()).unwrap();
    let share = known.access.shares.iter().find(|access| access.share.name == name).unwrap().share.id;
    (Audience::AccountReaching(ana(), share), Notice::ShareGained { name: name.to_owned(), right: Right::Write })
}

fn shown(office: &Office) -> Vec<String> {
    let known = office.server.board.known(&ana()).unwrap();
    let ids = known.share_ids();
    let shares = known.access.shares.iter().filter(|access| ids.contains(&access.share.id));
    let mut names: Vec<String> = shares.map(|access| access.share.name.clone()).collect();
    names.sort();
    names
}

/// Nothing more was told than is taken out here.
async fn assert_quiet(office: &Office, heard: &mut Subscription, why: &str) {
    office.server.hub.changed(Region::Status);
    loop {
        match soon(heard.next()).await.unwrap() {
            Heard::Changed(Region::Status) => return,
            Heard::Changed(_) => {}
            Heard::Told(told) => panic!("{why}: {told:?}"),
            Heard::Missed => panic!("{why}: too much came"),
        }
    }
}

#[tokio::test]
async fn what_the_nas_tells_is_shown_and_told_while_the_clock_stands_still() {
    for release in TELLING {
        let office = Office::open(release).await;
        office.watch();
        let ana_here = office.signed_in("ana").await;
        let _following = office.server.board.follow(&ana_here.session.account.id, "ana");
        let before = office.server.hub.cursor();
        let mut heard = office.server.hub.subscribe();
        for (fault, name, on, gains) in [
            ("user-moved", "Financeiro", true, false),
            ("user-moved", "Financeiro", false, true),
            ("share-disabled", "Geral", true, false),
            ("share-disabled", "Geral", false, true),
            ("share-added", "Marketing", true, true),
            ("share-added", "Marketing", false, false),
        ] {
            office.turn(fault, on);
            let news = Clock::real().timeout(AT_ONCE, told(&mut heard)).await.unwrap();
            let expected = if gains { gained(&office, name) } else { lost(name) };
            assert_eq!(news, expected, "{release} {fault} {on}");
            assert_eq!(shown(&office).contains(&name.to_owned()), gains);
        }
        // Whoever comes back is told of no share they lost meanwhile, but that it was lost.
        let Replay::Lines(lines) = office.server.hub.since(&before).await.unwrap() else {
            panic!("they are all there")
        };
        let known = office.server.board.known(&ana()).unwrap();
        let (groups, shares) = (known.group_names(), known.share_ids());
        let listener = Listener { account: &ana_here.session.account, groups: &groups, shares: &shares };
        let replayed = lines.iter().filter(|told| told.audience.admits(&listener));
        let leaks = |told: &&std::sync::Arc<farol::domain::event::Told>| matches!(&told.line, Line::Notice(Notice::ShareGained { name, .. }) if name == "Marketing");
        assert_eq!(replayed.filter(leaks).count(), 0, "{release}");
    }
}

#[tokio::test]
async fn a_nas_that_tells_nothing_is_asked_often_enough() {
    for release in SILENT {
        let office = Office::open(release).await;
        office.watch();
        let _following = office.server.board.follow(&office.signed_in("ana").await.session.account.id, "ana");
        let mut heard = office.server.hub.subscribe();
        for (fault, name) in [("user-moved", "Financeiro"), ("share-disabled", "Geral")] {
            office.turn(fault, true);
            let (news, took) = office.pass_until(told(&mut heard)).await;
            assert_eq!(news, lost(name), "{release}");
            assert!(took <= PERIOD, "{release}: {took:?}");
        }
    }
}

#[tokio::test]
async fn an_edited_list_of_rights_is_found_by_the_timer_on_every_release() {
    for release in TELLING.into_iter().chain(SILENT) {
        let office = Office::open(release).await;
        office.watch();
        let _following = office.server.board.follow(&office.signed_in("ana").await.session.account.id, "ana");
        let mut heard = office.server.hub.subscribe();
        office.turn("share-moved", true);
        let (news, took) = office.pass_until(told(&mut heard)).await;
        assert_eq!(news, lost("Financeiro"), "{release}");
        assert!(took <= ACL_PERIOD, "{release}: {took:?}");
    }
}

#[tokio::test]
async fn a_nas_in_trouble_takes_no_share_from_anybody_and_its_recovery_is_no_news() {
    for (release, faults) in [
        (Profile::R24_10, ["power-off", "malformed-reply", "key-missing-role"]),
        (Profile::R25_10, ["502", "booting", "expired-session"]),
    ] {
        let office = Office::open(release).await;
        office.watch();
        let _following = office.server.board.follow(&office.signed_in("ana").await.session.account.id, "ana");
        let before = shown(&office);
        let mut heard = office.server.hub.subscribe();
        for fault in faults {
            office.turn(fault, true);
            office.pass_until(office.clock.sleep(ACL_PERIOD)).await;
            // What cannot be read might be theirs as well.
            let now = shown(&office);
            assert!(before.iter().all(|name| now.contains(name)), "{release} {fault}: {now:?}");
            office.turn(fault, false);
            let well = office.until(async || office.server.client.road().await.is_ok());
            office.pass_until(well).await;
            office.pass_until(office.clock.sleep(ACL_PERIOD)).await;
            assert_eq!(shown(&office), before, "{release} {fault}");
            assert_quiet(&office, &mut heard, fault).await;
        }
    }
}

#[tokio::test]
async fn whoever_comes_after_a_change_is_shown_the_present_and_told_nothing() {
    let office = Office::open(Profile::R25_10).await;
    office.watch();
    let ana_here = office.signed_in("ana").await;
    let account = ana_here.session.account.id;
    let mut heard = office.server.hub.subscribe();
    drop(office.server.board.follow(&account, "ana"));
    // Nobody looks any more, and the moment after has passed.
    office.pass_until(office.clock.sleep(Duration::from_mins(2))).await;
    office.turn("user-moved", true);
    office.turn("share-added", true);
    office.pass_until(office.clock.sleep(Duration::from_mins(2))).await;
    let _following = office.server.board.follow(&account, "ana");
    let fresh = async {
        while shown(&office).contains(&"Financeiro".to_owned()) {
            Clock::real().sleep(Duration::from_millis(5)).await;
        }
    };
    soon(fresh).await;
    assert!(shown(&office).contains(&"Marketing".to_owned()));
    assert_quiet(&office, &mut heard, "nobody looked").await;
}

#[tokio::test]
async fn whoever_goes_from_one_page_to_the_next_misses_no_change_between_them() {
    let office = Office::open(Profile::R25_10).await;
    office.watch();
    let account = office.signed_in("ana").await.session.account.id;
    drop(office.server.board.follow(&account, "ana"));
    let mut heard = office.server.hub.subscribe();
    office.turn("user-moved", true);
    assert_eq!(soon(told(&mut heard)).await, lost("Financeiro"));
    let _following = office.server.board.follow(&account, "ana");
}
