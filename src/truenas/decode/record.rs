//! Reading one JSON object field by field, with errors that name the call and the field.

use serde_json::{Map, Value};

use crate::domain::Timestamp;
use crate::truenas::Error;

#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    what: &'static str,
    fields: &'a Map<String, Value>,
}

impl<'a> Record<'a> {
    pub fn of(what: &'static str, value: &'a Value) -> Result<Self, Error> {
        let fields = value.as_object().ok_or_else(|| Error::protocol(what, "not an object"))?;
        Ok(Self { what, fields })
    }

    /// Each object of a list; anything else in it is an error.
    pub fn list(what: &'static str, value: &'a Value) -> Result<Vec<Self>, Error> {
        let items = value.as_array().ok_or_else(|| Error::protocol(what, "not a list"))?;
        items.iter().map(|item| Self::of(what, item)).collect()
    }

    pub fn error(&self, problem: impl Into<String>) -> Error {
        Error::protocol(self.what, problem)
    }

    /// There, whatever it holds.
    pub fn has(&self, key: &str) -> bool {
        self.fields.contains_key(key)
    }

    pub fn find(&self, key: &str) -> Option<&'a Value> {
        self.fields.get(key).filter(|value| !value.is_null())
    }

    fn need(&self, key: &str) -> Result<&'a Value, Error> {
        self.find(key).ok_or_else(|| self.error(format!("{key} is missing")))
    }

    pub fn text(&self, key: &str) -> Result<&'a str, Error> {
        self.need(key)?.as_str().ok_or_else(|| self.error(format!("{key} is not a text")))
    }

    /// Empty when the NAS leaves it out.
    pub fn text_or_empty(&self, key: &str) -> &'a str {
        self.find(key).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn flag(&self, key: &str) -> Result<bool, Error> {
        self.need(key)?.as_bool().ok_or_else(|| self.error(format!("{key} is not true or false")))
    }

    /// For what means `false` by being left out, and must be clear when it is there.
    pub fn flag_if_there(&self, key: &str) -> Result<bool, Error> {
        if self.has(key) { self.flag(key) } else { Ok(false) }
    }

    pub fn find_flag(&self, key: &str) -> Option<bool> {
        self.find(key).and_then(Value::as_bool)
    }

    pub fn number<T: TryFrom<i64>>(&self, key: &str) -> Result<T, Error> {
        let number = self.need(key)?.as_i64().and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| self.error(format!("{key} is not a number of the expected size")))
    }

    pub fn record(&self, key: &str) -> Result<Record<'a>, Error> {
        Record::of(self.what, self.need(key)?)
    }

    pub fn find_record(&self, key: &str) -> Option<Record<'a>> {
        self.find(key).and_then(|value| Record::of(self.what, value).ok())
    }

    pub fn records(&self, key: &str) -> Result<Vec<Record<'a>>, Error> {
        Record::list(self.what, self.need(key)?)
    }

    /// `{"$date": milliseconds}`.
    pub fn find_time(&self, key: &str) -> Option<Timestamp> {
        self.find(key)?.get("$date")?.as_i64().map(Timestamp::from_millis)
    }
}
