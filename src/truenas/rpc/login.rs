//! What is said to sign in: our service account, or an employee whose password is checked.

use serde::Serialize;
use serde_json::{Value, json};

use crate::truenas::error::one_line;
use crate::truenas::{Error, Settings, method};

/// The call that signs in. Without an account name the NAS finds it by the key.
pub fn request(settings: &Settings) -> (&'static str, Value) {
    let key = settings.api_key.now();
    let key = key.reveal();
    if settings.username.is_empty() {
        return ("auth.login_with_api_key", json!([key]));
    }
    let login = json!({
        "mechanism": "API_KEY_PLAIN",
        "username": settings.username,
        "api_key": key,
        "login_options": {"user_info": false},
    });
    (method::LOGIN, json!([login]))
}

/// The account of an employee, who typed the password.
pub fn with_password<'a>(username: &'a str, password: &'a str) -> impl Serialize + 'a {
    let login_options = Options { user_info: false };
    [PasswordLogin { mechanism: "PASSWORD_PLAIN", username, password, login_options }]
}

#[derive(Serialize)]
struct PasswordLogin<'a> {
    mechanism: &'static str,
    username: &'a str,
    password: &'a str,
    login_options: Options,
}

#[derive(Serialize)]
struct Options {
    user_info: bool,
}

/// The code that was asked for after the password, on the same connection.
pub fn with_code(code: &str) -> impl Serialize + '_ {
    [CodeLogin { mechanism: "OTP_TOKEN", otp_token: code }]
}

#[derive(Serialize)]
struct CodeLogin<'a> {
    mechanism: &'static str,
    otp_token: &'a str,
}

/// How the NAS answers a login.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    Success,
    /// This controller stands by, another one answers.
    Elsewhere(Vec<String>),
    /// Its own word for a no.
    No(String),
}

pub fn read(answer: &Value) -> Result<Answer, Error> {
    match answer.get("response_type").and_then(Value::as_str) {
        Some("SUCCESS") => Ok(Answer::Success),
        Some("REDIRECT") => {
            let urls = answer.get("urls").and_then(Value::as_array).into_iter().flatten();
            Ok(Answer::Elsewhere(urls.filter_map(Value::as_str).map(one_line).collect()))
        }
        Some(word) => Ok(Answer::No(one_line(word))),
        None => Err(Error::protocol(method::LOGIN, "an answer without a response type")),
    }
}

/// What the answer to the service account means. Everything but a clear yes is a no.
pub fn verdict(answer: &Value) -> Result<(), Error> {
    if let Some(accepted) = answer.as_bool() {
        return if accepted { Ok(()) } else { Err(Error::KeyRefused { answer: "AUTH_ERR".to_owned() }) };
    }
    match read(answer)? {
        Answer::Success => Ok(()),
        Answer::Elsewhere(urls) => Err(Error::Standby { urls }),
        Answer::No(answer) => Err(Error::KeyRefused { answer }),
    }
}

/// A login call that fails instead of answering: some 25.04 builds do so for a revoked key.
pub fn failed(error: Error) -> Error {
    const EBUSY: i64 = 16;
    if matches!(error, Error::Refused { errno: EBUSY, .. }) {
        return Error::RateLimited;
    }
    let refused = matches!(error, Error::Refused { .. } | Error::SessionEnded | Error::RoleMissing { .. });
    if refused { Error::KeyRefused { answer: error.to_string() } } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_signs_in() {
        for yes in [json!(true), json!({"response_type": "SUCCESS", "user_info": null})] {
            assert!(verdict(&yes).is_ok());
        }
        for no in ["AUTH_ERR", "EXPIRED", "DENIED", "OTP_REQUIRED", "SCRAM_RESPONSE", "SOMETHING_NEW"] {
            assert!(
                matches!(verdict(&json!({"response_type": no})), Err(Error::KeyRefused { answer }) if answer == no)
            );
        }
        assert!(matches!(verdict(&json!(false)), Err(Error::KeyRefused { .. })));
        let redirect = verdict(&json!({"response_type": "REDIRECT", "urls": ["https://10.0.0.6", 7]}));
        assert!(matches!(redirect, Err(Error::Standby { urls }) if urls == ["https://10.0.0.6"]));
        for nonsense in [json!(null), json!(1), json!({"response_type": 3}), json!([])] {
            assert!(matches!(verdict(&nonsense), Err(Error::Protocol { .. })), "{nonsense}");
        }
    }
}
