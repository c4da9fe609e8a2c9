//! The break-glass administrators.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm::sea_query::ColumnDef;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::store::administrator::{Column, SECRET_LIMIT, USERNAME_LIMIT};
use crate::store::migrations::{create, new_table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_administrator"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = new_table(Column::Table);
        table
            .col(ColumnDef::new(Column::Username).string_len(USERNAME_LIMIT).not_null().primary_key())
            .col(ColumnDef::new(Column::PasswordHash).string_len(SECRET_LIMIT).not_null())
            .col(ColumnDef::new(Column::TotpSecret).string_len(SECRET_LIMIT).not_null())
            .col(ColumnDef::new(Column::LastStep).big_integer().not_null())
            .col(ColumnDef::new(Column::CreatedAt).big_integer().not_null());
        create(manager, table).await
    }
}
