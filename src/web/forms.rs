//! Forms as browsers send them, read strictly: each field once, all of it text.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Uri};
use axum::response::IntoResponse as _;

use zeroize::{Zeroize as _, Zeroizing};

use crate::domain::Secret;
use crate::web::error::Error;

/// No form of ours has more.
const MOST_FIELDS: usize = 16;
/// A box for each share of an office, and some fields.
const MOST_OF_LONG: usize = 300;
/// In characters, of what is searched for.
const LONGEST_SEARCH: usize = 128;

/// What somebody filled in. Any of it may be a password, so all of it is kept like one.
#[derive(Debug)]
pub struct Form(Vec<(String, Secret<String>)>);

/// A form with a box for each of many things.
#[derive(Debug)]
pub struct LongForm(pub Form);

impl Form {
    /// Empty when the field was not sent: what that means is for whoever knows the form.
    pub fn secret(&mut self, name: &str) -> Secret<String> {
        match self.0.iter().position(|(known, _)| known == name) {
            Some(at) => self.0.swap_remove(at).1,
            None => Secret::from(""),
        }
    }

    /// `None` when the field was not sent.
    pub fn find(&mut self, name: &str) -> Option<String> {
        self.0.iter().any(|(known, _)| known == name).then(|| self.text(name))
    }

    pub fn text(&mut self, name: &str) -> String {
        self.secret(name).reveal().clone()
    }

    /// What is searched for, without the space around it and no longer than anybody means it.
    pub fn search(&mut self, name: &str) -> String {
        self.text(name).trim().chars().take(LONGEST_SEARCH).collect()
    }

    /// What stands behind the question mark, read as strictly.
    pub fn in_query(uri: &Uri) -> Result<Self, Error> {
        Self::parse(uri.query().unwrap_or_default().as_bytes(), MOST_FIELDS)
    }

    /// What comes behind the prefix in the names of the boxes that were ticked.
    pub fn ticked(&self, prefix: &str) -> Vec<String> {
        self.0.iter().filter_map(|(name, _)| name.strip_prefix(prefix).map(str::to_owned)).collect()
    }

    fn parse(body: &[u8], most: usize) -> Result<Self, Error> {
        let mut fields: Vec<(String, Secret<String>)> = Vec::new();
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let name = decoded(&pair[..at]).ok_or(Error::Malformed)?;
            let value = decoded(pair.get(at + 1..).unwrap_or_default()).ok_or(Error::Malformed)?;
            if fields.len() == most || fields.iter().any(|(known, _)| *known == name) {
                return Err(Error::Invalid);
            }
            fields.push((name, Secret::new(value)));
        }
        Ok(Self(fields))
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        read(request, state, MOST_FIELDS).await
    }
}

impl<S: Send + Sync> FromRequest<S> for LongForm {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        read(request, state, MOST_OF_LONG).await.map(Self)
    }
}

async fn read<S: Send + Sync>(request: Request, state: &S, most: usize) -> Result<Form, Error> {
    if !is_form(request.headers()) {
        return Err(Error::UnsupportedType);
    }
    let body = Bytes::from_request(request, state);
    let body = body.await.map_err(|error: BytesRejection| Error::of_status(error.into_response().status()))?;
    let form = Form::parse(&body, most);
    drop(wiped(body));
    form
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// As far as we can: `None` when it is shared with the connection's own buffer, which is not ours to write into.
fn wiped(body: Bytes) -> Option<impl AsRef<[u8]>> {
    let mut own = body.try_into_mut().ok()?;
    own.zeroize();
    Some(own)
}

/// `None`: it is not text.
fn decoded(encoded: &[u8]) -> Option<String> {
    // Never grows, so no half of a password is left behind, and what turns out to be no text is wiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(encoded.len()));
    let mut rest = encoded;
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                bytes.push(digit(high)? << 4 | digit(low)?);
                rest = after;
            }
            (b'%', _) => return None,
            (byte, _) => bytes.push(*byte),
        }
    }
    std::str::from_utf8(&bytes).is_ok().then(|| String::from_utf8(std::mem::take(&mut *bytes)).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(body: &[u8]) -> &'static str {
        Form::parse(body, MOST_FIELDS).map_or_else(|error| error.public().code, |_| "fine")
    }

    #[test]
    fn a_field_is_read_exactly_as_it_was_typed() {
        let mut form = Form::parse(
            "username=ana+souza&password=+%26%3D%2B%C3%A7%F0%9F%94%91+&empty=&bare".as_bytes(),
            MOST_FIELDS,
        )
        .unwrap();
        assert_eq!(form.text("username"), "ana souza");
        assert_eq!(form.secret("password").reveal(), " &=+ç\u{1f511} ");
        for name in ["empty", "bare", "missing", "username"] {
            assert_eq!(form.text(name), "", "{name}");
        }
    }

    #[test]
    fn what_is_searched_for_comes_without_space_around_it_and_not_too_long() {
        let body = format!("q=++ana+souza+&long={}", "ç".repeat(LONGEST_SEARCH + 1));
        let mut form = Form::parse(body.as_bytes(), MOST_FIELDS).unwrap();
        assert_eq!(form.search("q"), "ana souza");
        assert_eq!(form.search("long"), "ç".repeat(LONGEST_SEARCH));
        assert_eq!(form.search("missing"), "");
    }

    #[test]
    fn what_is_no_form_and_what_no_page_of_ours_sends_is_refused() {
        assert_eq!(code_of(b""), "fine");
        for body in [&b"name=%ff"[..], b"name=\xff", b"name=%", b"name=%1", b"name=%zz", b"%ff=x"] {
            assert_eq!(code_of(body), "malformed", "{body:?}");
        }
        assert_eq!(code_of(b"username=ana&password=x&username=bruno"), "invalid");
        let many: Vec<String> = (0..=MOST_FIELDS).map(|number| format!("f{number}=1")).collect();
        assert_eq!(code_of(many.join("&").as_bytes()), "invalid");
        assert_eq!(code_of(many[1..].join("&").as_bytes()), "fine");
    }

    #[test]
    fn a_body_is_wiped_when_nobody_else_holds_it() {
        let body = Bytes::from(b"password=secret".to_vec());
        let shared = body.clone();
        assert!(wiped(body).is_none());
        assert_eq!(shared, b"password=secret"[..]);
        assert_eq!(wiped(shared).unwrap().as_ref(), [0; 15]);
    }

    #[test]
    fn only_a_form_is_taken_for_one() {
        let of = |kind: &str| is_form(&[(CONTENT_TYPE, kind.parse().unwrap())].into_iter().collect());
        assert!(of("application/x-www-form-urlencoded"));
        assert!(of("Application/X-WWW-Form-Urlencoded; charset=UTF-8"));
        for other in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
            assert!(!of(other), "{other}");
        }
    }
}
