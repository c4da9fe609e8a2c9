//! Secrets: from files, not shown, not weak, not said twice.

use super::*;

#[test]
fn the_name_of_a_file_is_not_taken_for_the_secret_in_it() {
    let world = World::complete().file("secret-key-of-the-installed-server", SECRET);
    let path = world.folder.path().join("secret-key-of-the-installed-server").display().to_string();
    for (variable, place, file_variable) in [
        ("SECRET_KEY", "server.secret_key", "SECRET_KEY_FILE"),
        ("TRUENAS_API_KEY", "truenas.api_key", "TRUENAS_API_KEY_FILE"),
        ("FAROL_STORE_URL", "store.url", "FAROL_STORE_URL_FILE"),
    ] {
        let named = World::complete().with(variable, &path);
        let expected = format!(
            "{variable}: {place}: aqui vai o próprio segredo, não o nome de um arquivo\n    \
             Aponte esse arquivo em {place}_file (ou na variável {file_variable})."
        );
        assert_eq!(named.report(), one_problem(&expected));
    }
}

#[test]
fn no_device_pipe_or_endless_file_is_read() {
    for (device, why) in [("/dev/zero", "não é um arquivo comum"), ("/proc/self", "é uma pasta")] {
        for key in ["truenas.ca_file", "server.secret_key_file", "store.url_file"] {
            let report = World::complete().over(&format!("{key}={device}")).report();
            assert!(report.contains(why), "{key}={device}: {report}");
        }
        let report = World::complete().with("FAROL_CONFIG", device).report();
        assert!(report.contains(&format!("{device}: o arquivo não pôde ser lido ({why})")), "{report}");
    }
    let world = World::complete().file("farol.toml", " ".repeat(1024 * 1024));
    assert!(world.load().settings().is_ok());
    let report = world.file("farol.toml", " ".repeat(1024 * 1024 + 1)).report();
    assert!(report.contains("farol.toml: o arquivo não pôde ser lido (tem mais de 1 MiB)"), "{report}");
}

#[test]
fn secrets_come_from_files_without_their_line_end() {
    let world = World::empty()
        .file("api.key", format!("{API_KEY}\r\n"))
        .file("secret", format!("{SECRET}\n"))
        .file("db", "postgres://farol:pw@db/farol\n")
        .file("farol.toml", "[truenas]\nurl = 'https://nas'\napi_key_file = 'api.key'\n[store]\nurl_file = 'db'")
        .with("SECRET_KEY_FILE", "secret");
    let settings = world.settings();
    assert_eq!(settings.truenas.api_key.now().reveal(), API_KEY);
    assert_eq!(settings.web.secret_key.reveal(), SECRET);
    assert_eq!(settings.store.url().reveal(), "postgres://farol:pw@db/farol");
    assert_eq!(world.origin("truenas.api_key"), ("••••".into(), "arquivo api.key".into()));
    assert_eq!(world.origin("truenas.api_key_file"), ("api.key".into(), "farol.toml:3".into()));
    assert_eq!(world.origin("store.url"), ("postgres://farol:••••@db/farol".into(), "arquivo db".into()));
    assert_eq!(world.load().warnings(), []);
}

#[test]
fn a_secret_others_may_read_is_warned_of_wherever_it_stands() {
    let world = World::empty()
        .file("api.key", API_KEY)
        .mode("api.key", 0o640)
        .file("farol.toml", format!("[server]\nsecret_key = '{SECRET}'"))
        .mode("farol.toml", 0o604)
        .file(".env", "TRUENAS_IP=nas\nTRUENAS_API_KEY_FILE=api.key")
        .mode(".env", 0o644);
    assert!(world.load().settings().is_ok());
    let folder = world.folder.path().display().to_string();
    let warnings: Vec<_> = world.load().warnings().iter().map(|w| w.to_string().replace(&folder, "")).collect();
    let warning = |name: &str| {
        format!(
            "{name}: outros usuários desta máquina podem ler este arquivo, que guarda um segredo\n    Execute: chmod 600 {name}"
        )
    };
    assert_eq!(warnings, [warning("/farol.toml"), warning("/api.key")], "the .env holds only the name of a file");
}

/// As systemd 252 gives them: of root, with a list of rights that lets the service read, which looks like a group's.
#[test]
fn what_systemd_hands_the_service_alone_is_not_warned_of() {
    let world = World::complete().with("SECRET_KEY", "").file("key", SECRET).mode("key", 0o440);
    let folder = world.folder.path().display().to_string();
    let mut world = world.with("SECRET_KEY_FILE", &format!("{folder}/key"));
    for (credentials, warnings) in [("", 1), (&format!("{folder}/other"), 1), (&folder, 0)] {
        world = world.with("CREDENTIALS_DIRECTORY", credentials);
        assert_eq!(world.load().warnings().len(), warnings, "{credentials}");
    }
    assert_eq!(world.settings().web.secret_key.reveal(), SECRET);
}

#[test]
fn two_ways_to_one_secret_in_one_source_contradict_but_a_stronger_source_decides() {
    let world = World::complete().with("TRUENAS_API_KEY_FILE", "api.key").file("api.key", "8-other");
    assert_eq!(
        world.report(),
        one_problem(
            "TRUENAS_API_KEY_FILE: truenas.api_key_file: truenas.api_key e truenas.api_key_file estão definidas ao mesmo tempo (TRUENAS_API_KEY e TRUENAS_API_KEY_FILE)\n    Deixe só uma das duas."
        )
    );
    let mut decided =
        World::complete().file("farol.toml", "[truenas]\napi_key_file = 'api.key'").file("api.key", "8-other");
    assert_eq!(decided.settings().truenas.api_key.now().reveal(), API_KEY);
    decided = decided.over("truenas.api_key_file=api.key");
    assert_eq!(decided.settings().truenas.api_key.now().reveal(), "8-other");
}

#[test]
fn weak_and_well_known_secrets_are_refused() {
    for (secret, reason) in [
        ("dev", "o segredo tem menos de 32 caracteres"),
        ("f3b1c8e2a7d94605b8c1e3f7a2d9460", "o segredo tem menos de 32 caracteres"),
        ("change-me", "este segredo está em exemplos"),
        ("chave-aleatoria-segura", "este segredo está em exemplos"),
        ("Change-Me-In-Production-0123456789-abcdef", "este segredo está em exemplos"),
        ("1-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "este segredo está em exemplos"),
        (&"a".repeat(64), "o segredo é um trecho repetido"),
        (&"0123456789".repeat(4), "o segredo é um trecho repetido"),
    ] {
        let report = World::complete().with("SECRET_KEY", secret).report();
        assert!(report.contains(&format!("SECRET_KEY: server.secret_key: {reason}")), "{secret}: {report}");
    }
    let report = World::complete().with("TRUENAS_API_KEY", "1-xxxxxxxxxxxxxxxx").report();
    assert!(report.contains("TRUENAS_API_KEY: truenas.api_key: esta é a chave do exemplo"), "{report}");
}

#[test]
fn a_shown_url_holds_no_password() {
    for (url, shown) in [
        ("postgres://farol:a@b:c@db:5432/farol", "postgres://farol:••••@db:5432/farol"),
        ("postgres://farol:pw@db:5432/farol?password=pw", "postgres://farol:••••@db:5432/farol?••••"),
        ("postgres:farol:pw@db", "••••"),
        ("postgres:/farol:pw@db", "••••"),
        ("sqlite:/srv/farol.db?mode=rwc", "sqlite:/srv/farol.db?••••"),
        ("sqlite::memory:", "sqlite::memory:"),
    ] {
        assert_eq!(World::complete().with("FAROL_STORE_URL", url).origin("store.url").0, shown, "{url}");
    }
}
