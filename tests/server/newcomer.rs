//! A name of the NAS that now belongs to somebody else.

use std::time::Duration;

use crate::harness::House;

#[tokio::test]
async fn an_old_session_never_shows_the_shares_of_whoever_has_the_name_now() {
    let house = House::open().await;
    let old = house.signed_in("ana").await;
    old.get("/dashboard").await.assert_says("Financeiro");
    // Old enough to be read again by whoever looks.
    house.pass(Duration::from_mins(6)).await;
    {
        let mut world = house.sim.world();
        let gids = world.people.find("bruno").unwrap().gids.clone();
        let newcomer = world.people.find_mut("ana").unwrap();
        (newcomer.uid, newcomer.gids) = (9_001, gids);
    }
    for path in ["/dashboard", "/dashboard/shares", "/dashboard"] {
        let page = old.get(path).await;
        assert!(page.status == 200 && !page.body.contains("Projetos"), "{path} {} {}", page.status, page.body);
    }
    house.signed_in("ana").await.get("/dashboard").await.assert_says("Projetos");
    house.close().await;
}
