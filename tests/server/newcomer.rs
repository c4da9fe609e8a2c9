//! A name of the NAS that now belongs to somebody else.

use std::time::Duration;

use crate::harness::House;

#[tokio::test]
async fn an_old_session_never_shows_the_shares_of_whoever_has_the_name_now() {
    let house = House::open().await;
    let old = house.signed_in("ana").await;
    old.get("/dashboard").await.assert_says("Financeiro");
    {
        let mut world = house.sim.world();
        let gids = world.people.find("bruno").unwrap().gids.clone();
        let newcomer = world.people.find_mut("ana").unwrap();
        (newcomer.uid, newcomer.gids) = (9_001, gids);
    }
    // The table of the one who left is old enough to be read again.
    house.hand.advance(Duration::from_mins(6));
    for _ in 0..2 {
        let page = old.get("/dashboard").await;
        assert!(!page.body.contains("Projetos"), "{}", page.body);
    }
    house.close().await;
}
