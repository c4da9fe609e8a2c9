//! Whether we speak TLS ourselves, and with which certificate: read and found fit before anything starts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use url::{Host, Url};

use super::content;
use super::reader::Reader;
use crate::domain::Timestamp;
use crate::runtime::Clock;
use crate::web::{Pair, Tls, Trouble};

const TLS: &str = "server.tls";
const CERTIFICATE: &str = "server.tls_certificate";
const KEY: &str = "server.tls_key";
const NAMES: &str = "server.tls_names";
const PUBLIC_URL: &str = "server.public_url";

/// Told so early, there is time to do something about it.
const WARNED_DAYS: u64 = 14;

pub(super) fn tls(
    reader: &mut Reader,
    listen: Option<SocketAddr>,
    public_url: Option<&Url>,
    data_dir: Option<&Path>,
) -> Option<Tls> {
    let chosen = reader.text(TLS)?;
    let (certificate, key) = (reader.text(CERTIFICATE), reader.text(KEY));
    let chosen_names = names(reader);
    let tls = match chosen.trim() {
        "off" => Some(Tls::Off),
        "self-signed" => {
            let chosen_names = chosen_names.ok()?;
            let names = chosen_names.unwrap_or_else(|| usual_names(listen, public_url));
            reader.derive_unless_said(NAMES, names.join(","));
            data_dir.map(|data_dir| Tls::SelfSigned { folder: data_dir.join("tls"), names })
        }
        "files" => files(reader, certificate.as_deref(), key.as_deref()),
        _ => {
            let cure = "Escreva off (o Farol fala HTTP, atrás de um proxy), self-signed (HTTPS com um certificado \
                feito por ele) ou files (HTTPS com o certificado de vocês).";
            reader.refuse(TLS, "não é uma das três escolhas", cure)
        }
    }?;
    if let (true, Some(url)) = (tls.is_on(), public_url)
        && url.scheme() != "https"
    {
        let cure = "Troque http:// por https:// no endereço, ou escreva server.tls = \"off\".";
        return reader.refuse(PUBLIC_URL, "o endereço usa http, mas o Farol fala HTTPS", cure);
    }
    Some(tls)
}

fn files(reader: &mut Reader, certificate: Option<&str>, key: Option<&str>) -> Option<Tls> {
    let cure = "Com server.tls = \"files\", aponte os dois arquivos PEM: server.tls_certificate (o certificado e os \
        intermediários) e server.tls_key (a chave).";
    for (name, file) in [(CERTIFICATE, certificate), (KEY, key)] {
        if file.is_none() {
            reader.missing::<()>(&[name], cure);
        }
    }
    let (certificate, key) = (reader.beside(certificate?), reader.beside(key?));
    reader.warn_of_exposure(&key);
    reader.keep(CERTIFICATE, &certificate);
    reader.keep(KEY, &key);
    let now = Clock::real().now();
    match Pair::read(&certificate, &key) {
        Ok(pair) => {
            if let Err(problem) = pair.holds_at(now) {
                // Whoever confirms it is better off than without any page; and the clock may be what is wrong.
                let (what, cure) = trouble(&problem);
                reader.warn(CERTIFICATE, &what, cure);
            } else if pair.expires_at.since(now).as_secs() / (24 * 3600) < WARNED_DAYS {
                let what = format!("o certificado vence em {}", day(pair.expires_at));
                reader.warn(CERTIFICATE, &what, "Renove-o; o Farol usa o novo sem reiniciar.");
            }
            Some(Tls::Files { certificate, key, names: pair.names })
        }
        Err(problem) => {
            let (what, cure) = trouble(&problem);
            reader.refuse(if problem.path() == Some(&key) { KEY } else { CERTIFICATE }, what, cure)
        }
    }
}

/// What is wrong, and what to do.
pub fn trouble(trouble: &Trouble) -> (String, &'static str) {
    const PATH: &str = "Confira o nome e as permissões.";
    const RENEW: &str = "Renove o certificado, e confira o relógio desta máquina.";
    let file = |path: &PathBuf| path.display().to_string();
    match trouble {
        Trouble::Read { path, source } => {
            (format!("{} não pôde ser lido ({})", file(path), content::reason(source)), PATH)
        }
        Trouble::NoCertificate { path } => (
            format!("{} não traz um certificado em PEM", file(path)),
            "Aponte o arquivo que começa com -----BEGIN CERTIFICATE-----.",
        ),
        Trouble::NoKey { path } => (
            format!("{} não traz uma chave em PEM", file(path)),
            "Aponte o arquivo que começa com -----BEGIN PRIVATE KEY-----, sem senha.",
        ),
        Trouble::Mismatch { key } => (
            format!("a chave em {} não é a do certificado", file(key)),
            "Aponte o certificado e a chave que foram emitidos juntos; o certificado do próprio Farol vem antes dos intermediários.",
        ),
        Trouble::Malformed { path } => {
            (format!("o certificado em {} não foi entendido", file(path)), "Peça outro a quem o emitiu.")
        }
        Trouble::Expired { path, at } => (format!("o certificado em {} venceu em {}", file(path), day(*at)), RENEW),
        Trouble::NotYet { path, from } => {
            (format!("o certificado em {} só vale a partir de {}", file(path), day(*from)), RENEW)
        }
        Trouble::Unsupported { path, source } => (
            format!("a chave em {} não pode ser usada ({source})", file(path)),
            "Use uma chave RSA de 2048 bits ou mais, ECDSA ou Ed25519.",
        ),
        Trouble::Make(source) => (
            format!("o certificado próprio não pôde ser feito ({source})"),
            "Confira server.tls_names: nomes e endereços IP, sem portas.",
        ),
        Trouble::Write { path, source } => (
            format!("{} não pôde ser gravado ({})", file(path), content::reason(source)),
            "Confira server.data_dir, o disco e as permissões.",
        ),
    }
}

fn day(moment: Timestamp) -> String {
    moment.in_zone(&TimeZone::system()).strftime("%d/%m/%Y").to_string()
}

/// What is said is no list of names: told already.
struct Refused;

/// `None`: nobody said.
fn names(reader: &mut Reader) -> Result<Option<Vec<String>>, Refused> {
    let Some(text) = reader.text(NAMES) else {
        return if reader.was_refused(&[NAMES]) { Err(Refused) } else { Ok(None) };
    };
    if let Some(names) = parse_names(&text) {
        return Ok(Some(names));
    }
    let cure = "Escreva, por exemplo, [\"farol.local\", \"192.168.1.10\"]; numa variável, separe por vírgulas.";
    reader.refuse(NAMES, "não é uma lista de nomes e endereços IP", cure).ok_or(Refused)
}

/// Names and addresses, told apart by commas; `None` where there is none, or one that no certificate can name.
pub fn parse_names(text: &str) -> Option<Vec<String>> {
    let said = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    let names: Option<Vec<String>> = said.map(as_written).collect();
    names.filter(|names| !names.is_empty())
}

/// As browsers write it.
fn as_written(name: &str) -> Option<String> {
    if let Ok(address) = name.parse::<IpAddr>() {
        return Some(address.to_string());
    }
    match Host::parse(name).ok()? {
        Host::Domain(name) => Some(name),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

/// What people most likely call this machine.
fn usual_names(listen: Option<SocketAddr>, public_url: Option<&Url>) -> Vec<String> {
    let public = public_url.and_then(Url::host_str).map(|host| host.trim_matches(['[', ']']).to_owned());
    // Of the system itself: where a service sees little of /proc, no file tells it.
    let machine = rustix::system::uname().nodename().to_str().ok().map(str::to_lowercase);
    let listen = listen.map(|address| address.ip().to_canonical());
    let own = match listen {
        Some(address) if !address.is_unspecified() => Some(address),
        _ => address_in_network(),
    };
    let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)].map(|ip| ip.to_string());
    let named = public.into_iter().chain(machine).chain(own.map(|address| address.to_string()));
    let mut all = Vec::new();
    for name in named.chain(["localhost".to_owned()]).chain(loopback).filter_map(|name| as_written(&name)) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// From where this machine would speak to another one. Nothing is sent.
fn address_in_network() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}
