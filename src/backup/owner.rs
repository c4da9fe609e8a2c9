//! Whose a file is, by name: on another machine the same number is another account.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;

use serde::{Deserialize, Serialize};

const USERS: &str = "/etc/passwd";
const GROUPS: &str = "/etc/group";
/// What a service with users of its own sees in place of all others: it says nothing of whose a file is.
const NOBODY: u32 = 65_534;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    user: Option<String>,
    group: Option<String>,
}

impl Owner {
    pub(super) fn of(file: &Metadata) -> Self {
        let name = |list, number| {
            let found = accounts(list).into_iter().find(|(_, own)| *own == number && number != NOBODY);
            found.map(|(name, _)| name)
        };
        Self { user: name(USERS, file.uid()), group: name(GROUPS, file.gid()) }
    }

    /// The numbers of the user and of the group on this machine, as far as it knows them.
    pub(super) fn numbers(&self) -> (Option<u32>, Option<u32>) {
        let number = |list, name: &Option<String>| {
            let name = name.as_ref()?;
            accounts(list).into_iter().find(|(own, _)| own == name).map(|(_, number)| number)
        };
        (number(USERS, &self.user), number(GROUPS, &self.group))
    }
}

/// Those of this machine itself: services have theirs there.
fn accounts(list: &str) -> Vec<(String, u32)> {
    let account = |line: &str| {
        let mut fields = line.split(':');
        Some((fields.next()?.to_owned(), fields.nth(1)?.parse().ok()?))
    };
    fs::read_to_string(list).unwrap_or_default().lines().filter_map(account).collect()
}
