//! Commands within the sentences of the guides. Those that also stand in a block are executed with it; all others here.

use std::collections::BTreeSet;

use super::reading::{GUIDES, commands_in, inline_commands};
use super::typed;
use crate::front::free_address;
use crate::harness::{Desk, Program};
use crate::nas::Nas;
use crate::{ours, text_of, tool, words};

/// What becomes of a command.
enum How {
    /// Of Farol: ends so, on a desk where it is set up.
    Ends(i32),
    /// Of Farol: goes on, once it has said this.
    Lasts(&'static str),
    /// Only an option of it is meant, which its help must know.
    Option(&'static str),
    /// A tool of the machine, as it stands.
    Tool,
    /// Of systemd: the units are there.
    Units,
    /// Never executed, and why.
    Read(&'static str),
}

use How::{Ends, Lasts, Option, Read, Tool, Units};

/// In an order in which each finds what it needs. The names that a reader fills in are `FILLED`.
const COMMANDS: [(&str, How); 35] = [
    ("farol setup --guide", Ends(0)),
    ("farol setup --public-url", Option("--public-url")),
    ("farol setup --tls self-signed", Option("--tls")),
    ("farol COMMAND --help", Ends(0)),
    ("farol migrate", Ends(0)),
    ("farol admin create NAME", Ends(0)),
    ("farol admin list", Ends(0)),
    // Only administrators of the NAS have one that can be taken.
    ("farol admin reset-factor", Option("NOME")),
    ("farol admin reset-factor NAME", Ends(6)),
    ("farol admin remove NAME", Ends(0)),
    ("farol access", Option("CONTA")),
    ("farol access USER", Ends(0)),
    ("farol backup", Option("ARQUIVO")),
    ("farol backup FILE", Ends(0)),
    ("farol restore", Option("ARQUIVO")),
    ("farol restore FILE", Ends(0)),
    ("farol doctor", Ends(0)),
    ("farol simulate --release spec", Lasts("TLS")),
    // Nobody serves here.
    ("farol alive", Ends(1)),
    ("openssl rand -hex 32", Tool),
    ("ss -ltnp", Tool),
    ("timedatectl status", Read("it asks systemd, which does not run where tests do")),
    ("timedatectl set-ntp true", Read("it would set the clock of this machine")),
    ("cargo deny check", Read("it asks the list of known weaknesses in the network; its settings are in deny.toml")),
    ("tests/run store", Read("this is a part of tests/run")),
    ("tests/run WORD", Read("this is a part of tests/run")),
    ("kill -USR1", Read("what it does has tests of its own, with the process it is meant for")),
    ("ulimit -n", Tool),
    ("chown -R farol:farol /var/log/intranet", Read("the folder is that of an installation")),
    ("systemd-analyze security", Read("its verdict is compared with the figures of the guides in units.rs")),
    ("systemctl edit farol", Units),
    ("systemctl edit farol.socket", Units),
    ("systemctl status farol-backup.timer", Units),
    ("journalctl -u farol-backup -n 50", Units),
    ("docker compose up -d --build", Read("there is no docker here; what it reads is judged in files.rs")),
];

const FILLED: [(&str, &str); 4] = [("COMMAND", "doctor"), ("NAME", "plantao"), ("USER", "ana"), ("FILE", "copy.zip")];

/// As a block has it, with nobody else's rights and wherever the program lies.
fn bare(command: &str) -> String {
    let command = command.strip_prefix("sudo ").unwrap_or(command);
    let command = command.strip_prefix("-u farol ").unwrap_or(command);
    command.strip_prefix("/opt/farol/").unwrap_or(command).replace("cargo run --release -- ", "farol ")
}

#[test]
fn every_command_within_a_sentence_is_executed_or_stands_in_a_block() {
    let said: BTreeSet<String> = GUIDES.iter().flat_map(|[guide, _]| inline_commands(guide)).collect();
    let blocks: Vec<String> = typed().iter().flat_map(|block| commands_in(&block.text)).collect();
    let in_block = |command: &str| blocks.iter().any(|line| bare(line).starts_with(command));
    let here: BTreeSet<&str> = COMMANDS.iter().map(|(command, _)| *command).collect();
    let unknown: Vec<&String> =
        said.iter().filter(|command| !here.contains(command.as_str()) && !in_block(command)).collect();
    assert_eq!(unknown, Vec::<&String>::new(), "nobody knows how to execute these");
    let gone: Vec<&&str> = here.iter().filter(|command| !said.contains(**command)).collect();
    assert_eq!(gone, Vec::<&&str>::new(), "no guide says these any more");

    let desk = Desk::new();
    let nas = Nas::start(&desk, "25.10");
    let listen = free_address().to_string();
    nas.set_up(&desk, &["--listen", &listen, "--data-dir", "data", "--log-dir", "logs"]).ended(0);
    desk.write("farol.toml", &std::fs::read_to_string(desk.path("home/farol.toml")).unwrap());
    std::fs::set_permissions(desk.path("farol.toml"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    for (command, how) in &COMMANDS {
        execute(&desk, command, how);
    }
}

fn execute(desk: &Desk, command: &str, how: &How) {
    let filled = FILLED.iter().fold(command.to_owned(), |text, (from, to)| text.replace(from, to));
    let all: Vec<&str> = filled.split_whitespace().collect();
    let (program, arguments) = all.split_first().unwrap();
    match how {
        Ends(0) if command.starts_with("farol admin create") => {
            let (program, input) = desk.start_open(arguments);
            assert_eq!(create_administrator(program, input), 0);
        }
        Ends(code) => {
            let outcome = desk.run(arguments);
            assert_eq!(outcome.code, Some(*code), "{command}: {outcome:?}");
        }
        Lasts(words) => {
            desk.start(arguments).said(words);
        }
        Option(option) => {
            let words: Vec<&str> = arguments.iter().copied().take_while(|word| !word.starts_with("--")).collect();
            let help = desk.run(&[&words, ["--help"].as_slice()].concat()).ended(0);
            assert!(help.contains(option), "{command}: {help}");
        }
        Tool => {
            let output = tool("/bin/sh", &["-c", command]);
            assert!(output.status.success() && !output.stdout.is_empty(), "{command}: {}", words(&output));
        }
        Units => {
            let units = arguments.iter().filter(|word| word.starts_with("farol"));
            let missing: Vec<&&str> = units.filter(|unit| !unit_file(unit).exists()).collect();
            assert_eq!(missing, Vec::<&&str>::new(), "{command}");
        }
        Read(why) => {
            assert!(!why.is_empty());
            let file = program.strip_prefix("tests/");
            assert!(file.is_none() || text_of("tests/run").starts_with("#!"), "{command}");
        }
    }
}

fn unit_file(unit: &str) -> std::path::PathBuf {
    let end = if unit.contains('.') { "" } else { ".service" };
    ours(&format!("deploy/systemd/{unit}{end}"))
}

/// Types a password twice, and the code that an app would show. Says how it ended.
pub fn create_administrator(mut program: Program, mut input: impl std::io::Write) -> i32 {
    const PASSWORD: &str = "long enough to keep";
    write!(input, "{PASSWORD}\n{PASSWORD}\n").unwrap();
    let secret = totp_rs::Secret::try_from_base32(program.said("Segredo")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("plantao").build().unwrap();
    let now_s = u64::try_from(farol::runtime::Clock::real().now().as_millis() / 1_000).unwrap();
    writeln!(input, "{}", totp.generate(now_s)).unwrap();
    drop(input);
    program.outcome().code.unwrap()
}
