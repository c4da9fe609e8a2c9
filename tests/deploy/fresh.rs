//! The installer in a Debian that was just installed: from nothing to a person who is signed in through nginx over HTTPS,
//! once more, newer, and away again; and all it refuses.

use std::process::Output;

use crate::again::{asked, running};
use crate::harness::{Program, until};
use crate::root::{BINARY, Debian, end, fine};
use crate::units::values;
use crate::{tool, words};

pub const NAME: &str = "farol.escritorio.lan";
pub const CREDENTIALS: &str = "/run/credentials/farol.service";
pub const CERTIFICATE: &str = "/etc/farol/tls/certificate.pem";

/// The simulator inside, and what an administrator knows of it.
pub struct Nas {
    _program: Program,
    pub url: String,
    pub fingerprint: String,
}

pub fn nas(debian: &Debian) -> Nas {
    nas_at(debian, "127.0.0.1:8443")
}

pub fn nas_at(debian: &Debian, address: &str) -> Nas {
    let arguments = ["simulate", "--listen", address, "--panel", "127.0.0.1:8445"];
    let mut program = debian.spawn(debian.inside(&[&[BINARY], arguments.as_slice()].concat()));
    debian.write("/root/nas.key", &format!("{}\n", program.said("chave")));
    Nas { url: program.said("TLS"), fingerprint: program.said("SHA-256"), _program: program }
}

/// As in the README.
pub fn options(nas: &Nas) -> Vec<&str> {
    vec![
        "--yes",
        "--binary",
        BINARY,
        "--name",
        NAME,
        "--nas",
        &nas.url,
        "--nas-user",
        "svc-farol",
        "--nas-key-file",
        "/root/nas.key",
        "--fingerprint",
        &nas.fingerprint,
        "--",
        "--authenticator",
        "truenas-api",
    ]
}

/// What systemd would do, by what the unit says: credentials, environment, user, folder, line.
pub fn serve(debian: &Debian) -> Program {
    let unit = debian.read("/etc/systemd/system/farol.service");
    let one = |key: &str| {
        let found = values(&unit, key);
        assert_eq!(found.len(), 1, "{key}");
        found.concat()
    };
    let user = one("User");
    fine(&debian.run(&["install", "-d", "-m", "0700", "-o", &user, CREDENTIALS]));
    for credential in values(&unit, "LoadCredential") {
        let (name, from) = credential.split_once(':').unwrap();
        fine(&debian.run(&["install", "-m", "0400", "-o", &user, from, &format!("{CREDENTIALS}/{name}")]));
    }
    let environment = values(&unit, "Environment").join(" ").replace("%d", CREDENTIALS);
    let (group, folder, line) = (one("Group"), one("WorkingDirectory"), one("ExecStart"));
    let script = format!(
        "cd {folder} && umask {} && exec setpriv --reuid {user} --regid {group} --init-groups env {environment} {line}",
        one("UMask")
    );
    let mut program = debian.spawn(debian.inside(&["/bin/sh", "-c", &script]));
    program.said("Farol atende em");
    program
}

/// A browser that believes the certificate the installer made.
pub fn browse(debian: &Debian, arguments: &[&str]) -> String {
    let certificate = debian.path(CERTIFICATE).display().to_string();
    let resolve = format!("{NAME}:443:127.0.0.1");
    let usual = ["curl", "-sSi", "--noproxy", "*", "--cacert", &certificate, "--resolve", &resolve];
    fine(&debian.outside(&[&usual, arguments].concat()).output().unwrap()).to_lowercase()
}

pub fn somebody_signs_in(debian: &Debian) {
    let (address, jar) = (format!("https://{NAME}"), debian.path("/root/jar").display().to_string());
    let page = browse(debian, &[&address]);
    assert!(page.starts_with("http/1.1 200"), "{page}");
    let form = ["-c", &jar, "-H", "Sec-Fetch-Site: same-origin", "-d", "username=ana&password=demo-ana"];
    let entered = browse(debian, &[&form, [address.as_str()].as_slice()].concat());
    assert!(entered.starts_with("http/1.1 303") && entered.contains("location: /dashboard"), "{entered}");
    let page = browse(debian, &["-b", &jar, &format!("{address}/dashboard")]);
    assert!(page.starts_with("http/1.1 200") && page.contains("financeiro"), "{page}");
    let sent_on = words(
        &debian.outside(&["curl", "-si", "-H", &format!("Host: {NAME}"), "http://127.0.0.1/a"]).output().unwrap(),
    );
    assert!(sent_on.contains(&format!("Location: https://{NAME}/a")), "{sent_on}");
}

pub fn nobody_else_reads_what_is_secret(debian: &Debian) {
    for (path, guarded) in [
        ("/opt/farol", "755 root root"),
        ("/opt/farol/farol", "755 root root"),
        ("/etc/farol", "750 root farol"),
        ("/etc/farol/farol.toml", "640 root farol"),
        ("/etc/farol/truenas-api-key", "600 root root"),
        ("/etc/farol/secret-key", "600 root root"),
        ("/etc/farol/tls/key.pem", "600 root root"),
        (CERTIFICATE, "644 root root"),
        ("/var/lib/farol", "750 farol farol"),
        ("/var/lib/farol/backups", "750 farol farol"),
        ("/var/log/intranet", "750 farol farol"),
    ] {
        assert_eq!(debian.guarded(path), guarded, "{path}");
    }
    let key = debian.read("/root/nas.key");
    assert_eq!(debian.read("/etc/farol/truenas-api-key").trim(), key.trim());
    for open in ["/etc/farol/truenas.key", "/etc/farol/secret.key"] {
        assert!(!debian.path(open).exists(), "{open}");
    }
}

#[test]
fn from_nothing_to_a_person_signed_in_through_nginx_then_again_then_away() {
    let debian = Debian::new();
    let nas = nas(&debian);
    let before = debian.everything();
    let planned = fine(&debian.install(&[&["--dry-run"], options(&nas).as_slice()].concat()));
    assert!(planned.contains("  + apt-get update") && planned.contains("Nada foi mudado"), "{planned}");
    debian.assert_unchanged_since(&before);

    let said = fine(&debian.install(&options(&nas)));
    assert!(said.contains(&format!("https://{NAME}")) && said.contains("falta iniciar"), "{said}");
    assert!(!said.contains(debian.read("/root/nas.key").trim()), "the key was shown");
    nobody_else_reads_what_is_secret(&debian);
    fine(&debian.run(&["nginx", "-t"]));
    let farol = serve(&debian);
    let nginx = debian.spawn(debian.inside(&["nginx", "-g", "daemon off;"]));
    until("nginx listens", || {
        debian.outside(&["curl", "-s", "http://127.0.0.1"]).status().unwrap().success().then_some(())
    });
    somebody_signs_in(&debian);
    end(farol);
    end(nginx);

    let before = debian.everything();
    for options in [options(&nas), vec!["--yes"], vec!["--yes", "--binary", BINARY]] {
        let said = fine(&debian.install(&options));
        assert!(said.contains("Nada a mudar") && !said.contains("  + "), "{said}");
        debian.assert_unchanged_since(&before);
    }

    let said = fine(&debian.install(&["--uninstall", "--yes"]));
    assert!(said.contains("Ficaram: /etc/farol") && said.contains("/var/lib/farol"), "{said}");
    for gone in ["/opt/farol", "/etc/systemd/system/farol.service", "/etc/nginx/sites-available/farol.conf"] {
        assert!(!debian.path(gone).exists(), "{gone}");
    }
    assert!(debian.path("/etc/nginx/sites-enabled/farol.conf").symlink_metadata().is_err());
    for kept in ["/etc/farol/farol.toml", "/etc/farol/secret-key", "/var/lib/farol/farol.db"] {
        assert!(debian.path(kept).exists(), "{kept}");
    }
    fine(&debian.run(&["nginx", "-t"]));
    // What was kept is found again.
    fine(&debian.install(&["--yes", "--binary", BINARY]));
    let _farol = serve(&debian);
}

/// An installation that stands.
pub fn installed() -> Debian {
    let debian = Debian::furnished();
    let nas = nas(&debian);
    fine(&debian.install(&options(&nas)));
    debian
}

/// What is as before but for one byte behind its end.
pub fn newer(debian: &Debian) -> &'static str {
    fine(&debian.run(&["/bin/sh", "-c", "cp /root/farol /root/newer && printf x >>/root/newer"]));
    "/root/newer"
}

#[test]
fn a_newer_program_takes_the_place_of_the_old_one_whole_and_what_was_changed_by_hand_stays() {
    let debian = installed();
    let site = "/etc/nginx/sites-available/farol.conf";
    let own = format!("{}# ours\n", debian.read(site));
    debian.write(site, &own);
    let newer = newer(&debian);
    let said = fine(&debian.install(&["--yes", "--binary", newer]));
    assert!(said.contains("/opt/farol/farol.new /opt/farol/farol"), "{said}");
    assert!(said.contains(&format!("{site} foi mudado depois de instalado e ficou como está")), "{said}");
    assert_eq!(debian.read(site), own);
    // What it would have placed is where it says.
    let (_, offered) = said.split_once("a versão nova é ").unwrap();
    let offered = debian.read(offered.split(".\n").next().unwrap());
    assert_eq!(own, format!("{offered}# ours\n"));
    fine(&debian.run(&["cmp", newer, "/opt/farol/farol"]));
    assert!(!debian.path("/opt/farol/farol.new").exists());

    // A program that would not start with these settings never gets there.
    debian.write("/etc/farol/farol.toml", "[server]\nlisen = \"x\"\n");
    let refused = debian.install(&["--yes", "--binary", BINARY]);
    refused_with(&refused, "não aceita a configuração");
    fine(&debian.run(&["cmp", newer, "/opt/farol/farol"]));

    let link = "/etc/nginx/sites-enabled/farol.conf";
    fine(&debian.run(&["ln", "-sf", "/root/theirs", link]));
    let said = fine(&debian.install(&["--uninstall", "--yes"]));
    for changed in [site, link] {
        assert!(said.contains(&format!("{changed} foi mudado depois de instalado e ficou.")), "{said}");
    }
    assert_eq!(debian.read(site), own);
    assert!(debian.path(link).symlink_metadata().is_ok() && !debian.path("/opt/farol").exists());
}

#[test]
fn an_upgrade_copies_first_and_never_lets_go_of_the_port() {
    let debian = running();
    let newer = newer(&debian);
    let said = fine(&debian.install(&["--yes", "--binary", newer]));
    assert_eq!(asked(&debian), ["start farol-backup.service", "restart farol.service"]);
    let position = |words: &str| said.find(words).unwrap_or_else(|| panic!("{words} is not in {said}"));
    assert!(position("start farol-backup.service") < position("/opt/farol/farol.new /opt/farol/farol"));
    assert!(position("/opt/farol/farol.new /opt/farol/farol") < position("restart farol.service"));
    let said = fine(&debian.install(&["--yes", "--binary", newer]));
    assert!(said.contains("Nada a mudar") && asked(&debian).is_empty(), "{said}");

    // Without a copy nothing is replaced, whether the service runs or not.
    fine(&debian.run(&["/bin/sh", "-c", "kill $(cat /run/farol.pid) && rm -r /var/lib/farol/backups"]));
    debian.write("/var/lib/farol/backups", "in the way");
    let failed = debian.install(&["--yes", "--binary", BINARY]);
    assert!(
        failed.status.code() == Some(1) && words(&failed).contains("o programa não foi trocado"),
        "{}",
        words(&failed)
    );
    fine(&debian.run(&["cmp", newer, "/opt/farol/farol"]));

    // A database elsewhere is copied by whoever keeps it.
    let settings = debian.read("/etc/farol/farol.toml");
    let elsewhere = "[store]\nurl = \"postgres://farol:f3b1c8e2a7d94605@127.0.0.1/farol\"\n";
    debian.write("/etc/farol/farol.toml", &format!("{settings}\n{elsewhere}"));
    let failed = words(&debian.install(&["--yes", "--binary", BINARY]));
    assert!(failed.contains("em outro servidor") && failed.contains("--without-copy"), "{failed}");
    fine(&debian.run(&["cmp", newer, "/opt/farol/farol"]));
}

#[test]
fn without_nginx_farol_itself_gets_the_ports() {
    let debian = Debian::new();
    let nas = nas(&debian);
    fine(&debian.install(&[&["--without-nginx"], options(&nas).as_slice()].concat()));
    let settings = debian.read("/etc/farol/farol.toml");
    for line in ["listen = \"0.0.0.0:443\"", "tls = \"self-signed\"", "redirect_listen = \"0.0.0.0:80\""] {
        assert_eq!(settings.lines().filter(|found| *found == line).count(), 1, "{line}: {settings}");
    }
    let port = debian.read("/etc/systemd/system/farol.socket.d/listen.conf");
    assert_eq!(values(&port, "ListenStream"), ["", "443"]);
    assert_eq!(values(&debian.read("/etc/systemd/system/farol-redirect.socket"), "ListenStream"), ["80"]);
    assert!(!debian.path("/usr/sbin/nginx").exists());
}

#[track_caller]
pub fn refused_with(output: &Output, what: &str) {
    let said = words(output);
    assert!(output.status.code() == Some(2) && said.contains("Recusado: ") && said.contains(what), "{what}: {said}");
}

#[test]
fn what_it_does_not_understand_it_refuses_and_changes_nothing() {
    let debian = Debian::new();
    let whole =
        ["--yes", "--binary", BINARY, "--name", NAME, "--nas", "https://127.0.0.1:1", "--nas-key-file", "/root/k"];
    debian.write("/root/k", "7-key\n");
    let before = debian.everything();
    for (options, what) in [
        (&["--fast"][..], "não conheço a opção --fast"),
        (&["--name"], "falta o valor de --name"),
        (&["--binary", "--yes"], "falta o valor de --binary"),
        (&["--yes"], "falta --name"),
        (&["--yes", "--name", NAME], "falta --nas"),
        (&["--yes", "--name", NAME, "--nas", "https://x"], "falta --nas-key-file"),
        (&["--binary", BINARY], "sem um terminal"),
        (&["--with-nginx", "--without-nginx"], "ao mesmo tempo"),
        (&["--self-signed", "--certificate", "/root/k", "--key", "/root/k"], "ao mesmo tempo"),
        (&["--fingerprint", "x", "--ca-file", "/root/k"], "ao mesmo tempo"),
        (&["--certificate", "/root/k"], "só valem juntos"),
        (&["--key", "/root/none"], "só valem juntos"),
        (&["--binary", "/root/none"], "o arquivo /root/none não existe"),
        (&["--name", "https://x/y"], "não é um nome de máquina"),
        (&["--uninstall", "--yes"], "não há instalação"),
        (&["--uninstall", "--name", NAME], "só combina com"),
    ] {
        refused_with(&debian.install(options), what);
    }
    let mut other = whole;
    other[2] = "/bin/true";
    refused_with(&debian.install(&other), "não é o Farol");
    other[2] = "/root/k";
    refused_with(&debian.install(&other), "não funciona nesta máquina");
    let without: Vec<&str> = whole.iter().copied().filter(|word| !["--binary", BINARY].contains(word)).collect();
    refused_with(&debian.install(&without), "não há o que instalar");
    let script = crate::ours("deploy/install.sh").display().to_string();
    let line = [&["runuser", "-u", "nobody", "--", "/bin/bash", &script], whole.as_slice()].concat();
    refused_with(&debian.run(&line), "precisa ser executado como root");
    debian.assert_unchanged_since(&before);

    // What somebody else put into its places.
    for (path, owner) in [
        ("/opt/farol/farol", "root"),
        ("/etc/systemd/system/farol.service", "root"),
        ("/etc/nginx/sites-available/farol.conf", "root"),
        ("/var/log/intranet/app.log", "www-data"),
        ("/var/lib/farol/other.db", "root"),
    ] {
        debian.write(path, "theirs");
        let folder = path.rsplit_once('/').unwrap().0;
        fine(&debian.run(&["chown", owner, folder]));
        let named = if path.starts_with("/var") { folder } else { path };
        refused_with(&debian.install(&whole), &format!("{named} já existe"));
        assert_eq!(debian.read(path), "theirs");
        fine(&debian.run(&["rm", "-r", path]));
    }
    fine(&debian.run(&["useradd", "--uid", "1500", "farol"]));
    refused_with(&debian.install(&whole), "é de uma pessoa");
    debian.write("/etc/os-release", "ID=fedora\nVERSION_ID=41\nPRETTY_NAME=\"Fedora Linux 41\"\n");
    refused_with(&debian.install(&whole), "não Fedora Linux 41");
    // Its systemd knows too little.
    debian.write("/etc/os-release", "ID=ubuntu\nVERSION_ID=22.04\nPRETTY_NAME=\"Ubuntu 22.04\"\n");
    refused_with(&debian.install(&whole), "não Ubuntu 22.04");
    assert!(!debian.path("/etc/farol").exists());
}

#[test]
fn its_help_names_every_option_it_takes_and_changes_nothing() {
    let script = crate::ours("deploy/install.sh").display().to_string();
    let help = fine(&tool("/bin/bash", &[&script, "--help"]));
    let text = crate::text_of("deploy/install.sh");
    let (_, arguments) = text.split_once("read_arguments() {").unwrap();
    let (arguments, _) = arguments.split_once("\n}\n").unwrap();
    let named: Vec<&str> = arguments.split(|c: char| !(c.is_ascii_lowercase() || c == '-')).collect();
    let options: Vec<&str> = named.into_iter().filter(|word| word.len() > 3 && word.starts_with("--")).collect();
    assert!(options.len() > 15, "{options:?}");
    for option in options {
        assert!(help.contains(option), "{option} is not in the help");
    }
}
