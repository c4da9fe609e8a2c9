//! How the storage was, when that changed, and the row that says which process writes it.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm::sea_query::{ColumnDef, Index, OnConflict, Query};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::store::health::{HOLDER_LIMIT, LEASE_ID, Lease, Sample, Transition, WORD_LIMIT};
use crate::store::migrations::{create, new_table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_health"
    }
}

/// As they were released: what is summed later is added by a later migration.
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

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut samples = new_table(Sample::Table);
        samples
            .col(ColumnDef::new(Sample::Grain).big_integer().not_null())
            .col(ColumnDef::new(Sample::At).big_integer().not_null())
            .primary_key(Index::create().col(Sample::Grain).col(Sample::At));
        for column in SUMS {
            samples.col(ColumnDef::new(column).big_integer().not_null());
        }
        for column in [Sample::LatencyMinMs, Sample::LatencyMaxMs] {
            samples.col(ColumnDef::new(column).big_integer());
        }
        create(manager, samples).await?;
        let mut transitions = new_table(Transition::Table);
        transitions
            .col(ColumnDef::new(Transition::Number).big_integer().not_null().primary_key())
            .col(ColumnDef::new(Transition::At).big_integer().not_null())
            .col(ColumnDef::new(Transition::Before).string_len(WORD_LIMIT).not_null())
            .col(ColumnDef::new(Transition::After).string_len(WORD_LIMIT).not_null())
            .col(ColumnDef::new(Transition::Reason).string_len(WORD_LIMIT).not_null());
        create(manager, transitions).await?;
        let mut lease = new_table(Lease::Table);
        lease
            .col(ColumnDef::new(Lease::Id).big_integer().not_null().primary_key())
            .col(ColumnDef::new(Lease::Holder).string_len(HOLDER_LIMIT).not_null())
            .col(ColumnDef::new(Lease::Until).big_integer().not_null());
        create(manager, lease).await?;
        let free = Query::insert()
            .into_table(Lease::Table)
            .columns([Lease::Id, Lease::Holder, Lease::Until])
            .values_panic([LEASE_ID.into(), "".into(), 0.into()])
            .on_conflict(OnConflict::column(Lease::Id).do_nothing_on([Lease::Id]).to_owned())
            .take();
        manager.execute(free).await
    }
}
