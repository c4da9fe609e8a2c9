//! Each rule of the settings, with the exact words a person reads.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use tempfile::TempDir;

use super::keys::{Fallback, KEYS, Kind};
use super::*;
use crate::auth::{Authenticator, OnKeyRefused, SecondFactor};
use crate::truenas::Trust;

const SECRET: &str = "f3b1c8e2a7d94605b8c1e3f7a2d9460bf3b1c8e2a7d94605";
const API_KEY: &str = "7-Zk3kQ9vB1nX5";
const EXAMPLE: &str = include_str!("../../deploy/farol.example.toml");

/// A working directory of its own and an environment of its own.
struct World {
    folder: TempDir,
    sources: Sources,
}

impl World {
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sources = Sources {
            directory: folder.path().into(),
            file: None,
            usual_files: vec!["farol.toml".into()],
            environment: BTreeMap::new(),
            overrides: Vec::new(),
        };
        Self { folder, sources }
    }

    /// Nothing missing, everything else by default.
    fn complete() -> Self {
        Self::empty().with("TRUENAS_IP", "192.168.1.100").with("TRUENAS_API_KEY", API_KEY).with("SECRET_KEY", SECRET)
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.sources.environment.insert(name.into(), value.into());
        self
    }

    fn over(mut self, text: &str) -> Self {
        self.sources.overrides.push(text.into());
        self
    }

    fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        self
    }

    fn mode(self, name: &str, mode: u32) -> Self {
        std::fs::set_permissions(self.folder.path().join(name), std::fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    fn load(&self) -> Loaded {
        load(&self.sources)
    }

    fn settings(&self) -> Settings {
        self.load().settings().unwrap()
    }

    /// What a person reads, with the name of the folder taken out.
    fn report(&self) -> String {
        let report = self.load().settings().unwrap_err().to_string();
        report.replace(&format!("{}/", self.folder.path().display()), "")
    }

    fn origin(&self, key: &str) -> (String, String) {
        let entry = self.load().entries().iter().find(|entry| entry.key == key).unwrap().clone();
        (entry.value, entry.origin.replace(&format!("{}/", self.folder.path().display()), ""))
    }
}

fn one_problem(rest: &str) -> String {
    format!("Há um problema na configuração:\n\n{rest}")
}

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
fn an_empty_variable_says_nothing() {
    let world = World::complete().file("farol.toml", "[smb]\nhost = \"arquivos\"").with("FAROL_SMB_HOST", "");
    assert_eq!(world.settings().smb.host, "arquivos");
}

#[test]
fn everything_wrong_is_told_at_once_with_its_place_and_cure() {
    let world = World::empty()
        .file(
            "farol.toml",
            "listen = \"0.0.0.0:80\"\n[truenas]\nurl = \"http://192.168.1.100/api/v2.0\"\napi_kei = \"x\"\n\
             call_timeout_s = \"10\"\n[helth]\nperiod_s = 5\n[smb]\nport = 70000\n",
        )
        .file(".env", "SECRET_KEY=change-me\nnot a line\n")
        .with("FAROL_SMB_HOTS", "nas")
        .with("SESSION_TIMEOUT", "8h")
        .over("log.filter=a=b=c=d");
    let expected = "Há 12 problemas na configuração:

.env:2: a linha não é da forma NOME=valor
    Use NOME=valor; um valor com espaços, # ou $ vai entre aspas simples.

farol.toml:6: [helth]: seção desconhecida
    Você quis dizer “health”?

farol.toml:1: listen: a chave está fora de uma seção
    Ponha-a abaixo de [server].

farol.toml:4: truenas.api_kei: chave desconhecida
    Você quis dizer “truenas.api_key”?

farol.toml:5: truenas.call_timeout_s: valor do tipo errado
    Escreva um número inteiro, sem aspas.

FAROL_SMB_HOTS: variável desconhecida
    Você quis dizer “FAROL_SMB_HOST”?

farol.toml:3: truenas.url: o endereço usa http, que mostra a chave de API a quem escuta a rede (e o TrueNAS revoga chaves que chegam assim)
    Troque http:// por https://. Para um TrueNAS até 24.10 sem HTTPS, assuma o risco com truenas.allow_plain_http = true.

truenas.api_key: falta este valor
    Crie uma chave de API no TrueNAS e guarde-a em um arquivo com permissão 600, apontado em truenas.api_key_file (ou na variável TRUENAS_API_KEY_FILE).

.env:1: server.secret_key: este segredo está em exemplos e manuais, qualquer um o conhece
    Gere um com: openssl rand -hex 32, guarde-o em um arquivo com permissão 600 e aponte-o em server.secret_key_file (ou na variável SECRET_KEY_FILE). O comando farol setup faz isso por você.

SESSION_TIMEOUT: server.session_timeout_s: valor fora do permitido
    Escreva um número inteiro de 60 a 2592000.

farol.toml:9: smb.port: valor fora do permitido
    Escreva um número inteiro de 1 a 65535.

linha de comando: log.filter: o filtro não foi entendido
    Escreva error, warn, info, debug ou trace; ou, por exemplo, info,farol::web=debug.";
    assert_eq!(world.report(), expected);
}

#[test]
fn a_broken_file_is_told_by_lines_and_its_keys_are_not_called_missing() {
    let world = World::empty().file("farol.toml", "[truenas]\nurl = \"https://nas\napi_key = 'x'\n[server\n");
    let report = world.report();
    assert!(report.contains("farol.toml:2: erro de sintaxe TOML"), "{report}");
    assert!(report.contains("farol.toml:4: erro de sintaxe TOML"), "{report}");
    assert!(!report.contains("falta este valor"), "{report}");
}

#[test]
fn a_key_of_the_wrong_type_is_not_also_called_missing() {
    let needed = "[truenas]\nurl = 5\napi_key_file = 5\n[server]\nsecret_key = 5";
    assert_eq!(World::empty().file("farol.toml", needed).report().matches("valor do tipo errado").count(), 3);
    assert!(!World::empty().file("farol.toml", needed).report().contains("falta"));
    let world = World::complete().file("farol.toml", "[store]\nurl = 5\n[log]\ndirectory = true");
    assert_eq!(
        world.report(),
        "Há 2 problemas na configuração:\n\n\
         farol.toml:4: log.directory: valor do tipo errado\n    Escreva um texto entre aspas.\n\n\
         farol.toml:2: store.url: valor do tipo errado\n    Escreva um texto entre aspas."
    );
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
fn plain_http_is_refused_unless_the_risk_is_taken() {
    let world = World::complete().with("TRUENAS_API_URL", "http://192.168.1.100/api/v2.0");
    assert!(
        world
            .report()
            .starts_with("Há um problema na configuração:\n\nTRUENAS_API_URL: truenas.url: o endereço usa http")
    );
    let settings = world.with("FAROL_TRUENAS_ALLOW_PLAIN_HTTP", "true").settings();
    assert_eq!(settings.truenas.url().as_str(), "http://192.168.1.100/");
    assert!(settings.truenas.allow_plain_http);
}

#[test]
fn the_status_is_for_everybody_unless_somebody_says_otherwise() {
    assert!(World::complete().settings().web.public_status);
    assert!(!World::complete().with("FAROL_STATUS_PUBLIC", "false").settings().web.public_status);
}

#[test]
fn the_bare_address_may_be_of_either_family_and_the_file_server_takes_it_over() {
    for (address, url, host) in [
        ("fd00::5", "https://[fd00::5]/", "fd00::5"),
        ("nas.local:8443", "https://nas.local:8443/", "nas.local"),
        ("https://nas", "https://nas/", "nas"),
    ] {
        let settings = World::complete().with("TRUENAS_IP", address).settings();
        assert_eq!((settings.truenas.url().as_str(), settings.smb.host.as_str()), (url, host));
    }
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
fn values_a_room_refuses_are_told_by_their_key() {
    for (key, value, place) in [
        ("truenas.url", "https://root:pw@nas", "o endereço traz usuário ou senha"),
        ("truenas.url", "nas", "o endereço não foi entendido"),
        ("truenas.fingerprint", "AB:CD", "não é uma impressão digital SHA-256"),
        ("truenas.ca_file", "none.pem", "o arquivo não pôde ser lido (não existe)"),
        ("truenas.api_key", "7-a b", "a chave tem espaços, quebras de linha ou acentos"),
        ("truenas.api_key_file", ".", "o arquivo do segredo é uma pasta"),
        ("truenas.allow_plain_http", "sim", "valor não entendido"),
        ("status.public", "sim", "valor não entendido"),
        ("server.listen", "localhost", "não é um endereço IP com porta"),
        ("server.data_dir", "", "o nome da pasta está vazio"),
        ("store.url", "oracle://db", "o endereço do banco de dados não foi entendido"),
        ("store.url", "sqlite:farol.db", "o endereço do banco de dados não foi entendido"),
        ("store.url", "sqlite://farol.db?mode=memory", "o endereço do banco de dados não foi entendido"),
        ("store.url", "postgres://db:port/farol", "o endereço do banco de dados não foi entendido"),
        ("smb.host", "nas/share", "não é um nome nem um endereço de máquina"),
        ("health.period_s", "0", "valor fora do permitido"),
        ("log.keep_days", "-1", "valor fora do permitido"),
        ("server.idle_timeout_s", "59", "valor fora do permitido"),
        ("server.idle_timeout_s", "28801", "o limite sem uso é maior que a sessão inteira (28800 segundos)"),
        ("server.public_url", "farol.local", "não é um endereço de página inicial"),
        ("server.public_url", "https://farol.local/portal", "não é um endereço de página inicial"),
        ("server.public_url", "https://farol.local/?a", "não é um endereço de página inicial"),
        ("server.public_url", "https://ana:pw@farol.local", "não é um endereço de página inicial"),
        ("server.public_url", "ftp://farol.local", "não é um endereço de página inicial"),
        ("server.public_url", "http://farol.local", "o endereço usa http, que mostra os cookies a quem escuta a rede"),
        (
            "server.public_url",
            "http://localhost.local",
            "o endereço usa http, que mostra os cookies a quem escuta a rede",
        ),
        ("server.trusted_proxies", "127.0.0.1,proxy", "não é uma lista de endereços IP ou redes"),
        ("server.trusted_proxies", "127.0.0.1/33", "não é uma lista de endereços IP ou redes"),
        (
            "server.trusted_proxies",
            "10.0.0.1,0.0.0.0/0",
            "a rede inteira seria de confiança, e qualquer um poderia fingir outro endereço",
        ),
        (
            "server.trusted_proxies",
            "::/0",
            "a rede inteira seria de confiança, e qualquer um poderia fingir outro endereço",
        ),
        ("server.time_zone", "Brasilia", "não é um fuso horário conhecido"),
        ("server.time_zone", "", "não é um fuso horário conhecido"),
        ("auth.authenticator", "ldap", "não é um modo de conferir senhas"),
        ("auth.on_service_key_refused", "Keep", "não é uma das duas escolhas"),
        ("auth.second_factor", "no", "não é uma das duas escolhas"),
        ("auth.administrators_group", "  ", "não é o nome de um grupo"),
        ("auth.administrators_group", "a\nb", "não é o nome de um grupo"),
        ("drives.host", "nas/share", "não é um nome nem um endereço de máquina"),
        ("drives.letters", "MNC", "há algo que não é uma letra de unidade"),
        ("drives.letters", "M;N", "há algo que não é uma letra de unidade"),
        ("drives.letters", "MNm", "a letra M aparece duas vezes"),
        ("drives.letters", " , ", "não há nenhuma letra"),
        ("drives.fixed", "Geral", "há algo que não é um nome com a letra dele"),
        ("drives.fixed", "=G", "há algo que não é um nome com a letra dele"),
        ("drives.fixed", "Geral=C", "há algo que não é uma letra de unidade"),
        ("drives.fixed", "Geral=GH", "há algo que não é uma letra de unidade"),
        ("drives.fixed", "Geral=G,Financeiro=g", "a letra G aparece duas vezes"),
        ("drives.fixed", "Geral=G,GERAL=H", "o compartilhamento GERAL tem duas letras"),
    ] {
        let report = World::complete().over(&format!("{key}={value}")).report();
        let expected = one_problem(&format!("linha de comando: {key}: {place}\n"));
        assert!(report.starts_with(&expected), "{key}={value}\n{report}\n{expected}");
    }
}

#[test]
fn without_a_word_about_it_people_sign_in_over_smb_for_eight_hours_and_drives_follow_the_file_server() {
    let Settings { auth, shares: drives, web, .. } = World::complete().with("FAROL_SMB_HOST", "arquivos").settings();
    assert_eq!((auth.authenticator, auth.administrators_group.as_str()), (Authenticator::Smb, "portal-admins"));
    assert_eq!((auth.idle_timeout, auth.on_service_key_refused), (Duration::from_hours(4), OnKeyRefused::LogOut));
    assert_eq!(auth.second_factor, SecondFactor::Required);
    assert_eq!(drives.host, "arquivos");
    assert_eq!(drives.letters.iter().collect::<String>(), shares::LETTERS);
    assert_eq!((drives.fixed_letters.len(), web.trusted_proxies.len()), (0, 0));
    assert_eq!((web.public_url, web.time_zone), (None, None));
}

#[test]
fn lists_and_tables_are_said_in_the_file_or_on_one_line() {
    let file = "[server]\ntrusted_proxies = ['127.0.0.1', '10.1.0.0/16']\npublic_url = 'https://farol.local:8443'\n\
        time_zone = 'America/Sao_Paulo'\n[auth]\nauthenticator = 'truenas-api'\nadministrators_group = 'TI e redes'\n\
        on_service_key_refused = 'keep'\nsecond_factor = 'off'\n\
        [drives]\nhost = 'nas'\nletters = ['M', 'n']\n[drives.fixed]\nFinanceiro = 'F'\n'R&D (2026)!' = 'r:'\n";
    let in_file = World::complete().file("farol.toml", file);
    let on_lines = World::complete()
        .with("FAROL_SERVER_TRUSTED_PROXIES", "127.0.0.1, 10.1.0.0/16")
        .with("FAROL_SERVER_PUBLIC_URL", "https://farol.local:8443/")
        .with("FAROL_SERVER_TIME_ZONE", "America/Sao_Paulo")
        .with("FAROL_AUTH_AUTHENTICATOR", "truenas-api")
        .with("FAROL_AUTH_ADMINISTRATORS_GROUP", "TI e redes")
        .with("FAROL_AUTH_ON_SERVICE_KEY_REFUSED", "keep")
        .with("FAROL_AUTH_SECOND_FACTOR", "off")
        .with("FAROL_DRIVES_HOST", "nas")
        .with("FAROL_DRIVES_LETTERS", "MN")
        .over("drives.fixed=Financeiro=F, R&D (2026)!=R");
    for world in [&in_file, &on_lines] {
        let Settings { auth, shares, web, .. } = world.settings();
        let proxies: Vec<String> = web.trusted_proxies.iter().map(ToString::to_string).collect();
        assert_eq!(proxies, ["127.0.0.1/32", "10.1.0.0/16"]);
        assert_eq!(web.public_url.unwrap().as_str(), "https://farol.local:8443/");
        assert_eq!(web.time_zone.as_deref(), Some("America/Sao_Paulo"));
        assert_eq!((auth.authenticator, auth.administrators_group.as_str()), (Authenticator::TruenasApi, "TI e redes"));
        assert_eq!((auth.on_service_key_refused, auth.second_factor), (OnKeyRefused::Keep, SecondFactor::Off));
        assert_eq!((shares.host.as_str(), shares.letters), ("nas", vec!['M', 'N']));
        let fixed = BTreeMap::from([("Financeiro".to_owned(), 'F'), ("R&D (2026)!".to_owned(), 'R')]);
        assert_eq!(shares.fixed_letters, fixed);
    }
    let fixed = "Financeiro=F,R&D (2026)!=r:".to_owned();
    assert_eq!(in_file.origin("drives.fixed"), (fixed, "farol.toml:13".into()));
    assert_eq!(in_file.origin("server.trusted_proxies").0, "127.0.0.1,10.1.0.0/16");
}

#[test]
fn a_list_or_table_of_the_wrong_type_is_told_with_what_to_write() {
    for (text, key, cure) in [
        ("[server]\ntrusted_proxies = 5", "server.trusted_proxies", "Escreva uma lista de textos"),
        ("[server]\ntrusted_proxies = [5]", "server.trusted_proxies", "Escreva uma lista de textos"),
        ("[drives]\nfixed = 'Geral=G'", "drives.fixed", "Escreva uma linha para cada nome"),
        ("[drives]\nfixed = { Geral = 5 }", "drives.fixed", "Escreva uma linha para cada nome"),
        ("[drives]\nfixed = { 'a,b' = 'G' }", "drives.fixed", "Estes nomes não têm vírgula nem sinal de igual."),
        ("[drives]\nfixed = { 'a=b' = 'G' }", "drives.fixed", "Estes nomes não têm vírgula nem sinal de igual."),
    ] {
        let report = World::complete().file("farol.toml", text).report();
        let expected = one_problem(&format!("farol.toml:2: {key}: valor do tipo errado\n    {cure}"));
        assert!(report.starts_with(&expected), "{report}");
    }
}

#[test]
fn a_short_session_shortens_the_idle_limit_unless_somebody_chose_it() {
    let world = World::complete().with("SESSION_TIMEOUT", "3600");
    assert_eq!(world.settings().auth.idle_timeout, Duration::from_hours(1));
    assert_eq!(world.origin("server.idle_timeout_s"), ("3600".into(), "padrão".into()));
    let report = world.with("FAROL_SERVER_IDLE_TIMEOUT_S", "3601").report();
    assert!(report.contains("FAROL_SERVER_IDLE_TIMEOUT_S: server.idle_timeout_s: o limite sem uso"), "{report}");
}

#[test]
fn plain_http_beyond_this_machine_is_refused_unless_a_proxy_speaks_tls() {
    for listen in ["0.0.0.0:80", "[::]:8080", "192.168.1.5:8080", "[::ffff:192.168.1.5]:8080"] {
        for public_url in ["", "http://localhost:8080"] {
            let world =
                World::complete().with("FAROL_SERVER_PUBLIC_URL", public_url).over(&format!("server.listen={listen}"));
            let report = world.report();
            assert!(
                report.starts_with(&one_problem("linha de comando: server.listen: em HTTP sem criptografia")),
                "{report}"
            );
            assert!(report.contains("server.public_url, como https://"), "{report}");
        }
        let world = World::complete().with("FAROL_SERVER_PUBLIC_URL", "https://farol.local");
        world.over(&format!("server.listen={listen}")).settings();
    }
    for listen in ["127.0.0.1:80", "[::1]:80", "127.9.9.9:1", "[::ffff:127.0.0.1]:80"] {
        World::complete().over(&format!("server.listen={listen}")).settings();
    }
    for public_url in ["http://localhost", "http://farol.localhost:8080", "http://127.0.0.1:1", "http://[::1]:8080"] {
        World::complete().with("FAROL_SERVER_PUBLIC_URL", public_url).settings();
    }
    let unclear = World::complete().over("server.listen=0.0.0.0:80").over("server.public_url=farol");
    assert!(!unclear.report().contains("server.listen"), "{}", unclear.report());
}

#[test]
fn a_public_address_with_tls_and_no_trusted_proxy_is_warned_of() {
    let world = World::complete().with("FAROL_SERVER_PUBLIC_URL", "https://farol.local");
    let loaded = world.load();
    let warnings: Vec<String> = loaded.warnings().iter().map(ToString::to_string).collect();
    assert!(loaded.settings().is_ok() && warnings.len() == 1, "{warnings:?}");
    assert!(warnings[0].starts_with("server.trusted_proxies: o endereço público usa https"), "{warnings:?}");
    assert!(warnings[0].contains("todas as pessoas teriam o endereço do proxy"), "{warnings:?}");
    let trusting = world.with("FAROL_SERVER_TRUSTED_PROXIES", "127.0.0.1");
    assert_eq!(trusting.load().warnings(), []);
    let local = World::complete().with("FAROL_SERVER_PUBLIC_URL", "http://localhost:8080");
    assert_eq!(local.load().warnings(), []);
}

#[test]
fn a_command_hears_only_what_concerns_it() {
    let nothing_set = World::empty();
    let loaded = nothing_set.load();
    assert!(loaded.store().is_ok() && loaded.log().is_ok());
    assert_eq!(loaded.truenas().unwrap_err().problems.len(), 2, "address and key");
    assert_eq!(loaded.settings().unwrap_err().problems.len(), 3, "and the secret key");
    let no_data = nothing_set.over("server.data_dir=").load();
    assert_eq!(no_data.store().unwrap_err().problems.len(), 1);
    assert!(World::empty().with("FAROL_X", "1").load().store().is_err(), "a misspelt key concerns everybody");
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

/// The example with every commented key switched on.
fn example_keys() -> toml::Table {
    let lines = EXAMPLE.lines().map(|line| match line.strip_prefix("# ").filter(|rest| is_key_line(rest)) {
        Some(rest) => rest,
        None => line,
    });
    lines.collect::<Vec<_>>().join("\n").parse().unwrap()
}

#[test]
fn every_secret_of_the_example_is_refused() {
    let table = example_keys();
    let secrets = KEYS.iter().filter(|key| key.kind == Kind::Secret).map(|key| key.name);
    let refused = secrets.map(|name| {
        let (section, key) = name.split_once('.').unwrap();
        let report = World::complete().over(&format!("{name}={}", table[section][key].as_str().unwrap())).report();
        assert!(report.contains(&format!("linha de comando: {name}: ")), "{report}");
    });
    assert_eq!(refused.count(), 10);
}

fn is_key_line(line: &str) -> bool {
    line.split_once(" = ").is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
}

#[test]
fn the_example_documents_every_key_and_no_other_with_its_default() {
    let table = example_keys();
    let documented: BTreeMap<String, toml::Value> = table
        .iter()
        .flat_map(|(section, keys)| {
            keys.as_table().unwrap().iter().map(move |(key, value)| (format!("{section}.{key}"), value.clone()))
        })
        .collect();
    let known: BTreeSet<String> = KEYS.iter().map(|key| key.name.into()).collect();
    assert_eq!(documented.keys().cloned().collect::<BTreeSet<_>>(), known);
    for key in KEYS {
        let value = &documented[key.name];
        match key.fallback {
            Fallback::Text(text) => assert_eq!(value.as_str(), Some(text), "{}", key.name),
            Fallback::Flag(flag) => assert_eq!(value.as_bool(), Some(flag), "{}", key.name),
            Fallback::Number(number) => assert_eq!(value.as_integer(), i64::try_from(number).ok(), "{}", key.name),
            Fallback::Nothing | Fallback::Derived => {}
        }
        for variable in key.variables {
            assert!(EXAMPLE.contains(variable), "{variable}");
        }
    }
}

#[test]
fn the_example_as_shipped_changes_nothing() {
    let world = World::complete();
    let before = world.load();
    let after = world.file("farol.toml", EXAMPLE).load();
    assert!(after.settings().is_ok());
    assert_eq!(before.entries(), after.entries());
}

#[test]
fn every_key_is_taken_by_a_room() {
    let loaded = World::empty().file("farol.toml", "").load();
    let unset: Vec<_> = loaded.entries().iter().filter(|entry| entry.value == "—").map(|entry| entry.key).collect();
    // Without a NAS there is no file server either.
    let without_nas = ["smb.host", "drives.host"];
    let expected = KEYS.iter().filter(|key| key.fallback == Fallback::Nothing || without_nas.contains(&key.name));
    assert_eq!(unset, expected.map(|key| key.name).collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_in_any_source_make_us_panic(
        file in prop_oneof![any::<Vec<u8>>(), "(\\[[a-z.]{1,8}\\]\n|[a-z_]{1,9} *= *[-0-9a-z\"'\\[{]{0,9}\n)*".prop_map(String::into_bytes)],
        dot_env in prop_oneof![any::<Vec<u8>>(), "([A-Z_]{1,9}=[-$\\{}'\"# a-z]{0,9}\n)*".prop_map(String::into_bytes)],
        values in prop::collection::vec(any::<String>(), KEYS.len()),
        overrides in prop::collection::vec(any::<String>(), 0..3),
    ) {
        let mut world = World::empty().file("farol.toml", file).file(".env", dot_env);
        for (key, value) in KEYS.iter().zip(values) {
            // A name with a zero byte cannot leave the environment of a process.
            world = world.with(&key.variable(), &value.replace('\0', ""));
        }
        world.sources.overrides = overrides;
        let loaded = world.load();
        prop_assert_eq!(loaded.entries().len(), KEYS.len());
        let told = loaded.settings().map_or_else(|report| report.to_string(), |_| String::new());
        prop_assert!(told.lines().all(|line| !line.chars().any(char::is_control)), "{:?}", told);
        prop_assert!(loaded.entries().iter().all(|entry| !entry.value.chars().any(char::is_control)));
    }
}

#[test]
fn names_that_command_the_terminal_are_made_harmless() {
    let world =
        World::complete().file("farol.toml", "[smb]\n\"\\u001b[31m\" = 1").over("a\u{7}b").with("FAROL_\n", "1");
    let report = world.report();
    assert!(report.contains("farol.toml:2: smb.\\u{1b}[31m: chave desconhecida"), "{report}");
    assert!(report.contains("FAROL_\\n: variável desconhecida"), "{report}");
    let mut named =
        World::complete().with("TRUENAS_API_KEY", "").with("TRUENAS_API_KEY_FILE", "k\u{1b}").file("k\u{1b}", API_KEY);
    named = named.mode("k\u{1b}", 0o644);
    let loaded = named.load();
    let shown = format!(
        "{}{}{}",
        loaded.warnings()[0],
        named.origin("truenas.api_key").1,
        named.origin("truenas.api_key_file").0
    );
    assert!(!shown.contains('\u{1b}') && shown.matches("\\u{1b}").count() == 4, "{shown}");
}

#[test]
fn relative_names_start_in_the_working_directory() {
    let world = World::complete().file("ca.pem", "x").with("FAROL_TRUENAS_CA_FILE", "ca.pem");
    assert_eq!(world.settings().truenas.trust, Trust::Authority(world.folder.path().join(Path::new("ca.pem"))));
}
