//! Bytes to requests and answers to bytes, in either dialect.

use serde_json::{Value, json};

use crate::sim::events::Event;
use crate::sim::failure::Failure;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sim) enum Dialect {
    JsonRpc,
    Legacy,
}

/// A request of either dialect. Without an id nobody waits for an answer.
#[derive(Debug, PartialEq)]
pub(super) struct Call {
    pub(super) id: Option<Value>,
    pub(super) method: String,
    pub(super) params: Vec<Value>,
}

/// What a frame asks for.
#[derive(Debug, PartialEq)]
pub(super) enum Asked {
    Call(Call),
    /// The legacy greeting.
    Connect,
    /// The legacy keep-alive.
    Ping(Value),
    Subscribe {
        id: Value,
        name: String,
    },
    Unsubscribe {
        id: Value,
    },
    /// Not understood: what to answer, and nothing else happens.
    Nonsense(Value),
}

impl Dialect {
    pub(super) fn read(self, text: &str) -> Asked {
        match self {
            Self::JsonRpc => read_rpc(text),
            Self::Legacy => read_legacy(text),
        }
    }

    pub(super) fn answer(self, id: &Value, result: Result<Value, Failure>, with_frames: bool) -> Value {
        match (self, result) {
            (Self::JsonRpc, Ok(result)) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
            (Self::JsonRpc, Err(failure)) => {
                let (code, message) = match failure {
                    Failure::UnknownMethod => return rpc_error(id, -32601, "Method does not exist"),
                    Failure::Invalid { .. } => (-32602, "Invalid params"),
                    Failure::NotAuthenticated
                    | Failure::NotAuthorized
                    | Failure::Busy
                    | Failure::Missing(_)
                    | Failure::External(_)
                    | Failure::Locked(_) => (-32001, "Method call error"),
                };
                let mut answer = rpc_error(id, code, message);
                answer["error"]["data"] = error_data(&failure, with_frames);
                answer
            }
            (Self::Legacy, Ok(result)) => json!({"msg": "result", "id": id, "result": result}),
            (Self::Legacy, Err(failure)) => {
                json!({"msg": "result", "id": id, "error": legacy_error(&failure, with_frames)})
            }
        }
    }

    /// Too many calls at once.
    pub(super) fn overload(self, id: &Value) -> Value {
        match self {
            Self::JsonRpc => rpc_error(id, -32000, "Too many concurrent calls"),
            Self::Legacy => json!({"msg": "result", "id": id, "error": {"error": 109, "errname": "ETOOMANYREFS",
                "type": null, "reason": "Maximum calls executing in parallel", "trace": null, "extra": null}}),
        }
    }

    /// `collection` is the name the subscriber used, parameters included.
    pub(super) fn event(self, event: &Event, collection: &str) -> Value {
        let mut body = json!({"msg": event.msg, "collection": collection});
        if !event.id.is_null() {
            body["id"] = event.id.clone();
        }
        if let Some(fields) = &event.fields {
            body["fields"] = fields.clone();
        }
        match self {
            Self::JsonRpc => json!({"jsonrpc": "2.0", "method": "collection_update", "params": body}),
            Self::Legacy => body,
        }
    }
}

pub(super) fn legacy_error(failure: &Failure, with_frames: bool) -> Value {
    let mut error = error_data(failure, with_frames);
    let kind = matches!(failure, Failure::Invalid { .. }).then_some("VALIDATION");
    error["type"] = json!(kind);
    error
}

fn rpc_error(id: &Value, code: i32, message: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}})
}

fn error_data(failure: &Failure, with_frames: bool) -> Value {
    let reason = failure.reason();
    let extra = match failure {
        Failure::Invalid { field, text } => json!([[field, text, failure.errno()]]),
        Failure::UnknownMethod
        | Failure::NotAuthenticated
        | Failure::NotAuthorized
        | Failure::Busy
        | Failure::Missing(_)
        | Failure::External(_)
        | Failure::Locked(_) => Value::Null,
    };
    let mut trace = json!({"class": "CallError", "repr": format!("CallError('{reason}')"),
        "formatted": format!("Traceback (most recent call last):\nmiddlewared.service_exception.CallError: {reason}")});
    if with_frames {
        trace["frames"] = json!([{"filename": "/usr/lib/python3/dist-packages/middlewared/main.py", "lineno": 1,
            "method": "call", "line": "raise", "locals": {}}]);
    }
    json!({"error": failure.errno(), "errname": failure.errname(), "reason": reason, "trace": trace, "extra": extra})
}

fn read_rpc(text: &str) -> Asked {
    let wrong =
        |id: &Value, member: &str| Asked::Nonsense(rpc_error(id, -32600, &format!("Invalid '{member}' member")));
    let Ok(frame) = serde_json::from_str::<Value>(text) else {
        return Asked::Nonsense(rpc_error(&Value::Null, -32700, "Parse error: Invalid JSON"));
    };
    let Value::Object(members) = frame else {
        return Asked::Nonsense(rpc_error(&Value::Null, -32700, "Batch messages are not supported at this time"));
    };
    let id = members.get("id").cloned();
    let answer_to = id.clone().unwrap_or_default();
    if answer_to.is_array() || answer_to.is_object() || answer_to.is_boolean() {
        return wrong(&Value::Null, "id");
    }
    if members.get("jsonrpc") != Some(&json!("2.0")) {
        return wrong(&answer_to, "jsonrpc");
    }
    let Some(method) = members.get("method").and_then(Value::as_str) else { return wrong(&answer_to, "method") };
    let params = match members.get("params") {
        None => Vec::new(),
        Some(Value::Array(params)) => params.clone(),
        Some(_) => return wrong(&answer_to, "params"),
    };
    Asked::Call(Call { id, method: method.to_owned(), params })
}

fn read_legacy(text: &str) -> Asked {
    let Ok(frame) = serde_json::from_str::<Value>(text) else {
        return Asked::Nonsense(json!({"msg": "error", "reason": "Invalid JSON"}));
    };
    let text = |name: &str| frame[name].as_str().unwrap_or_default().to_owned();
    let id = frame["id"].clone();
    match frame["msg"].as_str() {
        Some("connect") => Asked::Connect,
        Some("ping") => Asked::Ping(id),
        Some("sub") => Asked::Subscribe { id, name: text("name") },
        Some("unsub") => Asked::Unsubscribe { id },
        Some("method") => {
            let params = frame["params"].as_array().cloned().unwrap_or_default();
            Asked::Call(Call { id: Some(id), method: text("method"), params })
        }
        _ => Asked::Nonsense(json!({"msg": "error", "reason": "Unknown message"})),
    }
}
