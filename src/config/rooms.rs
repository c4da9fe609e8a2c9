//! Builds the settings of each room through the room's own constructors.
//!
//! Every key of a room is taken before the first `?`, so that one problem hides no other.

use std::path::{Path, PathBuf};

use super::reader::Reader;
use super::secret;
use crate::runtime::logging;
use crate::shares::InvalidLetters;
use crate::truenas::{Fingerprint, InvalidUrl, ServiceKey, Trust};
use crate::{health, shares, smb, store, truenas};

const NAME_NAS: &str = "Escreva url = \"https://endereço\" em [truenas] ou defina a variável TRUENAS_IP.";

const NAME_API_KEY: &str = "Crie uma chave de API no TrueNAS e guarde-a em um arquivo com permissão 600, apontado em \
    truenas.api_key_file (ou na variável TRUENAS_API_KEY_FILE).";

pub(super) fn truenas(reader: &mut Reader) -> Option<truenas::Settings> {
    let allow_plain_http = reader.flag("truenas.allow_plain_http");
    let url = nas_url(reader, allow_plain_http.unwrap_or(false));
    let username = reader.text("truenas.username");
    let api_key = api_key(reader);
    let trust = trust(reader);
    let call_timeout = reader.seconds("truenas.call_timeout_s");
    let mut settings = truenas::Settings::new(url?, username?, api_key?, trust?);
    settings.allow_plain_http = allow_plain_http?;
    settings.call_timeout = call_timeout?;
    Some(settings)
}

fn nas_url(reader: &mut Reader, allow_plain_http: bool) -> Option<url::Url> {
    const KEY: &str = "truenas.url";
    let Some(text) = reader.text(KEY) else { return reader.missing(&[KEY], NAME_NAS) };
    let (what, cure) = match truenas::Settings::parse_url(&text, allow_plain_http) {
        Ok(url) => return Some(url),
        Err(InvalidUrl::Plain) => (
            "o endereço usa http, que mostra a chave de API a quem escuta a rede (e o TrueNAS revoga chaves que chegam assim)",
            "Troque http:// por https://. Para um TrueNAS até 24.10 sem HTTPS, assuma o risco com \
             truenas.allow_plain_http = true.",
        ),
        Err(InvalidUrl::Credentials) => {
            ("o endereço traz usuário ou senha", "Deixe só https://endereço; o Farol entra com a chave de API.")
        }
        Err(InvalidUrl::Malformed) => {
            ("o endereço não foi entendido", "Escreva https://endereço ou https://endereço:porta.")
        }
    };
    reader.refuse(KEY, what, cure)
}

fn api_key(reader: &mut Reader) -> Option<ServiceKey> {
    const KEYS: [&str; 2] = ["truenas.api_key", "truenas.api_key_file"];
    let Some((key, file)) = reader.secret_with_file(KEYS[0], KEYS[1]) else {
        return reader.missing(&KEYS, NAME_API_KEY);
    };
    if secret::is_well_known(key.reveal()) {
        return reader.refuse(KEYS[0], "esta é a chave do exemplo, não a sua", NAME_API_KEY);
    }
    if !key.reveal().chars().all(|c| c.is_ascii_graphic()) {
        let cure = "Copie a chave de novo, inteira e sozinha, como o TrueNAS a mostrou.";
        return reader.refuse(KEYS[0], "a chave tem espaços, quebras de linha ou acentos", cure);
    }
    Some(ServiceKey::new(key, file))
}

fn trust(reader: &mut Reader) -> Option<Trust> {
    const KEYS: [&str; 2] = ["truenas.fingerprint", "truenas.ca_file"];
    match reader.either(KEYS[0], KEYS[1]) {
        None => (!reader.was_refused(&KEYS)).then_some(Trust::System),
        Some((name, text)) if name == KEYS[1] => reader.readable(name, &text).map(Trust::Authority),
        Some((name, text)) => match Fingerprint::parse(&text) {
            Some(fingerprint) => Some(Trust::Pinned(fingerprint)),
            None => reader.refuse(
                name,
                "não é uma impressão digital SHA-256",
                "São 64 dígitos hexadecimais; o comando farol setup a mostra para você conferir.",
            ),
        },
    }
}

pub(super) fn data_dir(reader: &mut Reader) -> Option<PathBuf> {
    reader.path("server.data_dir")
}

pub(super) fn store(reader: &mut Reader, data_dir: Option<&Path>) -> Option<store::Settings> {
    const KEYS: [&str; 2] = ["store.url", "store.url_file"];
    let Some(url) = reader.secret(KEYS[0], KEYS[1]) else {
        if reader.was_refused(&KEYS) {
            return None;
        }
        let settings = store::Settings::in_file(&data_dir?.join("farol.db"));
        reader.derive(KEYS[0], settings.url().reveal());
        return Some(settings);
    };
    let cure = "Escreva sqlite://arquivo, postgres://servidor/banco ou mysql://servidor/banco.";
    match store::Settings::new(url) {
        Ok(settings) => Some(settings),
        Err(_) => reader.refuse(KEYS[0], "o endereço do banco de dados não foi entendido", cure),
    }
}

pub(super) fn smb(reader: &mut Reader, nas_host: Option<&str>) -> Option<smb::Settings> {
    let host = smb_host(reader, nas_host);
    let port = reader.number("smb.port").and_then(|port| u16::try_from(port).ok());
    let timeout = reader.seconds("smb.timeout_s");
    Some(smb::Settings { host: host?, port: port?, timeout: timeout? })
}

fn smb_host(reader: &mut Reader, nas_host: Option<&str>) -> Option<String> {
    // A URL wraps an IPv6 address in brackets, the file server's address is bare.
    host(reader, "smb.host", nas_host.map(|host| host.trim_start_matches('[').trim_end_matches(']')))
}

/// The machine a key names, or else `usual`.
fn host(reader: &mut Reader, key: &'static str, usual: Option<&str>) -> Option<String> {
    let Some(host) = reader.text(key) else {
        reader.derive(key, usual?);
        return usual.map(str::to_owned);
    };
    if host.parse::<std::net::IpAddr>().is_ok() || url::Host::parse(&host).is_ok_and(|_| !host.contains(['[', '%'])) {
        return Some(host);
    }
    reader.refuse(key, "não é um nome nem um endereço de máquina", "Escreva só o nome ou o IP, sem porta nem barras.")
}

pub(super) fn shares(reader: &mut Reader, smb_host: Option<&str>) -> Option<shares::Settings> {
    const LETTERS: &str = "drives.letters";
    const FIXED: &str = "drives.fixed";
    let host = host(reader, "drives.host", smb_host);
    let letters = reader.text(LETTERS).and_then(|text| match shares::Settings::parse_letters(&text) {
        Ok(letters) => Some(letters),
        Err(problem) => reader.refuse(
            LETTERS,
            letter_trouble(&problem),
            "Escreva letras de D a Z na ordem desejada, por exemplo \"MNOPQ\" ou [\"M\", \"N\"].",
        ),
    });
    let fixed = reader.text(FIXED).unwrap_or_default();
    let fixed_letters = match shares::Settings::parse_fixed_letters(&fixed) {
        Ok(letters) => Some(letters).filter(|_| !reader.was_refused(&[FIXED])),
        Err(problem) => reader.refuse(
            FIXED,
            letter_trouble(&problem),
            "Escreva o nome do compartilhamento e uma letra de D a Z: Financeiro = \"F\"; numa variável, \
             Financeiro=F,Geral=G.",
        ),
    };
    Some(shares::Settings { host: host?, letters: letters?, fixed_letters: fixed_letters? })
}

fn letter_trouble(problem: &InvalidLetters) -> String {
    match problem {
        InvalidLetters::None => "não há nenhuma letra".into(),
        InvalidLetters::NotALetter => "há algo que não é uma letra de unidade".into(),
        InvalidLetters::NotAPair => "há algo que não é um nome com a letra dele".into(),
        InvalidLetters::Twice(letter) => format!("a letra {letter} aparece duas vezes"),
        InvalidLetters::TwoFor(name) => format!("o compartilhamento {name} tem duas letras"),
    }
}

pub(super) fn health(reader: &mut Reader) -> Option<health::Settings> {
    reader.seconds("health.period_s").map(|period| health::Settings { period })
}

pub(super) fn log(reader: &mut Reader, data_dir: Option<&Path>) -> Option<logging::Settings> {
    const DIRECTORY: &str = "log.directory";
    let mut directory = reader.path(DIRECTORY);
    if directory.is_none() && !reader.was_refused(&[DIRECTORY]) {
        directory = data_dir.map(|data_dir| data_dir.join("logs"));
        if let Some(directory) = &directory {
            reader.derive(DIRECTORY, directory.display());
        }
    }
    let keep_days = reader.number("log.keep_days").and_then(|days| usize::try_from(days).ok());
    let filter = reader.text("log.filter").and_then(|text| match logging::read_filter(&text) {
        Ok(_) => Some(text),
        Err(_) => reader.refuse(
            "log.filter",
            "o filtro não foi entendido",
            "Escreva error, warn, info, debug ou trace; ou, por exemplo, info,farol::web=debug.",
        ),
    });
    Some(logging::Settings { directory: directory?, keep_days: keep_days?, filter: filter? })
}
