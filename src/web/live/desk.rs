//! What everything about sockets shares: who is there, what they begin with, and the way to their shards.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::{Notify, Semaphore, mpsc};

use crate::auth::Sessions;
use crate::domain::caller::{Account, AccountId};
use crate::domain::event::{Cursor, Panel, Region};
use crate::live::Hub;
use crate::runtime::{Clock, Tasks};
use crate::shares::{Board, Following};
use crate::web::live::backlog::Kind;
use crate::web::live::beginning::{Composed, Start};
use crate::web::live::frame::{self, Ending};
use crate::web::live::hearing::Hearing;
use crate::web::live::registry::{Id, Look, OnlinePerson, Person, Registry};
use crate::web::live::seen::Seen;
use crate::web::live::shard::{Beginning, Order, Which};
use crate::web::live::socket::{Show, To};
use crate::web::live::{Counters, Present};
use crate::web::words::Language;

/// What a shard may lag behind. Whoever tells waits, and what is told meanwhile waits in the hub.
const ORDERS: usize = 1_024;
/// Many come at once after a restart; each wants the present read and rendered.
const BEGINNINGS_AT_ONCE: usize = 16;
/// The present is what is known; waiting for somebody who knows more is no way to begin. Standing in line is no waiting.
const BEGIN_WITHIN: Duration = Duration::from_secs(10);

/// A page that asks from time to time has the next time.
const READ_WITHIN: Duration = Duration::from_secs(2);

/// Cheap to clone; all clones are one desk.
#[derive(Debug, Clone)]
pub struct Desk(Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) hub: Hub,
    pub(super) sessions: Sessions,
    pub(super) board: Board,
    pub(super) hearing: Hearing,
    pub(super) present: Arc<dyn Present>,
    pub(super) registry: Registry,
    pub(super) seen: Seen,
    pub(super) counters: Counters,
    pub(super) clock: Clock,
    pub(super) tasks: Tasks,
    shards: Vec<mpsc::Sender<Order>>,
    /// The last line told to the shards. Held while anything is told, so that all frames go in one order.
    telling: tokio::sync::Mutex<u64>,
    /// Numbers the readings of the present.
    versions: AtomicU64,
    beginnings: Semaphore,
    pub(super) changed: Changed,
    /// Apart from all others: counting what somebody has not read takes its time.
    pub(super) bells: Changed,
    /// That somebody came or went is told once until it has been shown.
    online_told: AtomicBool,
}

/// Parts to be shown anew, as soon as it is time.
#[derive(Debug, Default)]
pub struct Changed {
    regions: Mutex<HashSet<Region>>,
    change: Notify,
}

impl Changed {
    fn mark(&self, region: Region) {
        self.regions().insert(region);
        self.change.notify_one();
    }

    pub async fn notified(&self) {
        self.change.notified().await;
    }

    /// From here on a change counts as another one.
    pub fn take(&self) -> HashSet<Region> {
        std::mem::take(&mut *self.regions())
    }

    /// A plain set: a panic elsewhere leaves it whole.
    fn regions(&self) -> MutexGuard<'_, HashSet<Region>> {
        self.regions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of the house.
#[derive(Debug)]
pub struct Rooms {
    pub hub: Hub,
    pub sessions: Sessions,
    pub board: Board,
    pub present: Arc<dyn Present>,
    pub clock: Clock,
    pub tasks: Tasks,
    pub registry: Registry,
}

impl Desk {
    /// Beside it, where each shard gets its orders from.
    pub fn new(rooms: Rooms) -> (Self, Vec<mpsc::Receiver<Order>>) {
        let Rooms { hub, sessions, board, present, clock, tasks, registry } = rooms;
        let cores = available_parallelism().map_or(1, usize::from);
        let (shards, orders) = (0..cores).map(|_| mpsc::channel(ORDERS)).unzip();
        let telling = tokio::sync::Mutex::new(hub.cursor().seq);
        let desk = Self(Arc::new(Inner {
            hub,
            sessions,
            hearing: Hearing::new(board.clone()),
            board,
            present,
            registry,
            seen: Seen::default(),
            counters: Counters::default(),
            clock,
            tasks,
            shards,
            telling,
            versions: AtomicU64::new(1),
            beginnings: Semaphore::new(BEGINNINGS_AT_ONCE),
            changed: Changed::default(),
            bells: Changed::default(),
            online_told: AtomicBool::new(false),
        }));
        (desk, orders)
    }

    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// Who has a page open, for administrators.
    pub fn online(&self) -> Vec<OnlinePerson> {
        self.0.registry.online()
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }

    pub fn follow(&self, person: &Person) -> Option<Following> {
        let account = &person.account;
        (!account.id.is_local()).then(|| self.0.board.follow(&account.id, &account.username))
    }

    /// Nobody follows a page that asks from time to time.
    pub async fn read_rights(&self, account: &Account) {
        self.0.board.current_within(READ_WITHIN, account).await;
    }

    /// A number larger than those of all readings of the present begun before.
    pub fn version(&self) -> u64 {
        self.0.versions.fetch_add(1, Ordering::Relaxed)
    }

    /// To the shard that has the socket.
    pub async fn order(&self, id: Id, order: Order) {
        let shard = usize::try_from(id.0).unwrap_or_default() % self.0.shards.len();
        // Its task is gone: the process stops.
        let _ = self.0.shards[shard].send(order).await;
    }

    pub async fn order_all(&self, order: impl Fn() -> Order) {
        for shard in &self.0.shards {
            let _ = shard.send(order()).await;
        }
    }

    /// A line that has come, as markup in each language somebody reads.
    pub async fn tell(&self, seq: u64, shows: Vec<Show>) {
        let mut last = self.0.telling.lock().await;
        *last = (*last).max(seq);
        for show in shows {
            let show = Arc::new(show);
            self.order_all(|| Order::Show(show.clone())).await;
        }
    }

    /// A part as it is now, to all of a kind. It goes as far as the lines that were told before it.
    pub async fn show(&self, markup: &str, kind: Kind, language: Language, to: To) {
        let last = self.0.telling.lock().await;
        let bytes = frame::text(&self.up_to(markup, *last));
        let show = Arc::new(Show { bytes, kind, language: Some(language), to });
        self.order_all(|| Order::Show(show.clone())).await;
    }

    /// Markup, and how far whoever gets it has heard with it.
    pub fn up_to(&self, markup: &str, seq: u64) -> String {
        let cursor = Cursor { seq, ..self.0.hub.cursor() };
        format!(
            "{markup}<hx-partial hx-target=\"#cursor\" hx-swap=\"outerHTML\">\
             <span id=\"cursor\" data-cursor=\"{cursor}\" hidden></span></hx-partial>"
        )
    }

    /// A socket that had fallen behind takes something again.
    pub fn begin_again(&self, id: Id, person: Arc<Person>, look: Look, from: u64) {
        let desk = self.clone();
        let start = Start::Again(Cursor { seq: from, ..self.0.hub.cursor() });
        self.0.tasks.run("socket begins again", async move { desk.begin(id, &person, look, &start).await });
    }

    /// Makes what a socket begins with and hands it to its shard.
    pub async fn begin(&self, id: Id, person: &Person, look: Look, start: &Start) {
        let account = &person.account;
        let Ok(turn) = self.0.beginnings.acquire().await else { return };
        // Rendering takes much room, and only for a moment.
        let beginning = self.compose(account, look, start).boxed();
        let composed = self.0.clock.timeout(BEGIN_WITHIN, beginning).await.ok().flatten();
        drop(turn);
        let (order, withheld) = match composed {
            Some(composed) => {
                let bytes = composed.pieces.iter().flat_map(|piece| frame::text(piece)).collect();
                let Composed { begun, from, up_to, version, withheld, .. } = composed;
                (Order::Begin(id, Beginning { bytes, begun, from, up_to, version }), withheld)
            }
            None => (Order::Close(id, None, Ending::Busy), None),
        };
        self.order(id, order).await;
        if let Some(seq) = withheld {
            self.0.hearing.withhold(&account.id, seq);
            // They may have become known since.
            self.make_up(&account.id).await;
        }
    }

    /// Gives somebody the lines that were withheld from them, if that need not be any more. Says whether there were any.
    pub async fn make_up(&self, account: &AccountId) -> bool {
        let Some(seq) = self.0.hearing.take_withheld(account) else { return false };
        self.order_all(|| Order::BeginAgain(Which::From(account.clone(), seq.saturating_sub(1)))).await;
        true
    }

    /// A toast was shown in one browser of a person: the others need not.
    pub fn see(&self, id: Id, person: Arc<Person>, seq: u64) {
        if !self.0.seen.mark(&person.account.id, seq) {
            return;
        }
        let markup =
            format!("<hx-partial hx-target='#toasts-waiting > [data-seq=\"{seq}\"]' hx-swap=\"delete\"></hx-partial>");
        let to = To::OthersOf(person, id);
        let show = Arc::new(Show { bytes: frame::text(&markup), kind: Kind::Aside, language: None, to });
        for shard in &self.0.shards {
            // Shown twice is no harm: a busy shard need not be waited for.
            let _ = shard.try_send(Order::Show(show.clone()));
        }
    }

    /// Somebody came or went.
    pub fn tell_online(&self) {
        if !self.0.online_told.swap(true, Ordering::Relaxed) {
            self.0.hub.changed(Region::Room(Panel::Online));
        }
    }

    /// From here on somebody who comes or goes counts as another one.
    pub fn online_is_shown(&self) {
        self.0.online_told.store(false, Ordering::Relaxed);
    }

    pub fn mark_changed(&self, regions: impl IntoIterator<Item = Region>) {
        for region in regions {
            if let Region::Bell(account) | Region::Shares(account) = &region {
                self.0.bells.mark(Region::Bell(account.clone()));
            }
            if !matches!(region, Region::Bell(_)) {
                self.0.changed.mark(region);
            }
        }
    }
}
