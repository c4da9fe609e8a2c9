//! The settings the server itself keeps.

use async_trait::async_trait;
use sea_orm::sea_query::{ColumnDef, ColumnType};
use sea_orm::{DbBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::store::KEY_LIMIT;
use crate::store::migrations::{create, new_table};
use crate::store::setting::Column;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_setting"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let on_mariadb = manager.get_database_backend() == DbBackend::MySql;
        // Its plain text ends at 64 KiB.
        let text = if on_mariadb { ColumnType::custom("mediumtext") } else { ColumnType::Text };
        let mut table = new_table(Column::Table);
        table
            .col(ColumnDef::new(Column::Key).string_len(KEY_LIMIT).not_null().primary_key())
            .col(ColumnDef::new_with_type(Column::Value, text).not_null())
            .col(ColumnDef::new(Column::UpdatedAt).big_integer().not_null());
        create(manager, table).await
    }
}
