//! What differs between two looks, as lines of the health feed.

use std::time::Duration;

use crate::domain::health::{Fact, Level, Reason, Snapshot};
use crate::domain::nas::{Alert, Pool};

/// Two answers of the same start may differ by this much: the NAS computes the moment anew each time.
const SAME_START: Duration = Duration::from_mins(1);

/// In the order in which a person would tell it. What was not known before is no news: the first look says nothing.
pub fn compare(before: &Snapshot, after: &Snapshot) -> Vec<Fact> {
    let mut facts = Vec::new();
    if before.going_down_since.is_none() && after.going_down_since.is_some() && before.checked_at.is_some() {
        facts.extend(goes_down(after));
    }
    if before.level != after.level && before.level != Level::Unknown {
        facts.push(Fact::LevelChanged { before: before.level, after: after.level, reason: after.reason });
        facts.extend((after.level == Level::KeyRefused).then_some(Fact::KeyRefused));
    }
    if after.level.is_up() {
        facts.extend((before.level == Level::KeyRefused).then_some(Fact::KeyAccepted));
        let restarted = is_another_start(before, after);
        if restarted.unwrap_or(before.level.is_away() && before.going_down_since.is_some()) {
            facts.push(Fact::Restarted);
        } else if before.level.is_away() {
            facts.push(Fact::LinkMended);
        }
    }
    if let (Some(old), Some(new)) = (&before.release, &after.release)
        && old != new
    {
        facts.push(Fact::Updated { before: old.to_string(), after: new.to_string() });
    }
    if before.details_at.is_some() {
        compare_pools(&before.pools, &after.pools, &mut facts);
        compare_alerts(&before.alerts, &after.alerts, &mut facts);
    }
    facts
}

fn goes_down(after: &Snapshot) -> Vec<Fact> {
    let restarts = match after.reason {
        Reason::Rebooting => true,
        Reason::ShuttingDown => false,
        // It comes up: that it went down was missed.
        _ => return Vec::new(),
    };
    let update = is_update(&after.words).then_some(Fact::UpdateBegan);
    std::iter::once(Fact::GoesDown { restarts, reason: after.words.clone() }).chain(update).collect()
}

/// Every release names an update or an upgrade as the reason of the reboot that ends one.
fn is_update(words: &str) -> bool {
    let words = words.to_lowercase();
    words.contains("update") || words.contains("upgrade")
}

/// `None` when the NAS tells nothing that differs from start to start.
fn is_another_start(before: &Snapshot, after: &Snapshot) -> Option<bool> {
    if let (Some(old), Some(new)) = (&before.boot_id, &after.boot_id) {
        return Some(old != new);
    }
    let (old, new) = (before.started_at?, after.started_at?);
    Some(new.since(old).max(old.since(new)) > SAME_START)
}

fn compare_pools(before: &[Pool], after: &[Pool], facts: &mut Vec<Fact>) {
    let find = |pools: &[Pool], name: &str| pools.iter().find(|pool| pool.name == name).cloned();
    for new in after {
        let old = find(before, &new.name);
        let same = |old: &Pool| (&old.status, old.healthy, old.warning) == (&new.status, new.healthy, new.warning);
        if !old.as_ref().is_some_and(same) {
            facts.push(Fact::PoolChanged {
                name: new.name.clone(),
                before: old.as_ref().map(|old| old.status.clone()).unwrap_or_default(),
                after: new.status.clone(),
                healthy: new.healthy && !new.warning,
            });
        }
        let pool = || new.name.clone();
        match (old.is_some_and(|old| old.scrub_percent.is_some()), new.scrub_percent.is_some()) {
            (false, true) => facts.push(Fact::ScrubBegan { pool: pool() }),
            (true, false) => facts.push(Fact::ScrubEnded { pool: pool() }),
            (true, true) | (false, false) => {}
        }
    }
    let gone = before.iter().filter(|old| find(after, &old.name).is_none());
    facts.extend(gone.map(|old| Fact::PoolChanged {
        name: old.name.clone(),
        before: old.status.clone(),
        after: String::new(),
        healthy: false,
    }));
}

fn compare_alerts(before: &[Alert], after: &[Alert], facts: &mut Vec<Fact>) {
    let known = |alerts: &[Alert], id: &str| alerts.iter().find(|alert| alert.id == id).cloned();
    for new in after {
        let text = || new.text.clone();
        match known(before, &new.id) {
            None if new.dismissed => {}
            None => facts.push(Fact::AlertRaised { level: new.level, text: text() }),
            Some(old) if !old.dismissed && new.dismissed => facts.push(Fact::AlertDismissed { text: text() }),
            // Brought back by somebody: it is open again.
            Some(old) if old.dismissed && !new.dismissed => {
                facts.push(Fact::AlertRaised { level: new.level, text: text() });
            }
            Some(_) => {}
        }
    }
    let cleared = before.iter().filter(|old| known(after, &old.id).is_none());
    facts.extend(cleared.map(|old| Fact::AlertCleared { text: old.text.clone() }));
}

#[cfg(test)]
mod tests;
