//! A session remembers of which day the password is that proved it.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm::sea_query::{ColumnDef, Iden as _, Table};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::store::session::Column;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_session_password"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.has_column(Column::Table.to_string(), Column::PasswordChangedAt.to_string()).await? {
            return Ok(());
        }
        let mut column = ColumnDef::new(Column::PasswordChangedAt);
        let table = Table::alter().table(Column::Table).add_column(column.big_integer().null()).take();
        manager.alter_table(table).await
    }
}
