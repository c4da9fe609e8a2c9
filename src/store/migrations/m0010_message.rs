//! Messages for outside the page.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm::sea_query::{ColumnDef, Index};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::store::message::{Column, ID_LIMIT, MESSAGE_SUBJECT_LIMIT, TABLE, WORD_LIMIT};
use crate::store::migrations::{create, new_table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0010_message"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let word = |column| ColumnDef::new(column).string_len(WORD_LIMIT).not_null().take();
        let number = |column| ColumnDef::new(column).big_integer().not_null().take();
        let mut table = new_table(Column::Table);
        table
            .col(ColumnDef::new(Column::Id).string_len(ID_LIMIT).not_null().primary_key())
            .col(word(Column::Channel))
            .col(word(Column::Event))
            .col(word(Column::Level))
            .col(ColumnDef::new(Column::Subject).string_len(MESSAGE_SUBJECT_LIMIT).not_null())
            .col(ColumnDef::new(Column::Text).text().not_null())
            .col(number(Column::Count))
            .col(number(Column::CreatedAt))
            .col(number(Column::DueAt))
            .col(number(Column::NextAt))
            .col(number(Column::Attempts))
            .col(word(Column::Failure))
            .col(number(Column::FailedAt))
            .col(word(Column::State))
            .col(number(Column::EndedAt));
        create(manager, table).await?;
        if !manager.has_index(TABLE, "message_next").await? {
            let index = Index::create()
                .name("message_next")
                .table(Column::Table)
                .col(Column::Channel)
                .col(Column::State)
                .col(Column::NextAt)
                .take();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
