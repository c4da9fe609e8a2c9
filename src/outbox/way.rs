//! The way a message takes out of the house.

use std::time::Duration;

use reqwest::Client;

use crate::domain::Timestamp;
use crate::outbox::email::Mailer;
use crate::outbox::message::Level;
use crate::outbox::post::Poster;
use crate::outbox::settings::Target;
use crate::outbox::trust::Trust;
use crate::outbox::{Error, Failure, http};
use crate::runtime::Clock;

/// Mail servers that look closely at strangers take their time.
const LIMIT: Duration = Duration::from_secs(30);

pub enum Way {
    Mail(Mailer),
    Http(Client, Poster),
}

/// A message as it goes out.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'a> {
    /// The same whenever it is sent again.
    pub id: &'a str,
    pub event: &'a str,
    pub level: Level,
    pub subject: &'a str,
    pub text: &'a str,
    pub count: i64,
    pub created_at: Timestamp,
    pub sent_at: Timestamp,
}

impl Way {
    pub fn new(target: Target, client: &Client, trust: &Trust) -> Result<Self, Error> {
        if let Target::Email(email) = &target {
            return Mailer::new(email, trust).map(Self::Mail);
        }
        Poster::new(target).map(|poster| Self::Http(client.clone(), poster))
    }

    pub async fn hand_over(&self, parcel: &Parcel<'_>, clock: &Clock) -> Result<(), Failure> {
        let work = async {
            match self {
                Self::Mail(mailer) => mailer.send(parcel).await,
                Self::Http(client, poster) => http::send(client, poster.post(parcel)).await,
            }
        };
        clock.timeout(LIMIT, work).await.unwrap_or(Err(Failure::TimedOut))
    }
}

/// Why nothing could be reached there.
pub async fn unreachable(host: &str, port: u16) -> Failure {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match tokio::net::lookup_host((bare, port)).await {
        Ok(_) => Failure::Unreachable,
        Err(_) => Failure::AddressUnknown,
    }
}

/// The other side was reached, and cannot be trusted or does not encrypt.
pub fn is_about_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    // The errors of `std::io` hide the inner one from their `source`.
    let causes = std::iter::successors(Some(error), |error| match error.downcast_ref::<std::io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn std::error::Error + 'static)),
        None => error.source(),
    });
    causes.into_iter().any(<dyn std::error::Error>::is::<rustls::Error>)
}
