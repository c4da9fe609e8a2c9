//! Where messages go: a section for each kind of channel. One whose address nobody set is not used.

use jiff::tz::TimeZone;
use url::Url;

use super::reader::Reader;
use super::secret;
use crate::domain::Secret;
use crate::domain::language::Language;
use crate::outbox::{Channel, Email, Encryption, Event, InvalidAddress, Level, Quiet, Rule, Settings, Target};

const COPY_SECRET: &str = "Copie-o de novo, inteiro e sozinho, de preferência para um arquivo com permissão 600.";

/// The keys of a rule, which every kind has.
struct RuleKeys {
    level: &'static str,
    events: &'static str,
    quiet: &'static str,
    trouble_anytime: &'static str,
    language: &'static str,
}

macro_rules! rule_keys {
    ($section:literal) => {
        RuleKeys {
            level: concat!($section, ".level"),
            events: concat!($section, ".events"),
            quiet: concat!($section, ".quiet"),
            trouble_anytime: concat!($section, ".trouble_anytime"),
            language: concat!($section, ".language"),
        }
    };
}

/// Something was said, and it was wrong; the problem is noted.
struct Refused;

/// `None` is a channel that nobody set up.
type Found<T> = Result<Option<T>, Refused>;

pub(super) fn outbox(reader: &mut Reader, time_zone: Option<&str>) -> Option<Settings> {
    const CA_FILE: &str = "messages.ca_file";
    let named = reader.text(CA_FILE);
    let ca_file = named.and_then(|name| reader.readable(CA_FILE, &name));
    let channels = [
        channel(reader, email, &rule_keys!("email")),
        channel(reader, webhook, &rule_keys!("webhook")),
        channel(reader, ntfy, &rule_keys!("ntfy")),
        channel(reader, telegram, &rule_keys!("telegram")),
        channel(reader, teams, &rule_keys!("teams")),
    ];
    let channels: Vec<Option<Channel>> = channels.into_iter().collect::<Result<_, Refused>>().ok()?;
    if reader.was_refused(&[CA_FILE]) {
        return None;
    }
    let time_zone = time_zone.and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(TimeZone::system);
    Some(Settings { channels: channels.into_iter().flatten().collect(), ca_file, time_zone })
}

fn channel(reader: &mut Reader, target: fn(&mut Reader) -> Found<Target>, keys: &RuleKeys) -> Found<Channel> {
    let target = target(reader);
    let rule = rule(reader, keys).ok_or(Refused);
    match target? {
        Some(target) => Ok(Some(Channel { target, rule: rule? })),
        None => rule.map(|_| None),
    }
}

fn rule(reader: &mut Reader, keys: &RuleKeys) -> Option<Rule> {
    let least = word(reader, keys.level, Level::parse, "Escreva info, attention ou trouble.");
    let events = events(reader, keys.events);
    let quiet = quiet(reader, keys.quiet);
    let trouble_anytime = reader.flag(keys.trouble_anytime);
    let language = word(reader, keys.language, Language::parse, "Escreva pt-BR ou en.");
    Some(Rule {
        least: least?,
        events: events?,
        quiet: quiet.ok()?,
        trouble_anytime: trouble_anytime?,
        language: language?,
    })
}

fn word<T>(reader: &mut Reader, key: &'static str, parse: fn(&str) -> Option<T>, cure: &str) -> Option<T> {
    let text = reader.text(key)?;
    parse(text.trim()).or_else(|| reader.refuse(key, "valor não entendido", cure))
}

fn events(reader: &mut Reader, key: &'static str) -> Option<Vec<Event>> {
    let text = reader.text(key).unwrap_or_default();
    if reader.was_refused(&[key]) {
        return None;
    }
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    let known = Event::ALL.map(Event::as_str).join(", ");
    words.map(Event::parse).collect::<Option<Vec<_>>>().or_else(|| {
        reader.refuse(key, "há um assunto desconhecido", format!("Escreva alguns destes, ou apague a chave: {known}."))
    })
}

fn quiet(reader: &mut Reader, key: &'static str) -> Found<Quiet> {
    let Some(text) = reader.text(key) else { return unset(reader, &[key]) };
    match Quiet::parse(&text) {
        Some(quiet) => Ok(Some(quiet)),
        None => refused(reader, key, "não é um horário de silêncio", "Escreva, por exemplo, 22:00-07:00."),
    }
}

fn email(reader: &mut Reader) -> Found<Target> {
    const SERVER: &str = "email.server";
    const ENCRYPTION: &str = "email.encryption";
    const LOGIN: [&str; 3] = ["email.username", "email.password", "email.password_file"];
    let server = reader.text(SERVER);
    let port = reader.number("email.port").and_then(|port| u16::try_from(port).ok());
    let encryption = word(reader, ENCRYPTION, Encryption::parse, "Escreva starttls, tls ou none.");
    let username = reader.text(LOGIN[0]);
    let password = secret(reader, LOGIN[1], LOGIN[2])?;
    let from = reader.text("email.from");
    let to = reader.text("email.to");
    let Some(server) = server else {
        let begun = username.is_some() || password.is_some() || from.is_some() || to.is_some();
        return if begun {
            needed(reader, SERVER, "Escreva o servidor de e-mail em email.server.")
        } else {
            unset(reader, &[SERVER])
        };
    };
    if encryption == Some(Encryption::Nothing) && !Settings::is_local(&server) {
        let what = "sem criptografia, mensagens e senha passariam abertas pela rede";
        return refused(reader, ENCRYPTION, what, "Use starttls ou tls; none serve só para um servidor nesta máquina.");
    }
    let login = match (username, password) {
        (Some(username), Some(password)) => Some((username, password)),
        (None, None) => None,
        (Some(_), None) => return needed(reader, LOGIN[2], "Aponte o arquivo com a senha em email.password_file."),
        (None, Some(_)) => return needed(reader, LOGIN[0], "Escreva o nome da conta em email.username."),
    };
    let from = mailboxes(reader, "email.from", from)?.swap_remove(0);
    let to = mailboxes(reader, "email.to", to)?;
    let (Some(port), Some(encryption)) = (port, encryption) else { return Err(Refused) };
    Ok(Some(Target::Email(Email { server, port, encryption, login, from, to })))
}

/// At least one.
fn mailboxes(reader: &mut Reader, key: &'static str, text: Option<String>) -> Result<Vec<String>, Refused> {
    let text = text.unwrap_or_default();
    let boxes: Vec<String> =
        text.split(',').map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect();
    let cure = "Escreva um endereço como farol@exemplo.com.br.";
    if boxes.is_empty() {
        return needed(reader, key, cure);
    }
    if boxes.iter().all(|text| Settings::is_mailbox(text)) {
        Ok(boxes)
    } else {
        refused(reader, key, "não é um endereço de e-mail", cure)
    }
}

fn webhook(reader: &mut Reader) -> Found<Target> {
    const KEYS: [&str; 4] = ["webhook.url", "webhook.url_file", "webhook.key", "webhook.key_file"];
    let url = secret(reader, KEYS[0], KEYS[1])?;
    let key = secret(reader, KEYS[2], KEYS[3])?;
    match (url, key) {
        (None, None) => Ok(None),
        (None, Some(_)) => {
            needed(reader, KEYS[0], "Escreva o endereço em webhook.url ou aponte-o em webhook.url_file.")
        }
        (Some(_), None) => needed(
            reader,
            KEYS[3],
            "Gere uma chave com: openssl rand -hex 32, e aponte o arquivo dela em webhook.key_file.",
        ),
        (Some(url), Some(key)) => {
            address(reader, KEYS[0], url.reveal())?;
            if let Some(what) = secret::weakness(key.reveal()) {
                return refused(reader, KEYS[2], what, "Gere outra com: openssl rand -hex 32.");
            }
            Ok(Some(Target::Webhook { url, key }))
        }
    }
}

fn ntfy(reader: &mut Reader) -> Found<Target> {
    const KEYS: [&str; 4] = ["ntfy.url", "ntfy.url_file", "ntfy.token", "ntfy.token_file"];
    let url = secret(reader, KEYS[0], KEYS[1])?;
    let token = secret(reader, KEYS[2], KEYS[3])?;
    let cure = "Escreva o endereço com o tópico no fim, como https://ntfy.sh/um-nome-que-ninguem-adivinha.";
    match url {
        None if token.is_some() => needed(reader, KEYS[0], cure),
        None => Ok(None),
        Some(url) => {
            address(reader, KEYS[0], url.reveal())?;
            if Settings::parse_topic(url.reveal()).is_err() {
                return refused(reader, KEYS[0], "o endereço não termina com um tópico", cure);
            }
            Ok(Some(Target::Ntfy { url, token }))
        }
    }
}

fn telegram(reader: &mut Reader) -> Found<Target> {
    const KEYS: [&str; 4] = ["telegram.token", "telegram.token_file", "telegram.chat", "telegram.url"];
    let token = secret(reader, KEYS[0], KEYS[1])?;
    let chat = reader.text(KEYS[2]);
    let url = reader.text(KEYS[3]).ok_or(Refused);
    match (token, chat) {
        (None, None) => Ok(None),
        (None, Some(_)) => needed(reader, KEYS[1], "Aponte o arquivo com o token do robô em telegram.token_file."),
        (Some(_), None) => {
            needed(reader, KEYS[2], "Escreva em telegram.chat o número da conversa ou do grupo, ou o @nome do canal.")
        }
        (Some(token), Some(chat)) => {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-');
            if !token.reveal().chars().all(plain) {
                return refused(reader, KEYS[0], "o token tem sinais que um token do Telegram não tem", COPY_SECRET);
            }
            Ok(Some(Target::Telegram { url: address(reader, KEYS[3], &url?)?, token, chat }))
        }
    }
}

fn teams(reader: &mut Reader) -> Found<Target> {
    const KEYS: [&str; 2] = ["teams.url", "teams.url_file"];
    let Some(url) = secret(reader, KEYS[0], KEYS[1])? else { return Ok(None) };
    address(reader, KEYS[0], url.reveal())?;
    Ok(Some(Target::Teams { url }))
}

fn secret(reader: &mut Reader, direct: &'static str, in_file: &'static str) -> Found<Secret<String>> {
    let Some(secret) = reader.secret(direct, in_file) else { return unset(reader, &[direct, in_file]) };
    if secret::is_well_known(secret.reveal()) {
        return refused(reader, direct, "este é o segredo do exemplo, não o seu", COPY_SECRET);
    }
    if secret.reveal().chars().any(char::is_control) {
        return refused(reader, direct, "o segredo tem quebras de linha ou sinais invisíveis", COPY_SECRET);
    }
    Ok(Some(secret))
}

/// Says what is wrong without the address, which may be a secret.
fn address(reader: &mut Reader, key: &'static str, text: &str) -> Result<Url, Refused> {
    let (what, cure) = match Settings::parse_url(text) {
        Ok(url) => return Ok(url),
        Err(InvalidAddress::Plain) => {
            ("o endereço usa http, que mostra as mensagens a quem escuta a rede", "Troque http:// por https://.")
        }
        Err(InvalidAddress::Credentials) => {
            ("o endereço traz usuário ou senha", "Deixe só https://endereço; segredos têm chaves próprias.")
        }
        Err(InvalidAddress::Malformed) => ("o endereço não foi entendido", "Escreva https://endereço/caminho."),
    };
    refused(reader, key, what, cure)
}

/// Nobody set it, or what was set is noted as wrong.
fn unset<T>(reader: &Reader, keys: &[&'static str]) -> Found<T> {
    if reader.was_refused(keys) { Err(Refused) } else { Ok(None) }
}

fn refused<T>(reader: &mut Reader, key: &'static str, what: &str, cure: &str) -> Result<T, Refused> {
    reader.refuse(key, what, cure).ok_or(Refused)
}

fn needed<T>(reader: &mut Reader, key: &'static str, cure: &str) -> Result<T, Refused> {
    reader.missing(&[key], cure).ok_or(Refused)
}
