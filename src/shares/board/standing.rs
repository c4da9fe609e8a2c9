//! What has changed for a person, told apart from what merely could not be read.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::share::Right;
use crate::shares::Known;

/// What a person is held to be able to do in each share, by its name, which is what they map.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing(BTreeMap<String, Held>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    share: i64,
    right: Right,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    Gained { share: i64, name: String, right: Right },
    Changed { share: i64, name: String, right: Right },
    Lost { name: String },
}

impl Standing {
    /// By what was read alone.
    pub fn of(known: &Known) -> Self {
        let held = |access: &crate::shares::ShareAccess| {
            let right = if known.is_offered(access) { access.reach.right } else { Right::None };
            (access.share.name.clone(), Held { share: access.share.id, right })
        };
        Self(known.access.shares.iter().map(held).collect())
    }

    /// What cannot be decided for now stays as it was before.
    pub fn settled(mut self, before: &Self) -> Self {
        for (name, held) in &mut self.0 {
            if held.right == Right::Unknown {
                held.right = before.right(name);
            }
        }
        self
    }

    /// Nobody may do anything in what is not there.
    fn right(&self, name: &str) -> Right {
        self.0.get(name).map_or(Right::None, |held| held.right)
    }
}

/// What was not known before is no news once it is.
pub fn differences(before: &Standing, after: &Standing) -> Vec<Difference> {
    let names: BTreeSet<&String> = before.0.keys().chain(after.0.keys()).collect();
    let difference = |name: &String| {
        let (then, right) = (before.right(name), after.right(name));
        if then == right || [then, right].contains(&Right::Unknown) {
            return None;
        }
        let name = name.clone();
        Some(match after.0.get(&name).filter(|_| right != Right::None) {
            None => Difference::Lost { name },
            Some(Held { share, .. }) if then == Right::None => Difference::Gained { share: *share, name, right },
            Some(Held { share, .. }) => Difference::Changed { share: *share, name, right },
        })
    };
    names.into_iter().filter_map(difference).collect()
}

#[cfg(test)]
mod tests;
