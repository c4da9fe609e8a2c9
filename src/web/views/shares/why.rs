//! Why somebody may open a folder, in words of their own day: `farol access` has the precise ones.

use crate::domain::share::{Cap, Reason, Through};
use crate::web::words::{Language, say};

pub fn why(language: Language, reason: &Reason) -> String {
    let key = match reason {
        Reason::Writes(by) | Reason::Reads(by, None) => return through(language, by),
        Reason::Reads(_, Some(Cap::ShareReadOnly)) => "share-why-read-only",
        Reason::Reads(_, Some(Cap::TimeLocked)) => "share-why-time-locked",
        Reason::Reads(_, Some(Cap::ShareList(_) | Cap::Folder(_))) => "share-why-capped",
        Reason::Refused(_) | Reason::Unclear(_) => "share-why-unclear",
    };
    say(language, key, [])
}

fn through(language: Language, through: &Through) -> String {
    let key = match through {
        Through::OwningGroup(name) | Through::Group(name) | Through::ModeGroup(name) => {
            return say(language, "share-why-group", [("group", name.as_str().into())]);
        }
        Through::Root => "share-why-root",
        Through::Owner | Through::ModeOwner => "share-why-owner",
        Through::Person => "share-why-person",
        Through::Everyone
        | Through::SignedIn
        | Through::Network
        | Through::Users
        | Through::Others
        | Through::ModeOthers => "share-why-everybody",
        Through::OwnFolderToCome => "share-why-own-folder",
    };
    say(language, key, [])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::share::{Barrier, Doubt};

    #[test]
    fn a_card_says_why_without_a_word_only_administrators_know() {
        let group = || "staff".to_owned();
        let by =
            [Through::OwningGroup(group()), Through::Group(group()), Through::ModeGroup(group()), Through::ModeOwner];
        let told = by.map(|by| why(Language::Portuguese, &Reason::Writes(by)));
        assert_eq!(told, ["grupo staff", "grupo staff", "grupo staff", "a pasta é sua"]);
        let capped = Reason::Reads(Through::Everyone, Some(Cap::Folder(Barrier::Masked)));
        assert_eq!(why(Language::English, &capped), "the permissions only let you read");
        let unclear = Reason::Unclear(Doubt::Folder { path: "/mnt/tank/secret".into() });
        assert!(!why(Language::English, &unclear).contains("/mnt"), "where folders lie is nobody's business");
    }
}
