//! What a page asks to be kept up to date, as words in its address.

use crate::domain::caller::Standing;
use crate::domain::event::{Panel, Region};

/// One live part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    Storage,
    Banner,
    Bell,
    Shares,
    Announcements,
    Status,
    /// The lines of the health feed. Its present is the list up to a number; each further line comes by itself.
    Feed,
    Room(Panel),
}

impl Topic {
    pub const ALL: [Self; 16] = [
        Self::Storage,
        Self::Banner,
        Self::Bell,
        Self::Shares,
        Self::Announcements,
        Self::Status,
        Self::Feed,
        Self::Room(Panel::Figures),
        Self::Room(Panel::Latency),
        Self::Room(Panel::Pools),
        Self::Room(Panel::Alerts),
        Self::Room(Panel::Online),
        Self::Room(Panel::Rounds),
        Self::Room(Panel::Maintenance),
        Self::Room(Panel::Announcements),
        Self::Room(Panel::Messages),
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Storage => "storage",
            Self::Banner => "banner",
            Self::Bell => "bell",
            Self::Shares => "shares",
            Self::Announcements => "announcements",
            Self::Status => "status",
            Self::Feed => "feed",
            Self::Room(Panel::Figures) => "figures",
            Self::Room(Panel::Latency) => "latency",
            Self::Room(Panel::Pools) => "pools",
            Self::Room(Panel::Alerts) => "alerts",
            Self::Room(Panel::Online) => "online",
            Self::Room(Panel::Rounds) => "rounds",
            Self::Room(Panel::Maintenance) => "maintenance",
            Self::Room(Panel::Announcements) => "published",
            Self::Room(Panel::Messages) => "messages",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.as_str() == word)
    }

    pub const fn of_region(region: &Region) -> Self {
        match region {
            Region::Storage => Self::Storage,
            Region::Banner => Self::Banner,
            Region::Bell(_) => Self::Bell,
            Region::Shares(_) => Self::Shares,
            Region::Announcements | Region::AnnouncementsOf(_) => Self::Announcements,
            Region::Status => Self::Status,
            Region::Room(panel) => Self::Room(*panel),
        }
    }

    /// Another one for each person; the others are the same for all of one role and language.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Banner | Self::Bell | Self::Shares | Self::Announcements)
    }

    /// The administrators' room is live behind the same door as its pages: nobody else's session is ever confirmed.
    pub const fn admits(self, standing: Standing) -> bool {
        match self {
            Self::Feed | Self::Room(_) => matches!(standing, Standing::Confirmed | Standing::Fresh),
            Self::Storage | Self::Banner | Self::Bell | Self::Shares | Self::Announcements | Self::Status => true,
        }
    }
}

/// Some of them; as small as a number, for there is one in each of many sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Topics(u32);

impl Topics {
    /// `storage,banner`. `None`: one of them is unknown.
    pub fn parse(words: &str) -> Option<Self> {
        words.split(',').filter(|word| !word.is_empty()).map(Topic::parse).collect()
    }

    pub fn contains(self, topic: Topic) -> bool {
        self.0 & bit(topic) != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Topic> {
        Topic::ALL.into_iter().filter(move |topic| self.contains(*topic))
    }
}

impl FromIterator<Topic> for Topics {
    fn from_iter<I: IntoIterator<Item = Topic>>(topics: I) -> Self {
        Self(topics.into_iter().fold(0, |bits, topic| bits | bit(topic)))
    }
}

fn bit(topic: Topic) -> u32 {
    let place = Topic::ALL.iter().position(|one| *one == topic);
    place.map_or(0, |place| 1 << place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_topic_has_a_word_of_its_own_and_a_list_of_words_comes_back() {
        for topic in Topic::ALL {
            assert_eq!(Topic::parse(topic.as_str()), Some(topic));
            assert_eq!(Topics::parse(topic.as_str()).unwrap().iter().collect::<Vec<_>>(), [topic]);
        }
        assert!(Panel::ALL.iter().all(|panel| Topic::ALL.contains(&Topic::Room(*panel))));
        assert_eq!(Topics::parse("banner,storage,"), Some([Topic::Storage, Topic::Banner].into_iter().collect()));
        assert_eq!(Topics::parse("storage,nonsense"), None);
    }

    #[test]
    fn only_who_gave_a_code_looks_into_the_room() {
        let seen = |standing| Topic::ALL.into_iter().filter(|topic| topic.admits(standing)).count();
        assert_eq!([Standing::Plain, Standing::Confirmed, Standing::Fresh].map(seen), [6, 16, 16]);
    }
}
