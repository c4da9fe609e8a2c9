//! Where a setting comes from: the stronger source, and what its words mean there.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;
use std::time::Duration;

use super::*;
use crate::truenas::Trust;

#[test]
fn the_customers_variables_are_enough_and_the_rest_is_by_default() {
    let world = World::complete();
    let settings = world.settings();
    let folder = world.folder.path();
    assert_eq!(settings.truenas.url().as_str(), "https://192.168.1.100/");
    assert_eq!(settings.truenas.api_key.now().reveal(), API_KEY);
    assert_eq!(settings.truenas.trust, Trust::System);
    assert_eq!(settings.web.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.auth.session_timeout, Duration::from_hours(8));
    assert_eq!(settings.web.secret_key.reveal(), SECRET);
    assert_eq!((settings.smb.host.as_str(), settings.smb.port), ("192.168.1.100", 445));
    assert_eq!(settings.data_dir, folder.join("farol-data"));
    assert_eq!(*settings.store.url().reveal(), format!("sqlite://{}/farol-data/farol.db", folder.display()));
    assert_eq!(settings.log.directory, folder.join("farol-data/logs"));
    assert_eq!((settings.log.keep_days, settings.log.filter.as_str()), (30, "info"));
}

#[test]
fn the_stronger_source_wins_and_is_named() {
    const KEY: &str = "server.session_timeout_s";
    let mut world = World::complete();
    assert_eq!(world.origin(KEY), ("28800".into(), "padrão".into()));
    world = world.file("farol.toml", "\n[server]\nsession_timeout_s = 1_000\n");
    assert_eq!(world.origin(KEY), ("1000".into(), "farol.toml:3".into()));
    world = world.file(".env", "# sessões\nexport SESSION_TIMEOUT='2000'\n");
    assert_eq!(world.origin(KEY), ("2000".into(), ".env:2".into()));
    world = world.with("SESSION_TIMEOUT", "3000");
    assert_eq!(world.origin(KEY), ("3000".into(), "SESSION_TIMEOUT".into()));
    world = world.with("FAROL_SERVER_SESSION_TIMEOUT_S", "4000");
    assert_eq!(world.origin(KEY), ("4000".into(), "FAROL_SERVER_SESSION_TIMEOUT_S".into()));
    world = world.over("server.session_timeout_s=5000");
    assert_eq!(world.origin(KEY), ("5000".into(), "linha de comando".into()));
    assert_eq!(world.settings().auth.session_timeout, Duration::from_secs(5000));
}

#[test]
fn a_dollar_in_dot_env_is_kept_in_single_quotes_and_refused_outside_of_them() {
    let quoted = World::complete().file(".env", "# custa $5\nTRUENAS_API_KEY='7-a$HOME'\n");
    let plain = World::complete().file(".env", "TRUENAS_API_KEY=7-a$HOME\n");
    assert!(quoted.load().settings().is_ok());
    let expected = ".env:1: há um $ fora de aspas simples";
    assert!(plain.report().contains(expected), "{}", plain.report());
}

#[test]
fn a_dollar_counts_as_quoted_only_where_the_reader_of_the_line_would_keep_it() {
    for (value, kept) in [
        ("'7-a$HOME'", Some("7-a$HOME")),
        ("7-a'$HOME'b", Some("7-a$HOMEb")),
        ("\"7-'\"'$HOME'", Some("7-'$HOME")),
        ("\"7-d'agua$HOME\"", None),
        ("7-\\'$HOME", None),
        ("'7-'$HOME''", None),
        ("\"7-\\\"'$HOME'\"", None),
    ] {
        let world = World::complete().with("TRUENAS_API_KEY", "").file(".env", format!("TRUENAS_API_KEY={value}\n"));
        match kept {
            Some(key) => assert_eq!(world.settings().truenas.api_key.now().reveal(), key),
            None => assert!(world.report().contains(".env:1: há um $ fora de aspas simples"), "{}", world.report()),
        }
    }
}

#[test]
fn a_variable_of_ours_that_is_not_text_is_named_and_not_called_missing() {
    let mut world = World::complete();
    for name in ["SECRET_KEY", "FAROL_CONFIG", "LS_COLORS"] {
        world.sources.environment.insert(name.into(), OsString::from_vec(vec![b'a', 0xff]));
    }
    let said = |name: &str| {
        format!("{name}: o valor não é texto em UTF-8\n    Grave o valor de novo, em UTF-8, ou apague a variável.")
    };
    let expected = format!(
        "Há 2 problemas na configuração:\n\n{}\n\n{}",
        said("FAROL_CONFIG"),
        said("SECRET_KEY: server.secret_key")
    );
    assert_eq!(world.report(), expected);
}

#[test]
fn an_empty_variable_says_nothing() {
    let world = World::complete().file("farol.toml", "[smb]\nhost = \"arquivos\"").with("FAROL_SMB_HOST", "");
    assert_eq!(world.settings().smb.host, "arquivos");
}

#[test]
fn a_named_file_must_be_there_and_the_environment_may_name_it() {
    let missing = World::complete().with("FAROL_CONFIG", "outro.toml");
    assert_eq!(
        missing.report(),
        one_problem(
            "outro.toml: o arquivo não pôde ser lido (não existe)\n    Confira o nome e as permissões; o arquivo deve ser texto em UTF-8."
        )
    );
    let found = missing.file("outro.toml", "[smb]\nhost = 'outro'").file("farol.toml", "[smb]\nhost = 'usual'");
    assert_eq!(found.settings().smb.host, "outro");
    let mut flagged = found.file("third.toml", "[smb]\nhost = 'third'");
    flagged.sources.file = Some("third.toml".into());
    assert_eq!(flagged.settings().smb.host, "third");
}

#[test]
fn relative_names_start_in_the_working_directory() {
    let world = World::complete().file("ca.pem", "x").with("FAROL_TRUENAS_CA_FILE", "ca.pem");
    assert_eq!(world.settings().truenas.trust, Trust::Authority(world.folder.path().join(Path::new("ca.pem"))));
}
