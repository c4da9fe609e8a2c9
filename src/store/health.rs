//! How the storage was: sums that grow coarser with age, the moments it changed, and which process writes them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use sea_orm::sea_query::{Expr, ExprTrait as _, InsertStatement, OnConflict, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, DeriveIden, QueryResult};

use crate::domain::Timestamp;
use crate::domain::health::{Level, Reason, Tally};
use crate::store::row::{Row, check_texts, is};
use crate::store::{Error, Store};

const SAMPLE_TABLE: &str = "health_sample";
const TRANSITION_TABLE: &str = "health_transition";
const LEASE_TABLE: &str = "health_lease";

/// The one row that says which process writes.
pub(super) const LEASE_ID: i64 = 1;
/// In characters, of the name a process gives itself.
pub(super) const HOLDER_LIMIT: u32 = 64;
/// In characters, of a level or a reason.
pub(super) const WORD_LIMIT: u32 = 32;

#[derive(DeriveIden, Clone, Copy)]
#[sea_orm(iden = "health_sample")]
pub(super) enum Sample {
    #[sea_orm(iden = "health_sample")]
    Table,
    Grain,
    At,
    OnlineMs,
    AttentionMs,
    PlannedMs,
    RestartingMs,
    UnreachableMs,
    KeyRefusedMs,
    WindowMs,
    Looks,
    Answers,
    LatencySumMs,
    LatencyMinMs,
    LatencyMaxMs,
}

#[derive(DeriveIden)]
#[sea_orm(iden = "health_transition")]
pub(super) enum Transition {
    #[sea_orm(iden = "health_transition")]
    Table,
    Number,
    At,
    Before,
    After,
    Reason,
}

#[derive(DeriveIden)]
#[sea_orm(iden = "health_lease")]
pub(super) enum Lease {
    #[sea_orm(iden = "health_lease")]
    Table,
    Id,
    Holder,
    Until,
}

/// How much time one row of sums stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grain {
    /// A single look.
    Look,
    Minute,
    Hour,
}

impl Grain {
    const ALL: [Self; 3] = [Self::Look, Self::Minute, Self::Hour];

    /// As it is kept: the span in milliseconds, and nothing for a look.
    const fn as_millis(self) -> i64 {
        match self {
            Self::Look => 0,
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
        }
    }

    const fn coarser(self) -> Option<Self> {
        match self {
            Self::Look => Some(Self::Minute),
            Self::Minute => Some(Self::Hour),
            Self::Hour => None,
        }
    }
}

/// The level changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthTransition {
    pub number: i64,
    pub at: Timestamp,
    pub before: Level,
    pub after: Level,
    pub reason: Reason,
}

/// What is summed as it is; the two extremes of the latency are null where nobody answered.
const SUMS: [Sample; 10] = [
    Sample::OnlineMs,
    Sample::AttentionMs,
    Sample::PlannedMs,
    Sample::RestartingMs,
    Sample::UnreachableMs,
    Sample::KeyRefusedMs,
    Sample::WindowMs,
    Sample::Looks,
    Sample::Answers,
    Sample::LatencySumMs,
];

impl Store {
    /// Says whether `holder` is the one who writes, now and `span` from now on. A lease that ran out is anybody's, and so is
    /// one further ahead than any can be: the clock was set back since.
    pub async fn take_health_lease(&self, holder: &str, now: Timestamp, span: Duration) -> Result<bool, Error> {
        check_texts(LEASE_TABLE, &[("holder", holder, HOLDER_LIMIT)])?;
        let until = now.plus(span).as_millis();
        let until_column = || Expr::col(Lease::Until);
        let mine = is(Lease::Holder, holder);
        let free = mine.or(until_column().lt(now.as_millis())).or(until_column().gt(until));
        let query = Query::update()
            .table(Lease::Table)
            .values([(Lease::Holder, holder.into()), (Lease::Until, until.into())])
            .and_where(Expr::col(Lease::Id).eq(LEASE_ID))
            .and_where(free)
            .take();
        self.change(&query, Error::WriteHealth).await?;
        // MariaDB counts no row that already was as it was to become, so the row itself is asked.
        let query = Query::select()
            .columns([Lease::Id, Lease::Holder])
            .from(Lease::Table)
            .and_where(Expr::col(Lease::Id).eq(LEASE_ID))
            .take();
        let Some(values) = self.connection.query_one(&query).await.map_err(Error::ReadHealth)? else {
            return Ok(false);
        };
        let held_by: String = Row::new::<i64>(&values, LEASE_TABLE, "id")?.get("holder")?;
        Ok(held_by == holder)
    }

    /// Nobody holds it any more, if `holder` did.
    pub async fn release_health_lease(&self, holder: &str) -> Result<(), Error> {
        let query = Query::update()
            .table(Lease::Table)
            .values([(Lease::Holder, "".into()), (Lease::Until, 0.into())])
            .and_where(is(Lease::Holder, holder))
            .take();
        self.change(&query, Error::WriteHealth).await.map(|_| ())
    }

    /// Of two looks at the same moment, which only a clock that was set gives, the first stays.
    pub async fn add_health_sample(&self, at: Timestamp, tally: &Tally) -> Result<(), Error> {
        let once =
            OnConflict::columns([Sample::Grain, Sample::At]).do_nothing_on([Sample::Grain, Sample::At]).to_owned();
        let query = insert_samples([(at.as_millis(), tally)], Grain::Look).on_conflict(once).take();
        self.change(&query, Error::WriteHealth).await.map(|_| ())
    }

    /// The sums of each `step` of the span that holds anything, the oldest first. Steps are counted from its start; a coarse
    /// row counts where it begins.
    pub async fn list_health_sums(
        &self,
        span: Range<Timestamp>,
        step: Duration,
    ) -> Result<Vec<(Timestamp, Tally)>, Error> {
        let step = i64::try_from(step.as_millis()).unwrap_or(i64::MAX).clamp(1, i64::MAX);
        let start = span.start.as_millis();
        let whole = if self.connection.get_database_backend() == DbBackend::MySql { "SIGNED" } else { "BIGINT" };
        let bucket = Expr::col(Sample::At).sub(Expr::col(Sample::At).sub(start).modulo(step));
        let mut query = Query::select();
        query.expr_as(bucket, "bucket").from(Sample::Table);
        for column in SUMS {
            query.expr_as(Expr::col(column).sum().cast_as(whole), column);
        }
        query
            .expr_as(Expr::col(Sample::LatencyMinMs).min(), Sample::LatencyMinMs)
            .expr_as(Expr::col(Sample::LatencyMaxMs).max(), Sample::LatencyMaxMs)
            .and_where(Expr::col(Sample::Grain).is_in(Grain::ALL.map(Grain::as_millis)))
            .and_where(Expr::col(Sample::At).gte(start))
            .and_where(Expr::col(Sample::At).lt(span.end.as_millis()))
            .group_by_col("bucket")
            .order_by("bucket", Order::Asc);
        let rows = self.connection.query_all(&query).await.map_err(Error::ReadHealth)?;
        rows.iter().map(|values| decode(values, "bucket")).collect()
    }

    /// Makes rows of `from` that are older than `before` part of coarser rows, at most `limit` at once; says how many. The
    /// sums stay what they were. Of the coarsest all go.
    pub async fn thin_health_samples(&self, from: Grain, before: Timestamp, limit: u64) -> Result<u64, Error> {
        let Some(to) = from.coarser() else { return self.remove_health_samples(from, before).await };
        let old = &select_samples(from, i64::MIN..before.as_millis()).limit(limit).take();
        self.write(|tx| async move {
            let db = tx.connection();
            let fine = list_samples(db, old).await?;
            let (Some((first, _)), Some((last, _))) = (fine.first(), fine.last()) else { return Ok(0) };
            let (first, last) = (first.as_millis(), last.as_millis());
            let start = |at: i64| at - at.rem_euclid(to.as_millis());
            let span = start(first)..start(last).saturating_add(1);
            let coarse = list_samples(db, &select_samples(to, span.clone())).await?;
            let mut sums: BTreeMap<i64, Tally> = BTreeMap::new();
            for (at, tally) in fine.iter().chain(&coarse) {
                let sum = sums.entry(start(at.as_millis())).or_default();
                *sum = sum.plus(tally);
            }
            for (grain, span) in [(to, span), (from, first..last.saturating_add(1))] {
                let gone = Query::delete()
                    .from_table(Sample::Table)
                    .and_where(Expr::col(Sample::Grain).eq(grain.as_millis()))
                    .and_where(Expr::col(Sample::At).gte(span.start))
                    .and_where(Expr::col(Sample::At).lt(span.end))
                    .take();
                db.execute(&gone).await.map_err(Error::WriteHealth)?;
            }
            let insert = insert_samples(sums.iter().map(|(at, tally)| (*at, tally)), to);
            db.execute(&insert).await.map_err(Error::WriteHealth)?;
            Ok(u64::try_from(fine.len()).unwrap_or(u64::MAX))
        })
        .await
    }

    async fn remove_health_samples(&self, grain: Grain, before: Timestamp) -> Result<u64, Error> {
        let query = Query::delete()
            .from_table(Sample::Table)
            .and_where(Expr::col(Sample::Grain).eq(grain.as_millis()))
            .and_where(Expr::col(Sample::At).lt(before.as_millis()))
            .take();
        self.change(&query, Error::WriteHealth).await
    }

    /// The one who writes adds the next one; its own number is not looked at.
    pub async fn add_health_transition(&self, transition: &HealthTransition) -> Result<(), Error> {
        let last = &select_transitions(None, 1);
        self.write(|tx| async move {
            let row = tx.connection().query_one(last).await.map_err(Error::ReadHealth)?;
            let number = row.as_ref().map(decode_transition).transpose()?.map_or(1, |last| last.number + 1);
            let HealthTransition { at, before, after, reason, .. } = transition;
            let insert = Query::insert()
                .into_table(Transition::Table)
                .columns([
                    Transition::Number,
                    Transition::At,
                    Transition::Before,
                    Transition::After,
                    Transition::Reason,
                ])
                .values_panic([
                    number.into(),
                    at.as_millis().into(),
                    before.as_str().into(),
                    after.as_str().into(),
                    reason.as_str().into(),
                ])
                .take();
            tx.connection().execute(&insert).await.map_err(Error::WriteHealth)?;
            Ok(())
        })
        .await
    }

    /// The newest first, from before number `before` or from the end.
    pub async fn list_health_transitions(
        &self,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<HealthTransition>, Error> {
        let rows = self.connection.query_all(&select_transitions(before, limit)).await.map_err(Error::ReadHealth)?;
        rows.iter().map(decode_transition).collect()
    }
}

fn select_samples(grain: Grain, span: Range<i64>) -> SelectStatement {
    Query::select()
        .columns([Sample::At])
        .columns(SUMS)
        .columns([Sample::LatencyMinMs, Sample::LatencyMaxMs])
        .from(Sample::Table)
        .and_where(Expr::col(Sample::Grain).eq(grain.as_millis()))
        .and_where(Expr::col(Sample::At).gte(span.start))
        .and_where(Expr::col(Sample::At).lt(span.end))
        .order_by(Sample::At, Order::Asc)
        .take()
}

async fn list_samples(db: &impl ConnectionTrait, query: &SelectStatement) -> Result<Vec<(Timestamp, Tally)>, Error> {
    let rows = db.query_all(query).await.map_err(Error::ReadHealth)?;
    rows.iter().map(|values| decode(values, "at")).collect()
}

fn insert_samples<'a>(samples: impl IntoIterator<Item = (i64, &'a Tally)>, grain: Grain) -> InsertStatement {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut query = Query::insert();
    query.into_table(Sample::Table).columns(
        [Sample::Grain, Sample::At].into_iter().chain(SUMS).chain([Sample::LatencyMinMs, Sample::LatencyMaxMs]),
    );
    for (at, tally) in samples {
        let sums = [
            tally.online_ms,
            tally.attention_ms,
            tally.planned_ms,
            tally.restarting_ms,
            tally.unreachable_ms,
            tally.key_refused_ms,
            tally.window_ms,
            tally.looks,
            tally.answers,
            tally.latency_sum_ms,
        ];
        let extremes = [tally.latency_min_ms, tally.latency_max_ms];
        let extremes = extremes.map(|latency| (tally.answers > 0).then(|| whole(latency)).into());
        let head = [grain.as_millis().into(), at.into()];
        query.values_panic(head.into_iter().chain(sums.map(|sum| whole(sum).into())).chain(extremes));
    }
    query
}

fn decode(values: &QueryResult, time: &'static str) -> Result<(Timestamp, Tally), Error> {
    let row = Row::new::<i64>(values, SAMPLE_TABLE, time)?;
    let sum = |column| row.parsed::<i64, u64>(column, |sum| sum.try_into().ok());
    let extreme = |column| row.parsed::<Option<i64>, u64>(column, |found| found.unwrap_or(0).try_into().ok());
    let tally = Tally {
        online_ms: sum("online_ms")?,
        attention_ms: sum("attention_ms")?,
        planned_ms: sum("planned_ms")?,
        restarting_ms: sum("restarting_ms")?,
        unreachable_ms: sum("unreachable_ms")?,
        key_refused_ms: sum("key_refused_ms")?,
        window_ms: sum("window_ms")?,
        looks: sum("looks")?,
        answers: sum("answers")?,
        latency_sum_ms: sum("latency_sum_ms")?,
        latency_min_ms: extreme("latency_min_ms")?,
        latency_max_ms: extreme("latency_max_ms")?,
    };
    Ok((row.time(time)?, tally))
}

fn select_transitions(before: Option<i64>, limit: u64) -> SelectStatement {
    let columns = [Transition::Number, Transition::At, Transition::Before, Transition::After, Transition::Reason];
    let mut query = Query::select();
    query.columns(columns).from(Transition::Table).order_by(Transition::Number, Order::Desc).limit(limit);
    if let Some(before) = before {
        query.and_where(Expr::col(Transition::Number).lt(before));
    }
    query
}

fn decode_transition(values: &QueryResult) -> Result<HealthTransition, Error> {
    let row = Row::new::<i64>(values, TRANSITION_TABLE, "number")?;
    Ok(HealthTransition {
        number: row.get("number")?,
        at: row.time("at")?,
        before: row.parsed("before", |word: String| Level::parse(&word))?,
        after: row.parsed("after", |word: String| Level::parse(&word))?,
        reason: row.parsed("reason", |word: String| Reason::parse(&word))?,
    })
}
