//! Every line is one line with five columns, whoever wrote what into it.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use tracing::Level;

use super::*;
use crate::domain::Timestamp;

/// 2026-11-21 05:04:34.062 UTC.
const NIGHT: Timestamp = Timestamp::from_millis(1_795_237_474_062);

fn written(work: impl FnOnce()) -> Vec<String> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = lines.clone();
    let zone = TimeZone::fixed(jiff::tz::offset(-3));
    let layer = Lines::new(Clock::by_hand(NIGHT).0, zone, move |line: &Line<'_>| {
        sink.lock().unwrap().push(line.text(Paint::Plain));
    });
    let filter = read_filter("trace").unwrap().and(filter_fn(may_be_told));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer.with_filter(filter)), work);
    Arc::try_unwrap(lines).unwrap().into_inner().unwrap()
}

fn line(user: &str, message: &str, value: &str) -> String {
    let zone = TimeZone::UTC;
    let fields = [("share", value.to_owned())];
    Line { at: NIGHT, zone: &zone, level: Level::INFO, ip: Some("::1"), user: Some(user), message, fields: &fields }
        .text(Paint::Plain)
}

#[test]
fn a_line_has_the_columns_the_customer_asked_for_in_local_time() {
    let lines = written(|| {
        let request = tracing::info_span!("request", ip = "127.0.0.1", user = tracing::field::Empty);
        request.record("user", "joao");
        let _inside = request.enter();
        let _deeper = tracing::info_span!("work", step = 2).entered();
        tracing::info!(share = "Contas a pagar", tries = 3, "Mensagem");
    });
    assert_eq!(
        lines,
        ["[2026-11-21 02:04:34.062] [INFO] [127.0.0.1] [joao] Mensagem share=\"Contas a pagar\" tries=3"]
    );
}

#[test]
fn the_nearest_span_names_the_caller_and_without_one_the_columns_are_empty() {
    let lines = written(|| {
        tracing::warn!("nobody");
        let _outer = tracing::info_span!("outer", ip = "10.0.0.1", user = "ana").entered();
        let _inner = tracing::info_span!("inner", user = "bruno").entered();
        tracing::warn!("somebody");
    });
    assert_eq!(
        lines,
        [
            "[2026-11-21 02:04:34.062] [WARN] [-] [-] nobody",
            "[2026-11-21 02:04:34.062] [WARN] [10.0.0.1] [bruno] somebody",
        ]
    );
}

#[test]
fn an_error_is_told_with_everything_that_led_to_it() {
    let error = Error::OpenFile { directory: "/logs".into(), source: io::Error::other("disk\non fire") };
    let lines = written(|| tracing::error!(error = &error as &dyn std::error::Error, "stopping"));
    assert_eq!(
        lines,
        [concat!(
            "[2026-11-21 02:04:34.062] [ERROR] [-] [-] stopping ",
            "error=\"no log file can be written in /logs: disk\\non fire\""
        )]
    );
}

#[test]
fn nobody_elses_crate_speaks_below_info() {
    let lines = written(|| {
        tracing::trace!(target: "tungstenite::protocol", "frame with a key");
        tracing::debug!(target: "farolete", "not ours");
        tracing::info!(target: "tungstenite::protocol", "connected");
        tracing::trace!(target: "farol::truenas", "ours");
    });
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].ends_with("connected") && lines[1].ends_with("ours"), "{lines:?}");
}

#[test]
fn a_filter_needs_a_level_for_everything_and_no_letters_break_it() {
    for text in ["info", "WARN", "off", "info, farol::web=debug"] {
        assert!(read_filter(text).is_ok(), "{text}");
    }
    for text in ["", "inof", "farol=debug", "info,farol=loud", "info,", " 0\u{11c30}="] {
        assert!(matches!(read_filter(text), Err(Error::ReadFilter(_))), "{text}");
    }
}

#[test]
fn line_ends_terminal_commands_and_false_columns_are_made_harmless() {
    assert_eq!(
        line("eve] [admin", "a\r\nb\t\u{1b}[31m\u{202e}\\", "x\n[2026] [INFO] \"y\" z=1"),
        concat!(
            "[2026-11-21 05:04:34.062] [INFO] [::1] [eve\\u{5d} \\u{5b}admin] ",
            "a\\r\\nb\\t\\u{1b}[31m\\u{202e}\\\\ share=\"x\\n[2026] [INFO] \\\"y\\\" z=1\""
        )
    );
}

#[test]
fn only_a_terminal_gets_colour() {
    let zone = TimeZone::UTC;
    let line = Line { at: NIGHT, zone: &zone, level: Level::WARN, ip: None, user: None, message: "x", fields: &[] };
    assert!(!line.text(Paint::Plain).contains('\u{1b}'));
    assert!(line.text(Paint::Colour).contains("[\u{1b}[33mWARN\u{1b}[0m]"));
}

/// An hour before midnight at home, when it is past midnight in UTC.
const LATE: Timestamp = Timestamp::from_millis(1_795_237_474_062 - 3 * 3_600_000);
const DAY: Duration = Duration::from_hours(24);

fn home() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(-3))
}

fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_of_a_local_day_and_only_our_own_old_ones_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let others = [
        "farol-nginx.log",
        "farol.2020-01-01.log.gz",
        "farol.2020-01-01T00.log",
        "farol.2020-1-1.log",
        "farol.20200101.log",
        "farol.log",
        "nginx.2020-01-01.log",
    ];
    let ours = ["farol.2020-01-01.log", "farol.2026-11-18.log", "farol.2026-11-19.log", "farol.2026-12-24.log"];
    for name in others.iter().chain(&ours) {
        std::fs::write(folder.path().join(name), "old").unwrap();
    }
    let (clock, hand) = Clock::by_hand(LATE);
    let mut daily = Daily::open(folder.path().into(), 2, clock, home()).unwrap();
    let expected = |ours: &[&str]| {
        let mut all: Vec<_> = others.iter().chain(ours).map(ToString::to_string).collect();
        all.sort();
        all
    };
    let rest = ["farol.2026-11-18.log", "farol.2026-11-19.log", "farol.2026-12-24.log", "farol.2026-11-20.log"];
    assert_eq!(names(folder.path()), expected(&rest));
    daily.write("before midnight").unwrap();
    hand.advance(DAY);
    daily.write("after it").unwrap();
    let rest = ["farol.2026-11-19.log", "farol.2026-11-20.log", "farol.2026-11-21.log", "farol.2026-12-24.log"];
    assert_eq!(names(folder.path()), expected(&rest));
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!((text(rest[1]), text(rest[2])), ("before midnight\n".into(), "after it\n".into()));
}

#[test]
fn a_directory_and_a_file_are_not_for_everybody_and_impossible_ones_are_errors() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("new/logs");
    let open = |directory: &Path| Daily::open(directory.into(), 30, Clock::by_hand(LATE).0, home());
    drop(open(&directory).unwrap());
    assert_eq!(mode(&directory), daily::DIRECTORY_MODE);
    assert_eq!(mode(&directory.join("farol.2026-11-20.log")), daily::FILE_MODE);
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    assert!(open(&blocked.join("logs")).is_err());
    // Here not even the superuser creates files.
    assert!(open(Path::new("/proc/self")).is_err());
}

#[test]
fn a_vanished_directory_costs_lines_that_are_counted_and_comes_back_with_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("logs");
    let (clock, _hand) = Clock::by_hand(LATE);
    let mut writer = queue::Writer::new(Daily::open(directory.clone(), 30, clock, home()).unwrap());
    writer.write("one");
    std::fs::remove_dir_all(&directory).unwrap();
    std::fs::write(&directory, "in the way").unwrap();
    writer.write("two");
    writer.write("three");
    std::fs::remove_file(&directory).unwrap();
    writer.write("four");
    let text = std::fs::read_to_string(directory.join("farol.2026-11-20.log")).unwrap();
    assert_eq!(text, "[2026-11-20 23:04:34.062] [WARN] [-] [-] lines of the log were lost lines=2\nfour\n");
}

#[test]
fn what_waits_is_written_at_the_end_and_what_finds_no_room_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("farol.2026-11-20.log");
    // Opening a pipe waits for a reader, as a disk that hangs would.
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::File::open(pipe).unwrap()
    });
    let daily = Daily::open(folder.path().into(), 30, Clock::by_hand(LATE).0, home()).unwrap();
    let mut reader = reader.join().unwrap();
    let (queue, guard) = queue::start(daily).unwrap();
    let long = "x".repeat(1000);
    let sent = queue::WAITING_LINES + 500;
    for _ in 0..sent {
        queue.send(long.clone());
    }
    let lost = queue.lost();
    assert!(lost > 0, "nobody read, and yet all was written");
    let text = std::thread::spawn(move || {
        let mut text = String::new();
        io::Read::read_to_string(&mut reader, &mut text).unwrap();
        text
    });
    drop(guard);
    let text = text.join().unwrap();
    let written = text.lines().filter(|line| **line == long).count();
    assert_eq!(written + usize::try_from(lost).unwrap(), sent);
    assert!(text.contains(&format!("lines of the log were lost lines={lost}\n")));
}

#[test]
fn a_span_makes_no_text_of_what_no_line_shows() {
    struct Loud;
    impl std::fmt::Debug for Loud {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("nobody shows this");
        }
    }
    let lines = written(|| {
        let span = tracing::info_span!("request", body = ?Loud, later = tracing::field::Empty, ip = %"::1");
        span.record("later", tracing::field::debug(Loud));
        span.in_scope(|| tracing::info!("done"));
    });
    assert_eq!(lines, ["[2026-11-21 02:04:34.062] [INFO] [::1] [-] done"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_values_give_one_line_with_five_columns(user in "\\PC*|.*", message in any::<String>(), value in any::<String>()) {
        let text = line(&user, &message, &value);
        prop_assert_eq!(text.lines().count(), 1);
        prop_assert!(!text.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{:?}", text);
        let columns: Vec<&str> = text.splitn(5, "] [").collect();
        prop_assert_eq!(&columns[..3], ["[2026-11-21 05:04:34.062", "INFO", "::1"]);
        let user_column = columns[3].split(']').next().unwrap();
        prop_assert!(!user_column.is_empty() && !user_column.contains('['), "{:?}", text);
    }
}
