//! The lines people are told, and the row that says how far their numbers have come.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm::sea_query::{ColumnDef, Index, OnConflict, Query};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::store::event::{Column, EPOCH_LIMIT, HEAD_ID, HeadColumn, TABLE};
use crate::store::migrations::{create, new_table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_event"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut lines = new_table(Column::Table);
        lines
            .col(ColumnDef::new(Column::Seq).big_integer().not_null().primary_key())
            .col(ColumnDef::new(Column::At).big_integer().not_null())
            .col(ColumnDef::new(Column::Audience).text().not_null())
            .col(ColumnDef::new(Column::Line).text().not_null());
        create(manager, lines).await?;
        if !manager.has_index(TABLE, "event_at").await? {
            let index = Index::create().name("event_at").table(Column::Table).col(Column::At).take();
            manager.create_index(index).await?;
        }
        let mut head = new_table(HeadColumn::Table);
        head.col(ColumnDef::new(HeadColumn::Id).big_integer().not_null().primary_key())
            .col(ColumnDef::new(HeadColumn::Epoch).string_len(EPOCH_LIMIT).not_null())
            .col(ColumnDef::new(HeadColumn::Seq).big_integer().not_null());
        create(manager, head).await?;
        let empty = Query::insert()
            .into_table(HeadColumn::Table)
            .columns([HeadColumn::Id, HeadColumn::Epoch, HeadColumn::Seq])
            .values_panic([HEAD_ID.into(), "".into(), 0.into()])
            .on_conflict(OnConflict::column(HeadColumn::Id).do_nothing_on([HeadColumn::Id]).to_owned())
            .take();
        manager.execute(empty).await
    }
}
