//! An installation that failed, was killed, or is to be another one: the next run goes on from what is there.

use crate::fresh::{NAME, installed, nas, newer, nobody_else_reads_what_is_secret, options, refused_with};
use crate::root::{BINARY, Debian, fine};
use crate::{units::values, words};

const SETTINGS: &str = "/etc/farol/farol.toml";
const SITE: &str = "/etc/nginx/sites-available/farol.conf";
const PROGRAM: &str = "/opt/farol/farol";

#[track_caller]
fn failed_with(output: &std::process::Output, what: &str) {
    let said = words(output);
    assert!(output.status.code() == Some(1) && said.contains("Falhou: ") && said.contains(what), "{what}: {said}");
}

#[track_caller]
fn finds_nothing_to_do(debian: &Debian) {
    let before = debian.everything();
    let said = fine(&debian.install(&["--yes", "--binary", BINARY]));
    assert!(said.contains("Nada a mudar") && !said.contains("  + "), "{said}");
    debian.assert_unchanged_since(&before);
}

#[test]
fn a_set_up_that_failed_is_done_by_the_next_run() {
    let debian = Debian::furnished();
    let mut nas = nas(&debian);
    // Whatever ends a run has a sentence.
    debian.write("/usr/local/bin/groupadd", "#!/bin/sh\nexit 10\n");
    fine(&debian.run(&["chmod", "755", "/usr/local/bin/groupadd"]));
    failed_with(&debian.install(&options(&nas)), "Falhou: groupadd --system farol");
    fine(&debian.run(&["rm", "/usr/local/bin/groupadd"]));

    let url = std::mem::replace(&mut nas.url, "https://127.0.0.1:1".to_owned());
    failed_with(&debian.install(&options(&nas)), "farol setup não terminou");
    assert!(debian.path(PROGRAM).exists() && !debian.path(SETTINGS).exists());
    // The name is known from the first time.
    nas.url = url;
    let options = options(&nas);
    fine(&debian.install(&options.iter().filter(|word| !["--name", NAME].contains(word)).copied().collect::<Vec<_>>()));
    assert!(debian.read(SITE).contains(&format!("server_name {NAME};")));
    finds_nothing_to_do(&debian);
}

/// Kills whoever calls one of these at the call whose number stands in /root/calls, once it has been done.
fn set_traps(debian: &Debian) {
    for tool in ["install", "mv", "ln", "rm", "chmod", "chown", "sed", "groupadd", "useradd"] {
        debian.write(
            &format!("/usr/local/bin/{tool}"),
            &format!(
                "#!/bin/sh
                PATH=/usr/sbin:/usr/bin:/sbin:/bin
                {tool} \"$@\" || exit
                [ -e /root/calls ] || exit 0
                left=$(($(cat /root/calls) - 1))
                echo $left >/root/calls
                [ $left -gt 0 ] || kill -9 $PPID\n"
            ),
        );
    }
    fine(&debian.run(&["/bin/sh", "-c", "/usr/bin/chmod 755 /usr/local/bin/*"]));
}

#[test]
fn killed_again_and_again_it_gets_there() {
    let debian = Debian::furnished();
    let nas = nas(&debian);
    set_traps(&debian);
    let mut kills = 0;
    for call in 1.. {
        assert!(call < 30, "it never got there");
        debian.write("/root/calls", &call.to_string());
        let output = debian.install(&options(&nas));
        if output.status.success() {
            break;
        }
        assert_eq!(output.status.code(), None, "{}", words(&output));
        kills += 1;
    }
    assert!(kills >= 5, "{kills}");
    fine(&debian.run(&["/bin/rm", "/root/calls"]));
    nobody_else_reads_what_is_secret(&debian);
    fine(&debian.run(&["nginx", "-t"]));
    finds_nothing_to_do(&debian);
    fine(&debian.install(&["--uninstall", "--yes"]));
    let left = fine(&debian.run(&[
        "find",
        "/opt",
        "/etc/systemd/system",
        "/etc/nginx",
        "/etc/farol",
        "/usr/local/bin",
        "-name",
        "*farol*",
    ]));
    assert_eq!(left, "/etc/farol\n/etc/farol/farol.toml\n");
}

/// As far as the installer can tell, systemd: the service runs, or does not start, and the sockets are there.
const SYSTEMCTL: &str = r#"#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
pid=$(cat /run/farol.pid 2>/dev/null)
lives() { readlink "/proc/${pid:-none}/exe" >/dev/null; }
as_farol() { exec setpriv --reuid farol --regid farol --init-groups env \
    FAROL_TRUENAS_API_KEY_FILE=/run/truenas-api-key FAROL_SERVER_SECRET_KEY_FILE=/run/secret-key "$@"; }
case $* in
    *is-active*farol.service) lives; exit ;;
    *is-active* | *is-enabled*) exit 0 ;;
    show*MainPID*) if lives; then echo "$pid"; else echo 0; fi; exit 0 ;;
    show*ExecMainStart*) [ -z "$pid" ] || date -u -r /run/farol.pid '+%a %F %T.%6N UTC'; exit 0 ;;
    show*Listen*) echo '127.0.0.1:8080 (Stream)'; exit 0 ;;
    show*) exit 0 ;;
esac
echo "$*" >>/root/asked
[ ! -e /root/killer ] || { rm /root/killer; kill -9 $PPID; exit; }
cp /etc/farol/*-key /run && chown farol /run/*-key
case $* in
    'start farol-backup.service') as_farol /opt/farol/farol backup /var/lib/farol/backups --config /etc/farol/farol.toml ;;
    'restart farol.service')
        if lives; then kill "$pid"; while lives; do sleep 0.1; done; fi
        as_farol /opt/farol/farol serve --config /etc/farol/farol.toml >/run/said 2>&1 </dev/null &
        pid=$!
        echo $pid >/run/farol.pid
        while ! grep -q 'Farol atende em' /run/said; do lives || exit 1; sleep 0.1; done
        ;;
esac
"#;

/// An installation that runs.
pub fn running() -> Debian {
    let debian = installed();
    debian.write("/run/systemd/system/.keep", "");
    debian.write("/usr/local/bin/systemctl", SYSTEMCTL);
    fine(&debian.run(&["chmod", "755", "/usr/local/bin/systemctl"]));
    fine(&debian.install(&["--yes", "--binary", BINARY]));
    assert_eq!(asked(&debian), ["restart farol.service"]);
    debian
}

/// What systemd was asked since the last time.
pub fn asked(debian: &Debian) -> Vec<String> {
    let asked = debian.read("/root/asked").lines().map(str::to_owned).collect();
    debian.write("/root/asked", "");
    asked
}

fn is_running(debian: &Debian, program: &str) -> bool {
    debian.run(&["/bin/sh", "-c", &format!("cmp {program} /proc/$(cat /run/farol.pid)/exe")]).status.success()
}

#[test]
fn killed_before_the_new_program_was_started_the_next_run_starts_it() {
    let debian = running();
    let newer = newer(&debian);
    debian.write("/root/killer", "");
    // Its first word to systemd is the copy, which is not made.
    assert_eq!(debian.install(&["--yes", "--binary", newer]).status.code(), None);
    fine(&debian.run(&["cmp", BINARY, PROGRAM]));
    set_traps(&debian);
    // The name in the settings, the record, the former program, the new one: there it ends.
    debian.write("/root/calls", "6");
    assert_eq!(debian.install(&["--yes", "--binary", newer]).status.code(), None);
    fine(&debian.run(&["/bin/rm", "/root/calls"]));
    fine(&debian.run(&["cmp", newer, PROGRAM]));
    assert!(is_running(&debian, BINARY));
    asked(&debian);
    fine(&debian.install(&["--yes", "--binary", newer]));
    assert_eq!(asked(&debian), ["restart farol.service"]);
    assert!(is_running(&debian, newer) && !debian.path("/opt/farol/farol.old").exists());
}

#[test]
fn a_program_that_does_not_answer_gives_way_to_the_one_before() {
    let debian = running();
    debian.write(
        "/root/broken",
        "#!/bin/sh\ncase $1 in --version) echo farol 9 ;; serve) exit 1 ;; *) exec /root/farol \"$@\" ;; esac\n",
    );
    fine(&debian.run(&["chmod", "755", "/root/broken"]));
    failed_with(&debian.install(&["--yes", "--binary", "/root/broken"]), "o anterior voltou ao lugar e atende");
    assert_eq!(asked(&debian), ["start farol-backup.service", "restart farol.service", "restart farol.service"]);
    assert!(is_running(&debian, BINARY) && !debian.path("/opt/farol/farol.old").exists());
    fine(&debian.install(&["--yes", "--binary", BINARY]));
    assert!(asked(&debian).is_empty());
    finds_nothing_to_do(&debian);
}

#[test]
fn root_follows_no_link_of_the_account() {
    let debian = installed();
    let plant = "rm -r /var/lib/farol/backups && mkdir /root/theirs && ln -s /root/theirs /var/lib/farol/backups";
    fine(&debian.run(&["/bin/sh", "-c", plant]));
    fine(&debian.install(&["--yes", "--binary", newer(&debian)]));
    assert_eq!(debian.guarded("/root/theirs"), "755 root root");

    for (path, target) in [("/etc/farol/secret-key", "/root/secret"), (SETTINGS, "/root/settings")] {
        fine(&debian.run(&[
            "/bin/sh",
            "-c",
            &format!("cp -p {path} {target} && chown 0:0 {target} && chmod 644 {target}"),
        ]));
        fine(&debian.run(&["ln", "-sf", target, path]));
        failed_with(&debian.install(&["--yes", "--binary", BINARY]), &format!("{path} é um link"));
        assert_eq!(debian.guarded(target), "644 root root");
    }
}

#[test]
fn a_site_that_nginx_refuses_leaves_the_one_before() {
    let debian = installed();
    let before = debian.read(SITE);
    debian.write("/root/none.pem", "none\n");
    let other = ["--yes", "--binary", BINARY, "--certificate", "/root/none.pem", "--key", "/root/none.pem"];
    failed_with(&debian.install(&other), "o nginx não aceita a configuração");
    assert_eq!(debian.read(SITE), before);
    fine(&debian.run(&["nginx", "-t"]));
    fine(&debian.install(&["--yes", "--binary", BINARY, "--self-signed"]));
    assert_eq!(debian.read(SITE), before);
    finds_nothing_to_do(&debian);
}

/// Of the certificate the installer made.
fn certificate(debian: &Debian, question: &[&str]) -> String {
    let line = ["openssl", "x509", "-noout", "-in", "/etc/farol/tls/certificate.pem"];
    words(&debian.run(&[&line, question].concat()))
}

#[test]
fn a_name_is_changed_by_saying_it_and_the_certificate_follows_it_and_is_renewed_in_time() {
    let debian = installed();
    fine(&debian.install(&["--yes", "--binary", BINARY, "--name", "outro.lan"]));
    assert!(debian.read(SETTINGS).contains("public_url = \"https://outro.lan\"\n"));
    assert!(debian.read(SITE).contains("server_name outro.lan;"));
    assert!(certificate(&debian, &["-ext", "subjectAltName"]).contains("DNS:outro.lan"));
    finds_nothing_to_do(&debian);

    let short = "cd /etc/farol/tls && openssl req -x509 -key key.pem -subj /CN=x -addext subjectAltName=DNS:outro.lan \
        -days 89 -out certificate.pem";
    fine(&debian.run(&["/bin/sh", "-c", short]));
    fine(&debian.install(&["--yes", "--binary", BINARY]));
    assert!(certificate(&debian, &["-checkend", "60000000"]).contains("will not expire"));
    finds_nothing_to_do(&debian);
}

#[test]
fn whoever_meets_browsers_is_changed_by_saying_so_in_every_place() {
    let debian = Debian::furnished();
    let nas = nas(&debian);
    fine(&debian.install(&[&["--without-nginx"], options(&nas).as_slice()].concat()));
    // As people write.
    let written = debian
        .read(SETTINGS)
        .replace("tls = \"self-signed\"", "  tls=\"self-signed\" # ours\ntls_names = [\n  \"a.lan\",\n]");
    debian.write(SETTINGS, &written);
    fine(&debian.install(&["--yes", "--binary", BINARY, "--with-nginx"]));
    let settings = debian.read(SETTINGS);
    for gone in ["tls", "redirect_listen", "a.lan"] {
        assert!(!settings.contains(gone), "{gone}: {settings}");
    }
    for line in ["listen = \"127.0.0.1:8080\"", "trusted_proxies = [\"127.0.0.1\", \"::1\"]"] {
        assert_eq!(settings.lines().filter(|found| *found == line).count(), 1, "{line}: {settings}");
    }
    for gone in ["farol-redirect.socket", "farol.socket.d/listen.conf", "farol.service.d/redirect.conf"] {
        assert!(!debian.path(&format!("/etc/systemd/system/{gone}")).exists(), "{gone}");
    }
    fine(&debian.run(&["nginx", "-t"]));
    finds_nothing_to_do(&debian);

    // A certificate that the service could not see is refused, one that it can takes the place of its own.
    fine(&debian.run(&["/bin/sh", "-c", "cp -r /etc/farol/tls /root/pair && cp -r /etc/farol/tls /etc/farol/pair && chgrp -R farol /etc/farol/pair && chmod -R g+rX /etc/farol/pair"]));
    let given = |folder: &str| {
        let (certificate, key) = (format!("{folder}/certificate.pem"), format!("{folder}/key.pem"));
        debian.install(&["--yes", "--binary", BINARY, "--without-nginx", "--certificate", &certificate, "--key", &key])
    };
    refused_with(&given("/root/pair"), "não enxerga");
    fine(&given("/etc/farol/pair"));
    let settings = debian.read(SETTINGS);
    for line in ["listen = \"0.0.0.0:443\"", "tls = \"files\"", "tls_key = \"/etc/farol/pair/key.pem\""] {
        assert_eq!(settings.lines().filter(|found| *found == line).count(), 1, "{line}: {settings}");
    }
    assert!(!settings.contains("trusted_proxies") && debian.path(SITE).symlink_metadata().is_err());
    let wants = debian.read("/etc/systemd/system/farol.service.d/redirect.conf");
    assert_eq!(values(&wants, "Wants"), ["farol-redirect.socket"]);
    finds_nothing_to_do(&debian);

    // What was changed by hand is asked about, not undone.
    let by_hand = settings.replace("tls = \"files\"", "tls = \"off\"").replace("tls_", "# tls_");
    debian.write(SETTINGS, &by_hand.replace("0.0.0.0:443", "127.0.0.1:8080"));
    refused_with(&debian.install(&["--yes", "--binary", BINARY]), "Diga o que vale");
}
