//! The filters and options every `*.query` method takes.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::failure::Failure;

pub(super) fn run(mut records: Vec<Value>, filters: &Value, options: &Value) -> Result<Value, Failure> {
    let filters = match filters {
        Value::Null => &[],
        Value::Array(filters) => filters.as_slice(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            return Err(Failure::invalid("query-filters", "Not a list"));
        }
    };
    for filter in filters {
        let mut error = None;
        records.retain(|record| {
            matches(record, filter).unwrap_or_else(|failure| {
                error = Some(failure);
                false
            })
        });
        if let Some(failure) = error {
            return Err(failure);
        }
    }
    sort(&mut records, options);
    if options["count"] == true {
        return Ok(json!(records.len()));
    }
    if options["get"] == true {
        let found = records.into_iter().next().map(|record| select(record, options));
        return found.ok_or_else(|| Failure::Missing("MatchNotFound".to_owned()));
    }
    let offset = usize::try_from(options["offset"].as_u64().unwrap_or(0)).unwrap_or(usize::MAX);
    // No limit is spelled as zero.
    let limit = options["limit"].as_u64().filter(|limit| *limit > 0).unwrap_or(u64::MAX);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(records.into_iter().skip(offset).take(limit).map(|record| select(record, options)).collect())
}

fn sort(records: &mut [Value], options: &Value) {
    let fields = options["order_by"].as_array().map_or(&[][..], Vec::as_slice);
    for field in fields.iter().rev().filter_map(Value::as_str) {
        let name = field.trim_start_matches('-');
        records.sort_by(|left, right| {
            let order = compare(at(left, name), at(right, name)).unwrap_or(Ordering::Equal);
            if field.starts_with('-') { order.reverse() } else { order }
        });
    }
}

fn select(record: Value, options: &Value) -> Value {
    let fields = options["select"].as_array().map_or(&[][..], Vec::as_slice);
    if fields.is_empty() {
        return record;
    }
    let wanted = fields.iter().filter_map(Value::as_str);
    wanted.map(|field| (field.to_owned(), at(&record, field).clone())).filter(|(_, value)| !value.is_null()).collect()
}

/// A field, or one inside another: `group.bsdgrp_gid`.
fn at<'a>(record: &'a Value, field: &str) -> &'a Value {
    field.split('.').fold(record, |value, name| &value[name])
}

fn matches(record: &Value, filter: &Value) -> Result<bool, Failure> {
    let refusal = || Failure::invalid("query-filters", "Invalid filter");
    let parts = filter.as_array().ok_or_else(refusal)?;
    match parts.as_slice() {
        [Value::String(word), Value::Array(choices)] if word == "OR" => {
            choices.iter().try_fold(false, |found, choice| Ok(found || matches(record, choice)?))
        }
        [Value::String(field), Value::String(operator), wanted] => {
            let (value, wanted) = (at(record, field), wanted);
            match operator.strip_prefix('C') {
                Some(operator) => holds(&lower(value), operator, &lower(wanted)).ok_or_else(refusal),
                None => holds(value, operator, wanted).ok_or_else(refusal),
            }
        }
        _ => Err(refusal()),
    }
}

/// `None` when there is no such operator.
fn holds(value: &Value, operator: &str, wanted: &Value) -> Option<bool> {
    let order = compare(value, wanted);
    let text = value.as_str().zip(wanted.as_str());
    let list_holds = |list: &Value, item: &Value| list.as_array().is_some_and(|list| list.contains(item));
    Some(match operator {
        "=" => value == wanted,
        "!=" => value != wanted,
        ">" => order == Some(Ordering::Greater),
        "<" => order == Some(Ordering::Less),
        ">=" => order.is_some_and(Ordering::is_ge),
        "<=" => order.is_some_and(Ordering::is_le),
        "in" => list_holds(wanted, value),
        "nin" => !list_holds(wanted, value),
        "rin" => list_holds(value, wanted) || text.is_some_and(|(value, wanted)| value.contains(wanted)),
        "^" => text.is_some_and(|(value, wanted)| value.starts_with(wanted)),
        "$" => text.is_some_and(|(value, wanted)| value.ends_with(wanted)),
        // The real one takes a regular expression; a plain part of the text is what anybody asks for.
        "~" => text.is_some_and(|(value, wanted)| value.contains(wanted)),
        _ => return None,
    })
}

fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64()?.partial_cmp(&right.as_f64()?),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn lower(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(text.to_lowercase()),
        Value::Array(items) => items.iter().map(lower).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> Vec<Value> {
        vec![json!({"id": 1, "name": "ana", "groups": [7]}), json!({"id": 2, "name": "Bruno", "groups": [7, 8]})]
    }

    #[test]
    fn filters_narrow_and_options_shape_the_answer() {
        let ids = |filters| run(people(), &filters, &json!({"select": ["id"]})).unwrap();
        assert_eq!(ids(json!([["name", "=", "ana"]])), json!([{"id": 1}]));
        assert_eq!(ids(json!([["name", "C=", "BRUNO"]])), json!([{"id": 2}]));
        assert_eq!(ids(json!([["groups", "rin", 8]])), json!([{"id": 2}]));
        assert_eq!(ids(json!([["OR", [["id", "<", 2], ["id", "in", [2]]]]])), json!([{"id": 1}, {"id": 2}]));
        assert_eq!(run(people(), &json!([]), &json!({"order_by": ["-id"], "limit": 1})).unwrap()[0]["id"], 2);
        assert_eq!(run(people(), &json!([]), &json!({"count": true})).unwrap(), 2);
    }

    #[test]
    fn a_get_that_finds_nobody_and_an_unknown_operator_are_refused() {
        let missing = run(people(), &json!([["id", "=", 9]]), &json!({"get": true}));
        assert_eq!(missing.unwrap_err().errno(), 2);
        assert_eq!(run(people(), &json!([["id", "like", 9]]), &Value::Null).unwrap_err().errno(), 22);
    }
}
