//! From the hub to the shards: lines at once and in their order, parts shown whole at most every few moments, each
//! rendered once for all who see the same.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::domain::event::{Cursor, Line, Panel, Region, Told};
use crate::live::{Heard, Replay, Subscription};
use crate::web::live::backlog::Kind;
use crate::web::live::desk::Desk;
use crate::web::live::frame;
use crate::web::live::registry::{Person, Registry};
use crate::web::live::shard::{Order, Which};
use crate::web::live::socket::{Show, To};
use crate::web::live::{Topic, Viewer};
use crate::web::words::Language;

/// Eyes do not see more.
const SHOW_EVERY: Duration = Duration::from_millis(50);
/// Counting what somebody has not read is work for the database, and nobody watches the bell for it.
const RING_EVERY: Duration = Duration::from_secs(1);
/// What takes longer is not shown this time.
const RENDER_WITHIN: Duration = Duration::from_secs(5);
/// Somebody who watches them sees soon enough what became of one.
const ROUNDS_EVERY: Duration = Duration::from_secs(5);
const RENDERS_AT_ONCE: usize = 8;
/// Each waits for the database, which with many at once would keep requests from the processor.
const BELLS_AT_ONCE: usize = 1;

/// Passes on what the hub tells, until the stop. `heard`, and then `last`, were made before anybody could come.
pub async fn lines(desk: Desk, mut heard: Subscription, mut last: Cursor, stop: CancellationToken) {
    loop {
        let news = tokio::select! {
            () = stop.cancelled() => return,
            news = heard.next() => news,
        };
        match news {
            Some(Heard::Told(told)) => tell(&desk, &mut last, &told).await,
            Some(Heard::Changed(region)) => {
                if let Region::Shares(account) = &region
                    && !desk.make_up(account).await
                {
                    desk.order_all(|| Order::BeginAgain(Which::Waiting(Some(account.clone())))).await;
                }
                desk.mark_changed([region]);
            }
            Some(Heard::Missed) => catch_up(&desk, &mut last).await,
            None => return stop.cancelled().await,
        }
    }
}

async fn tell(desk: &Desk, last: &mut Cursor, told: &Told) {
    // Read already, when something had been missed.
    if told.seq <= last.seq {
        return;
    }
    last.seq = told.seq;
    let inner = desk.inner();
    let spoken = Language::ALL.into_iter().filter(|language| inner.registry.speaks(*language));
    let spoken: Vec<Language> = spoken.collect();
    let lines: Vec<(Language, String)> =
        spoken.into_iter().filter_map(|language| Some((language, inner.present.line(told, language)?))).collect();
    if lines.is_empty() {
        return desk.tell(told.seq, Vec::new()).await;
    }
    let hearers = inner.hearing.hearers(told, &inner.registry);
    let feed = match told.line {
        Line::Notice(_) => None,
        Line::Fact(_) => Some(Topic::Feed),
    };
    let show = |(language, line): (Language, String)| Show {
        bytes: frame::text(&desk.up_to(&line, told.seq)),
        kind: Kind::Line(told.seq),
        language: Some(language),
        to: To::Hearers(hearers.clone(), feed),
    };
    desk.tell(told.seq, lines.into_iter().map(show).collect()).await;
    if feed.is_none() {
        desk.mark_changed(hearers.among(&inner.registry).into_iter().map(Region::Bell));
    }
}

/// More came at once than the hub keeps for us: the lines are read, the parts all shown anew.
async fn catch_up(desk: &Desk, last: &mut Cursor) {
    let inner = desk.inner();
    match inner.hub.since(last).await {
        Ok(Replay::Lines(lines)) => {
            for told in lines {
                tell(desk, last, &told).await;
            }
        }
        Ok(Replay::Gap) => {
            *last = inner.hub.cursor();
            info!("more happened than could be told: all pages are given the present");
            desk.tell(last.seq, Vec::new()).await;
            desk.order_all(|| Order::BeginAgain(Which::All)).await;
        }
        Err(error) => {
            warn!(error = &error as &dyn std::error::Error, "what was missed cannot be read: all pages begin again");
            desk.order_all(|| Order::BeginAgain(Which::All)).await;
        }
    }
    // That rights have changed may be among what was missed.
    desk.order_all(|| Order::BeginAgain(Which::Waiting(None))).await;
    let shared = [Region::Storage, Region::Banner, Region::Announcements, Region::Status];
    desk.mark_changed(shared.into_iter().chain(Panel::ALL.map(Region::Room)));
    for person in inner.registry.people() {
        let account = &person.account.id;
        desk.make_up(account).await;
        desk.mark_changed([Region::Shares(account.clone())]);
    }
}

/// Rounds say nothing when they end, and something is always ending.
pub async fn rounds(desk: Desk, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = desk.inner().clock.sleep(ROUNDS_EVERY) => {}
        }
        desk.mark_changed([Region::Room(Panel::Rounds)]);
    }
}

/// Shows what has changed, until the stop.
pub async fn parts(desk: Desk, stop: CancellationToken) {
    let inner = desk.inner();
    let showing = async {
        loop {
            inner.changed.notified().await;
            let rest = inner.clock.sleep(SHOW_EVERY);
            futures_util::future::join(show_all(&desk, &inner.changed.take(), RENDERS_AT_ONCE), rest).await;
        }
    };
    stop.run_until_cancelled(showing).await;
}

/// The same for bells, until the stop: no other part waits until they have been counted.
pub async fn bells(desk: Desk, stop: CancellationToken) {
    let inner = desk.inner();
    let ringing = async {
        loop {
            inner.bells.notified().await;
            inner.clock.sleep(RING_EVERY).await;
            show_all(&desk, &inner.bells.take(), BELLS_AT_ONCE).await;
        }
    };
    stop.run_until_cancelled(ringing).await;
}

async fn show_all(desk: &Desk, regions: &HashSet<Region>, at_once: usize) {
    if regions.contains(&Region::Room(Panel::Online)) {
        desk.online_is_shown();
    }
    let registry = &desk.inner().registry;
    let parts: HashSet<(Topic, Language, Arc<Person>)> =
        regions.iter().flat_map(|region| parts_of(region, registry)).collect();
    let shows: Vec<_> = parts.into_iter().map(|part| show(desk.clone(), part)).collect();
    stream::iter(shows).buffer_unordered(at_once).collect::<()>().await;
}

/// What of it is looked at, in which language and by whom: by one for all of a role where they see the same.
fn parts_of(region: &Region, registry: &Registry) -> Vec<(Topic, Language, Arc<Person>)> {
    // All that is another one for each person hangs on their rights. The bell is marked beside it.
    let topics: Vec<Topic> = if matches!(region, Region::Shares(_)) {
        Topic::ALL.into_iter().filter(|topic| topic.is_personal() && *topic != Topic::Bell).collect()
    } else {
        vec![Topic::of_region(region)]
    };
    let viewed = |topic: Topic| {
        let viewers = match region.of_account() {
            Some(account) => registry.viewers_of(account, topic),
            None if topic.is_personal() => registry.all_viewers_of(topic),
            None => registry.viewers(topic),
        };
        viewers.into_iter().map(move |(language, person)| (topic, language, person))
    };
    topics.into_iter().flat_map(viewed).collect()
}

async fn show(desk: Desk, (topic, language, person): (Topic, Language, Arc<Person>)) {
    let inner = desk.inner();
    let version = desk.version();
    let viewer = Viewer { account: &person.account, language, up_to: inner.hub.cursor().seq };
    let shown = inner.clock.timeout(RENDER_WITHIN, inner.present.present(topic, &viewer)).await;
    let to = if topic.is_personal() { To::Person(person.clone()) } else { To::Role(person.account.role) };
    match shown {
        Ok(Some(markup)) => desk.show(&markup, Kind::State { topic, version }, language, to).await,
        Ok(None) => {}
        Err(_) => warn!(topic = topic.as_str(), "a part of the page took too long and is not shown anew"),
    }
}
