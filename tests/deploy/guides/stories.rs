//! A place for every block that is typed, and what must come of it.

use super::reading::{Block, GUIDES, blocks, commands_in};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;

use super::blocks_of;
use super::inline::create_administrator;
use super::stage::{Stage, would_build};
use crate::fresh::serve;
use crate::front::{SECRET, alone};
use crate::harness::Desk;
use crate::root::{end, fine};
use crate::{ours, text_of, tool};

/// What a tool of this machine says, which must be content.
#[track_caller]
fn content(program: &str, arguments: &[&str]) -> String {
    fine(&tool(program, arguments))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Story {
    /// The server and the simulator at once, and the panel by calls.
    Demo,
    /// A set-up that is tried against the simulator.
    Rehearsal,
    /// Without the installer.
    ByHand,
    /// The installer, asking.
    Installer,
    /// The installer, asking nothing; then daily life, an upgrade, the end.
    Production,
    /// What would take all of this machine for long.
    TooLong,
}

impl Story {
    pub const ALL: [Self; 6] =
        [Self::Demo, Self::Rehearsal, Self::ByHand, Self::Installer, Self::Production, Self::TooLong];
}

/// By words that stand in no other block; the first that fits.
const PLACES: [(&str, Story); 19] = [
    ("cargo run --release -- demo", Story::Demo),
    ("/faults", Story::Demo),
    ("farol simulate", Story::Rehearsal),
    ("nas.key)", Story::Rehearsal),
    ("useradd", Story::ByHand),
    ("farol setup --dir", Story::ByHand),
    ("farol backup /var/lib/farol/backups", Story::ByHand),
    ("sudo deploy/install.sh --binary", Story::Installer),
    ("install.sh --yes", Story::Production),
    ("systemctl status farol", Story::Production),
    ("farol doctor", Story::Production),
    ("farol admin create", Story::Production),
    ("senha-email", Story::Production),
    ("farol restore", Story::Production),
    ("install.sh --uninstall", Story::Production),
    ("install.sh --binary target/dist/farol --name", Story::Installer),
    ("install.sh --binary target/dist/farol", Story::Production),
    ("tests/run", Story::TooLong),
    ("cargo bench", Story::TooLong),
];

pub fn story_of(block: &Block) -> Option<Story> {
    PLACES.iter().find(|(words, _)| block.text.contains(words)).map(|(_, story)| *story)
}

#[test]
fn the_demo_runs_and_every_address_and_call_of_it_answers() {
    let stage = Stage::new();
    let [run, calls] = blocks_of(Story::Demo).try_into().ok().unwrap();
    let mut demo = stage.start(&run.text, "");
    assert_eq!(demo.said("Farol atende em"), "http://127.0.0.1:8080");
    assert_eq!(demo.said("Painel do simulador em"), "http://127.0.0.1:8081");
    let guide = text_of(GUIDES[0][0]);
    let addresses: Vec<&str> = guide.split("<http://").skip(1).filter_map(|rest| rest.split('>').next()).collect();
    assert!(addresses.len() >= 7, "{addresses:?}");
    for address in addresses {
        let code = stage.get(&["-o", "/dev/null", "-w", "%{http_code}", &format!("http://{address}")]);
        assert!(["200", "303"].contains(&code.as_str()), "{address}: {code}");
    }
    // A call that is refused is no answer.
    let script =
        format!("set -eu\ncurl() {{ command curl -S --fail-with-body --noproxy '*' \"$@\"; }}\n{}", calls.text);
    let said = fine(&stage.debian.outside(&["/bin/sh", "-c", &script]).output().unwrap());
    assert!(said.contains("\"power-off\"") && said.contains("\"status\""), "{said}");
}

#[test]
fn the_rehearsal_ends_with_what_a_person_may_reach() {
    let mut stage = Stage::new();
    fine(&stage.debian.run(&["ln", "-s", "/root/project/target/dist/farol", "/usr/local/bin/farol"]));
    let [simulate, set_up] = blocks_of(Story::Rehearsal).try_into().ok().unwrap();
    let mut simulator = stage.start(&simulate.text, "");
    let key = simulator.said("chave");
    stage.fingerprint = simulator.said("SHA-256");
    // Enter and Ctrl-D, as the guide has it.
    let said = stage.run(&set_up.text, &format!("{key}\n\u{4}"));
    assert!(said.contains("Configuração gravada em") && said.contains("financeiro"), "{said}");
    assert_eq!(stage.debian.guarded("/root/project/nas.key"), "600 root root");
}

#[test]
fn by_hand_farol_answers_and_is_copied() {
    let stage = Stage::new();
    let [install, start, copy] = blocks_of(Story::ByHand).try_into().ok().unwrap();
    stage.run(&install.text, "");
    // Address, account, key, whether the certificate is right; who checks passwords, the group, the address in browsers.
    let answers = format!("{}\nsvc-farol\n{}\ns\ntruenas-api\n\n\n", stage.nas.url, stage.key());
    let mut farol = stage.start(&start.text, &answers);
    assert_eq!(farol.said("Farol atende em"), "http://127.0.0.1:8080");
    assert_eq!(stage.get(&["http://127.0.0.1:8080/healthz"]), "ok\n");
    let said = stage.run(&copy.text, "");
    assert!(said.contains("Cópia pronta e conferida: /var/lib/farol/backups/farol-"), "{said}");
}

#[test]
fn the_installer_asks_for_what_it_must_know() {
    for block in blocks_of(Story::Installer) {
        let stage = Stage::new();
        for line in block.text.lines().filter(|line| line.starts_with("cargo build")) {
            assert!(would_build(line).iter().all(|[.., profile]| profile == "dist"), "{line}");
        }
        let name = if block.text.contains("--name") { "" } else { "farol.escritorio.lan\n" };
        // nginx, a certificate of its own; then what `farol setup` asks.
        let answers = format!("{name}s\n\n{}\nsvc-farol\n{}\ns\ntruenas-api\n\n", stage.nas.url, stage.key());
        let said = stage.run(&block.text, &answers);
        assert!(said.contains("Instalado. No navegador: https://farol.escritorio.lan"), "{said}");
    }
}

/// Nothing of systemd runs in a root of its own. What is asked of a unit it must be able to take; the copy is made, as the
/// unit says.
const SYSTEMCTL: &str = r#"#!/bin/sh
verb=$1
shift
for unit; do
    case $unit in *.*) ;; *) unit=$unit.service ;; esac
    file=/etc/systemd/system/$unit
    [ "$verb" = edit ] || [ -e "$file" ] || { echo "no $file"; exit 1; }
    case $verb in
        status | restart | edit | stop) ;;
        reload) grep -q ^ExecReload= "$file" || { echo "$unit takes no reload"; exit 1; } ;;
        start)
            [ "$unit" = farol-backup.service ] || continue
            keys=/run/credentials/$unit
            install -d -m 700 -o farol "$keys"
            install -m 400 -o farol /etc/farol/truenas-api-key /etc/farol/secret-key "$keys"
            setpriv --reuid farol --regid farol --init-groups \
                env $(sed -n "s|%d|$keys|; s/^Environment=//p" "$file") $(sed -n s/^ExecStart=//p "$file")
            ;;
        *) echo "nobody knows $verb"; exit 1 ;;
    esac
done
"#;

#[test]
fn an_installation_lives_is_upgraded_and_goes_as_the_guide_says() {
    let stage = Stage::new();
    stage.debian.write("/usr/local/bin/systemctl", SYSTEMCTL);
    // The real one reads the journal of the machine outside.
    stage.debian.write("/usr/local/bin/journalctl", "#!/bin/sh\n[ \"$1\" = -u ]\n");
    stage.debian.write("/root/senha-email", "secret\n");
    fine(&stage.debian.run(&["chmod", "755", "/usr/local/bin/systemctl", "/usr/local/bin/journalctl"]));
    let mut blocks = blocks_of(Story::Production).into_iter();
    let install = blocks.next().unwrap();
    // In the office SMB answers; the simulator has none.
    let said = stage.run(&format!("{} -- --authenticator truenas-api\n", install.text.trim_end()), "");
    assert!(said.contains("Instalado. No navegador: https://farol.escritorio.lan"), "{said}");
    let mut farol = Some(serve(&stage.debian));
    // The NAS has the port that nginx would have: it answers to the name, and shows a certificate too.
    stage.debian.write("/etc/hosts", "192.168.1.100 farol.escritorio.lan\n");
    for block in blocks {
        for line in block.text.lines().filter(|line| line.starts_with("journalctl")) {
            let line = line.split(" #").next().unwrap();
            let arguments: Vec<&str> = line.split_whitespace().skip(1).chain(["--no-pager"]).collect();
            fine(&tool("journalctl", &arguments));
        }
        if block.text.contains("systemctl stop farol") {
            end(farol.take().unwrap());
        }
        if block.text.contains("admin create") {
            let (program, input) = stage.start_open(&block.text);
            assert_eq!(create_administrator(program, input), 0);
            continue;
        }
        fine(&stage.debian.run(&["/bin/sh", "-c", "printf x >>/root/project/target/dist/farol"]));
        let said = stage.run(&block.text, "s\n");
        let expected = what_comes_of(&block.text);
        assert!(expected.iter().all(|words| said.contains(words)), "{}: {said}", block.text);
        if farol.is_none() {
            farol = Some(serve(&stage.debian));
        }
    }
    assert!(!stage.debian.path("/opt/farol/farol").exists());
    assert_eq!(stage.debian.guarded("/etc/farol/senha-email"), "600 farol farol");
}

/// What is said by blocks that say anything.
fn what_comes_of(text: &str) -> &'static [&'static str] {
    const SAID: [(&str, &[&str]); 5] = [
        ("farol-backup", &["Cópia pronta e conferida: /var/lib/farol/backups/farol-"]),
        ("farol doctor", &["Tudo certo.", "em funcionamento"]),
        ("farol restore", &["restaurada", "o anterior ficou em"]),
        ("--uninstall", &["O Farol foi removido. Ficaram: /etc/farol"]),
        ("install.sh", &["/opt/farol/farol.new /opt/farol/farol", "Instalado."]),
    ];
    SAID.iter().find(|(words, _)| text.contains(words)).map_or(&[], |(_, said)| *said)
}

#[test]
fn what_takes_too_long_is_at_least_what_it_is_said_to_be() {
    for line in blocks_of(Story::TooLong).iter().flat_map(|block| commands_in(&block.text)) {
        // Most of half an hour, and it would start this test again.
        if line == "tests/run" {
            content("/bin/bash", &["-n", ours(&line).to_str().unwrap()]);
            assert_ne!(std::fs::metadata(ours(&line)).unwrap().permissions().mode() & 0o111, 0);
        // Minutes, and its figures mean something on a machine that does nothing else.
        } else if line.starts_with("cargo bench") {
            let built = would_build(&line);
            assert!(built.iter().any(|[kind, name, _]| kind == "bench" && name == "farol"), "{built:?}");
        } else {
            panic!("nobody knows {line}");
        }
    }
}

/// With files of ours where the guide names some.
fn check(text: &str) {
    let desk = alone(Desk::new());
    let pair = rcgen::generate_simple_self_signed(["farol.example.com".to_owned()]).unwrap();
    desk.write("certificate.pem", &pair.cert.pem());
    desk.write("key.pem", &pair.signing_key.serialize_pem());
    desk.write("webhook-key", SECRET);
    desk.write("webhook-chave", SECRET);
    let folder = desk.path("").display().to_string();
    desk.write("farol.toml", &text.replace("/etc/farol/tls/", &folder).replace("/etc/farol/", &folder));
    let outcome = desk.run(&["check"]);
    assert_eq!(outcome.code, Some(0), "{text}: {outcome:?}");
}

#[test]
fn settings_in_the_guides_are_taken() {
    let mut seen = 0;
    for block in GUIDES.iter().flatten().flat_map(|guide| blocks(guide)).filter(|block| block.language == "toml") {
        check(&block.text);
        if block.text.contains("\n# tls_") {
            let other = block.text.replace("\n# tls_", "\ntls_").replace("\"self-signed\"", "\"files\"");
            check(&other);
        }
        seen += 1;
    }
    assert_eq!(seen, 8);
}

#[test]
fn the_variables_of_the_containers_are_those_compose_reads() {
    let compose = text_of("deploy/docker/compose.yaml");
    let read: BTreeSet<&str> = compose.split("${").skip(1).filter_map(|rest| rest.split(['}', ':']).next()).collect();
    for guide in GUIDES.iter().flatten() {
        for block in blocks(guide).iter().filter(|block| block.language == "dotenv") {
            let said: BTreeSet<&str> = block.text.lines().filter_map(|line| line.split('=').next()).collect();
            assert_eq!(said, read, "{guide}");
        }
    }
}
