//! Handing a message to a mail server.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::outbox::settings::{Email, Encryption};
use crate::outbox::trust::Trust;
use crate::outbox::way::{Parcel, is_about_tls, unreachable};
use crate::outbox::{Error, Failure, Settings};

/// What mail servers answer when name or password are not accepted, or are asked for and not given.
const LOGIN_CODES: [u16; 4] = [530, 534, 535, 538];

pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    server: String,
    port: u16,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl Mailer {
    pub fn new(email: &Email, trust: &Trust) -> Result<Self, Error> {
        let Email { server, port, encryption, login, from, to } = email;
        let tls = match encryption {
            Encryption::Tls => Tls::Wrapper(parameters(server, trust)?),
            Encryption::StartTls => Tls::Required(parameters(server, trust)?),
            Encryption::Nothing if Settings::is_local(server) => Tls::None,
            Encryption::Nothing => return Err(Error::Address),
        };
        // The limit of the whole is kept by the clock of the house.
        let mut transport =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server).port(*port).tls(tls).timeout(None);
        if let Some((username, password)) = login {
            transport = transport.credentials(Credentials::new(username.clone(), password.reveal().clone()));
        }
        let mailbox = |text: &String| text.parse::<Mailbox>().map_err(|_| Error::Address);
        Ok(Self {
            transport: transport.build(),
            server: server.clone(),
            port: *port,
            from: mailbox(from)?,
            to: to.iter().map(mailbox).collect::<Result<_, _>>()?,
        })
    }

    pub async fn send(&self, parcel: &Parcel<'_>) -> Result<(), Failure> {
        let message = self.compose(parcel).ok_or(Failure::NotUnderstood)?;
        let Err(error) = self.transport.send(message).await else { return Ok(()) };
        let failure = match error.status().map(u16::from) {
            Some(code) if LOGIN_CODES.contains(&code) => Failure::WrongSecret,
            Some(code) => Failure::Answered(code),
            None if error.is_tls() || is_about_tls(&error) => Failure::Certificate,
            None if error.is_timeout() => Failure::TimedOut,
            None if error.is_client() || error.is_response() => Failure::NotUnderstood,
            None => unreachable(&self.server, self.port).await,
        };
        Err(failure)
    }

    fn compose(&self, parcel: &Parcel<'_>) -> Option<Message> {
        let sent_at = Duration::from_millis(u64::try_from(parcel.sent_at.as_millis()).unwrap_or_default());
        let mut builder = Message::builder()
            .from(self.from.clone())
            .subject(parcel.subject)
            .date(UNIX_EPOCH + sent_at)
            .message_id(Some(format!("<{}@{}>", parcel.id, self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN);
        for to in &self.to {
            builder = builder.to(to.clone());
        }
        // So that nobody's "I am on holiday" comes back.
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        builder = builder.raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()));
        builder.body(parcel.text.to_owned()).ok()
    }
}

fn parameters(server: &str, trust: &Trust) -> Result<TlsParameters, Error> {
    let mut parameters = TlsParameters::builder(server.to_owned());
    if !trust.own.is_empty() {
        parameters = parameters.add_root_certificate(Certificate::from_pem(&trust.own).map_err(|_| Error::Client)?);
    }
    parameters.build().map_err(|_| Error::Client)
}
