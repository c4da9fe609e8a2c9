//! What is wrong, in the exact words a person reads.

use proptest::prelude::*;

use super::*;
use crate::config::keys::KEYS;

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
