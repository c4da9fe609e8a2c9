//! Checking passwords over REST, up to 24.10.

use std::time::Duration;

use reqwest::StatusCode;
use rustls::ClientConfig;
use serde::Serialize;
use serde_json::Value;

use crate::domain::Secret;
use crate::runtime::Clock;
use crate::truenas::method::{CHECK_PASSWORD, CHECK_PASSWORD_AS_SPECIFIED, Method};
use crate::truenas::password::PasswordVerdict;
use crate::truenas::password::line::without_words;
use crate::truenas::rest::{self, Rest};
use crate::truenas::rpc::LOGIN_TIMEOUT;
use crate::truenas::{Error, Settings, decode, sealed};

pub struct Asking {
    rest: Rest,
    clock: Clock,
    /// The address this NAS has.
    address: Option<&'static Method>,
}

#[derive(Serialize)]
struct Credentials<'a> {
    username: &'a str,
    password: &'a str,
}

impl Asking {
    pub async fn open(settings: &Settings, tls: &ClientConfig, clock: &Clock) -> Result<Self, Error> {
        Ok(Self { rest: Rest::open(settings, tls, clock).await?, clock: clock.clone(), address: None })
    }

    pub async fn reach(&self) -> Result<Duration, Error> {
        let asked_at = self.clock.uptime();
        self.rest.look().await?;
        Ok(self.clock.uptime().saturating_sub(asked_at))
    }

    pub async fn check(&mut self, username: &str, password: &Secret<String>) -> Result<PasswordVerdict, Error> {
        let right = match self.address {
            Some(address) => self.ask(address, username, password).await?,
            None => self.find_address(username, password).await?,
        };
        Ok(if right { PasswordVerdict::Accepted } else { PasswordVerdict::Refused })
    }

    /// The customer's address first. The one of the releases is asked only when nobody there judged the password.
    async fn find_address(&mut self, username: &str, password: &Secret<String>) -> Result<bool, Error> {
        if let Some(right) = self.ask_as_specified(username, password).await? {
            self.address = Some(&CHECK_PASSWORD_AS_SPECIFIED);
            return Ok(right);
        }
        let right = self.ask(&CHECK_PASSWORD, username, password).await?;
        self.address = Some(&CHECK_PASSWORD);
        Ok(right)
    }

    /// `None`: there is no such address, or the key may not call it.
    async fn ask_as_specified(&self, username: &str, password: &Secret<String>) -> Result<Option<bool>, Error> {
        let address = &CHECK_PASSWORD_AS_SPECIFIED;
        let (status, said) = self.send(address, username, password).await?;
        if is_missing(status, &said) {
            return Ok(None);
        }
        match read(address, status, &said) {
            Err(Error::RoleMissing { .. }) => Ok(None),
            right => right.map(Some),
        }
    }

    async fn ask(&self, address: &'static Method, username: &str, password: &Secret<String>) -> Result<bool, Error> {
        let (status, said) = self.send(address, username, password).await?;
        read(address, status, &said)
    }

    async fn send(
        &self,
        address: &'static Method,
        username: &str,
        password: &Secret<String>,
    ) -> Result<(StatusCode, Vec<u8>), Error> {
        let body = sealed::json(&Credentials { username, password: password.reveal() })?;
        self.rest.send(address, Some(body), LOGIN_TIMEOUT).await
    }
}

/// No such address. A missing item says so in JSON.
fn is_missing(status: StatusCode, body: &[u8]) -> bool {
    status == StatusCode::METHOD_NOT_ALLOWED
        || status == StatusCode::NOT_FOUND && !serde_json::from_slice(body).is_ok_and(|said: Value| said.is_object())
}

fn read(address: &'static Method, status: StatusCode, body: &[u8]) -> Result<bool, Error> {
    decode::password_is_right(&rest::answer(address, status, body).map_err(without_words)?)
}
