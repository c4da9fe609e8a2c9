//! What somebody may map: a card for each share.

use serde::Serialize;
use url::form_urlencoded::byte_serialize;

use crate::domain::share::{Reach, Right, Share, ShareKind};
use crate::web::views::Piece;
use crate::web::words::{self, Language};

mod why;

/// The part of the dashboard that follows the rights of its person.
#[derive(Debug, Clone, Serialize)]
pub struct BoardView {
    /// `known`, `empty`, `unread` when the NAS could not be asked, or `reading` while it is.
    pub state: &'static str,
    pub cards: Vec<CardView>,
    /// `None`: there is nothing to map.
    pub script: Option<ScriptView>,
}

/// The file with all shares.
#[derive(Debug, Clone, Serialize)]
pub struct ScriptView {
    pub letters: Vec<char>,
    /// As it would be downloaded now.
    pub sha256: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct CardView {
    pub id: String,
    pub icon: &'static str,
    /// The key of the kind.
    pub kind: &'static str,
    pub name: String,
    /// Empty when nobody wrote one.
    pub comment: String,
    /// `write`, `read` or `unknown`.
    pub right: &'static str,
    pub right_icon: &'static str,
    pub right_text: &'static str,
    pub reason: String,
    pub hints: Vec<String>,
    /// The file server itself let the person in; otherwise the right is computed.
    pub proved: bool,
    pub letter: Option<char>,
    /// The parts of the addresses, so that a page may break them between.
    pub host: String,
    pub encoded: String,
    pub unc: String,
    pub smb_url: String,
    pub linux: String,
    /// Where the script for this share is.
    pub script: String,
}

/// A share and everything about it that a card shows.
#[derive(Debug, Clone, Copy)]
pub struct Offered<'a> {
    pub share: &'a Share,
    pub reach: &'a Reach,
    pub proved: bool,
    pub letter: Option<char>,
    /// The file server as Windows is to call it.
    pub host: &'a str,
}

impl BoardView {
    /// With the hash of the script for all of them.
    pub fn known(cards: Vec<CardView>, sha256: String) -> Self {
        if cards.is_empty() {
            return Self::empty();
        }
        let mut letters: Vec<char> = cards.iter().filter_map(|card| card.letter).collect();
        letters.sort_unstable();
        Self { state: "known", cards, script: Some(ScriptView { letters, sha256 }) }
    }

    pub const fn empty() -> Self {
        Self::without("empty")
    }

    pub const fn unread() -> Self {
        Self::without("unread")
    }

    /// A place that fills itself.
    pub const fn reading() -> Self {
        Self::without("reading")
    }

    const fn without(state: &'static str) -> Self {
        Self { state, cards: Vec::new(), script: None }
    }
}

impl CardView {
    pub fn of(language: Language, offered: &Offered<'_>) -> Self {
        let Offered { share, reach, host, .. } = *offered;
        let (icon, kind) = kind(share);
        let (right, right_icon, right_text) = match reach.right {
            Right::Write => ("write", "pencil", "share-write"),
            Right::Read => ("read", "eye", "share-read"),
            Right::None | Right::Unknown => ("unknown", "circle-question-mark", "share-unknown"),
        };
        Self {
            id: format!("share-{}", share.id),
            icon,
            kind,
            name: share.name.clone(),
            comment: share.comment.trim().to_owned(),
            right,
            right_icon,
            right_text,
            reason: why::why(language, &reach.reason),
            hints: reach.hints.iter().map(|hint| words::hint(language, *hint)).collect(),
            proved: offered.proved,
            letter: offered.letter,
            host: host.to_owned(),
            encoded: encoded(&share.name),
            unc: format!(r"\\{host}\{}", share.name),
            smb_url: format!("smb://{host}/{}", encoded(&share.name)),
            linux: format!("//{host}/{}", share.name),
            script: format!("/download_bat?share={}", encoded(&share.name)),
        }
    }
}

/// Its icon, and the key of what it is called.
const fn kind(share: &Share) -> (&'static str, &'static str) {
    match share.kind {
        ShareKind::Plain if share.read_only => ("book-open", "kind-read-only"),
        ShareKind::Plain => ("folder", "kind-plain"),
        ShareKind::Home => ("house", "kind-home"),
        ShareKind::PrivateDatasets => ("folder-lock", "kind-private"),
        ShareKind::TimeLocked => ("folder-clock", "kind-time-locked"),
        ShareKind::TimeMachine => ("hard-drive", "kind-backup"),
        ShareKind::External => ("server", "kind-external"),
    }
}

/// For a path as well as for a query.
fn encoded(name: &str) -> String {
    byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

impl Piece for BoardView {
    const COMPONENT: &'static str = "shares.board";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let boards = sample::COUNTS.map(|count| Self::known(sample::cards(count), sample::SHA256.into()));
        boards.into_iter().chain([Self::unread(), Self::reading()]).collect()
    }
}

#[cfg(test)]
pub mod sample;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_any_name_without_breaking() {
        assert_eq!(encoded("R&D (2026)!"), "R%26D%20%282026%29%21");
        assert_eq!(encoded("Obras Públicas"), "Obras%20P%C3%BAblicas");
    }

    #[test]
    fn nobody_without_shares_is_shown_an_empty_list_or_a_script_for_nothing() {
        let board = |count| BoardView::known(sample::cards(count), sample::SHA256.into());
        assert_eq!((board(0).state, board(0).script.is_some()), ("empty", false));
        assert_eq!((board(1).state, board(1).script.is_some()), ("known", true));
    }

    #[test]
    fn letters_stand_in_their_own_order_whatever_that_of_the_names() {
        let mut cards = sample::cards(3);
        cards.reverse();
        let script = BoardView::known(cards, sample::SHA256.into()).script.unwrap();
        assert_eq!(script.letters, ['M', 'N', 'O']);
    }

    #[test]
    fn each_kind_of_share_looks_like_no_other() {
        let cards = sample::cards(40);
        let icons: std::collections::BTreeSet<&str> = cards.iter().map(|card| card.icon).collect();
        assert_eq!(icons.len(), 7, "{icons:?}");
    }
}
