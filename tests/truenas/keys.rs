//! What a key may do, and how we notice that it may too little or too much.

use farol::domain::nas::Road;
use farol::sim::Profile;
use farol::truenas::{Client, Error, Need};

use crate::nas::{Nas, soon};

/// The needs that are refused for want of a role; any other failure fails the test.
async fn lacking(client: &Client) -> Vec<Need> {
    let mut lacking = Vec::new();
    for need in Need::ALL {
        match soon(client.try_need(need)).await {
            Ok(_) => {}
            Err(Error::RoleMissing { .. }) => lacking.push(need),
            Err(error) => panic!("{need:?}: {error}"),
        }
    }
    lacking
}

#[tokio::test]
async fn the_reading_key_is_enough_for_every_need_and_not_too_much() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        assert_eq!(lacking(&client).await, [], "{profile}");
        assert!(!soon(client.is_key_too_powerful()).await.unwrap(), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn the_key_of_an_administrator_works_and_is_called_too_powerful() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        for username in ["truenas_admin", ""] {
            let client = nas.stage.client(nas.settings_for(username, &nas.sim.full_admin_key()));
            assert_eq!(lacking(&client).await, [], "{profile}");
            assert!(soon(client.is_key_too_powerful()).await.unwrap(), "{username:?} on {profile}");
        }
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_limited_key_lacks_exactly_what_its_roles_leave_out() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let client = nas.stage.client(nas.settings_for("svc-limited", &nas.sim.limited_key()));
        let expected = [Need::FolderRights, Need::State, Need::Alerts, Need::Pools, Need::Services, Need::Release];
        assert_eq!(lacking(&client).await, expected, "{profile}");
        assert!(!soon(client.is_key_too_powerful()).await.unwrap(), "{profile}");
        // Being refused one thing says nothing about the link.
        assert!(soon(client.list_shares()).await.is_ok(), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_role_that_is_withdrawn_is_missed_at_its_own_calls_only() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        nas.turn("key-missing-role", true);
        assert_eq!(lacking(&client).await, [Need::FolderRights], "{profile}");
        nas.turn("key-missing-role", false);
        assert_eq!(lacking(&client).await, [], "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn no_password_hash_reaches_us_even_with_the_key_of_an_administrator() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let client = nas.stage.client(nas.settings_for("truenas_admin", &nas.sim.full_admin_key()));
        let hash = nas.sim.world().people.find("ana").unwrap().password_hash.clone();
        let ana = soon(client.find_person("ana")).await.unwrap().unwrap();
        assert!(!format!("{ana:?}").contains(&hash), "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_key_of_an_old_release_with_a_list_may_call_nothing_else() {
    for profile in crate::nas::REST {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        assert_eq!(soon(client.road()).await.unwrap(), Road::Rest);
        // This is how the client finds out: the list does not hold what nobody needs.
        assert!(!soon(client.is_key_too_powerful()).await.unwrap(), "{profile}");
        nas.stop().await;
    }
}
