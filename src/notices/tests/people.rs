//! What people read, confirm, are told of incidents, and what administrators do not want to hear.

use super::*;
use crate::domain::event::Told;

fn listener<'a>(account: &'a Account, groups: &'a [String], shares: &'a [i64]) -> Listener<'a> {
    Listener { account, groups, shares }
}

async fn tell(office: &Office, audience: Audience, text: &str) {
    let notice = Notice::AlertCleared { text: text.to_owned() };
    office.hub.tell(audience, Line::Notice(notice)).await.unwrap();
}

fn read(page: &Page) -> Vec<String> {
    let text = |told: &Arc<Told>| {
        let Line::Notice(Notice::AlertCleared { text }) = &told.line else { panic!("{told:?}") };
        text.clone()
    };
    page.lines.iter().map(text).collect()
}

#[tokio::test]
async fn a_page_is_full_even_when_most_lines_are_for_others_and_goes_on_where_it_ended() {
    let office = Office::at(START).await;
    let (ana, bruno) = (account(1), account(2));
    for number in 0..35 {
        tell(&office, Audience::Account(ana.id.clone()), &number.to_string()).await;
        for _ in 0..10 {
            tell(&office, Audience::Account(bruno.id.clone()), "bruno").await;
        }
    }
    let (ana, bruno) = (listener(&ana, &[], &[]), listener(&bruno, &[], &[]));
    let first = office.notices.centre.page(&ana, None).await.unwrap();
    let second = office.notices.centre.page(&ana, first.older).await.unwrap();
    let all: Vec<String> = (0..35).rev().map(|number| number.to_string()).collect();
    assert_eq!([read(&first), read(&second)].concat(), all);
    assert_eq!((first.lines.len(), second.older), (30, None));
    let unread =
        [office.notices.centre.unread(&ana).await.unwrap(), office.notices.centre.unread(&bruno).await.unwrap()];
    assert_eq!(unread, [Unread { count: 35, more: false }, Unread { count: 99, more: true }]);
}

#[tokio::test]
async fn what_was_read_stays_read_and_the_mark_only_moves_forward() {
    let office = Office::at(START).await;
    let (ana, bruno) = (account(1), account(2));
    let mut heard = office.hub.subscribe();
    for text in ["1", "2", "3"] {
        tell(&office, Audience::Everybody, text).await;
    }
    let centre = &office.notices.centre;
    assert!(centre.read_up_to(&ana.id, 2).await.unwrap());
    assert!(!centre.read_up_to(&ana.id, 1).await.unwrap());
    assert_eq!(regions(&mut heard, &office.hub).await, [Region::Bell(ana.id.clone())]);
    let office = office.restarted(START + HOUR).await;
    let centre = &office.notices.centre;
    let (anas, brunos) = (listener(&ana, &[], &[]), listener(&bruno, &[], &[]));
    let counts = [centre.unread(&anas).await.unwrap().count, centre.unread(&brunos).await.unwrap().count];
    assert_eq!(counts, [1, 3]);
    assert_eq!(centre.page(&anas, None).await.unwrap().read_up_to, 2);
    assert!(centre.read_up_to(&ana.id, u64::MAX).await.unwrap());
    tell(&office, Audience::Everybody, "4").await;
    assert_eq!(centre.unread(&anas).await.unwrap().count, 1, "nobody has read what was not told yet");
}

#[tokio::test]
async fn a_right_that_is_gone_hides_what_it_once_let_hear() {
    let office = Office::at(START).await;
    let ana = account(1);
    tell(&office, Audience::Reaching(vec![4]), "share").await;
    tell(&office, Audience::Group("staff".into()), "group").await;
    let groups = ["staff".to_owned()];
    let centre = &office.notices.centre;
    assert_eq!(read(&centre.page(&listener(&ana, &groups, &[4]), None).await.unwrap()), ["group", "share"]);
    let later = listener(&ana, &[], &[]);
    assert_eq!(centre.page(&later, None).await.unwrap().lines, []);
    assert_eq!(centre.unread(&later).await.unwrap(), Unread::default());
}

#[tokio::test]
async fn an_announcement_is_told_once_stays_while_pinned_and_counts_who_confirmed() {
    let office = Office::at(START).await;
    let until = Some(Timestamp::from_millis(START + 2 * HOUR));
    let draft = Draft {
        title: texts("Aviso"),
        text: texts("Leiam"),
        group: Some("staff".into()),
        pinned_until: until,
        confirm: true,
    };
    let done = office.notices.announcements.create(&carla(), draft).await.unwrap();
    assert_eq!(
        (done.deed.action, &*done.deed.detail),
        (Action::AnnouncementPublished, "Aviso; to staff; until 2026-12-13T02:00:00Z")
    );
    office.round(Nas::Up).await;
    let office = office.restarted(START + HOUR).await;
    office.round(Nas::Up).await;
    let announcements = &office.notices.announcements;
    assert_eq!(office.said().await, ["Aviso"]);
    assert_eq!(office.told().await[0].0, Audience::Group("staff".into()));
    let (ana, bruno, groups) = (account(1), account(2), ["staff".to_owned()]);
    let (anas, brunos) = (listener(&ana, &groups, &[]), listener(&bruno, &[], &[]));
    assert_eq!(announcements.list_for(&brunos).await.unwrap(), []);
    let id = done.value.id;
    let mut asked = Vec::new();
    for who in [&brunos, &anas, &anas] {
        asked.push(announcements.confirm(who, &id).await.unwrap());
    }
    assert_eq!(asked, [false, true, true]);
    assert!(announcements.list_for(&anas).await.unwrap()[0].confirmed);
    assert_eq!(announcements.list().await.unwrap()[0].confirmations, 1);
    let confirmed = announcements.list_confirmations(&id).await.unwrap();
    assert_eq!((confirmed.len(), &*confirmed[0].username), (1, "user1"));
    let mut heard = office.hub.subscribe();
    office.hand.advance(span(HOUR));
    office.round(Nas::Up).await;
    assert!(regions(&mut heard, &office.hub).await.contains(&Region::Announcements), "it left the page by itself");
    assert_eq!(announcements.list_for(&anas).await.unwrap(), []);
    assert!(!announcements.confirm(&anas, &id).await.unwrap());
    assert_eq!(announcements.remove(&carla(), &id).await.unwrap(), None);
}

#[tokio::test]
async fn an_announcement_that_is_removed_before_anybody_heard_of_it_is_told_to_nobody() {
    let office = Office::at(START).await;
    let announcements = &office.notices.announcements;
    let draft = Draft { title: texts("Aviso"), text: texts("Leiam"), group: None, pinned_until: None, confirm: false };
    let first = announcements.create(&carla(), draft.clone()).await.unwrap().value;
    let removed = announcements.remove(&carla(), &first.id).await.unwrap().unwrap();
    assert_eq!(removed.deed.action, Action::AnnouncementRemoved);
    announcements.create(&carla(), Draft { title: texts("Outro"), ..draft }).await.unwrap();
    // Nobody was there to tell for two days: it stays on the page and is news no more.
    let office = office.restarted(START + 48 * HOUR).await;
    office.round(Nas::Up).await;
    assert_eq!(office.said().await, Vec::<String>::new());
    let ana = account(1);
    assert_eq!(office.notices.announcements.list_for(&listener(&ana, &[], &[])).await.unwrap().len(), 1);
}

#[tokio::test]
async fn every_update_of_an_incident_is_told_once_and_listed_for_ninety_days() {
    let office = Office::at(START).await;
    let words = |state, text| Words { state, text: texts(text) };
    let incidents = &office.notices.incidents;
    let new = incidents.create(&carla(), texts("Lento"), words(State::Investigating, "olhando")).await.unwrap();
    assert_eq!((new.deed.action, &*new.deed.detail), (Action::IncidentWritten, "investigating: Lento"));
    let id = new.value.id;
    office.round(Nas::Up).await;
    incidents.update(&carla(), &id, words(State::Identified, "achamos")).await.unwrap().unwrap();
    incidents.update(&carla(), &id, words(State::Resolved, "pronto")).await.unwrap().unwrap();
    assert_eq!(incidents.update(&carla(), "another", words(State::Resolved, "x")).await.unwrap(), None);
    let office = office.restarted(START + HOUR).await;
    office.round(Nas::Up).await;
    office.round(Nas::Up).await;
    assert_eq!(office.said().await, ["olhando false", "achamos false", "pronto true"]);
    let incident = office.notices.incidents.find(&id).await.unwrap().unwrap();
    assert_eq!((incident.resolved_at(), incident.updates.len()), (Some(Timestamp::from_millis(START)), 3));
    office.hand.advance(span(89 * 24 * HOUR));
    assert_eq!(office.notices.incidents.list().await.unwrap().len(), 1);
    office.hand.advance(span(24 * HOUR));
    assert_eq!(office.notices.incidents.list().await.unwrap(), []);
}

#[tokio::test]
async fn a_silence_covers_its_alerts_until_its_time_is_over_or_it_is_lifted() {
    let office = Office::at(START).await;
    let alert = |id: &str, class: &str| Alert {
        id: id.into(),
        class: class.into(),
        level: AlertLevel::Warning,
        text: String::new(),
        raised_at: None,
        dismissed: false,
    };
    let alerts = [alert("a", "SMART"), alert("b", "SMART"), alert("c", "Disk")];
    let silenced = |office: &Office| alerts.clone().map(|alert| office.notices.silences.is_silenced(&alert));
    let room = &office.notices.silences;
    let class = room.create(&carla(), Target::Class("SMART".into()), 2).await.unwrap();
    assert_eq!((class.deed.action, &*class.deed.subject, &*class.deed.detail), (Action::AlertSilenced, "SMART", "2 h"));
    room.create(&carla(), Target::Alert("c".into()), 1).await.unwrap();
    assert_eq!(silenced(&office), [true, true, true]);
    let office = office.restarted(START + HOUR).await;
    assert_eq!((silenced(&office), office.notices.silences.list().len()), ([true, true, false], 1));
    let lifted = office.notices.silences.remove(&carla(), &class.value.id).await.unwrap().unwrap();
    assert_eq!(lifted.deed.action, Action::AlertHeardAgain);
    assert_eq!(silenced(&office), [false; 3]);
    assert_eq!(office.notices.silences.remove(&carla(), &class.value.id).await.unwrap(), None);
}

#[tokio::test]
async fn what_nobody_needs_any_more_is_let_go() {
    let office = Office::at(START).await;
    let Notices { windows, announcements, centre, scheduler, .. } = &office.notices;
    windows.create(&carla(), once(HOUR, HOUR)).await.unwrap();
    let until = Some(Timestamp::from_millis(START + 2 * HOUR));
    let draft = Draft { title: texts("Aviso"), text: texts("Leiam"), group: None, pinned_until: until, confirm: true };
    let id = announcements.create(&carla(), draft).await.unwrap().value.id;
    office.round(Nas::Up).await;
    let ana = account(1);
    announcements.confirm(&listener(&ana, &[], &[]), &id).await.unwrap();
    centre.read_up_to(&ana.id, 1).await.unwrap();
    let (mut kept, key) = (Vec::new(), [format!("{id} announced")]);
    for days in [0, 31, 61, 300] {
        office.hand.advance(span(days * 24 * HOUR));
        scheduler.tidy().await.unwrap();
        let windows = office.store.list_documents::<crate::domain::maintenance::Window>(Timestamp::from_millis(0));
        kept.push([
            windows.await.unwrap().len(),
            announcements.list_confirmations(&id).await.unwrap().len(),
            usize::try_from(office.store.find_read_mark(&ana.id).await.unwrap()).unwrap(),
            office.store.list_told_once(&key).await.unwrap().len(),
        ]);
    }
    assert_eq!(kept, [[1, 1, 1, 1], [1, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1]]);
    office.hand.advance(span(20 * 24 * HOUR));
    scheduler.tidy().await.unwrap();
    assert_eq!(office.store.list_told_once(&key).await.unwrap(), Vec::<String>::new());
}
