//! The real server, with people who are signed in already, and a way in for what is to be told.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use farol::app::{self, App, Process};
use farol::auth::Sessions;
use farol::config::{self, Sources};
use farol::domain::caller::{Account, AccountId, Role};
use farol::domain::event::{Audience, Line, Region};
use farol::domain::language::Texts;
use farol::domain::notice::Notice;
use farol::domain::session::Visitor;
use farol::live::Hub;
use farol::runtime::logging;
use futures_util::future::join_all;

use crate::nas::person;
use crate::wire::{Nas, Open, Order, Plan, Sent, orders, say, stamp};

/// Around the number of a piece; nothing a page says has it.
pub const MARK: u8 = b'~';

/// What `farol serve` reads, for this NAS and this folder. `listen` is an address of this machine.
pub fn settings_file(nas: &Nas, folder: &Path, listen: &str) -> String {
    let Nas { url, username, key, fingerprint } = nas;
    let folder = folder.display();
    format!(
        "[truenas]\nurl = \"{url}\"\nusername = \"{username}\"\napi_key = \"{key}\"\nfingerprint = \"{fingerprint}\"\n\
         [server]\nlisten = \"{listen}\"\nsecret_key = \"{}\"\ndata_dir = \"{folder}\"\n\
         [auth]\nauthenticator = \"truenas-api\"\n",
        fingerprint.replace(':', "")
    )
}

/// As `main` does it.
#[expect(clippy::disallowed_methods, reason = "all this process does hangs on this one task")]
pub fn run() {
    rustls::crypto::aws_lc_rs::default_provider().install_default().expect("nobody was here before");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a machine has threads");
    // Where requests are answered, and no further thread wants the core.
    runtime.block_on(async { tokio::spawn(serve()).await }).expect("a server that does not break");
}

async fn serve() {
    let line = std::io::stdin().lines().next().expect("the parent says what to do").expect("a readable pipe");
    let plan: Plan = serde_json::from_str(&line).expect("our own words");
    let file = plan.folder.join("farol.toml");
    std::fs::write(&file, settings_file(&plan.nas, &plan.folder, "127.0.0.1:0")).expect("a folder of our own");
    let sources = Sources {
        directory: plan.folder.clone(),
        file: Some(file),
        usual_files: Vec::new(),
        environment: std::collections::BTreeMap::new(),
        overrides: Vec::new(),
    };
    let settings = config::load(&sources).settings().unwrap_or_else(|report| panic!("{report}"));
    let process = Process::real();
    let _log = logging::start(&settings.log, process.clock.clone(), false).expect("a folder of our own");
    let app = Box::pin(app::build(&settings, &process, config::Handed::default()))
        .await
        .expect("a free port and an empty folder");
    let (hub, desk, open) = (app.hub(), app.desk(), open(&app, &plan).await);
    app.start(&process.tasks);
    // From here on the input belongs to the orders.
    let mut orders = orders::<Order>();
    say(&open);
    while let Some(order) = orders.recv().await {
        match order {
            Order::Pieces { first, count, filling } => say(&tell(&hub, first, count, filling).await),
            Order::Change => {
                let begun = stamp();
                hub.changed(Region::Storage);
                say(&Sent { begun, sent: vec![begun] });
            }
            Order::Dropped => say(&desk.counters().figures().dropped),
            Order::Template(_) => {}
        }
    }
}

async fn open(app: &App, plan: &Plan) -> Open {
    let sessions = app.sessions();
    let mut cookies = Vec::new();
    for number in 0..plan.people {
        for _ in 0..plan.sessions_each {
            cookies.push(sign_in(&sessions, number).await);
        }
    }
    Open { address: app.address(), cookies, cursor: app.hub().cursor().to_string() }
}

async fn sign_in(sessions: &Sessions, number: u32) -> String {
    let (uid, username) = person(number);
    let account = Account { id: AccountId::of_uid(uid), username, full_name: String::new(), role: Role::Employee };
    let visitor = Visitor::new(IpAddr::V4(Ipv4Addr::LOCALHOST), "benchmark");
    let signed_in = sessions.create(account, visitor, None, None).await.expect("a database of our own");
    format!("farol={}", signed_in.token.reveal())
}

/// Announcements to everybody, all at once: whoever tells takes a turn at the hub in the order of asking.
async fn tell(hub: &Hub, first: u32, count: u32, filling: usize) -> Sent {
    let begun = stamp();
    let telling = (first..first + count).map(|number| async move {
        let mark = char::from(MARK);
        let texts = |portuguese: String| Texts { portuguese, english: String::new() };
        let notice = Notice::Announced {
            announcement: "benchmark".to_owned(),
            title: texts(format!("{mark}{number:010}{mark}")),
            text: texts("a".repeat(filling)),
        };
        hub.tell(Audience::Everybody, Line::Notice(notice)).await.expect("a database of our own");
        stamp()
    });
    Sent { begun, sent: join_all(telling).await }
}
