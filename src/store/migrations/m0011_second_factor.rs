//! The second factors of the administrators of the NAS, and when one was last shown in a session.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm::sea_query::{ColumnDef, Iden as _, Table};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::store::factor::{Column, SEALED_LIMIT};
use crate::store::migrations::{create, new_table};
use crate::store::session::{Column as Session, NAME_LIMIT};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0011_second_factor"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = new_table(Column::Table);
        table
            .col(ColumnDef::new(Column::AccountId).string_len(NAME_LIMIT).not_null().primary_key())
            .col(ColumnDef::new(Column::Username).string_len(NAME_LIMIT).not_null())
            .col(ColumnDef::new(Column::Sealed).string_len(SEALED_LIMIT).not_null())
            .col(ColumnDef::new(Column::LastStep).big_integer().not_null())
            .col(ColumnDef::new(Column::CreatedAt).big_integer().not_null());
        create(manager, table).await?;
        if manager.has_column(Session::Table.to_string(), Session::ConfirmedAt.to_string()).await? {
            return Ok(());
        }
        let mut column = ColumnDef::new(Session::ConfirmedAt);
        let table = Table::alter().table(Session::Table).add_column(column.big_integer().null()).take();
        manager.alter_table(table).await
    }
}
