//! What the tests of several parts of this room begin with.

use crate::domain::share::{Share, ShareKind};

/// A plain share everybody sees.
pub fn share(id: i64, name: &str) -> Share {
    Share {
        id,
        name: name.into(),
        path: String::new(),
        comment: String::new(),
        kind: ShareKind::Plain,
        enabled: true,
        locked: None,
        read_only: false,
        browsable: true,
        limits_hosts: false,
        path_suffix: String::new(),
    }
}
