//! Signing our service account in.

use serde_json::{Value, json};

use crate::truenas::error::one_line;
use crate::truenas::{Error, Settings};

/// The call that signs in. Without an account name the NAS finds it by the key.
pub fn request(settings: &Settings) -> (&'static str, Value) {
    let key = settings.api_key.reveal();
    if settings.username.is_empty() {
        return ("auth.login_with_api_key", json!([key]));
    }
    let login = json!({
        "mechanism": "API_KEY_PLAIN",
        "username": settings.username,
        "api_key": key,
        "login_options": {"user_info": false},
    });
    ("auth.login_ex", json!([login]))
}

/// What the answer means. Everything but a clear yes is a no.
pub fn verdict(answer: &Value) -> Result<(), Error> {
    if let Some(accepted) = answer.as_bool() {
        return if accepted { Ok(()) } else { Err(Error::KeyRefused { answer: "AUTH_ERR".to_owned() }) };
    }
    match answer.get("response_type").and_then(Value::as_str) {
        Some("SUCCESS") => Ok(()),
        Some("REDIRECT") => {
            let urls = answer.get("urls").and_then(Value::as_array).into_iter().flatten();
            Err(Error::Standby { urls: urls.filter_map(Value::as_str).map(one_line).collect() })
        }
        Some(answer) => Err(Error::KeyRefused { answer: one_line(answer) }),
        None => Err(Error::protocol("auth.login_ex", "an answer without a response type")),
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
