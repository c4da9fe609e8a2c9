//! The audit trail and the row that says where it ends.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm::sea_query::{ColumnDef, OnConflict, Query};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::store::audit::{AUDIT_DETAIL_LIMIT, AUDIT_NAME_LIMIT, AUDIT_WORD_LIMIT, Column, HEAD_ID, HeadColumn};
use crate::store::migrations::{create, new_table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_audit"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut trail = new_table(Column::Table);
        trail
            .col(ColumnDef::new(Column::Number).big_integer().not_null().primary_key())
            .col(ColumnDef::new(Column::At).big_integer().not_null())
            .col(ColumnDef::new(Column::Action).string_len(AUDIT_WORD_LIMIT).not_null())
            .col(ColumnDef::new(Column::Actor).string_len(AUDIT_NAME_LIMIT).not_null())
            .col(ColumnDef::new(Column::Address).string_len(AUDIT_WORD_LIMIT).not_null())
            .col(ColumnDef::new(Column::Subject).string_len(AUDIT_NAME_LIMIT).not_null())
            .col(ColumnDef::new(Column::Detail).string_len(AUDIT_DETAIL_LIMIT).not_null())
            .col(ColumnDef::new(Column::Hash).string_len(AUDIT_WORD_LIMIT).not_null());
        create(manager, trail).await?;
        let mut head = new_table(HeadColumn::Table);
        head.col(ColumnDef::new(HeadColumn::Id).big_integer().not_null().primary_key())
            .col(ColumnDef::new(HeadColumn::Number).big_integer().not_null())
            .col(ColumnDef::new(HeadColumn::Hash).string_len(AUDIT_WORD_LIMIT).not_null());
        create(manager, head).await?;
        let empty = Query::insert()
            .into_table(HeadColumn::Table)
            .columns([HeadColumn::Id, HeadColumn::Number, HeadColumn::Hash])
            .values_panic([HEAD_ID.into(), 0.into(), "".into()])
            .on_conflict(OnConflict::column(HeadColumn::Id).do_nothing_on([HeadColumn::Id]).to_owned())
            .take();
        manager.execute(empty).await
    }
}
