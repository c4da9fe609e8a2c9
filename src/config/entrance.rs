//! How people reach us and how they come in: the settings of `web` and `auth`.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use url::Url;

use super::reader::Reader;
use super::{secret, tls};
use crate::auth::{self, Authenticator, OnKeyRefused, SecondFactor};
use crate::domain::Secret;
use crate::web::{self, InvalidProxies, InvalidPublicUrl, Tls};

const MAKE_SECRET: &str = "Gere um com: openssl rand -hex 32, guarde-o em um arquivo com permissão 600 e aponte-o em \
    server.secret_key_file (ou na variável SECRET_KEY_FILE). O comando farol setup faz isso por você.";

const LISTEN: &str = "server.listen";
const PUBLIC_URL: &str = "server.public_url";
const TRUSTED_PROXIES: &str = "server.trusted_proxies";

pub(super) fn web(reader: &mut Reader, data_dir: Option<&Path>) -> Option<web::Settings> {
    let listen = address(reader, LISTEN);
    let secret_key = secret_key(reader);
    let public_url = public_url(reader);
    let trusted_proxies = trusted_proxies(reader);
    let time_zone = time_zone(reader);
    let scrapers = scrapers(reader);
    let public_status = reader.flag("status.public");
    let known_as = public_url.as_ref().ok().and_then(Option::as_ref);
    let tls = tls::tls(reader, listen, known_as, data_dir);
    let is_secure = tls != Some(Tls::Off) || known_as.is_some_and(|url| url.scheme() == "https");
    let redirect_listen = redirect_listen(reader, is_secure);
    // Half a wish for TLS is none for plain HTTP.
    let speaks_plain = tls == Some(Tls::Off);
    if let (true, Some(listen), Ok(public_url)) = (speaks_plain, listen, &public_url)
        && web::Settings::exposes_cookies(listen, public_url.as_ref())
    {
        let what = "em HTTP sem criptografia, o Farol só atende nesta máquina: na rede, qualquer um poderia copiar os \
            cookies e entrar no lugar de outra pessoa";
        let cure = "Ponha na frente um proxy com HTTPS e escreva o endereço dele em server.public_url, como \
            https://farol.exemplo.com.br; ou faça o próprio Farol falar HTTPS, com server.tls = \"self-signed\" ou \
            \"files\"; ou atenda só nesta máquina, em 127.0.0.1:8080.";
        return reader.refuse(LISTEN, what, cure);
    }
    let speaks_tls = matches!(&public_url, Ok(Some(url)) if url.scheme() == "https");
    if speaks_plain && speaks_tls && trusted_proxies.as_ref().is_some_and(Vec::is_empty) {
        let what = "o endereço público usa https, mas nenhum proxy é de confiança: no registro, e nos limites de \
            tentativas, todas as pessoas teriam o endereço do proxy";
        reader.warn(TRUSTED_PROXIES, what, "Escreva o IP do proxy, por exemplo 127.0.0.1 se ele roda nesta máquina.");
    }
    Some(web::Settings {
        listen: listen?,
        tls: tls?,
        redirect_listen: redirect_listen.ok()?,
        secret_key: secret_key?,
        public_url: public_url.ok()?,
        trusted_proxies: trusted_proxies?,
        time_zone: time_zone.ok()?,
        scrapers: scrapers?,
        public_status: public_status?,
    })
}

fn address(reader: &mut Reader, key: &'static str) -> Option<SocketAddr> {
    let text = reader.text(key)?;
    text.trim().parse().ok().or_else(|| {
        let cure = "Escreva, por exemplo, 127.0.0.1:8080 (só esta máquina) ou 0.0.0.0:8080 (toda a rede).";
        reader.refuse(key, "não é um endereço IP com porta", cure)
    })
}

fn redirect_listen(reader: &mut Reader, is_secure: bool) -> Result<Option<SocketAddr>, Refused> {
    const KEY: &str = "server.redirect_listen";
    let Some(address) = address(reader, KEY) else { return nothing_unless_refused(reader, KEY) };
    if !is_secure {
        let what = "não há para onde levar as pessoas: nem o Farol nem um proxy fala HTTPS";
        let cure = "Apague a chave, ou escreva server.tls = \"self-signed\" ou \"files\".";
        return reader.refuse(KEY, what, cure).ok_or(Refused);
    }
    Ok(Some(address))
}

fn secret_key(reader: &mut Reader) -> Option<Secret<String>> {
    const KEYS: [&str; 2] = ["server.secret_key", "server.secret_key_file"];
    let Some(key) = reader.secret(KEYS[0], KEYS[1]) else { return reader.missing(&KEYS, MAKE_SECRET) };
    match secret::weakness(key.reveal()) {
        Some(what) => reader.refuse(KEYS[0], what, MAKE_SECRET),
        None => Some(key),
    }
}

fn public_url(reader: &mut Reader) -> Result<Option<Url>, Refused> {
    let Some(text) = reader.text(PUBLIC_URL) else { return nothing_unless_refused(reader, PUBLIC_URL) };
    let (what, cure) = match web::Settings::parse_public_url(&text) {
        Ok(url) => return Ok(Some(url)),
        Err(InvalidPublicUrl::Malformed) => (
            "não é um endereço de página inicial",
            "Escreva https://nome ou https://nome:porta, sem caminho, como aparece no navegador.",
        ),
        Err(InvalidPublicUrl::Plain) => (
            "o endereço usa http, que mostra os cookies a quem escuta a rede",
            "Troque http:// por https://, com um proxy que faça HTTPS. Só localhost pode usar http.",
        ),
    };
    reader.refuse(PUBLIC_URL, what, cure).ok_or(Refused)
}

/// Set, but not to anything usable: told already.
struct Refused;

fn nothing_unless_refused<T>(reader: &Reader, name: &'static str) -> Result<Option<T>, Refused> {
    if reader.was_refused(&[name]) { Err(Refused) } else { Ok(None) }
}

fn trusted_proxies(reader: &mut Reader) -> Option<Vec<IpNet>> {
    let text = reader.text(TRUSTED_PROXIES).unwrap_or_default();
    let (what, cure) = match web::Settings::parse_proxies(&text) {
        Ok(proxies) => return Some(proxies).filter(|_| !reader.was_refused(&[TRUSTED_PROXIES])),
        Err(InvalidProxies::Malformed) => (
            "não é uma lista de endereços IP ou redes",
            "Escreva, por exemplo, [\"127.0.0.1\", \"192.168.1.0/24\"]; numa variável, separe por vírgulas.",
        ),
        Err(InvalidProxies::Everybody) => (
            "a rede inteira seria de confiança, e qualquer um poderia fingir outro endereço",
            "Escreva só o IP do proxy.",
        ),
    };
    reader.refuse(TRUSTED_PROXIES, what, cure)
}

/// `None` is the machine's own zone.
fn time_zone(reader: &mut Reader) -> Result<Option<String>, Refused> {
    const KEY: &str = "server.time_zone";
    let Some(name) = reader.text(KEY) else {
        reader.derive(KEY, TimeZone::system().iana_name().unwrap_or("o desta máquina"));
        return nothing_unless_refused(reader, KEY);
    };
    if TimeZone::get(name.trim()).is_ok() {
        return Ok(Some(name.trim().to_owned()));
    }
    let cure = "Escreva um nome como America/Sao_Paulo ou America/Manaus; sem a chave, vale o fuso desta máquina.";
    reader.refuse(KEY, "não é um fuso horário conhecido", cure).ok_or(Refused)
}

fn scrapers(reader: &mut Reader) -> Option<web::Scrapers> {
    const ALLOW: &str = "metrics.allow";
    const TOKEN: [&str; 2] = ["metrics.token", "metrics.token_file"];
    let text = reader.text(ALLOW).unwrap_or_default();
    let networks = web::Settings::parse_proxies(&text).ok().or_else(|| {
        let cure = "Escreva, por exemplo, [\"127.0.0.1\", \"192.168.1.0/24\"]; numa variável, separe por vírgulas.";
        reader.refuse(ALLOW, "não é uma lista de endereços IP ou redes, ou é a rede inteira", cure)
    });
    let token = reader.secret(TOKEN[0], TOKEN[1]);
    let weakness = token.as_ref().and_then(|token| secret::weakness(token.reveal()));
    if let Some(what) = weakness {
        return reader.refuse(TOKEN[0], what, "Gere outro com: openssl rand -hex 32.");
    }
    if reader.was_refused(&[ALLOW, TOKEN[0], TOKEN[1]]) {
        return None;
    }
    Some(web::Scrapers { networks: networks?, token })
}

pub(super) fn auth(reader: &mut Reader) -> Option<auth::Settings> {
    let session_timeout = reader.seconds("server.session_timeout_s");
    let idle_timeout = idle_timeout(reader, session_timeout);
    let authenticator = authenticator(reader);
    let administrators_group = administrators_group(reader);
    let on_service_key_refused = on_service_key_refused(reader);
    let second_factor = second_factor(reader);
    Some(auth::Settings {
        authenticator: authenticator?,
        administrators_group: administrators_group?,
        on_service_key_refused: on_service_key_refused?,
        second_factor: second_factor?,
        session_timeout: session_timeout?,
        idle_timeout: idle_timeout?,
    })
}

/// Nobody who shortens sessions needs to think of this one as well.
fn idle_timeout(reader: &mut Reader, session_timeout: Option<Duration>) -> Option<Duration> {
    const KEY: &str = "server.idle_timeout_s";
    let Some(idle_timeout) = reader.seconds(KEY) else {
        let idle_timeout = auth::IDLE_TIMEOUT.min(session_timeout?);
        if reader.was_refused(&[KEY]) {
            return None;
        }
        reader.derive(KEY, idle_timeout.as_secs());
        return Some(idle_timeout);
    };
    match session_timeout {
        Some(session_timeout) if idle_timeout > session_timeout => reader.refuse(
            KEY,
            format!("o limite sem uso é maior que a sessão inteira ({} segundos)", session_timeout.as_secs()),
            "Escreva um número menor, ou aumente server.session_timeout_s.",
        ),
        _ => Some(idle_timeout),
    }
}

fn authenticator(reader: &mut Reader) -> Option<Authenticator> {
    const KEY: &str = "auth.authenticator";
    let word = reader.text(KEY)?;
    let cure =
        "Escreva smb (a senha é conferida como ao mapear uma unidade) ou truenas-api (pela interface do TrueNAS).";
    Authenticator::parse(word.trim()).or_else(|| reader.refuse(KEY, "não é um modo de conferir senhas", cure))
}

fn administrators_group(reader: &mut Reader) -> Option<String> {
    const KEY: &str = "auth.administrators_group";
    let name = reader.text(KEY)?;
    let cure = "Escreva o nome de um grupo do TrueNAS; os membros dele administram o portal.";
    auth::Settings::parse_group(&name).or_else(|| reader.refuse(KEY, "não é o nome de um grupo", cure))
}

fn second_factor(reader: &mut Reader) -> Option<SecondFactor> {
    const KEY: &str = "auth.second_factor";
    let word = reader.text(KEY)?;
    let cure = "Escreva required (os administradores confirmam com um código) ou off (só a senha).";
    let chosen = SecondFactor::parse(word.trim());
    if chosen == Some(SecondFactor::Off) {
        let what = "quem souber a senha de um administrador administra o portal, sem nenhum código";
        reader.warn(KEY, what, "Escreva auth.second_factor = \"required\", que é o padrão.");
    }
    chosen.or_else(|| reader.refuse(KEY, "não é uma das duas escolhas", cure))
}

fn on_service_key_refused(reader: &mut Reader) -> Option<OnKeyRefused> {
    const KEY: &str = "auth.on_service_key_refused";
    let word = reader.text(KEY)?;
    let cure = "Escreva logout (todos precisam entrar de novo) ou keep (quem já entrou continua).";
    OnKeyRefused::parse(word.trim()).or_else(|| reader.refuse(KEY, "não é uma das duas escolhas", cure))
}
