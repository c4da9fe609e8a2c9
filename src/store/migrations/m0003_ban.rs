//! Counted failures and the waiting they earned.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm::sea_query::ColumnDef;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::store::ban::{BAN_KEY_LIMIT, Column};
use crate::store::migrations::{create, new_table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_ban"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = new_table(Column::Table);
        table
            .col(ColumnDef::new(Column::Key).string_len(BAN_KEY_LIMIT).not_null().primary_key())
            .col(ColumnDef::new(Column::Failures).big_integer().not_null())
            .col(ColumnDef::new(Column::FirstAt).big_integer().not_null())
            .col(ColumnDef::new(Column::LastAt).big_integer().not_null())
            .col(ColumnDef::new(Column::Until).big_integer().not_null());
        create(manager, table).await
    }
}
