//! Which directories stand between a person and a share.

use crate::domain::person::Person;
use crate::domain::share::{Share, ShareKind};

/// Where all pools are mounted; this directory itself is everybody's.
const POOLS: &str = "/mnt/";

/// The directories whose lists must be read, clean and absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidencePaths {
    /// From the pool downwards, the folder itself not included.
    pub parents: Vec<String>,
    pub folder: String,
    /// Up to this length a path is the share's own; beyond, the server makes what is missing. `None`: it makes nothing.
    made_beyond: Option<usize>,
}

impl EvidencePaths {
    pub(super) fn is_made_at_first_use(&self, path: &str) -> bool {
        self.made_beyond.is_some_and(|length| path.len() > length)
    }
}

/// `None` when there is no folder of ours to look at, or no path that can be trusted: the answer will be "unknown".
pub fn evidence_paths(share: &Share, person: &Person) -> Option<EvidencePaths> {
    let has_own_folders = match share.kind {
        ShareKind::External => return None,
        ShareKind::Home | ShareKind::PrivateDatasets => true,
        ShareKind::Plain | ShareKind::TimeLocked | ShareKind::TimeMachine => false,
    };
    let account = Account::of(person);
    let suffix = match (share.path_suffix.as_str(), account.domain) {
        ("", Some(_)) if has_own_folders => "%D/%U",
        ("", None) if has_own_folders => "%U",
        (given, _) => given,
    };
    let base = clean(&account.fill(&share.path)?)?;
    let folder = clean(&format!("{base}/{}", account.fill(suffix)?))?;
    let slashes = folder.match_indices('/').map(|(at, _)| at).filter(|at| *at > POOLS.len());
    let parents = slashes.map(|at| folder[..at].to_owned()).collect();
    Some(EvidencePaths { parents, folder, made_beyond: has_own_folders.then_some(base.len()) })
}

/// An account's name in its two parts: `OFFICE\ana` is known to a domain, `ana` to the NAS alone.
struct Account<'a> {
    domain: Option<&'a str>,
    user: &'a str,
}

impl<'a> Account<'a> {
    fn of(person: &'a Person) -> Self {
        match person.username.split_once('\\') {
            Some((domain, user)) => Self { domain: Some(domain), user },
            None => Self { domain: None, user: &person.username },
        }
    }

    /// Puts the account's name in the place of `%U` and `%D`. `None` for any other placeholder.
    fn fill(&self, path: &str) -> Option<String> {
        let mut parts = path.split('%');
        let mut filled = parts.next()?.to_owned();
        for part in parts {
            let (name, rest) = if let Some(rest) = part.strip_prefix('U') {
                (self.user, rest)
            } else {
                (self.domain?, part.strip_prefix('D')?)
            };
            filled.push_str(is_one_name(name).then_some(name)?);
            filled.push_str(rest);
        }
        Some(filled)
    }
}

/// A name that stays one step of a path and cannot lead anywhere else.
fn is_one_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\\'])
}

/// Without doubled slashes and dots. `None` if it goes upwards or does not lie inside a pool.
fn clean(path: &str) -> Option<String> {
    let mut clean = String::with_capacity(path.len());
    if !path.starts_with('/') || path.contains('\0') {
        return None;
    }
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => return None,
            name => {
                clean.push('/');
                clean.push_str(name);
            }
        }
    }
    clean.starts_with(POOLS).then_some(clean)
}
