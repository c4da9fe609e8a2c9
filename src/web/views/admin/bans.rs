//! Who has to wait before the next try, and why.

use serde::Serialize;

use crate::auth::{Counted, Door, counted};
use crate::domain::ban::Ban;
use crate::web::views::{Panel, TimeView, Viewpoint};

#[derive(Debug, Serialize)]
pub struct BansPanel {
    pub rows: Vec<BanRow>,
}

#[derive(Debug, Serialize)]
pub struct BanRow {
    pub key: String,
    /// The keys of what is counted, and of where it was tried.
    pub what: &'static str,
    pub door: Option<&'static str>,
    pub account: String,
    pub address: String,
    pub failures: u32,
    pub since: TimeView,
    pub until: TimeView,
}

impl BansPanel {
    pub fn of(bans: &[Ban], viewpoint: &Viewpoint) -> Self {
        Self { rows: bans.iter().map(|ban| BanRow::of(ban, viewpoint)).collect() }
    }
}

impl BanRow {
    fn of(ban: &Ban, viewpoint: &Viewpoint) -> Self {
        let (what, door, Counted { account, address, .. }) = meaning(&ban.key);
        Self {
            key: ban.key.clone(),
            what,
            door,
            account,
            address,
            failures: ban.failures,
            since: viewpoint.see(ban.first_at),
            until: viewpoint.see(ban.until),
        }
    }
}

/// The keys of what is counted and of where it was tried, and whose failures they are.
pub fn meaning(key: &str) -> (&'static str, Option<&'static str>, Counted) {
    let counted = counted(key);
    let what = match (counted.account.is_empty(), counted.address.is_empty()) {
        (false, false) => "bans-pair",
        (false, true) => "bans-account",
        (true, _) => "bans-address",
    };
    let door = match counted.door {
        Door::Password => None,
        Door::Emergency => Some("bans-emergency"),
        Door::Code => Some("bans-code"),
    };
    (what, door, counted)
}

impl Panel for BansPanel {
    const PATH: &'static str = "/admin/bans";
    const TEMPLATE: &'static str = "pages/admin/bans.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::web::words::Language;

        let viewpoint = Viewpoint::sample(Language::Portuguese);
        let now = viewpoint.now;
        let ban = |key: &str| Ban { key: key.into(), failures: 7, first_at: now, last_at: now, until: now };
        let keys = [
            "pair:\"><img src=x onerror=1>|10.0.0.7",
            "account:local\\plantao",
            "address:10.0.0.9",
            "usual:code\\carla|10.0.0.3",
        ];
        vec![Self::of(&keys.map(ban), &viewpoint), Self::of(&[], &viewpoint)]
    }
}
