//! What an entry of the trail says, in the language of whoever reads. The trail keeps its words for good, in English: what Farol
//! writes is known by its form here, and whatever is of no such form is shown as it stands.

use serde::Serialize;

use crate::domain::audit::Action;
use crate::domain::incident::State;
use crate::domain::session::End;
use crate::outbox::Failure;
use crate::web::views::admin::{bans, messages};
use crate::web::views::state_word;

/// One of those that are shown with colons between them.
#[derive(Debug, Default, Serialize)]
pub struct Part {
    pub key: Option<&'static str>,
    /// Where there is no key.
    pub text: String,
    pub count: u64,
    pub account: String,
    pub address: String,
}

const WORDS: [(Action, &str, &str); 17] = [
    (Action::SignIn, "administrator", "all-administrator"),
    (Action::SignIn, "employee", "detail-employee"),
    (Action::SignInRefused, "the NAS refused the password", "detail-password"),
    (Action::SignInRefused, "the user name or the password is wrong", "detail-password"),
    (Action::SignInRefused, "no user name or no password was given", "detail-password"),
    (Action::SignInRefused, "the server knows no such account and offers only its guest account", "detail-unknown"),
    (Action::SignInRefused, "the NAS denied the sign-in without a reason", "detail-denied"),
    (Action::SignInRefused, "the account may not sign in now, or not from here", "detail-restricted"),
    (Action::SignInRefused, "the code was wrong", "detail-code"),
    (Action::SignInRefused, "the password has expired", "detail-expired"),
    (Action::SignInRefused, "the account has expired", "detail-account-expired"),
    (Action::SignInRefused, "the account is locked", "detail-locked"),
    (Action::SignInRefused, "the account is disabled", "detail-disabled"),
    (Action::SignInRefused, "the account is missing", "farewell-gone"),
    (Action::LogDownloaded, "filtered", "detail-filtered"),
    (Action::LogDownloaded, "whole", "detail-whole"),
    (Action::MessageTested, "handed over", "sent-well"),
];

/// Behind a number. The longer one first, where two end alike.
const COUNTED: [(Action, &str, &str); 4] = [
    (Action::SessionEnded, "other sessions", "detail-others"),
    (Action::SessionEnded, "sessions", "detail-sessions"),
    (Action::BanLifted, "tries", "bans-failures"),
    (Action::AuditExported, "entries", "detail-entries"),
];

/// To whom or to what it was done.
pub fn subject(action: Action, text: String) -> Vec<Part> {
    if !matches!(action, Action::BanPlaced | Action::BanLifted) {
        return plain(text);
    }
    let (what, door, counted) = bans::meaning(&text);
    let who = Part { account: counted.account, address: counted.address, ..key(what) };
    std::iter::once(who).chain(door.map(key)).collect()
}

/// How it was done, or why not.
pub fn detail(action: Action, text: String) -> Vec<Part> {
    // A title may hold a colon of its own: what comes before the first one is ours.
    let (first, rest) = text.split_once(": ").map_or((&*text, None), |(first, rest)| (first, Some(rest)));
    let known = match rest {
        None => word(action, first).or_else(|| counted(action, first)).or_else(|| other(action, first)),
        Some(_) => counted(action, first).or_else(|| state(action, first)),
    };
    let Some(known) = known else { return plain(text) };
    let end = |rest: &str| End::ALL.into_iter().find(|end| action == Action::SessionEnded && end.to_string() == rest);
    let more = rest.map(|rest| match end(rest) {
        Some(end) => key(reason(end)),
        None => Part { text: rest.to_owned(), ..Part::default() },
    });
    std::iter::once(known).chain(more).collect()
}

fn key(key: &'static str) -> Part {
    Part { key: Some(key), ..Part::default() }
}

fn plain(text: String) -> Vec<Part> {
    if text.is_empty() { Vec::new() } else { vec![Part { text, ..Part::default() }] }
}

fn word(action: Action, text: &str) -> Option<Part> {
    let fits = |(of, word, _): &&(Action, &str, &str)| *of == action && *word == text;
    WORDS.iter().find(fits).map(|(_, _, found)| key(found))
}

fn counted(action: Action, text: &str) -> Option<Part> {
    let (number, of) = text.split_once(' ')?;
    let count = number.parse().ok()?;
    let (_, _, found) = COUNTED.iter().find(|(by, words, _)| *by == action && *words == of)?;
    Some(Part { count, ..key(found) })
}

fn other(action: Action, text: &str) -> Option<Part> {
    if action == Action::MessageTested {
        let (failure, _, code) = messages::words_of(Failure::parse(text)?);
        return Some(Part { count: code.into(), ..key(failure) });
    }
    let address = text.strip_prefix("one session from ").filter(|_| action == Action::SessionEnded)?;
    Some(Part { address: address.to_owned(), ..key("detail-session") })
}

fn state(action: Action, text: &str) -> Option<Part> {
    State::parse(text).filter(|_| action == Action::IncidentWritten).map(|state| key(state_word(state)))
}

/// The same as its person was told, but for what only they are told in these words.
const fn reason(end: End) -> &'static str {
    match end {
        End::RoleChanged => "detail-role",
        End::Elsewhere => "detail-elsewhere",
        End::SignedOut => "action-sign-out",
        End::TimeOver => "farewell-time-over",
        End::Unused => "farewell-unused",
        End::Renewed => "farewell-needed",
        End::Replaced => "farewell-replaced",
        End::ByAdministrator => "farewell-administrator",
        End::AccountGone => "farewell-gone",
        End::AccountLocked => "farewell-locked",
        End::PasswordDisabled => "farewell-disabled",
        End::PasswordChanged => "farewell-password",
        End::CodesGuessed => "farewell-codes",
        End::KeyRefused => "farewell-key",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys and texts of the parts, with the numbers where there are any.
    fn told(action: Action, text: &str) -> String {
        let part = |part: Part| match (part.key, part.count, &*part.address) {
            (Some(key), 0, "") => key.to_owned(),
            (Some(key), 0, address) => format!("{key} {address}"),
            (Some(key), count, _) => format!("{key} {count}"),
            (None, ..) => format!("\"{}\"", part.text),
        };
        detail(action, text.into()).into_iter().map(part).collect::<Vec<_>>().join(" + ")
    }

    #[test]
    fn what_the_trail_keeps_in_english_is_told_by_keys() {
        for (action, text, expected) in [
            (Action::SignIn, "administrator", "all-administrator"),
            (Action::SignInRefused, "the code was wrong", "detail-code"),
            (Action::SessionEnded, "one session from 10.0.0.7", "detail-session 10.0.0.7"),
            (Action::SessionEnded, "3 other sessions", "detail-others 3"),
            (Action::SessionEnded, "2 sessions", "detail-sessions 2"),
            (Action::SessionEnded, "1 sessions: the account is locked", "detail-sessions 1 + farewell-locked"),
            (Action::BanLifted, "7 tries", "bans-failures 7"),
            (Action::AuditExported, "120 entries", "detail-entries 120"),
            (Action::MessageTested, "handed over", "sent-well"),
            (Action::MessageTested, "answered 503", "sent-answered 503"),
            (Action::MessageTested, "timed out", "sent-late"),
            (Action::IncidentWritten, "resolved: Rede: lenta", "incident-resolved + \"Rede: lenta\""),
        ] {
            assert_eq!(told(action, text), expected);
        }
        for end in End::ALL {
            assert_eq!(told(Action::SessionEnded, &format!("4 sessions: {end}")).matches('"').count(), 0, "{end:?}");
        }
    }

    #[test]
    fn what_is_of_no_known_form_is_told_as_it_stands() {
        let title = Action::MaintenancePlanned;
        for text in ["filtered", "3 sessions", "resolved: x", "2 tries", "answered 5", "a: b"] {
            assert_eq!(told(title, text), format!("\"{text}\""));
        }
        assert_eq!(told(Action::SessionEnded, "many sessions"), "\"many sessions\"");
        assert_eq!(told(title, ""), "");
    }

    #[test]
    fn the_subject_of_a_ban_is_told_like_the_ban_itself() {
        let parts = subject(Action::BanPlaced, "pair:code\\carla|10.0.0.3".into());
        let keys: Vec<_> = parts.iter().map(|part| part.key).collect();
        assert_eq!(keys, [Some("bans-pair"), Some("bans-code")]);
        assert_eq!((&*parts[0].account, &*parts[0].address), ("carla", "10.0.0.3"));
        assert_eq!(subject(Action::SessionEnded, "account:x".into())[0].text, "account:x");
    }
}
