//! One browser's socket, as its shard sees it.

use std::sync::Arc;

use axum::body::Bytes;
use futures_util::stream::AbortHandle;

use crate::domain::caller::Role;
use crate::web::live::backlog::{Backlog, Kind, Pushed};
use crate::web::live::frame::Ending;
use crate::web::live::hearing::Hearers;
use crate::web::live::registry::{Id, Person, Seat};
use crate::web::live::shard::Beginning;
use crate::web::live::wire::Out;
use crate::web::live::{Counters, Topic};
use crate::web::words::Language;

/// In seconds. A browser that answers no ping is gone.
const PING_EVERY_S: u32 = 25;
const PONG_WITHIN_S: u32 = 10;
/// A browser that does not answer a goodbye within that time is left.
const CLOSE_WITHIN_S: u32 = 1;
const MINUTE_S: u32 = 60;

/// In a minute. Somebody who works with five tabs stays far below.
const MOST_MESSAGES: u16 = 60;
/// Pings, pongs and fragments too.
const MOST_FRAMES: u16 = 240;

/// Something for many sockets, encoded once.
#[derive(Debug)]
pub struct Show {
    pub bytes: Bytes,
    pub kind: Kind,
    pub language: Option<Language>,
    pub to: To,
}

/// For whom among those who read the language.
#[derive(Debug, Clone)]
pub enum To {
    /// Of the feed when there is a topic.
    Hearers(Hearers, Option<Topic>),
    /// Whoever looks at the part in this role.
    Role(Role),
    /// Whoever looks at the part of this person.
    Person(Arc<Person>),
    /// The person's other sockets.
    OthersOf(Arc<Person>, Id),
}

/// What is being made is of no use, nor is what waits, unless it was begun after this: it is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remake {
    version: u64,
    /// After this line at the latest.
    latest: u64,
}

/// How far a socket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// What it begins with is being made; what comes meanwhile waits.
    Beginning {
        /// It had fallen behind.
        again: bool,
        remake: Option<Remake>,
    },
    Open,
    /// It lags too far: once it takes something again, it begins again after this line.
    Behind {
        from: u64,
    },
    /// It has been told goodbye, and is left by this second.
    Closing {
        by_s: u32,
    },
}

#[derive(Debug)]
pub struct Socket {
    pub seat: Seat,
    /// `None` while it is being waited for.
    pub out: Option<Out>,
    pub input: AbortHandle,
    /// While something is being written. `None`: nothing is.
    pub writing: Option<AbortHandle>,
    pub stage: Stage,
    pub backlog: Option<Box<Backlog>>,
    /// It has begun again, and has not taken all of that yet.
    pub resynced: bool,
    /// All lines up to this one were for somebody else, or were sent, or wait.
    pub up_to: u64,
    /// The present it began with: what was begun before is older.
    pub version: u64,
    /// In seconds since the start.
    ping_at_s: u32,
    pong_by_s: Option<u32>,
    minute: Minute,
}

#[derive(Debug, Clone, Copy, Default)]
struct Minute {
    since_s: u32,
    messages: u16,
    frames: u16,
}

/// What a second has brought.
#[derive(Debug, PartialEq, Eq)]
pub enum Beat {
    Nothing,
    Ping,
    Gone,
}

impl Socket {
    pub fn new(seat: Seat, out: Out, input: AbortHandle, now_s: u32) -> Self {
        Self {
            seat,
            out: Some(out),
            input,
            writing: None,
            stage: Stage::Beginning { again: false, remake: None },
            backlog: None,
            resynced: false,
            up_to: 0,
            version: 0,
            ping_at_s: now_s + PING_EVERY_S,
            pong_by_s: None,
            minute: Minute::default(),
        }
    }

    /// Whether it is for this one, and news to it.
    pub fn wants(&mut self, show: &Show) -> bool {
        let Seat { id, person, look, .. } = &self.seat;
        if matches!(self.stage, Stage::Closing { .. } | Stage::Behind { .. })
            || show.language.is_some_and(|language| language != look.language)
        {
            return false;
        }
        let account = &person.account;
        let meant = match &show.to {
            To::Hearers(hearers, feed) => {
                feed.is_none_or(|topic| look.topics.contains(topic))
                    && match hearers {
                        Hearers::All => true,
                        Hearers::Administrators => account.role == Role::Administrator,
                        Hearers::Of(id) => account.id == *id,
                        Hearers::These(accounts) => accounts.contains(&account.id),
                    }
            }
            To::Role(role) => account.role == *role,
            To::Person(of) => account.id == of.account.id,
            To::OthersOf(of, but) => account.id == of.account.id && id != but,
        };
        match show.kind {
            Kind::Line(seq) => {
                let news = seq > self.up_to;
                self.up_to = self.up_to.max(seq);
                meant && news
            }
            Kind::State { topic, version } => meant && look.topics.contains(topic) && version > self.version,
            Kind::Beginning(_) | Kind::Aside => meant,
        }
    }

    /// Nothing waits, so that bytes may be written as they come.
    pub fn is_clear(&self) -> bool {
        self.stage == Stage::Open && self.out.is_some() && self.backlog.is_none()
    }

    /// `Err`: it has fallen behind once more before it had caught up, or before it had begun.
    pub fn queue(&mut self, kind: Kind, bytes: Bytes, counters: &Counters) -> Result<(), Ending> {
        let pushed = self.backlog.get_or_insert_default().push(kind, bytes);
        match pushed {
            Pushed::Kept(merged) => {
                counters.merged(merged);
                Ok(())
            }
            Pushed::TooMuch => self.fall_behind(counters),
        }
    }

    fn fall_behind(&mut self, counters: &Counters) -> Result<(), Ending> {
        let Some(backlog) = self.backlog.take() else { return Ok(()) };
        counters.dropped(backlog.len());
        match self.stage {
            Stage::Beginning { again: false, .. } => Err(Ending::Busy),
            Stage::Open if !self.resynced => {
                self.stage = Stage::Behind { from: backlog.had().unwrap_or(self.up_to) };
                Ok(())
            }
            Stage::Open | Stage::Beginning { again: true, .. } => Err(Ending::TooSlow),
            Stage::Behind { .. } | Stage::Closing { .. } => Ok(()),
        }
    }

    /// Something is still to be sent that was judged before.
    pub fn is_waiting(&self) -> bool {
        self.backlog.is_some() || matches!(self.stage, Stage::Beginning { .. })
    }

    /// What waits is thrown away, and made again from what is true then, after this line at the latest. `version` is that of
    /// now.
    pub fn begin_again(&mut self, latest: u64, version: u64) {
        match &mut self.stage {
            Stage::Open => {
                let had = self.backlog.take().and_then(|backlog| backlog.had());
                self.stage = Stage::Behind { from: had.unwrap_or(self.up_to).min(latest) };
            }
            Stage::Beginning { remake, .. } => {
                let latest = remake.map_or(latest, |remake| remake.latest.min(latest));
                *remake = Some(Remake { version, latest });
            }
            Stage::Behind { from } => *from = latest.min(*from),
            Stage::Closing { .. } => {}
        }
    }

    /// Opens it, unless this has to be made again.
    pub fn begin(&mut self, beginning: Beginning) {
        let Stage::Beginning { again, remake } = self.stage else { return };
        let Beginning { bytes, begun, from, up_to, version } = beginning;
        if let Some(Remake { version, latest }) = remake
            && (begun < version || latest < from)
        {
            self.backlog = None;
            self.stage = Stage::Behind { from: from.min(latest) };
            return;
        }
        self.backlog.get_or_insert_default().begin(from, up_to, version, bytes);
        self.up_to = self.up_to.max(up_to);
        self.version = version;
        self.resynced = again;
        self.stage = Stage::Open;
    }

    /// The next to write, when it may be written now.
    pub fn next(&mut self) -> Option<Bytes> {
        if self.out.is_none() || matches!(self.stage, Stage::Beginning { .. }) {
            return None;
        }
        let next = self.backlog.as_mut()?.next();
        if self.backlog.as_ref().is_some_and(|backlog| backlog.is_empty()) {
            self.backlog = None;
        }
        next
    }

    /// Whatever waits is not sent any more; what has been begun is.
    pub fn close(&mut self, frames: Vec<Bytes>, now_s: u32) {
        let mut last = Backlog::default();
        for bytes in frames {
            last.push(Kind::Aside, bytes);
        }
        self.backlog = Some(Box::new(last));
        self.stage = Stage::Closing { by_s: now_s + CLOSE_WITHIN_S };
    }

    pub fn beat(&mut self, now_s: u32) -> Beat {
        if let Stage::Closing { by_s } = self.stage {
            return if now_s >= by_s { Beat::Gone } else { Beat::Nothing };
        }
        // How long a full socket is waited for is another matter.
        if self.writing.is_some() {
            return Beat::Nothing;
        }
        if let Some(by_s) = self.pong_by_s {
            return if now_s >= by_s { Beat::Gone } else { Beat::Nothing };
        }
        if self.stage == Stage::Open && now_s >= self.ping_at_s {
            self.pong_by_s = Some(now_s + PONG_WITHIN_S);
            return Beat::Ping;
        }
        Beat::Nothing
    }

    pub fn answered(&mut self, now_s: u32) {
        self.pong_by_s = None;
        self.ping_at_s = now_s + PING_EVERY_S;
    }

    /// `false`: too many in this minute.
    pub fn count(&mut self, is_message: bool, now_s: u32) -> bool {
        if now_s >= self.minute.since_s + MINUTE_S {
            self.minute = Minute { since_s: now_s, ..Minute::default() };
        }
        self.minute.frames = self.minute.frames.saturating_add(1);
        self.minute.messages = self.minute.messages.saturating_add(u16::from(is_message));
        self.minute.frames <= MOST_FRAMES && self.minute.messages <= MOST_MESSAGES
    }
}

impl Drop for Socket {
    /// Both directions are given back to the kernel only when nobody waits for either.
    fn drop(&mut self) {
        self.input.abort();
        if let Some(writing) = &self.writing {
            writing.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::domain::Timestamp;
    use crate::domain::caller::{Account, AccountId};
    use crate::domain::session::SessionId;
    use crate::web::live::Topics;
    use crate::web::live::registry::{Look, Registry};

    async fn of_ana() -> Socket {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (id, username) = (AccountId::of_uid(1), "ana".to_owned());
        let account = Account { id, username, full_name: String::new(), role: Role::Employee };
        let person = Person { account, session: SessionId::new("s") };
        let look = Look { language: Language::English, topics: Topics::default() };
        let seat = Registry::default().enter(person, look, Timestamp::from_millis(0), || None).unwrap();
        Socket::new(seat, Out::Plain(stream.into_split().1), AbortHandle::new_pair().0, 0)
    }

    fn told(socket: &mut Socket, seq: u64) {
        let hearers = Hearers::These(Arc::new(HashSet::from([AccountId::of_uid(1)])));
        let show = Show {
            bytes: format!("line {seq}. ").into(),
            kind: Kind::Line(seq),
            language: None,
            to: To::Hearers(hearers, None),
        };
        assert!(socket.wants(&show));
        socket.queue(show.kind, show.bytes, &Counters::default()).unwrap();
    }

    fn begin(socket: &mut Socket, begun: u64) {
        socket.begin(Beginning { bytes: "present ".into(), begun, from: 5, up_to: 6, version: begun + 1 });
    }

    #[tokio::test]
    async fn what_was_made_and_what_came_by_rights_that_are_gone_is_thrown_away_while_a_socket_begins() {
        let mut socket = of_ana().await;
        told(&mut socket, 7);
        begin(&mut socket, 1);
        assert_eq!(socket.next(), Some("present line 7. ".into()));

        let mut socket = of_ana().await;
        told(&mut socket, 7);
        assert!(socket.is_waiting());
        socket.begin_again(u64::MAX, 2);
        begin(&mut socket, 1);
        assert_eq!((socket.next(), socket.stage), (None, Stage::Behind { from: 5 }));
    }

    #[tokio::test]
    async fn what_is_begun_after_the_rights_have_changed_need_not_be_made_again() {
        let mut socket = of_ana().await;
        socket.begin_again(u64::MAX, 2);
        begin(&mut socket, 3);
        assert_eq!(socket.next(), Some("present ".into()));

        let mut socket = of_ana().await;
        socket.begin_again(4, 2);
        begin(&mut socket, 3);
        assert_eq!((socket.next(), socket.stage), (None, Stage::Behind { from: 4 }), "a line before it was withheld");
    }
}
