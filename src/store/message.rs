//! Messages for outside the page: waiting, delivered, given up.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DeriveIden, QueryResult};

use crate::domain::Timestamp;
use crate::store::row::{Row, check_texts, insert_unless_there, is};
use crate::store::{Error, Store};

pub(super) const TABLE: &str = "message";

/// In characters, of a channel, an event, a level, a state or a failure: words of ours.
pub(super) const WORD_LIMIT: u32 = 40;
/// In characters, of what a message is known by.
pub(super) const ID_LIMIT: u32 = 160;
/// In characters.
pub const MESSAGE_SUBJECT_LIMIT: u32 = 200;
/// In characters.
pub const MESSAGE_TEXT_LIMIT: u32 = 3_000;

#[derive(DeriveIden)]
#[sea_orm(iden = "message")]
pub(super) enum Column {
    #[sea_orm(iden = "message")]
    Table,
    Id,
    Channel,
    Event,
    Level,
    Subject,
    Text,
    Count,
    CreatedAt,
    DueAt,
    NextAt,
    Attempts,
    Failure,
    FailedAt,
    State,
    EndedAt,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageState {
    Waiting,
    Delivered,
    /// Tried for too long.
    GivenUp,
    /// Too many waited.
    Dropped,
}

impl MessageState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::GivenUp => "given_up",
            Self::Dropped => "dropped",
        }
    }
}

/// A message that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRecord {
    pub id: String,
    pub channel: String,
    pub event: String,
    pub level: String,
    pub subject: String,
    pub text: String,
    /// How many were put together into this one.
    pub count: i64,
    pub created_at: Timestamp,
    /// When it should have gone out at first.
    pub due_at: Timestamp,
    pub next_at: Timestamp,
    pub attempts: i64,
}

/// A message to keep: as a part of one that was not tried yet, or else by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageDraft {
    pub message: MessageRecord,
    /// What the other one becomes, if nobody takes it before.
    pub joined: Option<MessageRecord>,
}

/// How a channel does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChannelRecord {
    pub waiting: u64,
    pub delivered_at: Option<Timestamp>,
    pub failed_at: Option<(Timestamp, String)>,
    pub given_up_at: Option<Timestamp>,
}

const COLUMNS: [Column; 11] = [
    Column::Id,
    Column::Channel,
    Column::Event,
    Column::Level,
    Column::Subject,
    Column::Text,
    Column::Count,
    Column::CreatedAt,
    Column::DueAt,
    Column::NextAt,
    Column::Attempts,
];

impl Store {
    /// Keeps messages, and in the same moment how far the lines were read, as a setting. One that is there already stays.
    pub async fn put_messages(
        &self,
        drafts: &[MessageDraft],
        (key, cursor): (&str, &str),
        at: Timestamp,
    ) -> Result<(), Error> {
        for draft in drafts {
            check(&draft.message)?;
            draft.joined.as_ref().map_or(Ok(()), check)?;
        }
        self.write(|tx| async move {
            for MessageDraft { message, joined } in drafts {
                let grown = match joined {
                    Some(joined) => {
                        tx.connection().execute(&grow(joined)).await.map_err(Error::WriteMessages)?.rows_affected()
                    }
                    None => 0,
                };
                if grown == 0 {
                    insert_unless_there(tx.connection(), insert(message), [Column::Id], Error::WriteMessages).await?;
                }
            }
            tx.put_setting(key, cursor, at).await
        })
        .await
    }

    /// The message of this kind that waits and was not tried yet.
    pub async fn find_untried_message(
        &self,
        channel: &str,
        event: &str,
        level: &str,
    ) -> Result<Option<MessageRecord>, Error> {
        let query = waiting(channel)
            .and_where(is(Column::Event, event))
            .and_where(is(Column::Level, level))
            .and_where(Expr::col(Column::Attempts).eq(0))
            .order_by(Column::CreatedAt, Order::Desc)
            .limit(1)
            .take();
        self.find_message(&query).await
    }

    /// The one whose turn comes first.
    pub async fn find_next_message(&self, channel: &str) -> Result<Option<MessageRecord>, Error> {
        let query = waiting(channel)
            .order_by(Column::NextAt, Order::Asc)
            .order_by(Column::CreatedAt, Order::Asc)
            .order_by(Column::Id, Order::Asc)
            .limit(1)
            .take();
        self.find_message(&query).await
    }

    /// Takes a message to try it: nobody changes it any more, and if nobody hears of it again its next try is at `next_at`.
    /// Gives it as it is now; `None` when it no longer waits.
    pub async fn take_message(&self, id: &str, next_at: Timestamp) -> Result<Option<MessageRecord>, Error> {
        let take = Query::update()
            .table(Column::Table)
            .value(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .value(Column::NextAt, next_at.as_millis())
            .and_where(is(Column::Id, id))
            .and_where(is(Column::State, MessageState::Waiting.as_str()))
            .take();
        if self.change(&take, Error::WriteMessages).await? == 0 {
            return Ok(None);
        }
        self.find_message(&select().and_where(is(Column::Id, id)).take()).await
    }

    /// Puts a message off.
    pub async fn postpone_message(&self, id: &str, next_at: Timestamp) -> Result<(), Error> {
        let query = Query::update()
            .table(Column::Table)
            .value(Column::NextAt, next_at.as_millis())
            .and_where(is(Column::Id, id))
            .take();
        self.change(&query, Error::WriteMessages).await.map(drop)
    }

    /// A try came to nothing.
    pub async fn fail_message(&self, id: &str, failure: &str, at: Timestamp) -> Result<(), Error> {
        check_texts(TABLE, &[("failure", failure, WORD_LIMIT)])?;
        let query = Query::update()
            .table(Column::Table)
            .value(Column::Failure, failure)
            .value(Column::FailedAt, at.as_millis())
            .and_where(is(Column::Id, id))
            .take();
        self.change(&query, Error::WriteMessages).await.map(drop)
    }

    /// Says whether it still waited.
    pub async fn end_message(&self, id: &str, state: MessageState, at: Timestamp) -> Result<bool, Error> {
        let query = end(state, at).and_where(is(Column::Id, id)).take();
        Ok(self.change(&query, Error::WriteMessages).await? == 1)
    }

    /// Ends the oldest that wait on a channel beyond the newest `most`; says how many.
    pub async fn drop_messages_beyond(&self, channel: &str, most: u64, at: Timestamp) -> Result<u64, Error> {
        let query = waiting(channel).order_by(Column::CreatedAt, Order::Desc).limit(1).offset(most).take();
        let Some(newest) = self.find_message(&query).await? else { return Ok(0) };
        let query = end(MessageState::Dropped, at)
            .and_where(is(Column::Channel, channel))
            .and_where(Expr::col(Column::CreatedAt).lte(newest.created_at.as_millis()))
            .take();
        self.change(&query, Error::WriteMessages).await
    }

    pub async fn find_channel(&self, channel: &str) -> Result<ChannelRecord, Error> {
        let ended = |state: MessageState| {
            Query::select()
                .expr_as(Func::max(Expr::col(Column::EndedAt)), Column::EndedAt)
                .from(Column::Table)
                .and_where(is(Column::Channel, channel))
                .and_where(is(Column::State, state.as_str()))
                .take()
        };
        let count = Query::select()
            .expr_as(Func::count(Expr::col(Column::Id)), Column::Count)
            .from(Column::Table)
            .and_where(is(Column::Channel, channel))
            .and_where(is(Column::State, MessageState::Waiting.as_str()))
            .take();
        let failed = Query::select()
            .columns([Column::Id, Column::FailedAt, Column::Failure])
            .from(Column::Table)
            .and_where(is(Column::Channel, channel))
            .and_where(Expr::col(Column::FailedAt).gt(0))
            .order_by(Column::FailedAt, Order::Desc)
            .limit(1)
            .take();
        let waiting = match self.connection.query_one(&count).await.map_err(Error::ReadMessages)? {
            Some(values) => values.try_get::<i64>("", "count").map_err(Error::ReadMessages)?,
            None => 0,
        };
        let failed = self.connection.query_one(&failed).await.map_err(Error::ReadMessages)?;
        Ok(ChannelRecord {
            waiting: u64::try_from(waiting).unwrap_or_default(),
            delivered_at: self.newest(&ended(MessageState::Delivered)).await?,
            given_up_at: self.newest(&ended(MessageState::GivenUp)).await?,
            failed_at: failed.as_ref().map(decode_failure).transpose()?,
        })
    }

    /// Lets go of what ended before `before`.
    pub async fn remove_messages_before(&self, before: Timestamp) -> Result<u64, Error> {
        let query = Query::delete()
            .from_table(Column::Table)
            .and_where(is(Column::State, MessageState::Waiting.as_str()).not())
            .and_where(Expr::col(Column::EndedAt).lt(before.as_millis()))
            .take();
        self.change(&query, Error::WriteMessages).await
    }

    /// Nobody hears of them; says how many waited.
    pub async fn remove_waiting_messages(&self) -> Result<u64, Error> {
        let query = Query::delete()
            .from_table(Column::Table)
            .and_where(is(Column::State, MessageState::Waiting.as_str()))
            .take();
        self.change(&query, Error::WriteMessages).await
    }

    async fn find_message(&self, query: &SelectStatement) -> Result<Option<MessageRecord>, Error> {
        let values = self.connection.query_one(query).await.map_err(Error::ReadMessages)?;
        values.as_ref().map(decode).transpose()
    }

    async fn newest(&self, query: &SelectStatement) -> Result<Option<Timestamp>, Error> {
        let values = self.connection.query_one(query).await.map_err(Error::ReadMessages)?;
        let at = values.map(|values| values.try_get::<Option<i64>>("", "ended_at")).transpose();
        Ok(at.map_err(Error::ReadMessages)?.flatten().map(Timestamp::from_millis))
    }
}

fn select() -> SelectStatement {
    Query::select().columns(COLUMNS).from(Column::Table).take()
}

fn waiting(channel: &str) -> SelectStatement {
    select().and_where(is(Column::Channel, channel)).and_where(is(Column::State, MessageState::Waiting.as_str())).take()
}

fn end(state: MessageState, at: Timestamp) -> sea_orm::sea_query::UpdateStatement {
    Query::update()
        .table(Column::Table)
        .value(Column::State, state.as_str())
        .value(Column::EndedAt, at.as_millis())
        .and_where(is(Column::State, MessageState::Waiting.as_str()))
        .take()
}

fn grow(message: &MessageRecord) -> sea_orm::sea_query::UpdateStatement {
    Query::update()
        .table(Column::Table)
        .value(Column::Text, message.text.as_str())
        .value(Column::Count, message.count)
        .and_where(is(Column::Id, &message.id))
        .and_where(is(Column::State, MessageState::Waiting.as_str()))
        .and_where(Expr::col(Column::Attempts).eq(0))
        .take()
}

fn insert(message: &MessageRecord) -> sea_orm::sea_query::InsertStatement {
    Query::insert()
        .into_table(Column::Table)
        .columns(COLUMNS.into_iter().chain([Column::Failure, Column::FailedAt, Column::State, Column::EndedAt]))
        .values_panic([
            message.id.as_str().into(),
            message.channel.as_str().into(),
            message.event.as_str().into(),
            message.level.as_str().into(),
            message.subject.as_str().into(),
            message.text.as_str().into(),
            message.count.into(),
            message.created_at.as_millis().into(),
            message.due_at.as_millis().into(),
            message.next_at.as_millis().into(),
            message.attempts.into(),
            "".into(),
            0_i64.into(),
            MessageState::Waiting.as_str().into(),
            0_i64.into(),
        ])
        .take()
}

fn check(message: &MessageRecord) -> Result<(), Error> {
    let texts = [
        ("id", message.id.as_str(), ID_LIMIT),
        ("channel", &message.channel, WORD_LIMIT),
        ("event", &message.event, WORD_LIMIT),
        ("level", &message.level, WORD_LIMIT),
        ("subject", &message.subject, MESSAGE_SUBJECT_LIMIT),
        ("text", &message.text, MESSAGE_TEXT_LIMIT),
    ];
    check_texts(TABLE, &texts)
}

fn decode(values: &QueryResult) -> Result<MessageRecord, Error> {
    let row = Row::new::<String>(values, TABLE, "id")?;
    Ok(MessageRecord {
        id: row.get("id")?,
        channel: row.get("channel")?,
        event: row.get("event")?,
        level: row.get("level")?,
        subject: row.get("subject")?,
        text: row.get("text")?,
        count: row.get("count")?,
        created_at: row.time("created_at")?,
        due_at: row.time("due_at")?,
        next_at: row.time("next_at")?,
        attempts: row.get("attempts")?,
    })
}

fn decode_failure(values: &QueryResult) -> Result<(Timestamp, String), Error> {
    let row = Row::new::<String>(values, TABLE, "id")?;
    Ok((row.time("failed_at")?, row.get("failure")?))
}
