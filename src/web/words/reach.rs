//! What somebody may do in a share, and why, as a sentence.

use crate::domain::share::{Barrier, Cap, Doubt, Hint, Reach, Reason, Refusal, Right, Through};
use crate::web::words::{Language, say};

/// The whole sentence: `escrita: grupo financeiro`.
pub fn reach(language: Language, reach: &Reach) -> String {
    format!("{}: {}", right(language, reach.right), reason(language, &reach.reason))
}

pub fn right(language: Language, right: Right) -> String {
    let key = match right {
        Right::Write => "right-write",
        Right::Read => "right-read",
        Right::None => "right-none",
        Right::Unknown => "right-unknown",
    };
    say(language, key, [])
}

pub fn reason(language: Language, reason: &Reason) -> String {
    match reason {
        Reason::Writes(by) | Reason::Reads(by, None) => through(language, by),
        // Where everybody would be capped alike, by whom the person came in is of no interest.
        Reason::Reads(_, Some(Cap::ShareReadOnly)) => say(language, "cap-share-read-only", []),
        Reason::Reads(_, Some(Cap::TimeLocked)) => say(language, "cap-time-locked", []),
        Reason::Reads(by, Some(Cap::ShareList(barrier))) => {
            format!("{}; {}", through(language, by), share_cap(language, barrier))
        }
        Reason::Reads(by, Some(Cap::Folder(barrier))) => {
            format!("{}; {}", through(language, by), folder_cap(language, barrier))
        }
        Reason::Refused(refusal) => self::refusal(language, refusal),
        Reason::Unclear(doubt) => self::doubt(language, doubt),
    }
}

pub fn hint(language: Language, hint: Hint) -> String {
    let key = match hint {
        Hint::Hidden => "hint-hidden",
        Hint::HostsLimited => "hint-hosts-limited",
        Hint::TimeLocked => "hint-time-locked",
        Hint::NotVerified => "hint-not-verified",
    };
    say(language, key, [])
}

fn through(language: Language, through: &Through) -> String {
    let named = |key, group: &str| say(language, key, [("group", group.into())]);
    let key = match through {
        Through::OwningGroup(name) => return named("through-owning-group", name),
        Through::Group(name) => return named("through-group", name),
        Through::ModeGroup(name) => return named("through-mode-group", name),
        Through::Root => "through-root",
        Through::Owner => "through-owner",
        Through::Person => "through-person",
        Through::Everyone => "through-everyone",
        Through::SignedIn => "through-signed-in",
        Through::Network => "through-network",
        Through::Users => "through-users",
        Through::Others => "through-others",
        Through::ModeOwner => "through-mode-owner",
        Through::ModeOthers => "through-mode-others",
        Through::OwnFolderToCome => "through-own-folder-to-come",
    };
    say(language, key, [])
}

fn share_cap(language: Language, barrier: &Barrier) -> String {
    match barrier {
        Barrier::Silent => say(language, "cap-share-silent", []),
        Barrier::Denied(by) => say(language, "cap-share-denied", [("by", through(language, by).into())]),
        Barrier::Masked => say(language, "cap-share-masked", []),
    }
}

fn folder_cap(language: Language, barrier: &Barrier) -> String {
    match barrier {
        Barrier::Silent => say(language, "cap-folder-silent", []),
        Barrier::Denied(by) => say(language, "cap-folder-denied", [("by", through(language, by).into())]),
        Barrier::Masked => say(language, "cap-folder-masked", []),
    }
}

fn refusal(language: Language, refusal: &Refusal) -> String {
    let denied = |key, by| say(language, key, [("by", through(language, by).into())]);
    let at = |key, path: &str| say(language, key, [("path", path.into())]);
    match refusal {
        Refusal::Disabled => say(language, "refusal-disabled", []),
        Refusal::Locked => say(language, "refusal-locked", []),
        Refusal::TimeMachine => say(language, "refusal-time-machine", []),
        Refusal::ShareList(Barrier::Silent) => say(language, "refusal-share-silent", []),
        Refusal::ShareList(Barrier::Denied(by)) => denied("refusal-share-denied", by),
        Refusal::ShareList(Barrier::Masked) => say(language, "refusal-share-masked", []),
        Refusal::Parent { path, barrier: Barrier::Silent } => at("refusal-parent-silent", path),
        Refusal::Parent { path, barrier: Barrier::Denied(by) } => {
            say(language, "refusal-parent-denied", [("path", path.into()), ("by", through(language, by).into())])
        }
        Refusal::Parent { path, barrier: Barrier::Masked } => at("refusal-parent-masked", path),
        Refusal::FolderMissing { path } => at("refusal-folder-missing", path),
        Refusal::Folder(Barrier::Silent) => say(language, "refusal-folder-silent", []),
        Refusal::Folder(Barrier::Denied(by)) => denied("refusal-folder-denied", by),
        Refusal::Folder(Barrier::Masked) => say(language, "refusal-folder-masked", []),
    }
}

fn doubt(language: Language, doubt: &Doubt) -> String {
    match doubt {
        Doubt::Lock => say(language, "doubt-lock", []),
        Doubt::ShareList => say(language, "doubt-share-list", []),
        Doubt::CustomShareEntry(by) => say(language, "doubt-custom-entry", [("by", through(language, by).into())]),
        Doubt::UnknownShareEntry => say(language, "doubt-unknown-entry", []),
        Doubt::Folder { path } => say(language, "doubt-folder", [("path", path.into())]),
        Doubt::Path => say(language, "doubt-path", []),
    }
}

#[cfg(test)]
mod tests;
