//! The world spelled as each release spells it.

pub(super) mod acl;
pub(super) mod person;
pub(super) mod share;
pub(super) mod system;

use serde_json::{Value, json};

/// A moment on the wire.
pub(super) fn date(millis: i64) -> Value {
    json!({"$date": millis})
}

/// Adds the members of one object to another.
fn merge(target: &mut Value, more: Value) {
    if let (Value::Object(target), Value::Object(more)) = (target, more) {
        target.extend(more);
    }
}
