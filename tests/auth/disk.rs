//! A database that can be read and not written.

use std::time::Duration;

use farol::auth::{Entered, Use};
use farol::sim::Profile;
use sea_orm::ConnectionTrait as _;

use crate::office::Office;

#[tokio::test]
async fn whoever_is_in_stays_in_while_the_disk_is_full() {
    let office = Office::open(Profile::R25_10).await;
    let Entered::SignedIn(ana) = office.sign_in("ana", "demo-ana").await.unwrap() else { panic!("a code") };
    let database = sea_orm::Database::connect(office.database_url()).await.unwrap();
    let full = "CREATE TRIGGER full BEFORE UPDATE ON session BEGIN SELECT RAISE(FAIL, 'the disk is full'); END";
    database.execute_unprepared(full).await.unwrap();
    office.hand.advance(Duration::from_mins(5));
    let found = office.server.sessions.find(&ana.token, Use::ByPerson).await.unwrap().unwrap();
    assert_eq!(found.used_at, ana.session.used_at);
    database.execute_unprepared("DROP TRIGGER full").await.unwrap();
    // It is tried again, only not for every page.
    office.hand.advance(Duration::from_secs(15));
    let found = office.server.sessions.find(&ana.token, Use::ByPerson).await.unwrap().unwrap();
    assert_eq!(found.used_at, office.clock.now());
}
