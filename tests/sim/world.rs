//! The demo office: the same for the same seed, and what its records say.

use std::time::Duration;

use farol::runtime::Clock;
use farol::sim::Profile;
use serde_json::{Value, json};

use crate::lab::{lab, lab_with_seed};

#[tokio::test]
async fn the_same_seed_gives_the_same_world_and_another_seed_another() {
    let snapshot = |seed| async move {
        let lab = lab_with_seed(Profile::R25_10, seed).await;
        let mut socket = lab.rpc().await;
        let mut seen = vec![json!(lab.sim.api_key())];
        for method in ["user.query", "group.query", "sharing.smb.query", "alert.list", "system.boot_id"] {
            seen.push(socket.result(method, json!([])).await);
        }
        seen
    };
    assert_eq!(snapshot(3).await, snapshot(3).await);
    assert_ne!(snapshot(3).await, snapshot(4).await);
}

#[tokio::test]
async fn the_office_has_its_nine_shares_on_every_release() {
    for release in Profile::ALL {
        let shares = lab(release).await.reading("sharing.smb.query", json!([])).await;
        let names: Vec<_> = shares.as_array().unwrap().iter().map(|share| share["name"].as_str().unwrap()).collect();
        let expected =
            ["Geral", "Financeiro", "Projetos", "R&D (2026)!", "Publico", "Antigo", "Cofre", "Backup-Mac", "homes"];
        assert_eq!(names, expected, "{release}");
    }
}

#[tokio::test]
async fn every_kind_of_access_list_is_told_in_the_words_of_its_release() {
    for release in Profile::ALL {
        let lab = lab(release).await;
        let (general, projects, public) = (
            acl(&lab, "geral").await,
            acl(&lab, "projetos").await,
            lab.reading("filesystem.getacl", json!(["/mnt/arquivo/publico"])).await,
        );
        let flags = if release >= Profile::R25_04 { "aclflags" } else { "nfs41_flags" };
        assert!(general["acltype"] == "NFS4" && general[flags].is_object(), "{release} {general}");
        let masks = projects["acl"].as_array().unwrap().iter().filter(|line| line["tag"] == "MASK").count();
        assert_eq!((&projects["acltype"], masks), (&json!("POSIX1E"), 2), "{release}");
        assert_eq!((&public["acltype"], &public["acl"]), (&json!("DISABLED"), &Value::Null), "{release}");
        let mode = lab.reading("filesystem.stat", json!(["/mnt/arquivo/publico"])).await["mode"].as_u64().unwrap();
        assert_eq!(mode & 0o7777, 0o2750, "{release}");
        assert_eq!(general["acl"][2].get("who").is_some(), release >= Profile::R25_04, "{release}");
    }
}

async fn acl(lab: &crate::lab::Lab, folder: &str) -> Value {
    lab.reading("filesystem.getacl", json!([format!("/mnt/tank/{folder}")])).await
}

#[tokio::test]
async fn groups_are_known_by_record_and_by_number() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = lab.rpc().await;
    let account =
        socket.result("user.get_user_obj", json!([{"username": "ANA", "get_groups": true, "sid_info": true}])).await;
    assert_eq!(account["grouplist"], json!([3001, 545, 3010, 3011]));
    let ana = socket.result("user.query", json!([[["username", "=", "ana"]], {"get": true}])).await;
    assert_eq!(ana["sid"], account["sid"]);
    let groups = socket.result("group.query", json!([[["id", "in", ana["groups"]]], {"select": ["gid"]}])).await;
    assert_eq!(groups, json!([{"gid": 545}, {"gid": 3010}, {"gid": 3011}]));
    assert_eq!(socket.errno("user.get_user_obj", json!([{"username": "nobody"}])).await, 2);
}

#[tokio::test]
async fn share_lists_name_groups_by_sid_and_default_to_everyone() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = lab.rpc().await;
    let general = socket.result("sharing.smb.getacl", json!([{"share_name": "Geral"}])).await;
    assert_eq!(general["share_acl"][0]["ae_who_sid"], "S-1-1-0");
    let finance = socket.result("sharing.smb.getacl", json!([{"share_name": "Financeiro"}])).await;
    let group = socket.result("group.query", json!([[["gid", "=", 3011]], {"get": true}])).await;
    assert_eq!(finance["share_acl"][0]["ae_who_sid"], group["sid"]);
    let old = crate::lab::lab(Profile::R22_12).await.rest("GET", "/smb/sharesec", Value::Null).await.json();
    assert_eq!(old[1]["share_acl"][0]["ae_who_name"]["name"], "financeiro");
}

#[tokio::test]
async fn what_cannot_be_looked_at_is_refused_by_its_own_number() {
    let lab = lab(Profile::R25_10).await;
    let mut socket = lab.rpc().await;
    for (path, errno) in [("/mnt/tank/nope", 2), ("EXTERNAL:server\\share", 18), ("/mnt/tank/cofre", 205)] {
        assert_eq!(socket.errno("filesystem.getacl", json!([path])).await, errno, "{path}");
    }
}

#[tokio::test]
async fn everything_ends_with_the_tasks_it_was_started_in() {
    let lab = lab(Profile::R25_10).await;
    let _open = lab.rpc().await;
    let left = lab.tasks.stop(&Clock::real(), Duration::from_secs(2)).await;
    assert_eq!(left, Vec::<&str>::new());
    assert!(lab.web("GET", &lab.sim.url(), &[], String::new()).await.is_err());
}
