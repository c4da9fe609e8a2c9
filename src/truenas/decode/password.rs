//! `auth.check_password`, and the address of the customer's document.

use serde_json::Value;

use crate::truenas::Error;
use crate::truenas::decode::record::Record;

/// A bare yes or no, or the same as `valid`. Anything else is no answer.
pub fn password_is_right(answer: &Value) -> Result<bool, Error> {
    answer.as_bool().map_or_else(|| Record::of("check_password", answer)?.flag("valid"), Ok)
}
