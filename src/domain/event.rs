//! What happens while people look: changes of what is shown whole, lines that are kept in order, and who hears of which.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;
use crate::domain::caller::{Account, AccountId, Role};
use crate::domain::health::Fact;
use crate::domain::notice::Notice;

/// How far somebody has heard: everything up to `seq` of this `epoch`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Another one whenever the numbers begin anew: nothing can be continued across.
    pub epoch: String,
    pub seq: u64,
}

impl Cursor {
    /// What [`Cursor`] prints, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let (epoch, seq) = text.split_once('.')?;
        let known = !epoch.is_empty() && epoch.len() <= 64 && epoch.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let number = seq.bytes().all(|byte| byte.is_ascii_digit()).then(|| seq.parse().ok())??;
        known.then(|| Self { epoch: epoch.to_owned(), seq: number })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.seq)
    }
}

/// Something shown whole. It carries no state: whoever shows it reads the present, so the latest always wins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Region {
    /// The light in the top bar.
    Storage,
    /// Maintenance and trouble, under the top bar.
    Banner,
    /// What one person may map.
    Shares(AccountId),
    /// How much one person has not read yet.
    Bell(AccountId),
    /// Announcements that stay on the page.
    Announcements,
    /// The same, for one person who has confirmed one of them.
    AnnouncementsOf(AccountId),
    /// The public page.
    Status,
    /// A part of the administrators' room.
    Room(Panel),
}

/// The parts of the administrators' room that change while somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Panel {
    Figures,
    Latency,
    Pools,
    Alerts,
    Online,
    Rounds,
    Maintenance,
    Announcements,
    Messages,
}

impl Panel {
    pub const ALL: [Self; 9] = [
        Self::Figures,
        Self::Latency,
        Self::Pools,
        Self::Alerts,
        Self::Online,
        Self::Rounds,
        Self::Maintenance,
        Self::Announcements,
        Self::Messages,
    ];
}

/// Something that happened once. It is kept in order, and nobody it is for misses it or hears it twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// For people: a toast now, the notification centre later.
    Notice(Notice),
    /// For administrators: a line of the health feed.
    Fact(Fact),
}

/// A line in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub seq: u64,
    pub at: Timestamp,
    pub audience: Audience,
    pub line: Line,
}

/// Whom a line is for. Judged when it is delivered, by the rights of that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    Everybody,
    /// By their role alone, also before a code of the second factor: what needs them must not wait for their next visit to
    /// the room. Nothing in it opens anything.
    Administrators,
    Account(AccountId),
    /// The person, as long as they reach the share.
    AccountReaching(AccountId, i64),
    /// Whoever is in the group of this name.
    Group(String),
    /// Whoever reaches one of these shares.
    Reaching(Vec<i64>),
}

/// Somebody who may hear, with the rights of now.
#[derive(Debug, Clone, Copy)]
pub struct Listener<'a> {
    pub account: &'a Account,
    pub groups: &'a [String],
    pub shares: &'a [i64],
}

impl Audience {
    pub fn admits(&self, listener: &Listener<'_>) -> bool {
        let Listener { account, groups, shares } = listener;
        match self {
            Self::Everybody => true,
            Self::Administrators => account.role == Role::Administrator,
            Self::Account(id) => account.id == *id,
            Self::AccountReaching(id, share) => account.id == *id && shares.contains(share),
            Self::Group(name) => groups.contains(name),
            Self::Reaching(any) => any.iter().any(|share| shares.contains(share)),
        }
    }
}

impl Region {
    /// `None`: everybody who may see the page it is on.
    pub const fn of_account(&self) -> Option<&AccountId> {
        match self {
            Self::Shares(id) | Self::Bell(id) | Self::AnnouncementsOf(id) => Some(id),
            Self::Storage | Self::Banner | Self::Announcements | Self::Status | Self::Room(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went_and_nothing_else_does() {
        let cursor = Cursor { epoch: "a1b2".to_owned(), seq: 42 };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        for text in ["", ".", "a.", ".1", "a.-1", "a.+1", "a.1.2", "a<b.1", "a.99999999999999999999"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_audience_is_judged_by_the_rights_of_now() {
        let account =
            |uid, role| Account { id: AccountId::of_uid(uid), username: "a".into(), full_name: String::new(), role };
        let (ana, carla) = (account(1, Role::Employee), account(2, Role::Administrator));
        let groups = ["staff".to_owned()];
        let now = Listener { account: &ana, groups: &groups, shares: &[4] };
        let later = Listener { shares: &[], ..now };
        let chief = Listener { account: &carla, groups: &[], shares: &[] };
        for (audience, heard) in [
            (Audience::Everybody, [true, true, true]),
            (Audience::Administrators, [false, false, true]),
            (Audience::Account(ana.id.clone()), [true, true, false]),
            (Audience::AccountReaching(ana.id.clone(), 4), [true, false, false]),
            (Audience::Group("staff".to_owned()), [true, true, false]),
            (Audience::Reaching(vec![3, 4]), [true, false, false]),
        ] {
            assert_eq!([&now, &later, &chief].map(|listener| audience.admits(listener)), heard, "{audience:?}");
        }
    }
}
