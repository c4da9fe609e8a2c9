//! The same values from every release, and who reaches what.

use farol::domain::Timestamp;
use farol::domain::nas::{AlertLevel, Pool, Release, Road, Service, SystemState};
use farol::domain::person::{Group, Person, Sid};
use farol::domain::share::{Right, Share};
use farol::shares::{Access, PersonAccess};
use farol::sim::Profile;
use farol::truenas::Client;
use farol::web::words::{self, Language};

use crate::nas::{Nas, REST, soon};

#[tokio::test]
async fn the_road_and_the_release_are_found_on_every_release() {
    let expected = [
        (Profile::R22_12, Road::Rest, "22.12.4"),
        (Profile::R24_10, Road::Rest, "24.10.2"),
        (Profile::Spec, Road::Rest, "24.10.2"),
        (Profile::R25_04, Road::Rpc, "25.04.2"),
        (Profile::R25_10, Road::Rpc, "25.10.1"),
        (Profile::R26, Road::Rpc, "26.0.0"),
    ];
    for (profile, road, release) in expected {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        assert_eq!(soon(client.road()).await.unwrap(), road, "{profile}");
        let found: Release = soon(client.read_release()).await.unwrap();
        assert_eq!(found.to_string(), release, "{profile}");
        let boot_id = client.find_boot_id().await.unwrap().map(|id| id.0);
        let told = (profile >= Profile::R25_10).then(|| nas.sim.world().boot_id.clone());
        assert_eq!(boot_id, told, "{profile}");
        nas.stop().await;
    }
}

/// What one NAS answers to everything we ask.
#[derive(Debug, PartialEq)]
struct Everything {
    state: SystemState,
    alerts: Vec<(String, AlertLevel, String, Option<Timestamp>, bool)>,
    pools: Vec<Pool>,
    services: Vec<Service>,
    shares: Vec<Share>,
    acls: String,
    folders: String,
    people: Vec<Person>,
}

async fn everything(client: &Client) -> Everything {
    let shares = client.list_shares().await.unwrap();
    let (mut acls, mut folders, mut people) = (Vec::new(), Vec::new(), Vec::new());
    for share in &shares {
        // 22.12 knows the entries of a share's list by their SIDs only.
        let entries = client.read_share_acl(share).await.unwrap().0;
        acls.push(entries.into_iter().map(|entry| (entry.sid, entry.kind, entry.right)).collect::<Vec<_>>());
        if share.locked != Some(true) {
            folders.push((share.path.clone(), client.read_folder_acl(&share.path).await.unwrap()));
        }
    }
    for name in ["ana", "bruno", "carla", "davi", "elisa", "fabio"] {
        let person = client.find_person(name).await.unwrap().unwrap();
        // Only 25.04 and later tell when a password was changed.
        people.push(Person { password_changed_at: None, ..person });
    }
    let alerts = client.list_alerts().await.unwrap().into_iter();
    Everything {
        state: client.read_state().await.unwrap(),
        alerts: alerts.map(|alert| (alert.class, alert.level, alert.text, alert.raised_at, alert.dismissed)).collect(),
        pools: client.list_pools().await.unwrap(),
        services: client.list_services().await.unwrap(),
        acls: format!("{acls:?}"),
        folders: format!("{folders:?}"),
        shares,
        people,
    }
}

#[tokio::test]
async fn every_release_gives_the_same_values() {
    let mut first: Option<Everything> = None;
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        let found = soon(everything(&client)).await;
        assert_eq!((found.shares.len(), found.pools.len(), found.services.len()), (9, 2, 4), "{profile}");
        if let Some(first) = &first {
            assert_eq!(&found, first, "{profile}");
        } else {
            assert_plausible(&found);
            first = Some(found);
        }
        nas.stop().await;
    }
}

/// A look at what a person would notice.
fn assert_plausible(found: &Everything) {
    assert_eq!(found.state, SystemState::Ready);
    assert_eq!(found.alerts[0].2, "Space usage for pool \"arquivo\" is 87%.");
    let (size, allocated) = (Some(4 << 40), Some(7 << 39));
    let archive = Pool {
        name: "arquivo".into(),
        status: "ONLINE".into(),
        healthy: true,
        warning: true,
        size,
        allocated,
        scrub_percent: None,
    };
    assert_eq!(found.pools[1], archive);
    assert_eq!(found.services[0], Service { name: "cifs".into(), running: true, enabled: found.services[0].enabled });
    let carla = &found.people[2];
    assert_eq!((carla.uid, carla.full_name.as_str()), (3003, "Carla \"R&D\" Nunes <TI> 100%"));
    let names: Vec<String> = carla.groups.iter().map(Group::label).collect();
    assert_eq!(names, ["carla", "builtin_users", "staff", "ti", "portal-admins"]);
    assert!(carla.sid.as_ref().map(Sid::as_str).is_some_and(|sid| sid.starts_with("S-1-5-21-")));
    assert!(found.people[4].locked, "elisa");
}

async fn table(client: &Client, nas: &Nas, username: &str) -> PersonAccess {
    let access = Access::new(client.clone(), nas.stage.clock.clone());
    soon(access.table(username)).await.unwrap().unwrap()
}

/// What the person is offered, in words, in the order of the shares.
fn offered(access: &PersonAccess) -> Vec<(&str, String)> {
    let offered = access.shares.iter().filter(|entry| entry.is_offered());
    offered.map(|entry| (entry.share.name.as_str(), words::reach(Language::Portuguese, &entry.reach))).collect()
}

#[tokio::test]
async fn everybody_reaches_exactly_their_shares_on_every_release() {
    const PUBLIC: (&str, &str) = ("Publico", "leitura: grupo staff, pelos bits de modo");
    const GENERAL: (&str, &str) = ("Geral", "escrita: grupo staff");
    let expected: [(&str, &[(&str, &str)]); 4] = [
        ("ana", &[GENERAL, ("Financeiro", "escrita: grupo financeiro"), PUBLIC]),
        ("bruno", &[GENERAL, ("Projetos", "escrita: grupo engenharia, dono da pasta"), PUBLIC]),
        (
            "carla",
            &[
                GENERAL,
                ("Financeiro", "escrita: grupo ti"),
                ("Projetos", "escrita: grupo ti"),
                ("R&D (2026)!", "escrita: grupo ti"),
                PUBLIC,
                ("homes", "escrita: dono da pasta"),
            ],
        ),
        ("davi", &[]),
    ];
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        for (username, shares) in expected {
            let access = table(&client, &nas, username).await;
            let shares: Vec<_> = shares.iter().map(|(name, words)| (*name, (*words).to_owned())).collect();
            assert_eq!(offered(&access), shares, "{username} on {profile}");
        }
        nas.stop().await;
    }
}

#[tokio::test]
async fn what_nobody_reaches_says_why_on_every_release() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let access = table(&nas.client(), &nas, "davi").await;
        let why = |name: &str| {
            let entry = access.shares.iter().find(|entry| entry.share.name == name).unwrap();
            words::reason(Language::Portuguese, &entry.reach.reason)
        };
        assert_eq!(access.shares.len(), 9, "{profile}");
        assert_eq!(why("Antigo"), "o compartilhamento está desativado", "{profile}");
        assert_eq!(why("Cofre"), "o volume está bloqueado por criptografia", "{profile}");
        assert_eq!(why("Backup-Mac"), "reservado para cópias de segurança (Time Machine)", "{profile}");
        assert_eq!(why("Financeiro"), "o compartilhamento não inclui este usuário", "{profile}");
        assert_eq!(why("Geral"), "a pasta não dá acesso a este usuário", "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn an_edited_list_counts_once_the_memory_is_dropped_or_too_old() {
    for profile in crate::nas::ROADS {
        let nas = Nas::start(profile).await;
        let access = Access::new(nas.client(), nas.stage.clock.clone());
        let right = |table: PersonAccess| table.shares[1].reach.right;
        assert_eq!(right(soon(access.table("ana")).await.unwrap().unwrap()), Right::Write);
        nas.turn("share-moved", true);
        assert_eq!(right(soon(access.table("ana")).await.unwrap().unwrap()), Right::Write, "still remembered");
        access.forget();
        assert_eq!(right(soon(access.table("ana")).await.unwrap().unwrap()), Right::None, "{profile}");
        nas.turn("share-moved", false);
        nas.stage.pass(std::time::Duration::from_secs(121)).await;
        assert_eq!(right(soon(access.table("ana")).await.unwrap().unwrap()), Right::Write, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn the_accounts_that_are_open_are_listed_at_once_on_every_release() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        let names = async || {
            let open = soon(client.list_open_accounts(&["ana", "bruno", "nobody"])).await.unwrap();
            open.into_keys().collect::<Vec<_>>()
        };
        assert_eq!(names().await, ["ana", "bruno"], "{profile}");
        nas.turn("user-locked", true);
        assert_eq!(names().await, ["bruno"], "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_person_is_found_by_name_whatever_its_capitals_and_nobody_else_is() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        let ana = soon(client.find_person("ANA")).await.unwrap().unwrap();
        assert_eq!((ana.username.as_str(), ana.uid), ("ana", 3001), "{profile}");
        for nobody in ["nobody", "", "ana ", "null", "1234", "ana\u{0}", "*"] {
            assert_eq!(soon(client.find_person(nobody)).await.unwrap(), None, "{nobody:?} on {profile}");
        }
        let knows_changes = !REST.contains(&profile);
        assert_eq!(ana.password_changed_at.is_some(), knows_changes, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn the_size_of_a_group_is_told_on_every_release() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        let client = nas.client();
        for (name, size) in [("staff", Some(5)), ("portal-admins", Some(1)), ("builtin_guests", Some(0))] {
            assert_eq!(soon(client.find_group_size(name)).await.unwrap(), size, "{name} on {profile}");
        }
        assert_eq!(soon(client.find_group_size("nobody")).await.unwrap(), None, "{profile}");
        nas.stop().await;
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_none() {
    for profile in Profile::ALL {
        let nas = Nas::start(profile).await;
        assert_eq!(soon(nas.client().read_folder_acl("/mnt/tank/none")).await.unwrap(), None, "{profile}");
        nas.stop().await;
    }
}
