//! What each kind of channel over HTTP is sent: address, headers, JSON. Whatever people wrote goes into the JSON alone.
//!
//! A webhook gets `{"id", "event", "level", "subject", "text", "count", "created_at"}` with these headers:
//! `Idempotency-Key`, the same whenever the message is sent again; `X-Farol-Timestamp`, seconds since 1970; and
//! `X-Farol-Signature`, `sha256=` and in hexadecimal HMAC-SHA256 by the key of the webhook over the timestamp, a full stop
//! and the body. Whoever gets it computes the same, and refuses what is older than a few minutes.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;

use crate::domain::Secret;
use crate::outbox::Error;
use crate::outbox::message::Level;
use crate::outbox::settings::{Settings, Target};
use crate::outbox::way::Parcel;

/// One request.
pub struct Post {
    pub url: Url,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    /// An address that is not there is what a wrong key looks like.
    pub missing_is_secret: bool,
}

/// An address that was understood, with its key.
pub struct Poster {
    url: Url,
    format: Format,
}

enum Format {
    Webhook { key: Secret<String> },
    Ntfy { topic: String, token: Option<Secret<String>> },
    Telegram { chat: String },
    Teams,
}

impl Poster {
    pub fn new(target: Target) -> Result<Self, Error> {
        let parse = |url: &Secret<String>| Settings::parse_url(url.reveal()).map_err(|_| Error::Address);
        Ok(match target {
            Target::Webhook { url, key } => Self { url: parse(&url)?, format: Format::Webhook { key } },
            Target::Ntfy { url, token } => {
                let (url, topic) = Settings::parse_topic(url.reveal()).map_err(|_| Error::Address)?;
                Self { url, format: Format::Ntfy { topic, token } }
            }
            Target::Telegram { mut url, token, chat } => {
                // The path of the address is the key.
                let path = format!("{}/bot{}/sendMessage", url.path().trim_end_matches('/'), token.reveal());
                url.set_path(&path);
                Self { url, format: Format::Telegram { chat } }
            }
            Target::Teams { url } => Self { url: parse(&url)?, format: Format::Teams },
            Target::Email(_) => return Err(Error::Address),
        })
    }

    pub fn post(&self, parcel: &Parcel<'_>) -> Post {
        let body = self.body(parcel).to_string();
        let mut headers = vec![("idempotency-key", parcel.id.to_owned())];
        match &self.format {
            Format::Webhook { key } => {
                let timestamp = parcel.sent_at.as_millis().div_euclid(1_000).to_string();
                headers.push(("x-farol-signature", signature(key, &timestamp, &body)));
                headers.push(("x-farol-timestamp", timestamp));
            }
            Format::Ntfy { token: Some(token), .. } => {
                headers.push(("authorization", format!("Bearer {}", token.reveal())));
            }
            Format::Ntfy { .. } | Format::Telegram { .. } | Format::Teams => {}
        }
        let missing_is_secret = matches!(self.format, Format::Telegram { .. });
        Post { url: self.url.clone(), headers, body, missing_is_secret }
    }

    fn body(&self, parcel: &Parcel<'_>) -> Value {
        let Parcel { id, event, level, subject, text, count, created_at, .. } = parcel;
        match &self.format {
            Format::Webhook { .. } => json!({
                "id": id,
                "event": event,
                "level": level.as_str(),
                "subject": subject,
                "text": text,
                "count": count,
                "created_at": created_at.as_millis(),
            }),
            Format::Ntfy { topic, .. } => {
                json!({"topic": topic, "title": subject, "message": text, "priority": priority(*level)})
            }
            Format::Telegram { chat } => json!({
                "chat_id": chat,
                "text": format!("{subject}\n\n{text}"),
                "link_preview_options": {"is_disabled": true},
            }),
            Format::Teams => card(subject, text),
        }
    }
}

const fn priority(level: Level) -> u8 {
    match level {
        Level::Info => 2,
        Level::Attention => 3,
        Level::Trouble => 5,
    }
}

/// An adaptive card. Runs of text, unlike blocks, obey no Markdown.
fn card(subject: &str, text: &str) -> Value {
    let paragraph = |text: &str, weight: &str| json!({"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, "weight": weight}]});
    let body: Vec<Value> =
        [paragraph(subject, "bolder")].into_iter().chain(text.lines().map(|line| paragraph(line, "default"))).collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": body,
            },
        }],
    })
}

fn signature(key: &Secret<String>, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.reveal().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().fold("sha256=".to_owned(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
