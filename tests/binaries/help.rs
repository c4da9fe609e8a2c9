//! What the command line says of itself, and how it takes mistakes.

use crate::harness::Desk;

const COMMANDS: [&str; 15] = [
    "serve",
    "demo",
    "simulate",
    "setup",
    "check",
    "access",
    "admin create",
    "admin list",
    "admin remove",
    "admin reset-factor",
    "migrate",
    "audit verify",
    "backup",
    "restore",
    "doctor",
];

/// The words of a command, then an option.
fn asking<'a>(command: &'a str, option: &'a str) -> Vec<&'a str> {
    command.split(' ').chain([option]).collect()
}

#[test]
fn every_command_explains_itself_in_portuguese_with_its_exit_codes() {
    let desk = Desk::new();
    for command in COMMANDS {
        let text = desk.run(&asking(command, "--help")).ended(0);
        assert!(text.contains("\nUso: farol ") && text.contains("\nCódigos de saída:\n  0  "), "{text}");
        for english in ["Usage", "Options", "Arguments", "Print", "default", "[OPTIONS]", "possible values"] {
            assert!(!text.contains(english), "{command} says {english}: {text}");
        }
    }
}

#[test]
fn every_option_of_every_command_says_what_it_is_for() {
    let desk = Desk::new();
    for command in COMMANDS {
        let text = desk.run(&asking(command, "-h")).ended(0);
        let options: Vec<&str> = text.lines().filter(|line| line.trim_start().starts_with('-')).collect();
        assert!(options.len() >= 2, "{text}");
        for line in options {
            let (_, explained) = line.trim_start().split_once("  ").unwrap_or_default();
            assert!(!explained.trim().is_empty(), "{command}: {line}");
            assert!(!explained.contains("<http"), "people type what they read: {line}");
        }
    }
}

#[test]
fn the_whole_help_names_every_command_and_the_version_is_told() {
    let desk = Desk::new();
    let text = desk.run(&["--help"]).ended(0);
    for command in COMMANDS.map(|command| command.split(' ').next().unwrap()) {
        assert!(text.lines().any(|line| line.trim_start().starts_with(&format!("{command} "))), "{command}: {text}");
    }
    assert_eq!(desk.run(&["--version"]).ended(0).trim(), format!("farol {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_mistyped_line_is_answered_in_portuguese_and_ends_with_two() {
    let desk = Desk::new();
    for (line, named) in [
        (vec!["acces"], "acces"),
        (vec!["serve", "--colour"], "--colour"),
        (vec!["access"], "CONTA"),
        (vec!["audit", "erase"], "erase"),
        (vec!["serve", "--listen", "here"], "here"),
        (vec!["demo", "--release", "13.0"], "13.0"),
        (vec!["setup", "--fingerprint", "x", "--ca-file", "y"], "--ca-file"),
    ] {
        let text = desk.run(&line).ended(2);
        assert!(text.contains(named) && text.contains("--help") && !text.contains("error"), "{line:?}: {text}");
    }
    assert!(desk.run(&[]).ended(2).contains("Comandos:"));
}

#[test]
fn a_hostile_word_on_the_command_line_does_not_command_the_terminal() {
    let text = Desk::new().run(&["\u{1b}[2Jx"]).ended(2);
    assert!(!text.contains('\u{1b}'), "{text:?}");
}
