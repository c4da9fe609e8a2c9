//! `farol check` shows what is in force, who said so, and all that is wrong.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::process::ExitCode;

use farol::cli::{self, check};
use farol::config::{self, Sources};

fn printed(environment: &[(&str, &str)]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let sources = Sources {
        directory: folder.path().into(),
        file: None,
        usual_files: Vec::new(),
        environment: environment
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect::<BTreeMap<_, _>>(),
        overrides: Vec::new(),
    };
    let mut out = Vec::new();
    let whole = check::print(&config::load(&sources), &mut out).unwrap();
    (whole, String::from_utf8(out).unwrap().replace(&format!("{}/", folder.path().display()), ""))
}

/// A line without the blanks that align it.
fn line<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
    let line = text.lines().find(|line| line.split_whitespace().next() == Some(key)).unwrap();
    line.split("  ").map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[test]
fn what_is_in_force_is_shown_with_its_origin_and_secrets_masked() {
    let (whole, text) = printed(&[
        ("TRUENAS_IP", "192.168.1.100"),
        ("TRUENAS_API_KEY", "7-Zk3kQ9vB1nX5"),
        ("SECRET_KEY", "f3b1c8e2a7d94605b8c1e3f7a2d9460bf3b1c8e2a7d94605"),
        ("FAROL_STORE_URL", "mysql://farol:pw@db/farol"),
        ("FAROL_DRIVES_FIXED", "Geral=G"),
    ]);
    assert!(whole, "{text}");
    for expected in [
        ["truenas.url", "https://192.168.1.100", "TRUENAS_IP"],
        ["truenas.username", "(vazio)", "padrão"],
        ["truenas.api_key", "••••", "TRUENAS_API_KEY"],
        ["server.secret_key", "••••", "SECRET_KEY"],
        ["store.url", "mysql://farol:••••@db/farol", "FAROL_STORE_URL"],
        ["smb.host", "192.168.1.100", "padrão"],
        ["server.idle_timeout_s", "14400", "padrão"],
        ["server.public_url", "—", "—"],
        ["auth.authenticator", "smb", "padrão"],
        ["auth.administrators_group", "portal-admins", "padrão"],
        ["auth.on_service_key_refused", "logout", "padrão"],
        ["auth.second_factor", "required", "padrão"],
        ["drives.host", "192.168.1.100", "padrão"],
        ["drives.letters", "MNOPQRSTUVWXYZLKJIHGFED", "padrão"],
        ["drives.fixed", "Geral=G", "FAROL_DRIVES_FIXED"],
        ["log.filter", "info", "padrão"],
        ["truenas.ca_file", "—", "—"],
    ] {
        assert_eq!(line(&text, expected[0]), expected);
    }
    assert!(text.ends_with("\n\nTudo certo.\n"), "{text}");
}

#[test]
fn all_problems_are_listed_below_what_is_in_force() {
    let (whole, text) = printed(&[("TRUENAS_IP", "nas"), ("SECRET_KEY", "short")]);
    assert!(!whole);
    assert_eq!(line(&text, "server.secret_key"), ["server.secret_key", "••••", "SECRET_KEY"]);
    assert!(text.contains("\n\nHá 2 problemas na configuração:\n\ntruenas.api_key: falta este valor\n"), "{text}");
    assert!(!text.contains("short") && !text.contains("Tudo certo"), "{text}");
}

#[tokio::test]
async fn wrong_settings_end_with_two_and_good_ones_with_zero() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("farol.toml");
    let good = "[truenas]\nurl = 'https://nas'\napi_key = '7-Zk3kQ9vB1nX5'\n\
                [server]\nsecret_key = 'f3b1c8e2a7d94605b8c1e3f7a2d9460bf3b1c8e2a7d94605'\n";
    for (content, code) in [(good.to_owned(), 0), (format!("{good}listen = 'x'"), 2)] {
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let line = ["farol", "check", "--config", path.to_str().unwrap()].map(Into::into);
        let mut out = Vec::new();
        let ended = cli::run(line, &mut std::io::empty(), &mut out, &mut std::io::sink()).await;
        assert_eq!(format!("{ended:?}"), format!("{:?}", ExitCode::from(code)), "{}", String::from_utf8_lossy(&out));
        assert!(String::from_utf8(out).unwrap().contains("\nAviso: "), "others may read the secrets in the file");
    }
}
