//! What surrounds every page: language, theme, who is signed in, how the storage is.

use serde::Serialize;

use crate::domain::caller::{Caller, Role};
use crate::domain::event::Cursor;
use crate::domain::health::{Level, Snapshot};
use crate::web::views::{BannerView, BellView, Page, Piece, TimeView, Viewpoint};
use crate::web::words::Language;

/// What is known of the storage is renewed every few seconds: after this long something keeps the news away.
const OLD_S: u64 = 60;
/// What changes around every page.
const AROUND: &str = "storage banner bell";

#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    pub language: Language,
    pub theme: Theme,
    /// Where we are, query and all: where a change of language leads back to.
    pub path: String,
    /// `None` for somebody not signed in.
    pub person: Option<PersonView>,
    pub storage: StorageView,
    pub banner: BannerView,
    pub bell: BellView,
    /// How the page keeps itself up to date. `None` for somebody not signed in.
    pub live: Option<LiveView>,
    /// How the storage is may be looked at.
    pub status: bool,
}

/// What a page opens its socket with.
#[derive(Debug, Clone, Serialize)]
pub struct LiveView {
    /// Words of topics, with spaces between them.
    pub topics: String,
    /// How far the page has heard: read before its data.
    pub cursor: String,
    pub ticket: String,
}

impl LiveView {
    pub fn of<P: Page>(cursor: &Cursor, ticket: String) -> Self {
        Self { topics: format!("{AROUND} {}", P::LIVE).trim_end().to_owned(), cursor: cursor.to_string(), ticket }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system of the person has it.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// As pages and cookies say it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word)
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct PersonView {
    /// Tells one from another, so that nobody is given what somebody else left in the browser.
    pub id: String,
    pub name: String,
    pub initials: String,
    pub administrator: bool,
}

impl PersonView {
    pub fn of(caller: &Caller) -> Self {
        Self {
            id: caller.account.id.as_str().to_owned(),
            name: caller.account.display_name().to_owned(),
            initials: initials(caller.account.display_name()),
            administrator: caller.account.role == Role::Administrator,
        }
    }
}

/// Of the first and the last name, whatever else stands between them.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphabetic()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// The light in the top bar.
#[derive(Debug, Clone, Serialize)]
pub struct StorageView {
    /// The colour by its meaning: `well`, `attention`, `trouble`, `planned` or `unknown`.
    pub light: &'static str,
    /// The key of the word beside it.
    pub word: &'static str,
    /// When that was seen.
    pub seen: Option<TimeView>,
    /// Too long ago to be taken for the present; and from which age on, in seconds, an open page is to say so itself.
    pub old: bool,
    pub old_after_s: u64,
}

impl StorageView {
    pub fn of(seen: &Snapshot, viewpoint: &Viewpoint) -> Self {
        let (light, word) = (Self::light_of(seen.level), Self::word_of(seen.level));
        let old = seen.checked_at.is_some_and(|at| viewpoint.now.since(at).as_secs() >= OLD_S);
        Self { light, word, seen: seen.checked_at.map(|at| viewpoint.see(at)), old, old_after_s: OLD_S }
    }

    pub const fn light_of(level: Level) -> &'static str {
        match level {
            Level::Unknown => "unknown",
            Level::Online => "well",
            Level::Attention => "attention",
            Level::Planned | Level::Restarting => "planned",
            Level::Unreachable | Level::KeyRefused => "trouble",
        }
    }

    /// The key of the word for a level.
    pub const fn word_of(level: Level) -> &'static str {
        match level {
            Level::Unknown => "storage-unknown",
            Level::Online => "storage-online",
            Level::Attention => "storage-attention",
            Level::Planned => "storage-planned",
            Level::Restarting => "storage-restarting",
            Level::Unreachable => "storage-unreachable",
            Level::KeyRefused => "storage-key-refused",
        }
    }
}

impl Piece for StorageView {
    const COMPONENT: &'static str = "layout.storage";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        Frame::samples(Language::Portuguese).into_iter().map(|frame| frame.storage).collect()
    }
}

#[cfg(test)]
impl Frame {
    /// Every way the frame may look, in one language.
    pub fn samples(language: Language) -> Vec<Self> {
        use crate::web::views::Trouble;

        let viewpoint = Viewpoint::sample(language);
        let person = |name: &str, administrator| {
            Some(PersonView { id: "uid:3001".into(), name: name.into(), initials: initials(name), administrator })
        };
        let people = [None, person("Ana Souza", false), person("\"><img src=x onerror=1>", true)];
        let storage = |level| {
            let age = if level == Level::Attention { 43 * 60 } else { 4 };
            let checked_at = (level != Level::Unknown).then(|| viewpoint.before(std::time::Duration::from_secs(age)));
            StorageView::of(&Snapshot { level, checked_at, ..Snapshot::unknown(viewpoint.now) }, &viewpoint)
        };
        let banner = |level| {
            let seen = Snapshot { level, ..Snapshot::unknown(viewpoint.now) };
            BannerView::of(&Trouble { seen: &seen, windows: &[], role: Role::Employee }, &viewpoint)
        };
        let live = |person: &PersonView| LiveView {
            topics: if person.administrator { format!("{AROUND} feed") } else { AROUND.to_owned() },
            cursor: "a1b2.42".into(),
            ticket: "c3d4".into(),
        };
        let looks = Level::ALL.into_iter().zip(people.into_iter().cycle()).zip(Theme::ALL.into_iter().cycle());
        looks
            .map(|((level, person), theme)| Self {
                language,
                theme,
                path: "/dashboard?page=2&order=\"name\"".into(),
                live: person.as_ref().map(live),
                person,
                storage: storage(level),
                banner: banner(level),
                status: level != Level::Unknown,
                bell: BellView { unread: usize::from(level == Level::Attention) * 3, more: false },
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_of_the_storage_a_minute_ago_is_old() {
        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let told = [4, 59, 60, 3_600, 86_400].map(|age| {
            let checked_at = Some(viewpoint.before(std::time::Duration::from_secs(age)));
            let seen = Snapshot { level: Level::Online, checked_at, ..Snapshot::unknown(viewpoint.now) };
            let storage = StorageView::of(&seen, &viewpoint);
            let time = storage.seen.unwrap();
            (storage.old, time.age_s.map(|_| (time.age, time.count)))
        });
        let hours = (true, Some(("age-hours", 1)));
        let recent = [(false, Some(("age-seconds", 4))), (false, Some(("age-seconds", 59)))];
        assert_eq!(told, [recent[0], recent[1], (true, Some(("age-minutes", 1))), hours, (true, None)]);
    }

    #[test]
    fn initials_are_letters_of_the_first_and_the_last_name() {
        let known = ["Ana Lima", "bruno", "Carla \"R&D\" Nunes <TI> 100%", "\"><1", ""].map(initials);
        assert_eq!(known, ["AL", "B", "CT", "", ""]);
    }
}
