//! Messages for outside: kept with how far the lines were read, taken by one, ended once.

use farol::store::{ChannelRecord, Error, MESSAGE_TEXT_LIMIT, MessageDraft, MessageRecord, MessageState, Store};

use crate::database::{Backend, at};

fn message(id: &str, created_at: i64) -> MessageRecord {
    MessageRecord {
        id: id.to_owned(),
        channel: "email".to_owned(),
        event: "alerts".to_owned(),
        level: "trouble".to_owned(),
        subject: "Ação & 'aspas'".to_owned(),
        text: "uma\nduas".to_owned(),
        count: 1,
        created_at: at(created_at),
        due_at: at(created_at + 3),
        next_at: at(created_at + 3),
        attempts: 0,
    }
}

async fn put(store: &Store, message: MessageRecord, joined: Option<MessageRecord>) {
    store.put_messages(&[MessageDraft { message, joined }], ("outbox.cursor", "a.1"), at(9)).await.unwrap();
}

pub async fn a_message_is_kept_with_the_cursor_joined_taken_and_ended(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    put(&store, message("one", 10), None).await;
    put(&store, MessageRecord { text: "twice".to_owned(), ..message("one", 10) }, None).await;
    assert_eq!(store.find_setting("outbox.cursor").await.unwrap().unwrap().value, "a.1");
    assert_eq!(store.find_next_message("email").await.unwrap(), Some(message("one", 10)));
    assert_eq!(store.find_next_message("teams").await.unwrap(), None);
    let grown = MessageRecord { text: "três".to_owned(), count: 2, ..message("one", 10) };
    put(&store, message("two", 11), Some(grown.clone())).await;
    assert_eq!(store.find_untried_message("email", "alerts", "trouble").await.unwrap(), Some(grown.clone()));
    assert_eq!(store.find_untried_message("email", "alerts", "info").await.unwrap(), None);
    let taken = store.take_message("one", at(50)).await.unwrap();
    assert_eq!(taken, Some(MessageRecord { attempts: 1, next_at: at(50), ..grown.clone() }));
    // Taken meanwhile: what should have joined it stands by itself.
    put(&store, message("three", 12), Some(MessageRecord { count: 3, ..grown })).await;
    assert_eq!(store.find_next_message("email").await.unwrap(), Some(message("three", 12)));
    store.fail_message("one", "answered 500", at(20)).await.unwrap();
    store.postpone_message("three", at(90)).await.unwrap();
    assert_eq!(store.find_next_message("email").await.unwrap().unwrap().id, "one");
    assert!(store.end_message("one", MessageState::Delivered, at(51)).await.unwrap());
    assert!(!store.end_message("one", MessageState::GivenUp, at(52)).await.unwrap());
    assert_eq!(store.take_message("one", at(60)).await.unwrap(), None);
    assert!(store.end_message("three", MessageState::GivenUp, at(99)).await.unwrap());
    let expected = ChannelRecord {
        waiting: 0,
        delivered_at: Some(at(51)),
        failed_at: Some((at(20), "answered 500".to_owned())),
        given_up_at: Some(at(99)),
    };
    assert_eq!(store.find_channel("email").await.unwrap(), expected);
    assert_eq!(store.remove_messages_before(at(99)).await.unwrap(), 1);
    assert_eq!(store.find_channel("email").await.unwrap().delivered_at, None);
    put(&store, message("four", 100), None).await;
    assert_eq!(store.remove_waiting_messages().await.unwrap(), 1);
    assert_eq!(
        store.find_channel("email").await.unwrap(),
        ChannelRecord { delivered_at: None, failed_at: None, ..expected }
    );
}

pub async fn the_oldest_messages_go_when_too_many_wait(backend: Backend) {
    let database = backend.database().await;
    let store = database.open_migrated().await;
    for number in 1..=5 {
        put(&store, message(&number.to_string(), number), None).await;
    }
    put(&store, MessageRecord { channel: "teams".to_owned(), ..message("other", 1) }, None).await;
    assert_eq!(store.drop_messages_beyond("email", 5, at(9)).await.unwrap(), 0);
    assert_eq!(store.drop_messages_beyond("email", 2, at(9)).await.unwrap(), 3);
    assert_eq!(store.find_next_message("email").await.unwrap().unwrap().id, "4");
    assert_eq!(store.find_channel("email").await.unwrap(), ChannelRecord { waiting: 2, ..ChannelRecord::default() });
    assert_eq!(store.find_channel("teams").await.unwrap().waiting, 1);
    let too_long = MessageRecord { text: "x".repeat(MESSAGE_TEXT_LIMIT as usize + 1), ..message("long", 1) };
    let draft = MessageDraft { message: too_long, joined: None };
    let refusal = store.put_messages(&[draft], ("outbox.cursor", "a.9"), at(9)).await.unwrap_err();
    assert!(matches!(refusal, Error::InvalidText { table: "message", column: "text", .. }), "{refusal:?}");
    assert_eq!(store.find_setting("outbox.cursor").await.unwrap().unwrap().value, "a.1");
}
