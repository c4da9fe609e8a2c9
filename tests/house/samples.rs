//! Each rule, failing on a sample and content with a good one.

use super::*;

fn says(rule: impl Fn(&Source) -> Vec<String>, path: &str, text: &str) -> String {
    rule(&Source::new(path, text)).join("; ")
}

#[test]
fn a_floor_is_used_by_higher_ones_only() {
    for (index, room) in ROOMS.iter().enumerate() {
        let higher = ROOMS[index..].iter().find(|higher| may_use(room, higher.name));
        assert!(higher.is_none(), "{} may use {}", room.name, higher.map_or("", |higher| higher.name));
    }
}

#[test]
fn an_unknown_room_is_found() {
    assert_eq!(says(unknown_rooms, "src/utils/mod.rs", ""), "src/utils/mod.rs: utils is no room of the house");
    assert_eq!(says(unknown_rooms, "src/helpers.rs", ""), "src/helpers.rs: helpers is no room of the house");
    assert_eq!(says(unknown_rooms, "src/store/row.rs", "") + &says(unknown_rooms, "src/main.rs", ""), "");
}

#[test]
fn a_room_that_reaches_too_far_is_found() {
    let plain = "use crate::store::Store;";
    assert_eq!(says(forbidden_rooms, "src/web/mod.rs", plain), "src/web/mod.rs: web must not use store");
    let grouped = "use crate::{\n    domain::{Secret, smb}, // not crate::cli\n    truenas::{self, Client},\n};";
    assert_eq!(says(forbidden_rooms, "src/store/row.rs", grouped), "src/store/row.rs: store must not use truenas");
    let inside = "fn f<'a>(x: &'a str) { let c = '\"'; crate::cli::run(\"crate::app\") }";
    assert_eq!(says(forbidden_rooms, "src/app/mod.rs", inside), "src/app/mod.rs: app must not use cli");
    assert_eq!(says(forbidden_rooms, "src/main.rs", "farol::app::run()"), "src/main.rs: main must not use app");
    let fine = "/* crate::web */ use crate::{domain, store::Error}; const A: &str = r#\"\" crate::web\"#;";
    assert_eq!(says(forbidden_rooms, "src/store/mod.rs", fine), "");
}

#[test]
fn a_crate_named_in_the_wrong_room_is_found() {
    for (name, places) in CRATES {
        for text in [format!("use {name}::x;"), format!("use {name} as y;"), format!("fn f() {{ {name}::x() }}")] {
            let wrong = format!("src/domain/x.rs: domain must not name {name}");
            assert_eq!(says(forbidden_crates, "src/domain/x.rs", &text), wrong);
            let right = if places[0] == "main" { "src/main.rs".to_owned() } else { format!("src/{}/x.rs", places[0]) };
            assert_eq!(says(forbidden_crates, &right, &text), "");
        }
    }
    for text in ["use std::env;", "use std::{fs, env::{self, args}};", "fn f() { std::env::args(); }"] {
        assert_eq!(says(forbidden_crates, "src/cli/x.rs", text), "src/cli/x.rs: cli must not name std::env");
        assert_eq!(says(forbidden_crates, "src/config/x.rs", text), "");
    }
    assert_eq!(says(forbidden_crates, "src/cli/x.rs", "let sqlx = env!(\"A\"); // axum::x"), "");
}

#[test]
fn a_feature_asked_for_outside_the_list_of_rooms_is_found() {
    for text in
        ["#[cfg(feature = \"server\")]", "#[cfg(all(unix,\n feature = \"server\"))]", "if cfg!(feature=\"x\") {}"]
    {
        assert_eq!(
            says(scattered_features, "src/app/mod.rs", text),
            "src/app/mod.rs: cfg(feature) stands in lib.rs only"
        );
        assert_eq!(says(scattered_features, "src/lib.rs", text), "");
    }
    assert_eq!(says(scattered_features, "src/app/mod.rs", "#[cfg(unix)] let feature = 1;"), "");
}

#[test]
fn a_file_that_does_not_say_what_it_does_is_found() {
    assert_eq!(says(missing_headers, "src/store/row.rs", "use std::io;"), "src/store/row.rs: opens without //!");
    let wrong = "src/store/mod.rs: does not say what the room must never know";
    assert_eq!(says(missing_headers, "src/store/mod.rs", "//! SQL.\n"), wrong);
    assert_eq!(says(missing_headers, "src/store/mod.rs", "//! SQL.\n//!\n//! Must never know: HTTP.\n"), "");
}

#[test]
fn a_long_file_and_an_outgrown_room_are_found_and_tests_do_not_count() {
    let tests = "#[cfg(test)]\nmod tests {\n    use super::*;\n    fn a() {\n    }\n}\n";
    let long = format!("#[cfg(test)]\nmod tests;\n{}{tests}", "//! x\n".repeat(400));
    assert_eq!(lines_without_tests(&long), 400);
    assert_eq!(says(long_files, "src/smb/mod.rs", &long), "");
    let longer = format!("{long}fn after() {{}}\n");
    assert_eq!(says(long_files, "src/smb/mod.rs", &longer), "src/smb/mod.rs: 401 lines without tests, more than 400");
    assert_eq!(says(long_files, "src/smb/tests.rs", &longer), "");
    let files =
        |count: usize| (0..count).map(|_| Source::new("src/smb/x.rs", &"//! x\n".repeat(200))).collect::<Vec<_>>();
    assert_eq!(outgrown_rooms(&files(3)), Vec::<String>::new());
    assert_eq!(outgrown_rooms(&files(4)), ["src/smb: 800 lines, more than twice 300"]);
}

#[test]
fn a_value_that_is_not_escaped_is_found() {
    let wrong = "templates/a.html: puts a value into the page as it is";
    assert_eq!(says(unescaped_values, "templates/a.html", "{{ name | safe }}"), wrong);
    assert_eq!(says(unescaped_values, "templates/a.html", "{{ name|safe }}"), wrong);
    assert_eq!(says(unescaped_values, "templates/a.html", "{% filter safe %}{{ name }}{% endfilter %}"), wrong);
    assert_eq!(says(unescaped_values, "templates/a.html", "{{ name | upper }} safe"), "");
}

#[test]
fn work_left_over_is_found() {
    for mark in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")] {
        let text = format!("fn a() {{}}\n// {mark}: later");
        assert_eq!(says(left_over_work, "src/smb/mod.rs", &text), "src/smb/mod.rs: line 2 leaves work over");
    }
    assert_eq!(says(left_over_work, "src/smb/mod.rs", "// Todos os nomes"), "");
}

#[test]
fn an_exception_covers_one_problem_and_leaves_with_it() {
    let problems = ["a".to_owned(), "b".to_owned()];
    assert_eq!(judge(&problems, &["a"]), ["b"]);
    assert_eq!(judge(&problems[..1], &["a", "b"]), ["no longer an exception, take it off the list: b"]);
}
