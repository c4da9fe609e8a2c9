//! Bytes to messages and back. Pure: whatever the NAS sends, nothing here fails but with a value.

use serde::Serialize;
use serde_json::{Map, Value};
use tokio_tungstenite::tungstenite::Bytes;

use crate::truenas::error::one_line;
use crate::truenas::{Error, sealed};

/// The NAS closes the connection for a frame of 65,536 characters or more.
const LONGEST_REQUEST: usize = 65_000;
const EVENT: &str = "collection_update";

#[derive(Debug, PartialEq)]
pub enum Frame {
    Answer {
        id: u64,
        outcome: Result<Value, Failure>,
    },
    Event {
        collection: String,
        fields: Value,
    },
    /// A subscription ended on the side of the NAS.
    Unsubscribed {
        collection: String,
    },
    /// An event of no kind we know; what it was.
    Strange(String),
    /// An answer that cannot be read: nobody can tell whose it is.
    Garbled(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub code: i64,
    pub errno: Option<i64>,
    pub reason: String,
}

#[derive(Serialize)]
struct Request<'a, P: ?Sized> {
    jsonrpc: &'static str,
    id: u64,
    method: &'a str,
    params: &'a P,
}

pub fn request<P: Serialize + ?Sized>(id: u64, method: &str, params: &P) -> Result<Bytes, Error> {
    let text = sealed::json(&Request { jsonrpc: "2.0", id, method, params })?;
    if text.len() > LONGEST_REQUEST {
        return Err(Error::protocol("request", format!("{method} would be {} bytes long", text.len())));
    }
    Ok(text)
}

pub fn parse(text: &str) -> Frame {
    let Ok(Value::Object(mut message)) = serde_json::from_str(text) else {
        let kind = if text.contains(EVENT) { Frame::Strange } else { Frame::Garbled };
        return kind("not a JSON object".to_owned());
    };
    if let Some(method) = message.get("method").and_then(Value::as_str) {
        return notification(method, message.get("params").unwrap_or(&Value::Null));
    }
    let Some(id) = message.get("id").and_then(Value::as_u64) else {
        return Frame::Garbled(nobody(&message));
    };
    let outcome = match (message.remove("error"), message.remove("result")) {
        (Some(error), _) if !error.is_null() => Err(failure(&error)),
        (_, Some(result)) => Ok(result),
        (_, None) => return Frame::Garbled("an answer without result and error".to_owned()),
    };
    Frame::Answer { id, outcome }
}

/// What the NAS would answer to a call it cannot read. Its own words may repeat the call, so only the code is kept.
fn nobody(message: &Map<String, Value>) -> String {
    let code = message.get("error").and_then(|error| error.get("code")).and_then(Value::as_i64);
    code.map_or_else(|| "an answer to nobody".to_owned(), |code| format!("an answer to nobody, code {code}"))
}

fn notification(method: &str, params: &Value) -> Frame {
    let Some(collection) = params.get("collection").and_then(Value::as_str).map(str::to_owned) else {
        return Frame::Strange(format!("a notification without a collection: {}", one_line(method)));
    };
    let known = matches!(params.get("msg").and_then(Value::as_str), Some("added" | "changed" | "removed"));
    match method {
        EVENT if known => Frame::Event { collection, fields: params.get("fields").cloned().unwrap_or(Value::Null) },
        "notify_unsubscribed" => Frame::Unsubscribed { collection },
        _ => Frame::Strange(format!("a notification of an unknown kind: {}", one_line(method))),
    }
}

fn failure(error: &Value) -> Failure {
    let data = error.get("data").unwrap_or(&Value::Null);
    let reason = [data.get("reason"), error.get("message")].into_iter().flatten().find_map(Value::as_str);
    let code = error.get("code").and_then(Value::as_i64).unwrap_or_default();
    let field_errno = if code == Failure::INVALID_PARAMS { field_errno(data) } else { None };
    Failure {
        code,
        errno: field_errno.or_else(|| data.get("error").and_then(Value::as_i64)),
        reason: one_line(reason.unwrap_or("no reason given")),
    }
}

/// Of the first field found wrong: `"extra": [["path", "no such folder", 2]]`.
fn field_errno(data: &Value) -> Option<i64> {
    data.get("extra")?.get(0)?.get(2)?.as_i64()
}

impl Failure {
    const TOO_MANY_CALLS: i64 = -32_000;
    const UNKNOWN_METHOD: i64 = -32_601;
    const INVALID_PARAMS: i64 = -32_602;

    pub fn into_error(self, method: &'static str) -> Error {
        const ENOENT: i64 = 2;
        const EACCES: i64 = 13;
        const NOT_AUTHENTICATED: i64 = 207;
        match (self.code, self.errno) {
            (Self::TOO_MANY_CALLS, _) => Error::Busy,
            (Self::UNKNOWN_METHOD, _) => Error::protocol(method, "the NAS does not know this call"),
            (_, Some(NOT_AUTHENTICATED)) => Error::SessionEnded,
            (_, Some(EACCES)) => Error::RoleMissing { method },
            (_, Some(ENOENT)) => Error::Missing { method },
            (code, errno) => Error::Refused { method, errno: errno.unwrap_or(code), reason: self.reason },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn answers_events_and_failures_are_told_apart() {
        assert_eq!(
            parse(r#"{"jsonrpc":"2.0","id":7,"result":null}"#),
            Frame::Answer { id: 7, outcome: Ok(Value::Null) }
        );
        let failed = r#"{"jsonrpc":"2.0","id":7,"error":{"code":-32001,"message":"Method call error",
            "data":{"error":13,"errname":"EACCES","reason":"[EACCES] Not\nauthorized","trace":null,"extra":null}}}"#;
        let Frame::Answer { outcome: Err(failure), .. } = parse(failed) else { panic!("not a failure") };
        assert_eq!(failure.reason, "[EACCES] Not authorized");
        assert!(matches!(failure.into_error("user.query"), Error::RoleMissing { method: "user.query" }));
        let event = r#"{"jsonrpc":"2.0","method":"collection_update","params":{"msg":"removed","collection":"alert.list","id":"5"}}"#;
        assert_eq!(parse(event), Frame::Event { collection: "alert.list".to_owned(), fields: Value::Null });
        for strange in ["", "[]", "{}", r#"{"id":null,"error":{}}"#, r#"{"id":1}"#, r#"{"method":"x","params":[]}"#] {
            assert!(matches!(parse(strange), Frame::Strange(_) | Frame::Garbled(_)), "{strange}");
        }
    }

    #[test]
    fn a_field_that_was_found_wrong_tells_why() {
        let errno = |extra: &str| {
            let invalid = format!(
                r#"{{"id":7,"error":{{"code":-32602,"message":"Invalid params","data":{{"error":22,"extra":{extra}}}}}}}"#
            );
            let Frame::Answer { outcome: Err(failure), .. } = parse(&invalid) else { panic!("not a failure") };
            failure.errno
        };
        assert_eq!(errno(r#"[["path", "no such folder", 2]]"#), Some(2));
        for silent in ["null", "[]", r#"["path"]"#, r#"[["path", "x"]]"#, r#"[["path", "x", null]]"#] {
            assert_eq!(errno(silent), Some(22), "{silent}");
        }
    }

    #[test]
    fn every_failure_has_its_error() {
        let failed = |code, errno| Failure { code, errno, reason: "why".to_owned() }.into_error("m");
        assert!(matches!(failed(-32_000, None), Error::Busy));
        assert!(matches!(failed(-32_001, Some(207)), Error::SessionEnded));
        assert!(matches!(failed(-32_001, Some(2)), Error::Missing { .. }));
        assert!(matches!(failed(-32_001, Some(205)), Error::Refused { errno: 205, .. }));
        assert!(matches!(failed(-32_602, Some(22)), Error::Refused { errno: 22, .. }));
        assert!(matches!(failed(-32_601, None), Error::Protocol { .. }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = parse(&text);
        }

        #[test]
        fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&String::from_utf8_lossy(&bytes));
        }
    }
}
