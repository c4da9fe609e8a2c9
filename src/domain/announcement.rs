//! Something an administrator says to all or to a group, and who said "I have read it and understood".

use std::fmt;
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;
use crate::domain::caller::AccountId;
use crate::domain::entry::{Field, Problem, Problems, Typed};
use crate::domain::event::Audience;
use crate::domain::language::Texts;

/// Longer than the NAS lets a group be called, with room for the name of a domain.
const GROUP_LIMIT: usize = 320;
/// Whoever wants it to stay longer pins it until it is removed.
const LONGEST_PIN: Duration = Duration::from_hours(366 * 24);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub title: Texts,
    pub text: Texts,
    /// `None`: everybody.
    pub group: Option<String>,
    /// `None`: until somebody removes it.
    pub pinned_until: Option<Timestamp>,
    /// Readers are asked to confirm.
    pub confirm: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    pub id: String,
    pub draft: Draft,
    pub created_at: Timestamp,
    pub created_by: String,
    pub removed_at: Option<Timestamp>,
}

/// Somebody has read it and understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    pub account: AccountId,
    pub username: String,
    pub at: Timestamp,
}

/// The fields of the form, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    pub title: Typed,
    pub text: Typed,
    /// Empty: everybody.
    pub group: String,
    /// What the clocks of the zone show, as `2026-11-21T22:00`; empty: until somebody removes it.
    pub pinned_until: String,
    pub confirm: bool,
}

/// As the audit trail says it.
impl fmt::Display for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { title, group, pinned_until, .. } = self;
        write!(f, "{}; to {}", title.portuguese, group.as_deref().unwrap_or("everybody"))?;
        pinned_until.map_or(Ok(()), |until| write!(f, "; until {until}"))
    }
}

impl Announcement {
    pub fn audience(&self) -> Audience {
        self.draft.group.clone().map_or(Audience::Everybody, Audience::Group)
    }

    /// When it leaves the page.
    pub fn over_at(&self) -> Option<Timestamp> {
        self.removed_at.or(self.draft.pinned_until)
    }

    pub fn is_pinned(&self, now: Timestamp) -> bool {
        self.over_at().is_none_or(|over| now < over)
    }
}

impl Entry {
    pub fn parse(&self, zone: &TimeZone, now: Timestamp) -> Result<Draft, Vec<(Field, Problem)>> {
        let mut problems = Problems::default();
        let title = problems.title(&self.title);
        let text = problems.text(&self.text, true);
        let group = problems.keep(Field::Group, group(&self.group));
        let pinned_until = problems.keep(Field::PinnedUntil, pinned_until(&self.pinned_until, zone, now));
        let confirm = self.confirm;
        let draft = || Some(Draft { title: title?, text: text?, group: group?, pinned_until: pinned_until?, confirm });
        problems.or(draft())
    }
}

fn group(typed: &str) -> Result<Option<String>, Problem> {
    let name = typed.trim();
    if name.chars().nth(GROUP_LIMIT).is_some() {
        return Err(Problem::TooLong);
    }
    if name.chars().any(char::is_control) {
        return Err(Problem::Unprintable);
    }
    Ok(Some(name.to_owned()).filter(|name| !name.is_empty()))
}

fn pinned_until(typed: &str, zone: &TimeZone, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let local: DateTime = typed.trim().parse().map_err(|_| Problem::Unknown)?;
    let at = zone.to_ambiguous_zoned(local).compatible().map_err(|_| Problem::OutOfRange)?;
    let at = Timestamp::from_millis(at.timestamp().as_millisecond());
    if at <= now {
        return Err(Problem::Past);
    }
    if at.since(now) > LONGEST_PIN {
        return Err(Problem::LastsTooLong);
    }
    Ok(Some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_becomes_an_announcement_or_says_what_is_wrong() {
        let typed = |text: &str| Typed { portuguese: text.into(), english: String::new() };
        let zone = TimeZone::get("America/Sao_Paulo").unwrap();
        let now = Timestamp::from_millis(1_795_000_000_000);
        let good = Entry { title: typed("Aviso"), text: typed("Leiam"), ..Entry::default() };
        let draft = good.parse(&zone, now).unwrap();
        assert_eq!((draft.group, draft.pinned_until, draft.confirm), (None, None, false));
        let pinned = Entry { group: " financeiro ".into(), pinned_until: "2026-12-01T08:00".into(), ..good.clone() };
        let draft = pinned.parse(&zone, now).unwrap();
        assert_eq!(draft.group.as_deref(), Some("financeiro"));
        assert_eq!(draft.pinned_until, Some(Timestamp::from_millis(1_796_122_800_000)));
        for (entry, field, problem) in [
            (Entry { text: typed(""), ..good.clone() }, Field::TextPortuguese, Problem::Missing),
            (Entry { group: "a".repeat(321), ..good.clone() }, Field::Group, Problem::TooLong),
            (Entry { group: "a\nb".into(), ..good.clone() }, Field::Group, Problem::Unprintable),
            (Entry { pinned_until: "amanhã".into(), ..good.clone() }, Field::PinnedUntil, Problem::Unknown),
            (Entry { pinned_until: "2026-11-01T08:00".into(), ..good.clone() }, Field::PinnedUntil, Problem::Past),
            (
                Entry { pinned_until: "2028-12-01T08:00".into(), ..good.clone() },
                Field::PinnedUntil,
                Problem::LastsTooLong,
            ),
        ] {
            assert_eq!(entry.parse(&zone, now), Err(vec![(field, problem)]));
        }
    }
}
