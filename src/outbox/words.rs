//! The sentences of messages, in both languages. They stand here and not beside those of the pages: a message is made when
//! nobody is looking, and goes where no page is.

use jiff::tz::TimeZone;

use crate::domain::Timestamp;
use crate::domain::health;
use crate::domain::language::{Language, Texts};
use crate::domain::notice::Planned;
use crate::outbox::message::{Event, Level, Message};
use crate::store::{MESSAGE_SUBJECT_LIMIT, MESSAGE_TEXT_LIMIT};

use Language::{English, Portuguese};

/// In characters, of what one line says: many fit into one message.
const LONGEST_LINE: usize = 1_000;

/// What is to be said.
#[derive(Debug, Clone, Copy)]
pub enum Sentence<'a> {
    Storage(health::Level),
    Pool {
        name: &'a str,
        state: &'a str,
        healthy: bool,
    },
    Alert(&'a str),
    AlertOver(&'a str),
    KeyRefused,
    KeyAccepted,
    /// A window, and in how many minutes it begins.
    Ahead(&'a Planned, u32),
    Began(&'a Planned),
    Ended(&'a Planned),
    Moved(&'a Planned),
    CalledOff(&'a Planned),
    Incident {
        title: &'a Texts,
        text: &'a Texts,
        resolved: bool,
    },
    Undelivered(&'a str),
    Test,
}

/// In which language, as seen from where and when, and whether people inside were all told the same: otherwise what was
/// written for some of them stays inside.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub language: Language,
    pub zone: &'a TimeZone,
    pub at: Timestamp,
    pub for_all: bool,
}

pub fn message(event: Event, level: Level, sentence: &Sentence<'_>, place: &Place<'_>) -> Message {
    let (subject, rest) = say(sentence, place);
    let said = if rest.is_empty() { subject.clone() } else { format!("{subject}. {rest}") };
    let text = format!("{} — {}", place.time(place.at), plain(&said, LONGEST_LINE));
    Message { event, level, subject: plain(&format!("Farol: {subject}"), MESSAGE_SUBJECT_LIMIT as usize), text }
}

/// A subject that stands for several.
pub fn subject_of_many(language: Language, subject: &str, count: i64) -> String {
    let more = match (language, count - 1) {
        (_, ..=0) => return subject.to_owned(),
        (Portuguese, more) => format!(" (e mais {more})"),
        (English, more) => format!(" (and {more} more)"),
    };
    let room = (MESSAGE_SUBJECT_LIMIT as usize).saturating_sub(more.chars().count());
    plain(subject, room) + &more
}

/// `text` with one more line; as it was when it is full or says the same already.
pub fn with_line(text: &str, line: &str) -> String {
    let known = text.lines().any(|known| known == line);
    let room = (MESSAGE_TEXT_LIMIT as usize).saturating_sub(text.chars().count());
    if known || line.chars().count() >= room { text.to_owned() } else { format!("{text}\n{line}") }
}

/// On one line, without anything that a terminal, a header or a card would obey, and at most so long.
pub fn plain(text: &str, limit: usize) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() || is_unseen(c) { ' ' } else { c }).collect();
    let mut words: String = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = words.char_indices().nth(limit) {
        let end = words[..end].char_indices().next_back().map_or(0, |(last, _)| last);
        words.truncate(end);
        words.push('…');
    }
    words
}

/// What turns the direction of the text around it, or breaks lines in secret.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

impl Place<'_> {
    fn time(&self, at: Timestamp) -> String {
        let pattern = match self.language {
            Portuguese => "%d/%m/%Y %H:%M",
            English => "%-d %b %Y %H:%M",
        };
        at.in_zone(self.zone).strftime(pattern).to_string()
    }

    /// From when to when, as far as it is known.
    fn span(&self, planned: &Planned) -> String {
        let starts = self.time(planned.starts_at);
        match (self.language, planned.ends_at) {
            (Portuguese, Some(ends)) => format!("De {starts} a {}.", self.time(ends)),
            (Portuguese, None) => format!("Desde {starts}."),
            (English, Some(ends)) => format!("From {starts} to {}.", self.time(ends)),
            (English, None) => format!("Since {starts}."),
        }
    }
}

/// What is said first, and the rest.
fn say(sentence: &Sentence<'_>, place: &Place<'_>) -> (String, String) {
    let language = place.language;
    let both = |portuguese: &str, english: &str| match language {
        Portuguese => portuguese.to_owned(),
        English => english.to_owned(),
    };
    let window = |planned: &Planned, portuguese: &str, english: &str| {
        let some = || both("uma parte das pastas", "some of the folders");
        let title = if place.for_all { planned.title.in_language(language).to_owned() } else { some() };
        (format!("{}: {title}", both(portuguese, english)), place.span(planned))
    };
    match sentence {
        Sentence::Storage(level) => storage(language, *level),
        Sentence::Pool { name, state, healthy } => {
            let well = if *healthy {
                both("voltou ao normal", "is healthy again")
            } else {
                both("precisa de atenção", "needs attention")
            };
            (format!("{} {name} {well} ({state})", both("o pool", "pool")), String::new())
        }
        Sentence::Alert(text) => (format!("{}: {text}", both("alerta do TrueNAS", "TrueNAS alert")), String::new()),
        Sentence::AlertOver(text) => (format!("{}: {text}", both("alerta encerrado", "alert cleared")), String::new()),
        Sentence::KeyRefused => (
            both("o TrueNAS recusou a chave de API do Farol", "TrueNAS refused the API key of Farol"),
            both(
                "Até que a chave seja renovada, só os administradores locais entram.",
                "Until the key is renewed, only local administrators can sign in.",
            ),
        ),
        Sentence::KeyAccepted => (
            both("o TrueNAS aceita de novo a chave de API do Farol", "TrueNAS accepts the API key of Farol again"),
            String::new(),
        ),
        Sentence::Ahead(planned, minutes) => {
            let when = ahead(language, *minutes);
            window(planned, &format!("manutenção {when}"), &format!("maintenance {when}"))
        }
        Sentence::Began(planned) => window(planned, "a manutenção começou", "maintenance has begun"),
        Sentence::Ended(planned) => window(planned, "a manutenção terminou", "maintenance has ended"),
        Sentence::Moved(planned) => window(planned, "a manutenção mudou de horário", "maintenance was rescheduled"),
        Sentence::CalledOff(planned) => window(planned, "a manutenção foi cancelada", "maintenance was cancelled"),
        Sentence::Incident { title, text, resolved } => {
            let head = if *resolved {
                both("incidente resolvido", "incident resolved")
            } else {
                both("incidente", "incident")
            };
            (format!("{head}: {}", title.in_language(language)), text.in_language(language).to_owned())
        }
        Sentence::Undelivered(channel) => (
            both("mensagens não foram entregues", "messages could not be delivered"),
            format!("{}: {channel}.", both("Canal", "Channel")),
        ),
        Sentence::Test => (
            both("mensagem de teste", "test message"),
            both("Se você lê isto, este canal funciona.", "If you can read this, this channel works."),
        ),
    }
}

fn storage(language: Language, level: health::Level) -> (String, String) {
    let (portuguese, english) = match level {
        health::Level::Unknown => ("o estado do TrueNAS não é conhecido", "the state of TrueNAS is not known"),
        health::Level::Online => ("o TrueNAS está funcionando normalmente", "TrueNAS is working normally"),
        health::Level::Attention => ("o TrueNAS funciona, mas precisa de atenção", "TrueNAS works but needs attention"),
        health::Level::Planned => ("o TrueNAS está em manutenção planejada", "TrueNAS is under planned maintenance"),
        health::Level::Restarting => ("o TrueNAS está reiniciando", "TrueNAS is restarting"),
        health::Level::Unreachable => ("o TrueNAS não responde", "TrueNAS does not respond"),
        health::Level::KeyRefused => ("o TrueNAS recusou a chave de API", "TrueNAS refused the API key"),
    };
    let said = match language {
        Portuguese => portuguese,
        English => english,
    };
    (said.to_owned(), String::new())
}

fn ahead(language: Language, minutes: u32) -> String {
    let (count, portuguese, english) = match minutes {
        0..=1 => (1, ["minuto", "minutos"], ["minute", "minutes"]),
        2..=90 => (minutes, ["minuto", "minutos"], ["minute", "minutes"]),
        91..=2_879 => (minutes.div_ceil(60), ["hora", "horas"], ["hour", "hours"]),
        _ => (minutes.div_ceil(1_440), ["dia", "dias"], ["day", "days"]),
    };
    let unit = |words: [&'static str; 2]| if count == 1 { words[0] } else { words[1] };
    match language {
        Portuguese => format!("em {count} {}", unit(portuguese)),
        English => format!("in {count} {}", unit(english)),
    }
}
