//! Signed-in browsers.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm::sea_query::ColumnDef;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::domain::session::DEVICE_LIMIT;
use crate::store::migrations::{create, new_table};
use crate::store::session::{ADDRESS_LIMIT, Column, FULL_NAME_LIMIT, NAME_LIMIT, WORD_LIMIT};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_session"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = new_table(Column::Table);
        table
            .col(ColumnDef::new(Column::Id).string_len(WORD_LIMIT).not_null().primary_key())
            .col(ColumnDef::new(Column::Hash).string_len(WORD_LIMIT).not_null().unique_key())
            .col(ColumnDef::new(Column::AccountId).string_len(NAME_LIMIT).not_null())
            .col(ColumnDef::new(Column::Username).string_len(NAME_LIMIT).not_null())
            .col(ColumnDef::new(Column::FullName).string_len(FULL_NAME_LIMIT).not_null())
            .col(ColumnDef::new(Column::Role).string_len(WORD_LIMIT).not_null())
            .col(ColumnDef::new(Column::Address).string_len(ADDRESS_LIMIT).not_null())
            .col(ColumnDef::new(Column::Device).string_len(DEVICE_LIMIT).not_null())
            .col(ColumnDef::new(Column::CreatedAt).big_integer().not_null())
            .col(ColumnDef::new(Column::UsedAt).big_integer().not_null())
            .col(ColumnDef::new(Column::EndsAt).big_integer().not_null());
        create(manager, table).await
    }
}
