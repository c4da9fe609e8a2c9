//! The units, as systemd itself judges them; and the program under the same restrictions.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::harness::Desk;
use crate::{installer, ours, text_of, tool, words};

const FAROL: &str = env!("CARGO_BIN_EXE_farol");
const UNITS: [&str; 5] =
    ["farol.service", "farol.socket", "farol-redirect.socket", "farol-backup.service", "farol-backup.timer"];
/// The promise is below two.
const MOST_EXPOSED: f32 = 2.0;

/// The units of the project, in their order.
pub fn units() -> Vec<String> {
    let names = std::fs::read_dir(ours("deploy/systemd")).unwrap();
    let mut names: Vec<String> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let known: BTreeSet<&str> = UNITS.into();
    assert_eq!(names.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
    names
}

/// All values of a key, in their order.
pub fn values(unit: &str, key: &str) -> Vec<String> {
    let start = format!("{key}=");
    unit.lines().filter_map(|line| line.strip_prefix(&start)).map(str::to_owned).collect()
}

#[test]
fn systemd_finds_nothing_wrong_with_the_units() {
    let desk = Desk::new();
    let mut paths = Vec::new();
    for name in units() {
        // Only the place of the program is another one.
        desk.write(&name, &text_of(&format!("deploy/systemd/{name}")).replace("/opt/farol/farol", FAROL));
        paths.push(desk.path(&name).display().to_string());
    }
    let arguments: Vec<&str> = ["verify", "--man=no"].into_iter().chain(paths.iter().map(String::as_str)).collect();
    let verdict = tool("systemd-analyze", &arguments);
    assert!(verdict.status.success() && words(&verdict).is_empty(), "{}", words(&verdict));
}

#[test]
fn the_services_are_hardly_exposed() {
    for name in units().iter().filter(|name| name.ends_with(".service")) {
        let path = ours(&format!("deploy/systemd/{name}")).display().to_string();
        let said = words(&tool("systemd-analyze", &["security", "--no-pager", "--offline=yes", &path]));
        let level = said.lines().find_map(|line| line.split_once(&format!("Overall exposure level for {name}: ")));
        let level: f32 = level.unwrap().1.split(' ').next().unwrap().parse().unwrap();
        assert!(level < MOST_EXPOSED, "{name}: {level}\n{said}");
        // Whoever reads the guides is told the same.
        for guide in ["deploy/README.md", "deploy/README-PT.md"] {
            let figures = text_of(guide);
            let figures = figures.lines().find(|line| line.contains("`systemd-analyze security`")).unwrap();
            assert!(figures.contains(&format!(" {level:.1}")), "{guide}: {name} is at {level}");
        }
    }
}

/// What a unit forbids.
fn hardening(name: &str) -> BTreeSet<String> {
    let unit = text_of(&format!("deploy/systemd/{name}"));
    let (_, hardening) = unit.split_once("NoNewPrivileges=yes\n").unwrap();
    let hardening = hardening.split("\n[Install]").next().unwrap();
    hardening.lines().filter(|line| line.contains('=')).map(str::to_owned).collect()
}

#[test]
fn the_backup_may_no_more_than_the_service_and_neither_takes_settings_from_where_it_writes() {
    assert_eq!(hardening("farol.service"), hardening("farol-backup.service"));
    let [service, backup] =
        ["farol.service", "farol-backup.service"].map(|name| text_of(&format!("deploy/systemd/{name}")));
    for key in ["CapabilityBoundingSet", "AmbientCapabilities"] {
        assert_eq!((values(&service, key), values(&backup, key)), (vec![String::new()], vec![String::new()]));
    }
    for key in ["LoadCredential", "Environment", "User", "Group"] {
        assert_eq!(values(&service, key), values(&backup, key), "{key}");
    }
    // A .env that lies there counts as settings.
    assert_eq!(
        (values(&service, "WorkingDirectory"), values(&backup, "WorkingDirectory")),
        (vec!["/".to_owned()], vec!["/".to_owned()])
    );
}

/// The groups of system calls as systemd knows them, with the groups they hold.
fn groups() -> BTreeMap<String, Vec<String>> {
    let mut groups = BTreeMap::<String, Vec<String>>::new();
    let mut name = None;
    for line in words(&tool("systemd-analyze", &["syscall-filter", "--no-pager"])).lines() {
        match line.strip_prefix("    ") {
            Some(call) if !call.starts_with('#') => {
                if let Some(calls) = name.as_ref().and_then(|name| groups.get_mut(name)) {
                    calls.push(call.to_owned());
                }
            }
            Some(_) => {}
            None => {
                name = line.starts_with('@').then(|| line.to_owned());
                if let Some(name) = &name {
                    groups.insert(name.clone(), Vec::new());
                }
            }
        }
    }
    groups
}

fn calls_of(group: &str, groups: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    let whole = |name: &String| {
        if name.starts_with('@') { calls_of(name, groups) } else { BTreeSet::from([name.clone()]) }
    };
    groups[group].iter().flat_map(whole).collect()
}

/// What the filters of the unit leave: the first names what may be, the second what may not.
fn allowed() -> BTreeSet<String> {
    let groups = groups();
    let filters = values(&text_of("deploy/systemd/farol.service"), "SystemCallFilter");
    let [may, may_not] = filters.as_slice() else { panic!("{filters:?}") };
    let mut allowed = calls_of(may, &groups);
    for group in may_not.trim_start_matches('~').split(' ') {
        allowed.retain(|call| !calls_of(group, &groups).contains(call));
    }
    // Whatever a filter says.
    allowed.extend(calls_of("@default", &groups));
    allowed
}

/// Every call the program makes from its start to its end, with a page and a failed sign-in between; and those of a copy
/// that is made meanwhile.
fn trace() -> String {
    let desk = crate::front::alone(Desk::new());
    let path = desk.path("trace");
    let traced = |arguments: &[&str]| {
        let mut command = Command::new("/usr/bin/strace");
        command.args(["-f", "-qq", "-A", "-o"]).arg(&path).arg(FAROL).args(arguments);
        command
    };
    let command = traced(&["serve", "--listen", "127.0.0.1:0"]);
    let mut farol = desk.start_other(command);
    let address = farol.said("Farol atende em");
    for more in [&[][..], &["-H", "sec-fetch-site: same-origin", "-d", "username=ana&password=x"]] {
        let arguments = [&["-sS", "--noproxy", "*", "-o", "/dev/null", &address], more].concat();
        let asked = tool("curl", &arguments);
        assert!(asked.status.success(), "{}", words(&asked));
    }
    let said = desk.start_other(traced(&["backup", "copy.zip"])).outcome().ended(0);
    assert!(said.contains("Cópia pronta"), "{said}");
    tool("kill", &["-TERM", farol.children().trim()]);
    farol.outcome().ended(0);
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_program_calls_nothing_the_service_forbids() {
    let (trace, allowed) = (trace(), allowed());
    let calls: BTreeSet<&str> = trace
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(_, call)| call.trim_start().split_once('('))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
        // The end of a call whose beginning strace has missed: its number is the answer.
        .filter(|name| !name.starts_with("syscall_0xffff"))
        .collect();
    assert!(calls.len() > 40 && calls.contains("accept4") && !allowed.contains("chroot"), "{calls:?}");
    // SQLite gives a file to the owner of its database; only root is asked to, which the service is not.
    let forbidden: Vec<_> = calls.iter().filter(|call| !allowed.contains(**call) && **call != "fchown").collect();
    assert_eq!(forbidden, Vec::<&&str>::new());
    // MemoryDenyWriteExecute.
    let writes_code =
        |line: &&str| line.contains("PROT_EXEC") && (line.contains("PROT_WRITE") || line.contains("mprotect("));
    assert_eq!(trace.lines().filter(writes_code).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn the_service_comes_back_by_itself_once_the_cause_is_mended() {
    let unit = text_of("deploy/systemd/farol.service");
    for (key, value) in [("StartLimitIntervalSec", "0"), ("Restart", "on-failure"), ("RestartSec", "5")] {
        assert_eq!(values(&unit, key), [value]);
    }
    // Neither a kind of end nor a number of tries is the last, and the port stays open.
    assert!(!unit.contains("Prevent") && !unit.contains("StartLimitBurst"));
}

#[test]
fn the_units_name_what_the_installer_makes() {
    let installer = installer();
    let unit = text_of("deploy/systemd/farol.service");
    let credentials = values(&unit, "LoadCredential");
    assert_eq!(credentials, ["truenas-api-key:/etc/farol/truenas-api-key", "secret-key:/etc/farol/secret-key"]);
    assert_eq!(
        values(&unit, "Environment"),
        ["FAROL_TRUENAS_API_KEY_FILE=%d/truenas-api-key", "FAROL_SERVER_SECRET_KEY_FILE=%d/secret-key"]
    );
    for name in ["farol.service", "farol-backup.service"] {
        let unit = text_of(&format!("deploy/systemd/{name}"));
        let line = values(&unit, "ExecStart").concat();
        assert!(line.starts_with("/opt/farol/farol ") && line.ends_with("--config /etc/farol/farol.toml"), "{line}");
        for place in ["/opt/farol/farol", "/etc/farol/farol.toml", "/var/lib/farol", "/var/log/intranet"] {
            assert!(installer.contains(&format!("={place}\n")), "{place}");
        }
    }
    for name in units() {
        assert!(installer.contains(&name), "{name} is never installed");
    }
    for (socket, descriptor) in [("farol.socket", "http"), ("farol-redirect.socket", "redirect")] {
        let unit = text_of(&format!("deploy/systemd/{socket}"));
        assert_eq!(values(&unit, "FileDescriptorName"), [descriptor]);
    }
}
