//! The service under a real systemd, from its installation to its end: what the units promise, seen.

use std::fs;
use std::io::Cursor;

use crate::fresh::{CERTIFICATE, CREDENTIALS, NAME, nas, newer, options, somebody_signs_in};
use crate::harness::{Program, until};
use crate::root::{Debian, fine};
use crate::words;

/// Behind nginx, or Farol itself.
const FRONT: &str = "https://farol.escritorio.lan/healthz";
const BEHIND: &str = "http://127.0.0.1:8080/healthz";
/// Made by Farol itself.
const OWN_CERTIFICATE: &str = "/var/lib/farol/tls/certificate.pem";
const BACKUPS: &str = "/var/lib/farol/backups";

fn systemctl(debian: &Debian, line: &[&str]) -> String {
    let answer = debian.run(&[&["systemctl"], line].concat());
    assert!(answer.status.success(), "{line:?}: {}{}", words(&answer), journal(debian));
    words(&answer).trim().to_owned()
}

fn journal(debian: &Debian) -> String {
    words(&debian.run(&["journalctl", "--no-pager", "-o", "cat", "-u", "farol*"]))
}

/// What systemd knows of the service.
fn shown(debian: &Debian, property: &str) -> String {
    systemctl(debian, &["show", "--value", "-p", property, "farol"])
}

fn is_active(debian: &Debian) -> bool {
    shown(debian, "ActiveState") == "active"
}

/// Asks again and again, each time over a connection of its own, until there is a file of this name.
fn visitor(debian: &Debian, door: &str, certificate: &str, end: &str) -> Program {
    let script = "while [ ! -e \"$0\" ]; do
            curl -sS -o /dev/null -w '%{http_code}\\n' --max-time 20 --noproxy '*' --cacert \"$1\" --resolve \"$2\" \"$3\" 2>&1
        done";
    let paths = [end, certificate].map(|path| debian.path(path).display().to_string());
    let resolve = format!("{NAME}:443:127.0.0.1");
    let line = ["/bin/sh", "-c", script, &paths[0], &paths[1], &resolve, door];
    debian.spawn(debian.outside(&line))
}

/// Whatever is done to the service, everybody who asks meanwhile is answered.
fn nobody_notices(debian: &Debian, (doors, certificate): (&[&str], &str), work: impl FnOnce()) {
    let end = "/root/enough";
    let mut visitors: Vec<Program> = doors.iter().map(|door| visitor(debian, door, certificate, end)).collect();
    for visitor in &mut visitors {
        assert_eq!(visitor.said(""), "200");
    }
    work();
    debian.write(end, "");
    for visitor in visitors {
        let said = visitor.outcome().ended(0);
        let odd: Vec<&str> = said.lines().filter(|line| *line != "200").collect();
        assert!(odd.is_empty() && said.lines().count() > 1, "{odd:?} of {}: {}", said.lines().count(), journal(debian));
    }
    fs::remove_file(debian.path(end)).unwrap();
}

fn nobody_else_reads_the_copies_of_secrets(debian: &Debian) {
    let pid = shown(debian, "MainPID");
    let user = fine(&debian.run(&["stat", "-c", "%U", &format!("/proc/{pid}")]));
    assert_eq!(user.trim(), "farol");
    for (who, reads) in [("farol", true), ("www-data", false)] {
        for name in ["truenas-api-key", "secret-key"] {
            let copy = format!("{CREDENTIALS}/{name}");
            let read = debian.run(&["runuser", "-u", who, "--", "cat", &copy]);
            assert_eq!(read.status.success(), reads, "{who}: {copy}: {}", words(&read));
        }
        let original = debian.run(&["runuser", "-u", who, "--", "cat", "/etc/farol/secret-key"]);
        assert!(!original.status.success(), "{who}");
    }
}

/// The first process of it is stopped by somebody: it says nothing any more, and another one is started in its place.
fn it_is_started_again_when_it_hangs(debian: &Debian) {
    debian.write("/etc/systemd/system/farol.service.d/watchdog.conf", "[Service]\nWatchdogSec=10\n");
    systemctl(debian, &["daemon-reload"]);
    systemctl(debian, &["restart", "farol"]);
    let pid = shown(debian, "MainPID");
    let restarts: u32 = shown(debian, "NRestarts").parse().unwrap();
    systemctl(debian, &["kill", "--signal=STOP", "farol"]);
    until("another process has taken its place", || {
        (is_active(debian) && ![pid.as_str(), "0"].contains(&shown(debian, "MainPID").as_str())).then_some(())
    });
    assert!(shown(debian, "NRestarts").parse::<u32>().unwrap() > restarts);
    assert!(journal(debian).contains("Watchdog timeout"), "{}", journal(debian));
    fs::remove_file(debian.path("/etc/systemd/system/farol.service.d/watchdog.conf")).unwrap();
    systemctl(debian, &["daemon-reload"]);
    somebody_signs_in(debian);
}

fn a_copy_is_taken_with_the_secrets_in_it(debian: &Debian) {
    systemctl(debian, &["start", "farol-backup"]);
    let copies: Vec<_> = fs::read_dir(debian.path(BACKUPS)).unwrap().map(|entry| entry.unwrap().path()).collect();
    let name = copies.last().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!(debian.guarded(&format!("{BACKUPS}/{name}")), "600 farol farol");
    let copy = zip::ZipArchive::new(Cursor::new(fs::read(copies.last().unwrap()).unwrap())).unwrap();
    let names: Vec<String> = copy.file_names().map(|name| name.unwrap().into_owned()).collect();
    for wanted in ["farol.toml", "truenas-api-key", "secret-key", "farol.db"] {
        assert!(names.iter().any(|name| name.ends_with(wanted)), "{wanted} is not in {names:?}");
    }
}

fn booted() -> Debian {
    let debian = Debian::booted();
    // A debug build looks for its pages there, wherever the service may look itself.
    let pages = format!("[Service]\nBindReadOnlyPaths={}\n", env!("CARGO_MANIFEST_DIR"));
    debian.write("/etc/systemd/system/farol.service.d/pages.conf", &pages);
    debian
}

#[test]
fn systemd_starts_watches_reloads_replaces_and_copies_it_and_nobody_who_asks_notices() {
    let debian = booted();
    let nas = nas(&debian);
    let said = fine(&debian.install(&options(&nas)));
    assert!(said.contains("Instalado.") && !said.contains("falta iniciar"), "{said}");
    systemctl(&debian, &["is-active", "farol", "farol.socket", "farol-backup.timer", "nginx"]);
    assert!(shown(&debian, "StatusText").starts_with("Farol atende em http://127.0.0.1:8080"));
    somebody_signs_in(&debian);
    nobody_else_reads_the_copies_of_secrets(&debian);

    nobody_notices(&debian, (&[FRONT, BEHIND], CERTIFICATE), || {
        let pid = shown(&debian, "MainPID");
        systemctl(&debian, &["reload", "farol"]);
        assert_eq!((shown(&debian, "MainPID"), is_active(&debian)), (pid.clone(), true));
        systemctl(&debian, &["restart", "farol"]);
        systemctl(&debian, &["stop", "farol"]);
        // Whoever asks now starts it.
        until("it runs again", || is_active(&debian).then_some(()));
        fine(&debian.install(&["--yes", "--binary", newer(&debian)]));
        assert_ne!(shown(&debian, "MainPID"), pid);
    });
    a_copy_is_taken_with_the_secrets_in_it(&debian);
    it_is_started_again_when_it_hangs(&debian);

    fine(&debian.install(&["--uninstall", "--yes"]));
    assert!(!debian.run(&["systemctl", "is-active", "farol", "farol.socket"]).status.success());
    let refused = debian.outside(&["curl", "-s", "--noproxy", "*", BEHIND]).output().unwrap();
    assert_eq!(refused.status.code(), Some(7), "the port is closed");
}

#[test]
fn without_nginx_systemd_opens_the_ports_for_it_and_a_certificate_is_taken_at_a_reload() {
    let debian = booted();
    systemctl(&debian, &["disable", "--now", "nginx"]);
    let nas = nas(&debian);
    fine(&debian.install(&[&["--without-nginx"], options(&nas).as_slice()].concat()));
    systemctl(&debian, &["is-active", "farol", "farol.socket", "farol-redirect.socket"]);
    fine(&debian.run(&["/opt/farol/farol", "alive", "--config", "/etc/farol/farol.toml"]));
    let asked = debian.outside(&["curl", "-si", "--noproxy", "*", "-H", "Host: farol", "http://127.0.0.1/a"]).output();
    let sent_on = words(&asked.unwrap()).to_lowercase();
    assert!(
        sent_on.starts_with("http/1.1 308") && sent_on.contains(&format!("location: https://{NAME}/a")),
        "{sent_on}"
    );
    nobody_notices(&debian, (&[FRONT], OWN_CERTIFICATE), || {
        systemctl(&debian, &["restart", "farol"]);
    });
    let before = debian.read(OWN_CERTIFICATE);
    debian.write("/var/lib/farol/tls/key.pem", "broken");
    systemctl(&debian, &["reload", "farol"]);
    until("it has made another one", || (debian.read(OWN_CERTIFICATE) != before).then_some(()));
    let (certificate, resolve) = (debian.path(OWN_CERTIFICATE).display().to_string(), format!("{NAME}:443:127.0.0.1"));
    let line = ["curl", "-sS", "--noproxy", "*", "--cacert", &certificate, "--resolve", &resolve, FRONT];
    assert_eq!(fine(&debian.outside(&line).output().unwrap()), "ok\n");
}
