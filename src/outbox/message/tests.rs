//! What each line becomes.

use super::*;
use crate::domain::event::Audience;
use crate::domain::language::Texts;
use crate::domain::notice::Planned;
use crate::store::{MESSAGE_SUBJECT_LIMIT, MESSAGE_TEXT_LIMIT};

/// Midday of 25 November 2026 in Lisbon.
const AT: Timestamp = Timestamp::from_millis(1_795_608_000_000);

fn said(line: Line, language: Language) -> Option<Message> {
    said_to(Audience::Everybody, line, language)
}

fn said_to(audience: Audience, line: Line, language: Language) -> Option<Message> {
    let rule = Rule { least: Level::Info, events: Vec::new(), quiet: None, trouble_anytime: true, language };
    let told = Told { seq: 1, at: AT, audience, line };
    message("email", &rule, &told, &TimeZone::get("Europe/Lisbon").unwrap())
}

fn window() -> Planned {
    let title = Texts { portuguese: "Troca de disco".into(), english: "New disk".into() };
    let ends_at = Some(AT.plus(std::time::Duration::from_hours(2)));
    Planned { window: "w".into(), title, starts_at: AT, ends_at }
}

fn texts(portuguese: &str, english: &str) -> Texts {
    Texts { portuguese: portuguese.into(), english: english.into() }
}

/// Both languages say this, and the day in their own way.
fn assert_said(line: &Line, (event, level): (Event, Level), portuguese: &str, english: &str) {
    let both =
        [(Language::Portuguese, "25/11/2026 12:00", portuguese), (Language::English, "25 Nov 2026 12:00", english)];
    for (language, date, words) in both {
        let message = said(line.clone(), language).unwrap();
        assert_eq!((message.event, message.level), (event, level), "{line:?}");
        assert_eq!(message.text, format!("{date} — {words}"));
        let subject = message.subject.strip_prefix("Farol: ").unwrap();
        assert!(words.starts_with(subject), "{message:?}");
    }
}

#[test]
fn the_storage_and_its_key_are_told_in_both_languages() {
    let (before, after) = (health::Level::Restarting, health::Level::Online);
    assert_said(
        &Line::Notice(Notice::StorageChanged { before, after }),
        (Event::Storage, Level::Attention),
        "o TrueNAS está funcionando normalmente",
        "TrueNAS is working normally",
    );
    let (before, after) = ("ONLINE".into(), "DEGRADED".into());
    assert_said(
        &Line::Fact(Fact::PoolChanged { name: "tank".into(), before, after, healthy: false }),
        (Event::Storage, Level::Trouble),
        "o pool tank precisa de atenção (DEGRADED)",
        "pool tank needs attention (DEGRADED)",
    );
    assert_said(
        &Line::Notice(Notice::KeyAccepted),
        (Event::Key, Level::Trouble),
        "o TrueNAS aceita de novo a chave de API do Farol",
        "TrueNAS accepts the API key of Farol again",
    );
}

#[test]
fn what_people_wrote_is_told_in_both_languages() {
    assert_said(
        &Line::Notice(Notice::MaintenanceAhead { window: window(), minutes: 60 }),
        (Event::Maintenance, Level::Info),
        "manutenção em 60 minutos: Troca de disco. De 25/11/2026 12:00 a 25/11/2026 14:00.",
        "maintenance in 60 minutes: New disk. From 25 Nov 2026 12:00 to 25 Nov 2026 14:00.",
    );
    assert_said(
        &Line::Notice(Notice::MaintenanceEnded(Planned { ends_at: None, ..window() })),
        (Event::Maintenance, Level::Info),
        "a manutenção terminou: Troca de disco. Desde 25/11/2026 12:00.",
        "maintenance has ended: New disk. Since 25 Nov 2026 12:00.",
    );
    let (title, text) = (texts("Rede", "Network"), texts("Fora.", "Down."));
    assert_said(
        &Line::Notice(Notice::IncidentUpdated { incident: "i".into(), title, text, resolved: false }),
        (Event::Incidents, Level::Attention),
        "incidente: Rede. Fora.",
        "incident: Network. Down.",
    );
    assert_said(
        &Line::Notice(Notice::MessageUndelivered { channel: "teams".into() }),
        (Event::Messages, Level::Attention),
        "mensagens não foram entregues. Canal: teams.",
        "messages could not be delivered. Channel: teams.",
    );
}

#[test]
fn of_a_window_of_some_shares_only_the_times_go_out() {
    for (language, title) in
        [(Language::Portuguese, "uma parte das pastas"), (Language::English, "some of the folders")]
    {
        for notice in [
            Notice::MaintenanceAhead { window: window(), minutes: 60 },
            Notice::MaintenanceBegan(window()),
            Notice::MaintenanceEnded(window()),
            Notice::MaintenanceMoved(window()),
            Notice::MaintenanceCalledOff(window()),
        ] {
            let message = said_to(Audience::Reaching(vec![3]), Line::Notice(notice), language).unwrap();
            assert!(message.subject.ends_with(title) && message.text.contains(&format!("{title}. ")), "{message:?}");
            assert!(message.text.contains("2026 14:00."), "{message:?}");
            for inside in ["Troca", "disk"] {
                assert!(!message.subject.contains(inside) && !message.text.contains(inside), "{message:?}");
            }
        }
    }
}

#[test]
fn what_concerns_nobody_outside_or_was_told_already_is_not_told() {
    let changed = |before, after| Line::Notice(Notice::StorageChanged { before, after });
    for line in [
        Line::Notice(Notice::ShareLost { name: "a".into() }),
        Line::Notice(Notice::MessageUndelivered { channel: "email".into() }),
        Line::Fact(Fact::KeyRefused),
        changed(health::Level::Online, health::Level::KeyRefused),
        changed(health::Level::KeyRefused, health::Level::Online),
        changed(health::Level::Online, health::Level::Online),
    ] {
        assert_eq!(said(line.clone(), Language::Portuguese), None, "{line:?}");
    }
}

#[test]
fn no_name_breaks_a_line_or_grows_without_end() {
    let hostile = format!("a\r\nBcc: b\u{2028}c\u{202e}\u{1b}[31m{}", "é".repeat(20_000));
    let mut message =
        said(Line::Notice(Notice::AlertRaised { level: AlertLevel::Error, text: hostile }), Language::English).unwrap();
    assert!(message.subject.starts_with("Farol: TrueNAS alert: a Bcc: b c [31mé"), "{}", message.subject);
    assert_eq!(message.subject.chars().count(), MESSAGE_SUBJECT_LIMIT as usize);
    assert!(!message.text.contains(|c: char| c.is_control()) && message.text.chars().count() < 1_100);
    let many = words::subject_of_many(Language::English, &message.subject, 1_000);
    assert!(many.ends_with("… (and 999 more)") && many.chars().count() <= MESSAGE_SUBJECT_LIMIT as usize, "{many}");
    for line in 0..100 {
        message.text = words::with_line(&message.text, &format!("{line}{}", "x".repeat(900)));
    }
    assert!((2_500..=MESSAGE_TEXT_LIMIT as usize).contains(&message.text.chars().count()));
}

#[test]
fn words_of_settings_are_found_again() {
    assert!(Level::ALL.into_iter().all(|level| Level::parse(level.as_str()) == Some(level)));
    assert!(Event::ALL.into_iter().all(|event| Event::parse(event.as_str()) == Some(event)));
}
