//! Who has a socket open, looking at what.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::Timestamp;
use crate::domain::caller::{Account, AccountId, Role};
use crate::domain::session::SessionId;
use crate::shares::Following;
use crate::web::live::{Topic, Topics};
use crate::web::words::Language;

/// One for each tab, and some to spare.
const MOST_OF_SESSION: usize = 5;
/// More browsers than one person looks at.
const MOST_OF_PERSON: usize = 20;
/// More than the largest office has; each costs a file handle.
const MOST: usize = 20_000;

/// Names a socket as long as the process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u64);

impl Id {
    /// Of a page without a socket: they are numbered from one.
    pub const NONE: Self = Self(0);
}

/// Somebody signed in, in one session.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Person {
    pub account: Account,
    pub session: SessionId,
}

impl Person {
    fn key(&self) -> (AccountId, SessionId) {
        (self.account.id.clone(), self.session.clone())
    }
}

/// What a socket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub language: Language,
    pub topics: Topics,
}

/// An account with a socket open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlinePerson {
    pub account: Account,
    pub since: Timestamp,
    pub sessions: usize,
    pub sockets: usize,
}

/// Cheap to clone; all clones are one register.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    last: u64,
    total: usize,
    /// By account first, so that those of one person are side by side.
    members: BTreeMap<(AccountId, SessionId), Member>,
    /// How many read each language.
    readers: [usize; 2],
    /// How many look at what, where all of one language and role see the same.
    shared: HashMap<(Topic, Language, Role), usize>,
}

#[derive(Debug)]
struct Member {
    person: Arc<Person>,
    since: Timestamp,
    /// When the session ends if nobody uses it.
    until: Timestamp,
    sockets: BTreeMap<Id, Look>,
    /// Keeps the rights of the person fresh.
    _follow: Option<Following>,
}

/// A place in the register, given back when dropped.
#[derive(Debug)]
pub struct Seat {
    registry: Registry,
    pub id: Id,
    pub person: Arc<Person>,
    pub look: Look,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.registry.leave(self);
    }
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    #[error("the session has as many sockets as it may")]
    Session,
    #[error("the person has as many sockets as they may")]
    Person,
    #[error("the house has as many sockets as it can hold")]
    House,
}

impl Registry {
    /// `follow` is asked for once a session, and held as long as it has a socket.
    pub fn enter(
        &self,
        person: Person,
        look: Look,
        now: Timestamp,
        follow: impl FnOnce() -> Option<Following>,
    ) -> Result<Seat, Full> {
        let account = &person.account;
        let mut state = self.state();
        let of_person = state.of(&account.id).map(|member| member.sockets.len()).sum::<usize>();
        let key = person.key();
        let of_session = state.members.get(&key).map_or(0, |member| member.sockets.len());
        if of_session >= MOST_OF_SESSION {
            return Err(Full::Session);
        } else if of_person >= MOST_OF_PERSON {
            return Err(Full::Person);
        } else if state.total >= MOST {
            return Err(Full::House);
        }
        state.last += 1;
        state.total += 1;
        state.readers[look.language as usize] += 1;
        let id = Id(state.last);
        let role = account.role;
        let member = state.members.entry(key).or_insert_with(|| Member {
            person: Arc::new(person),
            since: now,
            until: now,
            sockets: BTreeMap::new(),
            _follow: follow(),
        });
        member.sockets.insert(id, look);
        let person = member.person.clone();
        for topic in look.topics.iter().filter(|topic| !topic.is_personal()) {
            *state.shared.entry((topic, look.language, role)).or_default() += 1;
        }
        drop(state);
        Ok(Seat { registry: self.clone(), id, person, look })
    }

    fn leave(&self, seat: &Seat) {
        let Seat { id, person, look, .. } = seat;
        let mut state = self.state();
        state.total -= 1;
        state.readers[look.language as usize] -= 1;
        let key = person.key();
        if let Some(member) = state.members.get_mut(&key) {
            member.sockets.remove(id);
            if member.sockets.is_empty() {
                state.members.remove(&key);
            }
        }
        for topic in look.topics.iter().filter(|topic| !topic.is_personal()) {
            let viewed = (topic, look.language, person.account.role);
            match state.shared.get_mut(&viewed) {
                Some(viewers) if *viewers > 1 => *viewers -= 1,
                _ => drop(state.shared.remove(&viewed)),
            }
        }
    }

    /// Somebody of each account.
    pub fn people(&self) -> Vec<Arc<Person>> {
        let mut people = self.all();
        people.dedup_by(|a, b| a.account.id == b.account.id);
        people
    }

    /// In which languages and roles a part that is the same for all of them is looked at, each with somebody who does.
    pub fn viewers(&self, topic: Topic) -> Vec<(Language, Arc<Person>)> {
        let state = self.state();
        let viewed = state.shared.keys().filter(|(viewed, ..)| *viewed == topic);
        let somebody = |(_, language, role): &(Topic, Language, Role)| {
            let looks = |member: &&Member| member.person.account.role == *role && member.looks(topic, *language);
            state.members.values().find(looks).map(|member| (*language, member.person.clone()))
        };
        viewed.filter_map(somebody).collect()
    }

    /// In which languages a person looks at a part of their own.
    pub fn viewers_of(&self, account: &AccountId, topic: Topic) -> Vec<(Language, Arc<Person>)> {
        let state = self.state();
        let of_language = |language: Language| {
            let member = state.of(account).find(|member| member.looks(topic, language))?;
            Some((language, member.person.clone()))
        };
        Language::ALL.into_iter().filter_map(of_language).collect()
    }

    /// Everybody who looks at a part that is another one for each.
    pub fn all_viewers_of(&self, topic: Topic) -> Vec<(Language, Arc<Person>)> {
        self.people().iter().flat_map(|person| self.viewers_of(&person.account.id, topic)).collect()
    }

    pub fn speaks(&self, language: Language) -> bool {
        self.state().readers[language as usize] > 0
    }

    /// Until when the session would last.
    pub fn set_until(&self, person: &Person, until: Timestamp) {
        if let Some(member) = self.state().members.get_mut(&person.key()) {
            member.until = until;
        }
    }

    /// Of each session.
    pub fn all(&self) -> Vec<Arc<Person>> {
        self.state().members.values().map(|member| member.person.clone()).collect()
    }

    /// Those whose session ends by now unless it was used meanwhile, and administrators: at the server's command line their
    /// sessions are ended by another program, which tells nobody here.
    pub fn due(&self, now: Timestamp) -> Vec<Arc<Person>> {
        let state = self.state();
        let is_due = |member: &&Member| member.until <= now || member.person.account.role == Role::Administrator;
        let due = state.members.values().filter(is_due);
        due.map(|member| member.person.clone()).collect()
    }

    pub fn sockets_of(&self, person: &Person) -> Vec<(Id, Language)> {
        let state = self.state();
        let sockets = state.members.get(&person.key()).map(|member| &member.sockets);
        sockets.into_iter().flatten().map(|(id, look)| (*id, look.language)).collect()
    }

    /// Whoever came first, first.
    pub fn online(&self) -> Vec<OnlinePerson> {
        let state = self.state();
        let mut people: Vec<OnlinePerson> = Vec::new();
        for ((account, _), member) in &state.members {
            match people.last_mut().filter(|person| person.account.id == *account) {
                Some(person) => {
                    person.since = person.since.min(member.since);
                    person.sessions += 1;
                    person.sockets += member.sockets.len();
                }
                None => people.push(OnlinePerson {
                    account: member.person.account.clone(),
                    since: member.since,
                    sessions: 1,
                    sockets: member.sockets.len(),
                }),
            }
        }
        people.sort_by_key(|person| person.since);
        people
    }

    /// Plain maps: a panic elsewhere leaves them whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn of<'a>(&'a self, account: &'a AccountId) -> impl Iterator<Item = &'a Member> {
        let first = (account.clone(), SessionId::new(""));
        self.members.range(first..).take_while(move |((of, _), _)| of == account).map(|(_, member)| member)
    }
}

impl Member {
    fn looks(&self, topic: Topic, language: Language) -> bool {
        self.sockets.values().any(|look| look.language == language && look.topics.contains(topic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(uid: u32, session: &str) -> Person {
        let role = if uid == 1 { Role::Administrator } else { Role::Employee };
        let account = Account { id: AccountId::of_uid(uid), username: uid.to_string(), full_name: String::new(), role };
        Person { account, session: SessionId::new(session) }
    }

    fn enter(registry: &Registry, person: Person, topics: &str, at_ms: i64) -> Result<Seat, Full> {
        let look = Look { language: Language::English, topics: Topics::parse(topics).unwrap() };
        registry.enter(person, look, Timestamp::from_millis(at_ms), || None)
    }

    #[test]
    fn a_session_and_a_person_have_so_many_places_and_give_them_back() {
        let registry = Registry::default();
        let session = |number: usize| person(2, &(number / MOST_OF_SESSION).to_string());
        let mut held: Vec<Seat> =
            (0..MOST_OF_PERSON).map(|number| enter(&registry, session(number), "bell", 0).unwrap()).collect();
        assert_eq!(enter(&registry, person(2, "0"), "bell", 0).err(), Some(Full::Session));
        assert_eq!(enter(&registry, person(2, "9"), "bell", 0).err(), Some(Full::Person));
        enter(&registry, person(20, "other"), "bell", 0).unwrap();
        held.pop();
        enter(&registry, person(2, "9"), "bell", 0).unwrap();
        drop(held);
        assert_eq!(registry.online(), []);
        assert!(!registry.speaks(Language::English));
        assert!(registry.state().shared.is_empty() && registry.state().members.is_empty());
    }

    #[test]
    fn who_looks_at_what_is_known_once_for_all_who_see_the_same() {
        let registry = Registry::default();
        let _held: Vec<Seat> = [(1, "a"), (2, "b"), (2, "c"), (3, "d")]
            .into_iter()
            .zip(0..)
            .map(|((uid, session), at_ms)| enter(&registry, person(uid, session), "storage,bell", at_ms).unwrap())
            .collect();
        assert_eq!(registry.viewers(Topic::Storage).len(), 2, "one of each role");
        assert!(registry.viewers(Topic::Banner).is_empty());
        assert_eq!(registry.viewers_of(&AccountId::of_uid(2), Topic::Bell).len(), 1);
        assert!(registry.viewers_of(&AccountId::of_uid(4), Topic::Bell).is_empty());
        assert_eq!(registry.people().len(), 3);
        let online = registry.online();
        let shown: Vec<_> =
            online.iter().map(|one| (one.account.username.as_str(), one.sessions, one.sockets)).collect();
        assert_eq!(shown, [("1", 1, 1), ("2", 2, 2), ("3", 1, 1)]);
        let until = Timestamp::from_millis(50);
        registry.all().iter().for_each(|person| registry.set_until(person, until));
        let due = |now_ms| registry.due(Timestamp::from_millis(now_ms)).len();
        assert_eq!((due(49), due(50)), (1, 4), "administrators are always looked at");
        assert_eq!(registry.sockets_of(&person(2, "b")).len(), 1);
    }
}
