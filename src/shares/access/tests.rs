//! The table of one person, asked of a NAS that speaks just enough of the old interface and counts what it is asked.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::domain::caller::AccountId;
use crate::domain::share::{Doubt, Proof, Reason, Refusal, Right, Through};
use crate::domain::{Secret, Timestamp};
use crate::live::Hub;
use crate::runtime::{Hand, Random, Tasks};
use crate::shares::Board;
use crate::store::{self, Store};
use crate::truenas::{Settings, Trust};

/// What the NAS answers, and what it was asked, as `path argument`.
#[derive(Debug, Default)]
struct World {
    read_only: bool,
    hidden: bool,
    folder_status: u16,
    /// Nobody can be looked up, as when the directory does not answer.
    directory_down: bool,
    /// Whom to tell, while the shares are being listed, that something changed.
    forgetting: Option<Access>,
    asked: Vec<String>,
}

struct Office {
    world: Arc<Mutex<World>>,
    access: Access,
    hand: Hand,
    home: tempfile::TempDir,
    _tasks: Tasks,
}

async fn office() -> Office {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Settings::parse_url(&format!("http://{}", listener.local_addr().unwrap()), true).unwrap();
    let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
    let tasks = Tasks::default();
    let world = Arc::new(Mutex::new(World { folder_status: 200, ..World::default() }));
    let served = world.clone();
    tasks.run("nas", async move {
        while let Ok((stream, _)) = listener.accept().await {
            serve(stream, &served).await;
        }
    });
    let mut settings = Settings::new(url, "svc".into(), Secret::from("1-key"), Trust::System);
    settings.allow_plain_http = true;
    let client = Client::start(settings, &clock, &Random::seeded(1), &tasks).unwrap();
    Office { world, access: Access::new(client, clock), hand, home: tempfile::tempdir().unwrap(), _tasks: tasks }
}

impl Office {
    async fn rights(&self) -> Vec<(String, Reason)> {
        let table = self.access.table("ana").await.unwrap().unwrap();
        assert_eq!(table.person.username, "ana");
        table.shares.into_iter().map(|access| (access.share.name, access.reach.reason)).collect()
    }

    async fn board(&self) -> Board {
        let clock = self.access.0.clock.clone();
        let store = Store::open(&store::Settings::in_file(&self.home.path().join("farol.db"))).await.unwrap();
        store.migrate().await.unwrap();
        let hub = Hub::open(store, clock.clone(), &Random::seeded(1), &Tasks::default()).await.unwrap();
        Board::new(self.access.clone(), hub, clock)
    }

    fn asked(&self, what: &str) -> usize {
        let world = self.world.lock().unwrap();
        world.asked.iter().filter(|asked| asked.starts_with(what)).count()
    }

    fn change(&self, change: impl FnOnce(&mut World)) {
        change(&mut self.world.lock().unwrap());
    }
}

async fn serve(mut stream: TcpStream, world: &Mutex<World>) {
    let mut request = Vec::new();
    let (path, body) = loop {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            break (head.split(' ').nth(1).unwrap_or_default().to_owned(), body.to_owned());
        }
    };
    let (status, answer) = answer(&mut world.lock().unwrap(), &path, &serde_json::from_str(&body).unwrap_or_default());
    let answer = answer.to_string();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", answer.len());
    let _ = stream.write_all(format!("{head}{answer}").as_bytes()).await;
}

fn answer(world: &mut World, path: &str, body: &Value) -> (u16, Value) {
    let browsable = !world.hidden;
    let share = |id: i64, name: &str, enabled: bool, read_only: bool| {
        json!({"id": id, "name": name, "path": format!("/mnt/tank/{name}"), "purpose": "DEFAULT_SHARE",
            "enabled": enabled, "ro": read_only, "browsable": browsable, "locked": false})
    };
    let subject = body["path"].as_str().or(body["share_name"].as_str()).unwrap_or_default();
    let path = path.trim_start_matches("/api/v2.0");
    world.asked.push(format!("{path} {subject}"));
    if let (true, Some(access)) = (path == "/sharing/smb", &world.forgetting) {
        access.forget();
    }
    let answer = match path {
        "/system/state" => json!("READY"),
        "/user/get_user_obj" if world.directory_down => return (500, json!({"message": "not found"})),
        "/user/get_user_obj" if body["username"] == "ana" => {
            json!({"pw_name": "ana", "pw_uid": 3001, "pw_gid": 3010, "pw_gecos": "", "grouplist": [3010], "local": true})
        }
        "/user/get_user_obj" if body["username"] == "leo" => {
            json!({"pw_name": "leo", "pw_uid": 90_001, "pw_gid": 90_002, "pw_gecos": "Leo Reis", "grouplist": [90_002]})
        }
        "/user" if !body["query-filters"].to_string().contains("ana") && body["query-filters"][0][0] == "username" => {
            json!([])
        }
        "/user" => json!([{"uid": 3001, "username": "ana", "full_name": "Ana Lima", "locked": false}]),
        "/group" if body["query-options"]["extra"]["additional_information"] == json!(["SMB", "DS"]) => json!([
            {"gid": 3010, "name": "financeiro", "group": "financeiro"}, {"gid": 90_002, "group": "OFFICE\\vendas"},
        ]),
        "/group" => json!([{"gid": 3010, "name": "financeiro", "group": "financeiro"}]),
        "/sharing/smb" => json!([
            share(1, "docs", true, world.read_only),
            share(2, "plans", true, false),
            share(3, "old", false, false),
        ]),
        "/sharing/smb/getacl" => json!({"share_name": subject, "share_acl":
            [{"ae_who_sid": "S-1-1-0", "ae_perm": "FULL", "ae_type": "ALLOWED"}]}),
        "/filesystem/getacl" if subject == "/mnt/tank/plans" && world.folder_status != 200 => {
            return (world.folder_status, json!({}));
        }
        "/filesystem/getacl" => json!({"path": subject, "acltype": "NFS4", "uid": 0, "gid": 0, "acl":
            [{"tag": "GROUP", "id": 3010, "type": "ALLOW", "perms": {"BASIC": "MODIFY"}, "flags": {"BASIC": "INHERIT"}}]}),
        _ => return (404, json!({"message": "nothing here"})),
    };
    (200, answer)
}

fn by_group() -> Reason {
    Reason::Writes(Through::Group("financeiro".into()))
}

#[tokio::test]
async fn every_list_is_read_once_and_closed_shares_are_not_asked_about() {
    let office = office().await;
    let expected = [
        ("docs".to_owned(), by_group()),
        ("plans".to_owned(), by_group()),
        ("old".to_owned(), Reason::Refused(Refusal::Disabled)),
    ];
    assert_eq!(office.rights().await, expected);
    assert_eq!(office.rights().await, expected);
    assert_eq!(office.asked("/sharing/smb "), 1);
    assert_eq!(office.asked("/sharing/smb/getacl"), 2);
    for path in ["/mnt/tank", "/mnt/tank/docs", "/mnt/tank/plans"] {
        let asked = office.world.lock().unwrap().asked.clone();
        assert_eq!(asked.iter().filter(|asked| **asked == format!("/filesystem/getacl {path}")).count(), 1, "{path}");
    }
    assert_eq!(office.asked("/filesystem/getacl"), 3);
    assert_eq!(office.asked("/user/get_user_obj"), 2, "a person's groups are always read anew");
}

#[tokio::test]
async fn tables_asked_for_together_read_every_list_once() {
    let office = office().await;
    let (one, other) = tokio::join!(office.rights(), office.rights());
    assert_eq!(one, other);
    assert_eq!(office.asked("/sharing/smb "), 1);
    assert_eq!(office.asked("/sharing/smb/getacl"), 2);
    assert_eq!(office.asked("/filesystem/getacl"), 3);
}

#[tokio::test]
async fn what_was_read_is_believed_until_it_is_old_or_forgotten() {
    let office = office().await;
    let right = async || office.access.table("ana").await.unwrap().unwrap().shares[0].reach.right;
    assert_eq!(right().await, Right::Write);
    office.change(|world| world.read_only = true);
    office.hand.advance(SILENT_LIFETIME / 3);
    assert_eq!(right().await, Right::Write);
    office.hand.advance(SILENT_LIFETIME / 3);
    assert_eq!(right().await, Right::Read);
    assert_eq!(office.asked("/sharing/smb/getacl"), 2, "no list of rights is old yet");
    office.change(|world| world.read_only = false);
    office.access.forget();
    assert_eq!(right().await, Right::Write);
}

#[tokio::test]
async fn a_list_asked_for_before_a_change_is_not_kept_after_it() {
    let office = office().await;
    office.change(|world| world.forgetting = Some(office.access.clone()));
    office.rights().await;
    office.rights().await;
    assert_eq!(office.asked("/sharing/smb "), 2);
    office.change(|world| world.forgetting = None);
    office.rights().await;
    office.rights().await;
    assert_eq!(office.asked("/sharing/smb "), 3);
}

#[tokio::test]
async fn one_list_that_cannot_be_read_leaves_the_other_shares_alone() {
    let office = office().await;
    office.change(|world| world.folder_status = 403);
    let rights = office.rights().await;
    assert_eq!(rights[0].1, by_group());
    assert_eq!(rights[1].1, Reason::Unclear(Doubt::Folder { path: "/mnt/tank/plans".into() }));
}

#[tokio::test]
async fn a_hidden_share_is_judged_and_not_offered() {
    let office = office().await;
    let offered = async || {
        let shares = office.access.table("ana").await.unwrap().unwrap().shares;
        shares.iter().map(|access| (access.reach.right, access.is_offered())).collect::<Vec<_>>()
    };
    assert_eq!(offered().await, [(Right::Write, true), (Right::Write, true), (Right::None, false)]);
    office.change(|world| (world.hidden, world.folder_status) = (true, 403));
    office.access.forget();
    assert_eq!(offered().await, [(Right::Write, false), (Right::Unknown, false), (Right::None, false)]);
}

#[tokio::test]
async fn a_link_in_trouble_is_an_error_and_no_table() {
    let office = office().await;
    office.change(|world| world.folder_status = 401);
    let refused = office.access.table("ana").await;
    assert!(matches!(refused, Err(Error::ReadRights(truenas::Error::KeyRefused { .. }))), "{refused:?}");
}

#[tokio::test]
async fn who_cannot_be_looked_up_is_not_taken_for_nobody() {
    let office = office().await;
    office.change(|world| world.directory_down = true);
    for known in ["ana", "ANA"] {
        let outcome = office.access.table(known).await;
        assert!(matches!(outcome, Err(Error::ReadPerson(truenas::Error::Refused { .. }))), "{known}: {outcome:?}");
    }
    assert_eq!(office.access.table("zoe").await.unwrap(), None);
}

#[tokio::test]
async fn an_account_of_a_directory_is_somebody_though_the_list_of_accounts_lacks_it() {
    let leo = office().await.access.table("leo").await.unwrap().expect("he is somebody").person;
    assert_eq!((leo.full_name.as_str(), leo.local), ("Leo Reis", false));
    assert_eq!(leo.groups[0].label(), "OFFICE\\vendas");
}

#[tokio::test]
async fn nobody_has_no_table() {
    assert_eq!(office().await.access.table("zoe").await.unwrap(), None);
}

#[tokio::test]
async fn all_who_wait_behind_one_reading_share_the_next_and_a_later_one_has_its_own() {
    let office = office().await;
    let board = office.board().await;
    let answers = tokio::join!(board.refresh("ana"), board.refresh("ana"), board.refresh("ana"), board.refresh("ana"));
    assert_eq!(office.asked("/user/get_user_obj"), 2);
    assert_eq!(answers.1.unwrap(), answers.3.unwrap());
    board.refresh("ana").await.unwrap();
    assert_eq!(office.asked("/user/get_user_obj"), 3);
}

#[tokio::test]
async fn what_was_known_stays_with_its_age_while_the_nas_does_not_answer() {
    let office = office().await;
    let board = office.board().await;
    let ana = AccountId::of_uid(3001);
    assert_eq!(board.known(&ana), None);
    board.refresh("ana").await.unwrap();
    board.keep(&ana, [("docs".to_owned(), Proof::Reached)].into()).await;
    let known = board.known(&ana).unwrap();
    assert_eq!((known.read_at, known.proofs.len()), (Timestamp::from_millis(0), 1));
    office.hand.advance(Duration::from_mins(1));
    office.change(|world| world.directory_down = true);
    assert!(board.refresh("ana").await.is_err());
    assert_eq!(board.known(&ana), Some(known));
    board.forget(&ana);
    assert_eq!(board.known(&ana), None);
}
