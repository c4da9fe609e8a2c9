//! What we have browsers keep: who they are signed in as, which sign-in they watch, and what their person prefers.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::domain::Secret;

/// As long as a second factor is waited for.
const CODE_LIFETIME: &str = "; Max-Age=180";
const PREFERENCE_LIFETIME: &str = "; Max-Age=31536000";

/// All of ours are far shorter; what is longer is not ours and is replaced.
const LONGEST_VALUE: usize = 128;

/// What a cookie stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Session,
    /// Names a sign-in, so that its steps can be watched. It gives no right.
    Attempt,
    /// Alone leads on to the second factor.
    Code,
}

impl Kept {
    pub const ALL: [Self; 3] = [Self::Session, Self::Attempt, Self::Code];

    const fn names(self) -> [&'static str; 2] {
        match self {
            Self::Session => ["farol", "__Host-farol"],
            Self::Attempt => ["farol_attempt", "__Host-farol_attempt"],
            Self::Code => ["farol_code", "__Host-farol_code"],
        }
    }
}

/// How cookies are named and guarded here. Over TLS the browser itself sees to it that no neighbouring site or plain
/// connection has set one: that is what the prefix of their names asks for.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    pub secure: bool,
}

impl Cookies {
    fn name(self, kept: Kept) -> &'static str {
        kept.names()[usize::from(self.secure)]
    }

    /// `None` also when there are two: one of them somebody else has planted.
    pub fn find(self, headers: &HeaderMap, kept: Kept) -> Option<Secret<String>> {
        let lists = headers.get_all(COOKIE).iter().filter_map(|list| list.to_str().ok());
        let pairs = lists.flat_map(|list| list.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(name, _)| *name == self.name(kept)).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (Some(value), None) if (1..=LONGEST_VALUE).contains(&value.len()) => Some(Secret::from(value)),
            _ => None,
        }
    }

    pub fn keep(self, kept: Kept, value: &Secret<String>) -> (HeaderName, HeaderValue) {
        let lifetime = if kept == Kept::Code { CODE_LIFETIME } else { "" };
        self.set(self.name(kept), value.reveal(), "Strict", lifetime)
    }

    pub fn forget(self, kept: Kept) -> (HeaderName, HeaderValue) {
        self.set(self.name(kept), "", "Strict", "; Max-Age=0")
    }

    /// Language or theme: one of our own words. Sent along from other sites' links too.
    pub fn prefer(self, name: &str, word: &str) -> (HeaderName, HeaderValue) {
        self.set(name, word, "Lax", PREFERENCE_LIFETIME)
    }

    fn set(self, name: &str, value: &str, same_site: &str, lifetime: &str) -> (HeaderName, HeaderValue) {
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite={same_site}{secure}{lifetime}");
        let mut value = HeaderValue::from_str(&text).expect("names and values of cookies are plain words of our own");
        value.set_sensitive(true);
        (SET_COOKIE, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Cookies = Cookies { secure: false };
    const TLS: Cookies = Cookies { secure: true };

    fn shown((name, value): (HeaderName, HeaderValue)) -> String {
        format!("{name}: {}", value.to_str().unwrap())
    }

    #[test]
    fn what_a_browser_keeps_is_guarded_as_well_as_the_connection_allows() {
        let token = Secret::from("abc");
        assert_eq!(
            shown(TLS.keep(Kept::Session, &token)),
            "set-cookie: __Host-farol=abc; Path=/; HttpOnly; SameSite=Strict; Secure"
        );
        assert_eq!(
            shown(PLAIN.keep(Kept::Session, &token)),
            "set-cookie: farol=abc; Path=/; HttpOnly; SameSite=Strict"
        );
        assert_eq!(
            shown(PLAIN.keep(Kept::Code, &token)),
            "set-cookie: farol_code=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=180"
        );
        assert_eq!(
            shown(TLS.forget(Kept::Attempt)),
            "set-cookie: __Host-farol_attempt=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0"
        );
        assert_eq!(
            shown(PLAIN.prefer("lang", "en")),
            "set-cookie: lang=en; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000"
        );
    }

    #[test]
    fn a_cookie_counts_only_when_it_is_alone_and_has_the_name_of_the_connection() {
        let find = |cookies: Cookies, lists: &[&str]| {
            let headers = lists.iter().map(|list| (COOKIE, list.parse().unwrap())).collect();
            cookies.find(&headers, Kept::Session).map(|value| value.reveal().clone())
        };
        assert_eq!(find(PLAIN, &["lang=en; farol=abc; theme=dark"]).as_deref(), Some("abc"));
        assert_eq!(find(TLS, &["__Host-farol=abc"]).as_deref(), Some("abc"));
        assert_eq!(find(TLS, &["farol=abc"]), None);
        assert_eq!(find(PLAIN, &["farol=abc; farol=def"]), None);
        assert_eq!(find(PLAIN, &["farol=abc", "farol=def"]), None);
        assert_eq!(find(PLAIN, &["farol="]), None);
        assert_eq!(find(PLAIN, &["xfarol=abc; farol_attempt=x"]), None);
    }
}
