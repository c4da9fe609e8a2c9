//! The socket of a page: what it begins with, what it is told, who is refused, and how it ends.

use std::time::Duration;

use farol::domain::event::{Audience, Cursor, Line, Region};
use farol::domain::language::Texts;
use farol::domain::notice::Notice;
use farol::runtime::Clock;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{Asked, Browser, House, Raw, Socket, soon, toasts_of};

pub fn announcement(title: &str) -> Line {
    let texts = |text: &str| Texts { portuguese: text.to_owned(), english: format!("en {text}") };
    Line::Notice(Notice::Announced { announcement: "a1".to_owned(), title: texts(title), text: texts("") })
}

pub async fn announce(house: &House, title: &str) -> u64 {
    house.hub().tell(Audience::Everybody, announcement(title)).await.unwrap().seq
}

/// Waits until no more than so many sockets are left: who was told goodbye has a second to answer.
async fn until_open(house: &House, most: u64) {
    while house.desk().counters().figures().open > most {
        Clock::real().sleep(Duration::from_millis(1)).await;
    }
}

/// The toasts up to the one with this title.
async fn toasts(socket: &mut Socket, title: &str) -> Vec<u64> {
    socket.until(title).await.iter().flat_map(|frame| toasts_of(frame)).collect()
}

#[tokio::test]
async fn a_page_is_told_what_came_after_its_data_then_the_present_then_changes() {
    let house = House::open().await;
    let ana = house.signed_in("ana").await;
    announce(&house, "before the page").await;
    let page = ana.page().await;
    let missed = [announce(&house, "first").await, announce(&house, "second").await];
    let mut socket = ana.open(&page, Some(ana.origin())).await.unwrap();
    let began = socket.until("id=\"storage\"").await;
    let toasted: Vec<u64> = began.iter().flat_map(|frame| toasts_of(frame)).collect();
    assert_eq!(toasted, missed, "in order, and nothing from before the page");
    assert!(began.last().unwrap().contains("id=\"storage\""));
    assert_eq!(socket.cursor, house.hub().cursor().to_string());
    let third = announce(&house, "third").await;
    assert_eq!(toasts(&mut socket, "third").await, [third]);
    let cursor = socket.cursor.clone();
    drop(socket);
    let fourth = announce(&house, "fourth").await;
    let mut socket = ana.again(&cursor).await;
    assert_eq!(toasts(&mut socket, "fourth").await, [fourth], "the same after a break");
    house.close().await;
}

#[tokio::test]
async fn a_new_start_is_told_beforehand_and_loses_and_repeats_nothing() {
    let mut house = House::open().await;
    let ana = house.signed_in("ana").await;
    let mut socket = ana.live().await;
    announce(&house, "heard").await;
    toasts(&mut socket, "heard").await;
    let cursor = socket.cursor.clone();
    let (ended, ()) = tokio::join!(socket.end(), house.restart());
    assert_eq!(ended, Some(1012));
    let after = announce(&house, "after").await;
    let mut socket = ana.again(&cursor).await;
    assert_eq!(toasts(&mut socket, "after").await, [after]);
    house.close().await;
}

#[tokio::test]
async fn a_page_of_another_beginning_gets_the_present_alone() {
    let house = House::open().await;
    let ana = house.signed_in("ana").await;
    announce(&house, "long ago").await;
    let foreign = Cursor { epoch: "foreign".into(), ..house.hub().cursor() };
    let mut socket = ana.again(&foreign.to_string()).await;
    let began = socket.until("id=\"storage\"").await;
    assert!(began.iter().all(|frame| toasts_of(frame).is_empty()), "{began:?}");
    assert_eq!(socket.cursor, house.hub().cursor().to_string());
    house.close().await;
}

#[tokio::test]
async fn only_a_page_of_ours_with_its_own_unused_ticket_opens_a_socket() {
    let house = House::open().await;
    let (ana, bruno) = (house.signed_in("ana").await, house.signed_in("bruno").await);
    let ours = ana.origin().to_owned();
    let page = ana.page().await;
    for origin in [None, Some("http://evil.example"), Some("null")] {
        assert_eq!(ana.open(&page, origin).await.err(), Some(403), "{origin:?}");
    }
    assert_eq!(house.browser().open(&page, Some(&ours)).await.err(), Some(401), "nobody");
    for (asked, status) in [
        (Asked { ticket: String::new(), ..page.clone() }, 403),
        (Asked { ticket: bruno.ticket().await, ..page.clone() }, 403),
        (Asked { topics: "storage,nonsense".into(), ..page.clone() }, 400),
        (Asked { cursor: "nonsense".into(), ..page.clone() }, 400),
        (Asked { topics: "storage,figures".into(), ..page.clone() }, 403),
    ] {
        assert_eq!(ana.open(&asked, Some(&ours)).await.err(), Some(status), "{asked:?}");
    }
    let _open = ana.open(&page, Some(&ours)).await.unwrap();
    assert_eq!(ana.open(&page, Some(&ours)).await.err(), Some(403), "replayed");
    let late = ana.page().await;
    house.hand.advance(Duration::from_mins(2));
    assert_eq!(ana.open(&late, Some(&ours)).await.err(), Some(403), "late");
    let plain = ana.ask("GET", "/live?cursor=a.1&topics=storage&ticket=x", &[("origin", &ours)], "").await;
    assert_eq!(plain.status, 400, "no socket at all");
    assert_eq!(house.desk().counters().figures().refused, 11, "each of her own is counted");
    house.close().await;
}

#[tokio::test]
async fn a_session_has_five_sockets_and_a_person_twenty() {
    let house = House::open().await;
    let (mut held, mut browsers): (Vec<Socket>, Vec<Browser>) = (Vec::new(), Vec::new());
    for _ in 0..4 {
        let ana = house.signed_in("ana").await;
        for _ in 0..5 {
            let mut socket = ana.again(&house.hub().cursor().to_string()).await;
            socket.until("id=\"storage\"").await;
            held.push(socket);
        }
        assert_eq!(ana.again(&house.hub().cursor().to_string()).await.end().await, Some(1013), "a sixth tab");
        browsers.push(ana);
    }
    let fifth = house.signed_in("ana").await;
    assert_eq!(fifth.again(&house.hub().cursor().to_string()).await.end().await, Some(1013), "the twenty-first");
    let bruno = house.signed_in("bruno").await;
    bruno.live().await.until("id=\"storage\"").await;
    let of_ana = house.desk().online().into_iter().find(|person| person.account.username == "ana").unwrap();
    assert_eq!((of_ana.sessions, of_ana.sockets), (4, 20));
    assert_eq!(house.desk().counters().figures().refused, 5);
    drop(held.pop());
    let free = async { while fifth.again(&house.hub().cursor().to_string()).await.next().await.is_err() {} };
    soon(Box::pin(free)).await;
    house.close().await;
}

#[tokio::test]
async fn a_socket_that_sends_what_it_must_not_is_closed_and_no_other() {
    let house = House::open().await;
    let (ana, bruno) = (house.signed_in("ana").await, house.signed_in("bruno").await);
    let mut other = bruno.live().await;
    other.until("id=\"storage\"").await;
    let bomb = "[".repeat(10_000);
    let bad: [(&str, Message); 5] = [
        ("17 KiB", Message::text("a".repeat(17 << 10))),
        ("bomb", Message::text(bomb)),
        ("binary", Message::binary(vec![1, 2, 3])),
        ("another word", Message::text("hello")),
        ("half a word", Message::text("seen -1")),
    ];
    for (name, message) in bad {
        let mut socket = ana.again(&house.hub().cursor().to_string()).await;
        socket.say(message).await;
        assert_eq!(socket.end().await, Some(4403), "{name}");
        house.pass_until(until_open(&house, 1)).await;
    }
    let mut socket = ana.again(&house.hub().cursor().to_string()).await;
    for _ in 0..60 {
        socket.say(Message::text("ping")).await;
    }
    for _ in 0..60 {
        socket.until("pong").await;
    }
    socket.say(Message::text("ping")).await;
    assert_eq!(socket.end().await, Some(4403), "the sixty-first in a minute");
    house.pass_until(until_open(&house, 1)).await;
    let goodbye = [0x88, 2, 0x11, 0x33];
    let fragment = [0x01, 0x80, 1, 2, 3, 4];
    let more = [0x00, 0x80, 1, 2, 3, 4];
    let flood: Vec<u8> = fragment.into_iter().chain(more.into_iter().cycle().take(6 * 1_000)).collect();
    for bytes in [b"\x81\x04ping".to_vec(), b"GET / HTTP/1.1\r\n\r\n".to_vec(), flood, vec![0xff; 5_000]] {
        let asked =
            Asked { topics: "storage".into(), cursor: house.hub().cursor().to_string(), ticket: ana.ticket().await };
        let mut raw = Raw::open(&ana, &asked).await;
        raw.send(&bytes).await;
        let rest = raw.rest().await;
        assert!(rest.windows(4).any(|window| window == goodbye), "{:?}", &bytes[..6]);
        house.pass_until(until_open(&house, 1)).await;
    }
    announce(&house, "still here").await;
    toasts(&mut other, "still here").await;
    house.close().await;
}

#[tokio::test]
async fn a_browser_that_answers_pings_stays_and_one_that_does_not_is_let_go() {
    let house = House::open().await;
    let ana = house.signed_in("ana").await;
    let mut answers = ana.live().await;
    answers.until("id=\"storage\"").await;
    let mut silent = Raw::open(&ana, &ana.page().await).await;
    assert!(!silent.some().await.is_empty());
    house.hand.advance(Duration::from_secs(25));
    answers.pinged().await;
    while !silent.some().await.ends_with(&[0x89, 0]) {}
    answers.say(Message::text("ping")).await;
    answers.until("pong").await;
    house.hand.advance(Duration::from_secs(10));
    assert_eq!(silent.rest().await, [] as [u8; 0]);
    answers.say(Message::text("ping")).await;
    answers.until("pong").await;
    house.close().await;
}

#[tokio::test]
async fn a_page_is_told_within_a_second_why_its_session_ended() {
    let house = House::open().await;
    let (desk, phone) = (house.signed_in("ana").await, house.signed_in("ana").await);
    let bruno = house.signed_in("bruno").await;
    let (mut on_desk, mut on_phone, mut of_bruno) = (desk.live().await, phone.live().await, bruno.live().await);
    for socket in [&mut on_desk, &mut on_phone, &mut of_bruno] {
        socket.until("id=\"storage\"").await;
    }
    desk.twin().post("/sessions/end-others", &[]).await;
    on_phone.until("/?ended=elsewhere").await;
    assert_eq!(on_phone.end().await, Some(4401));
    bruno.twin().post("/logout", &[]).await;
    of_bruno.until("/?ended=signed-out").await;
    assert_eq!(of_bruno.end().await, Some(4401));
    house.turn("user-locked", true);
    on_desk.until("/?ended=locked").await;
    assert_eq!(on_desk.end().await, Some(4401));
    house.pass_until(until_open(&house, 0)).await;
    house.close().await;
}

#[tokio::test]
async fn an_open_page_keeps_no_session_alive() {
    // Less than the time to the first ping.
    for (idle, end, word) in [(20, 60, "unused"), (60, 20, "over")] {
        let house = House::with(|settings| {
            settings.auth.idle_timeout = Duration::from_secs(idle);
            settings.auth.session_timeout = Duration::from_secs(end);
        })
        .await;
        let ana = house.signed_in("ana").await;
        let mut socket = ana.live().await;
        socket.until("id=\"storage\"").await;
        house.hand.advance(Duration::from_secs(19));
        let poll = format!("/live/poll?cursor={}&topics=storage", socket.cursor);
        assert_eq!(ana.get(&poll).await.status, 200);
        ana.ticket().await;
        socket.say(Message::text("ping")).await;
        socket.until("pong").await;
        house.hand.advance(Duration::from_secs(1));
        house.pass(Duration::from_secs(1)).await;
        socket.until(&format!("/?ended={word}")).await;
        assert_eq!(socket.end().await, Some(4401));
        house.close().await;
    }
}

#[tokio::test]
async fn a_line_goes_to_whom_it_is_for_by_the_rights_of_that_moment_and_in_their_language() {
    let house = House::open().await;
    let (ana, bruno) = (house.signed_in("ana").await, house.signed_in("bruno").await);
    ana.set_cookie("lang", "en");
    ana.get("/dashboard").await;
    bruno.get("/dashboard").await;
    let (mut of_ana, mut of_bruno) = (ana.live().await, bruno.live().await);
    of_ana.until("id=\"storage\"").await;
    of_bruno.until("id=\"storage\"").await;
    let finance = Audience::Group("financeiro".into());
    house.hub().tell(finance.clone(), announcement("for finance")).await.unwrap();
    house.hub().tell(Audience::Administrators, announcement("for administrators")).await.unwrap();
    announce(&house, "for all").await;
    let heard = of_ana.until("for all").await.concat();
    assert!(heard.contains("for finance") && !heard.contains("for administrators"), "{heard}");
    assert!(!of_bruno.until("for all").await.concat().contains("for finance"));
    let cursor = of_ana.cursor.clone();
    house.hub().tell(finance, announcement("secret of finance")).await.unwrap();
    of_ana.until("secret of finance").await;
    house.turn("user-moved", true);
    house.pass_until(of_ana.until("/hx-partial")).await;
    let moved = async {
        // Until the page shows that the share is gone.
        while ana.get("/dashboard").await.body.contains("Financeiro") {}
    };
    house.pass_until(moved).await;
    let mut again = ana.again(&cursor).await;
    announce(&house, "the end").await;
    let heard = again.until("the end").await.concat();
    assert!(!heard.contains("secret of finance"), "{heard}");
    house.close().await;
}

#[tokio::test]
async fn what_is_shown_whole_is_merged_and_lines_come_one_by_one_in_their_order() {
    let house = House::open().await;
    let ana = house.signed_in("ana").await;
    let mut socket = ana.live().await;
    socket.until("id=\"storage\"").await;
    let mut told = Vec::new();
    for number in 0..20 {
        for _ in 0..50 {
            house.hub().changed(Region::Storage);
        }
        told.push(announce(&house, &format!("line {number}.")).await);
    }
    let frames = socket.until("line 19.").await;
    assert_eq!(frames.iter().flat_map(|frame| toasts_of(frame)).collect::<Vec<_>>(), told);
    let more = house.pass_until(socket.until("id=\"storage\"")).await;
    let shown = frames.iter().chain(&more).filter(|frame| frame.contains("id=\"storage\"")).count();
    assert!(shown <= 3, "a thousand changes were shown {shown} times");
    house.close().await;
}

#[tokio::test]
async fn polling_gives_the_same_as_the_socket() {
    let house = House::open().await;
    let ana = house.signed_in("ana").await;
    let page = ana.page().await;
    announce(&house, "missed").await;
    let mut socket = ana.open(&page, Some(ana.origin())).await.unwrap();
    // The last of what it asks for.
    let began = socket.until("id=\"bell\"").await;
    let path = format!("/live/poll?cursor={}&topics={}", page.cursor, page.topics);
    let polled = ana.get(&path).await;
    assert_eq!(polled.header("content-type"), "text/html; charset=utf-8");
    let mut rest = polled.body.as_str();
    for frame in &began {
        rest = rest.strip_prefix(frame.as_str()).unwrap_or_else(|| panic!("{frame}\nis not what begins\n{rest}"));
    }
    let elsewhere = ana.ask("GET", &path, &[("sec-fetch-site", "cross-site")], "").await;
    assert_eq!(elsewhere.status, 403);
    let forbidden = format!("/live/poll?cursor={}&topics=figures", page.cursor);
    assert_eq!(ana.get(&forbidden).await.status, 403);
    assert_eq!(house.browser().get(&path).await.status, 401);
    house.close().await;
}

#[tokio::test]
async fn a_toast_seen_in_one_browser_is_taken_back_in_the_others() {
    let house = House::open().await;
    let (desk, phone) = (house.signed_in("ana").await, house.signed_in("ana").await);
    let (mut on_desk, mut on_phone) = (desk.live().await, phone.live().await);
    on_desk.until("id=\"storage\"").await;
    on_phone.until("id=\"storage\"").await;
    let cursor = on_phone.cursor.clone();
    let seq = announce(&house, "seen once").await;
    toasts(&mut on_desk, "seen once").await;
    toasts(&mut on_phone, "seen once").await;
    on_desk.say(Message::text(format!("seen {seq}"))).await;
    on_phone.until(&format!("[data-seq=\"{seq}\"]")).await;
    assert!(on_desk.is_quiet().await, "who has seen it is told nothing");
    let mut again = phone.again(&cursor).await;
    let began = again.until("id=\"storage\"").await;
    assert!(began.iter().all(|frame| toasts_of(frame).is_empty()), "{began:?}");
    house.close().await;
}

#[tokio::test]
async fn a_toast_seen_where_there_is_no_socket_is_taken_back_in_the_others_too() {
    let house = House::open().await;
    let (desk, phone) = (house.signed_in("ana").await, house.signed_in("ana").await);
    let mut on_phone = phone.live().await;
    on_phone.until("id=\"storage\"").await;
    let poll = format!("/live/poll?cursor={}&topics=storage", on_phone.cursor);
    let seq = announce(&house, "seen once").await;
    assert_eq!(toasts_of(&desk.get(&poll).await.body), [seq]);
    let polled = desk.get(&format!("{poll}&seen={seq}")).await;
    assert!(toasts_of(&polled.body).is_empty(), "{}", polled.body);
    on_phone.until(&format!("[data-seq=\"{seq}\"]")).await;
    assert!(toasts_of(&phone.get(&poll).await.body).is_empty());
    assert_eq!(desk.get(&format!("{poll}&seen=1,-2")).await.status, 400);
    house.close().await;
}

#[tokio::test]
async fn the_administrators_room_is_live_only_for_whoever_gave_a_code() {
    let house = House::open().await;
    for (browser, admitted) in [(house.signed_in("carla").await, false), (house.administrator("carla").await, true)] {
        let asked = Asked { topics: "storage,feed,figures".into(), ..browser.page().await };
        let opened = browser.open(&asked, Some(browser.origin())).await;
        assert_eq!(opened.err(), (!admitted).then_some(403));
        let path = format!("/live/poll?cursor={}&topics=feed", asked.cursor);
        assert_eq!(browser.get(&path).await.status, if admitted { 200 } else { 403 });
    }
    house.close().await;
}
