//! The pools: how they are, how full, and how far a check of them has come.

use serde::Serialize;

use crate::domain::health::Snapshot;
use crate::domain::nas::Pool;
use crate::web::views::Piece;
use crate::web::words::Language;

#[derive(Debug, Serialize)]
pub struct PoolsView {
    pub pools: Vec<PoolRow>,
    /// They were read at least once.
    pub read: bool,
}

#[derive(Debug, Serialize)]
pub struct PoolRow {
    pub name: String,
    /// As the NAS says it.
    pub status: String,
    pub light: &'static str,
    pub used: Option<UsedView>,
    pub scrub: Option<u8>,
}

#[derive(Debug, Serialize)]
pub struct UsedView {
    pub percent: u64,
    pub allocated: String,
    pub size: String,
}

impl PoolsView {
    pub fn of(seen: &Snapshot, language: Language) -> Self {
        Self { pools: seen.pools.iter().map(|pool| row(pool, language)).collect(), read: seen.details_at.is_some() }
    }
}

fn row(pool: &Pool, language: Language) -> PoolRow {
    let used = pool.size.zip(pool.allocated).filter(|(size, _)| *size > 0).map(|(size, allocated)| UsedView {
        percent: u64::try_from(u128::from(allocated) * 100 / u128::from(size)).unwrap_or(100).min(100),
        allocated: amount(allocated, language),
        size: amount(size, language),
    });
    let light = match (pool.healthy, pool.warning) {
        (false, _) => "trouble",
        (true, true) => "attention",
        (true, false) => "well",
    };
    PoolRow { name: pool.name.clone(), status: pool.status.clone(), light, used, scrub: pool.scrub_percent }
}

/// As TrueNAS counts: by 1,024.
fn amount(bytes: u64, language: Language) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    let (mut tenths, mut unit) = (u128::from(bytes) * 10 / 1_024, 0);
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        (tenths, unit) = (tenths / 1_024, unit + 1);
    }
    let point = match language {
        Language::Portuguese => ',',
        Language::English => '.',
    };
    match tenths % 10 {
        0 => format!("{} {}", tenths / 10, UNITS[unit]),
        rest => format!("{}{point}{rest} {}", tenths / 10, UNITS[unit]),
    }
}

impl Piece for PoolsView {
    const COMPONENT: &'static str = "watch.pools";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::domain::Timestamp;

        let pool = |name: &str, healthy, warning, size, scrub_percent| Pool {
            name: name.into(),
            status: if healthy { "ONLINE".into() } else { "DEGRADED".into() },
            healthy,
            warning,
            size,
            allocated: size.map(|size: u64| size / 8 * 7),
            scrub_percent,
        };
        let now = Timestamp::from_millis(0);
        let pools = vec![
            pool("tank", true, false, Some(8 << 40), Some(42)),
            pool("arquivo", true, true, Some(4 << 40), None),
            pool("\"><img src=x onerror=1>", false, false, None, None),
        ];
        let seen = Snapshot { pools, details_at: Some(now), ..Snapshot::unknown(now) };
        let none = Snapshot { pools: Vec::new(), ..seen.clone() };
        [&seen, &none, &Snapshot::unknown(now)].map(|seen| Self::of(seen, Language::Portuguese)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_short_and_in_the_units_of_the_nas() {
        for (bytes, portuguese, english) in [
            (0, "0 KiB", "0 KiB"),
            (512, "0,5 KiB", "0.5 KiB"),
            (7 << 39, "3,5 TiB", "3.5 TiB"),
            (4 << 40, "4 TiB", "4 TiB"),
            (u64::MAX, "16383,9 PiB", "16383.9 PiB"),
        ] {
            assert_eq!([Language::Portuguese, Language::English].map(|one| amount(bytes, one)), [portuguese, english]);
        }
    }
}
