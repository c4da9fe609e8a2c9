//! Every line is one line with five columns, whoever wrote what into it.

use std::sync::{Arc, Mutex};

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
    let error = Error::CreateDirectory { directory: "/logs".into(), source: io::Error::other("disk\non fire") };
    let lines = written(|| tracing::error!(error = &error as &dyn std::error::Error, "stopping"));
    assert_eq!(
        lines,
        [concat!(
            "[2026-11-21 02:04:34.062] [ERROR] [-] [-] stopping ",
            "error=\"the log directory /logs cannot be created: disk\\non fire\""
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

#[test]
fn files_older_than_the_days_to_keep_are_removed_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("new/logs");
    std::fs::create_dir_all(&directory).unwrap();
    for day in 1..=9 {
        std::fs::write(directory.join(format!("farol.2020-01-0{day}.log")), "old").unwrap();
    }
    std::fs::write(directory.join("other.txt"), "not ours").unwrap();
    drop(open(&directory, 3).unwrap());
    let mut names: Vec<_> =
        std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names.len(), 4, "two old days, today and a file of somebody else: {names:?}");
    assert!(names[2].as_str() > "farol.2020-01-09.log" && names[3] == "other.txt", "{names:?}");
}

#[test]
fn a_missing_directory_is_created_for_us_alone_and_an_impossible_one_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("logs");
    drop(open(&directory, 30).unwrap());
    assert_eq!(std::fs::metadata(&directory).unwrap().permissions().mode() & 0o777, DIRECTORY_MODE);
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    assert!(matches!(open(&blocked.join("logs"), 30), Err(Error::CreateDirectory { .. })));
    // Here not even the superuser creates files.
    assert!(matches!(open(Path::new("/proc/self"), 30), Err(Error::OpenFile { .. })));
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
