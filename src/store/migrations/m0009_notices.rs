//! What people are told, which of it was told, how far they have read, and what they confirmed.

use async_trait::async_trait;
use sea_orm::sea_query::{ColumnDef, ColumnType, Index};
use sea_orm::{DbBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::store::document::{self, Column};
use crate::store::event::{ONCE_KEY_LIMIT, OnceColumn};
use crate::store::migrations::{create, new_table};
use crate::store::read::{ConfirmationColumn, MarkColumn, NAME_LIMIT};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0009_notices"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let on_mariadb = manager.get_database_backend() == DbBackend::MySql;
        // Its plain text ends at 64 KiB.
        let text = if on_mariadb { ColumnType::custom("mediumtext") } else { ColumnType::Text };
        let mut documents = new_table(Column::Table);
        documents
            .col(ColumnDef::new(Column::Id).string_len(document::WORD_LIMIT).not_null().primary_key())
            .col(ColumnDef::new(Column::Kind).string_len(document::WORD_LIMIT).not_null())
            .col(ColumnDef::new(Column::CreatedAt).big_integer().not_null())
            .col(ColumnDef::new(Column::OverAt).big_integer().not_null())
            .col(ColumnDef::new_with_type(Column::Body, text).not_null());
        create(manager, documents).await?;
        let mut once = new_table(OnceColumn::Table);
        once.col(ColumnDef::new(OnceColumn::Key).string_len(ONCE_KEY_LIMIT).not_null().primary_key())
            .col(ColumnDef::new(OnceColumn::At).big_integer().not_null());
        create(manager, once).await?;
        let mut marks = new_table(MarkColumn::Table);
        marks
            .col(ColumnDef::new(MarkColumn::AccountId).string_len(NAME_LIMIT).not_null().primary_key())
            .col(ColumnDef::new(MarkColumn::Seq).big_integer().not_null())
            .col(ColumnDef::new(MarkColumn::At).big_integer().not_null());
        create(manager, marks).await?;
        let key = Index::create().col(ConfirmationColumn::Announcement).col(ConfirmationColumn::AccountId).take();
        let mut confirmations = new_table(ConfirmationColumn::Table);
        confirmations
            .col(ColumnDef::new(ConfirmationColumn::Announcement).string_len(document::WORD_LIMIT).not_null())
            .col(ColumnDef::new(ConfirmationColumn::AccountId).string_len(NAME_LIMIT).not_null())
            .col(ColumnDef::new(ConfirmationColumn::Username).string_len(NAME_LIMIT).not_null())
            .col(ColumnDef::new(ConfirmationColumn::At).big_integer().not_null())
            .primary_key(&mut key.clone());
        create(manager, confirmations).await
    }
}
