//! A NAS, a database, and the rooms of one server over them, all living by one clock that is moved by hand.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use farol::audit::Audit;
use farol::auth::{
    self, Administrators, Api, Authenticator, CodeForm, Emergency, EmergencyRooms, Entered, Guard, GuardRooms,
    KeyAlarm, PasswordForm, Prove, Refused, Rooms, Sessions, SignIn, SignedIn, Throttle,
};
use farol::domain::audit::Action;
use farol::domain::session::Visitor;
use farol::domain::signin::AttemptId;
use farol::domain::{Secret, Timestamp};
use farol::live::Hub;
use farol::runtime::{Clock, Hand, Random, Tasks};
use farol::shares::{Access, Board};
use farol::sim::{self, Profile, Sim};
use farol::store::{self, Store};
use farol::truenas::{Client, Fingerprint, Passwords, Settings, Trust};

/// Longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// Small beside every limit, so that a moved clock never leaps over what is still under way.
const STEP: Duration = Duration::from_millis(250);
const LOOPBACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

pub struct Office {
    pub sim: Sim,
    pub clock: Clock,
    pub hand: Hand,
    pub server: Server,
    random: Random,
    administrators: &'static str,
    database: PathBuf,
    _folder: tempfile::TempDir,
    _nas_tasks: Tasks,
}

/// What ends when the server does.
pub struct Server {
    pub store: Store,
    pub audit: Audit,
    pub sessions: Sessions,
    pub throttle: Throttle,
    pub sign_in: SignIn,
    pub emergency: Emergency,
    pub administrators: Administrators,
    pub board: Board,
    pub hub: Hub,
    pub client: Client,
    pub tasks: Tasks,
}

impl Office {
    pub async fn open(release: Profile) -> Self {
        Self::open_with(release, None).await
    }

    /// `prove` instead of asking the NAS for passwords.
    pub async fn open_with(release: Profile, prove: Option<Arc<dyn Prove>>) -> Self {
        Self::build(release, prove, auth::ADMINISTRATORS_GROUP).await
    }

    /// The group of this name administers.
    pub async fn administered_by(group: &'static str, release: Profile) -> Self {
        Self::build(release, None, group).await
    }

    async fn build(release: Profile, prove: Option<Arc<dyn Prove>>, administrators: &'static str) -> Self {
        let (clock, hand) = Clock::by_hand(Timestamp::from_millis(1_790_000_000_000));
        let nas_tasks = Tasks::default();
        let settings = sim::Settings { release, listen: LOOPBACK, plain: None, panel: None, seed: 7 };
        let sim = sim::start(settings, clock.clone(), &nas_tasks).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("farol.db");
        let random = Random::from_system();
        let process = (&clock, &random);
        let server = serve(&sim, process, &database, prove, administrators).await;
        Self { sim, clock, hand, server, random, administrators, database, _folder: folder, _nas_tasks: nas_tasks }
    }

    pub async fn restart(&mut self) {
        self.server.tasks.stop(&Clock::real(), Duration::from_millis(500)).await;
        let process = (&self.clock, &self.random);
        self.server = serve(&self.sim, process, &self.database, None, self.administrators).await;
    }

    /// New people like somebody who is there: their names. The password of `x` is `pw-x`.
    pub fn hire(&self, how_many: u32, like: &str) -> Vec<String> {
        let mut world = self.sim.world();
        let like = world.people.find(like).unwrap().clone();
        let hired = |number| {
            let mut person = like.clone();
            (person.id, person.uid) = (500 + u64::from(number), 5_000 + number);
            person.username = format!("person{number}");
            person.password = format!("pw-{}", person.username);
            person
        };
        let people: Vec<_> = (0..how_many).map(hired).collect();
        let names = people.iter().map(|person| person.username.clone()).collect();
        world.people.persons.extend(people);
        names
    }

    pub fn turn(&self, fault: &str, on: bool) {
        self.sim.set_fault(fault, on).unwrap();
    }

    pub async fn sign_in(&self, username: &str, password: &str) -> Result<Entered, Refused> {
        self.sign_in_from("10.0.0.7", username, password).await
    }

    pub async fn sign_in_from(&self, address: &str, username: &str, password: &str) -> Result<Entered, Refused> {
        let attempt = AttemptId::new(self.random.token());
        soon(self.server.sign_in.with_password(form(attempt, address, username, password))).await
    }

    /// Looks after those who are signed in and follows those who look, as the whole server does.
    pub fn watch(&self) {
        let Server { store, sessions, board, hub, client, tasks, .. } = &self.server;
        let settings = settings(self.administrators);
        let guard = Guard::new(
            GuardRooms {
                client: client.clone(),
                sessions: sessions.clone(),
                board: board.clone(),
                alarm: KeyAlarm::new(store.clone(), hub.clone(), self.clock.clone()),
                clock: self.clock.clone(),
            },
            &settings,
        );
        tasks.keep("guard", guard.run(tasks.stopping()));
        tasks.keep("rights", board.clone().run(tasks.stopping()));
        tasks.keep("session ends", sessions.clone().run(tasks.stopping()));
    }

    pub async fn signed_in(&self, username: &str) -> SignedIn {
        match self.sign_in(username, &format!("demo-{username}")).await.unwrap() {
            Entered::SignedIn(signed_in) => *signed_in,
            Entered::CodeWanted(_) => panic!("{username} has no second factor"),
        }
    }

    pub async fn until(&self, holds: impl AsyncFn() -> bool) {
        while !holds().await {
            Clock::real().sleep(Duration::from_millis(5)).await;
        }
    }

    /// Moves the clock in small steps until `work` is done; how long that took by it. Each step leaves a busy machine time
    /// to do what is due, for what it does later counts as if it had taken that long.
    pub async fn pass_until<T>(&self, work: impl Future<Output = T>) -> (T, Duration) {
        let begun = self.clock.uptime();
        let running = async {
            loop {
                Clock::real().sleep(Duration::from_millis(4)).await;
                self.hand.advance(STEP);
            }
        };
        let either = async {
            tokio::select! {
                biased;
                done = work => done,
                () = running => unreachable!("time never ends"),
            }
        };
        (Box::pin(soon(either)).await, self.clock.uptime().saturating_sub(begun))
    }

    /// The end of a sign-in in a word, so that a list of them compares.
    pub async fn says(&self, username: &str, password: &str) -> String {
        word(self.sign_in(username, password).await)
    }

    pub async fn code(&self, handle: &Secret<String>, code: &str) -> Result<SignedIn, Refused> {
        let form =
            CodeForm { handle: handle.clone(), code: Secret::from(code), visitor: visitor("10.0.0.7"), held: None };
        soon(self.server.sign_in.with_code(form)).await
    }

    pub fn database_url(&self) -> String {
        format!("sqlite:{}", self.database.display())
    }

    pub fn database_files(&self) -> Vec<PathBuf> {
        let folder = self.database.parent().unwrap();
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    /// As `action actor detail`, the newest first.
    pub async fn deeds(&self) -> Vec<(Action, String, String)> {
        let entries = self.server.audit.list(None, 100).await.unwrap();
        entries.into_iter().map(|entry| (entry.deed.action, entry.deed.actor, entry.deed.detail)).collect()
    }
}

async fn serve(
    sim: &Sim,
    (clock, random): (&Clock, &Random),
    database: &std::path::Path,
    prove: Option<Arc<dyn Prove>>,
    administrators: &str,
) -> Server {
    let tasks = Tasks::default();
    let url = Settings::parse_url(&sim.url(), false).unwrap();
    let trust = Trust::Pinned(Fingerprint(sim.fingerprint()));
    let nas = Settings::new(url, sim.username().to_owned(), Secret::new(sim.api_key()), trust);
    let store = Store::open(&store::Settings::in_file(database)).await.unwrap();
    store.migrate().await.unwrap();
    let audit = Audit::new(store.clone(), clock.clone());
    let settings = settings(administrators);
    let sessions = Sessions::new(store.clone(), audit.clone(), &settings, clock.clone(), random.clone());
    let throttle = Throttle::new(store.clone(), audit.clone(), clock.clone());
    let client = Client::start(nas.clone(), clock, random, &tasks).unwrap();
    let hub = Hub::open(store.clone(), clock.clone(), random, &Tasks::default()).await.unwrap();
    let board = Board::new(Access::new(client.clone(), clock.clone()), hub.clone(), clock.clone());
    let passwords = Passwords::start(nas, clock, random, &tasks).unwrap();
    let sign_in = SignIn::new(Rooms {
        prove: prove.unwrap_or_else(|| Arc::new(Api::new(passwords))),
        client: client.clone(),
        board: board.clone(),
        sessions: sessions.clone(),
        throttle: throttle.clone(),
        audit: audit.clone(),
        administrators_group: settings.administrators_group,
        clock: clock.clone(),
        random: random.clone(),
        tasks: tasks.clone(),
    });
    let emergency = Emergency::new(EmergencyRooms {
        store: store.clone(),
        audit: audit.clone(),
        clock: clock.clone(),
        throttle: throttle.clone(),
        sessions: sessions.clone(),
        tasks: tasks.clone(),
    });
    let local = Administrators::new(store.clone(), audit.clone(), clock.clone(), random.clone());
    Server { store, audit, sessions, throttle, sign_in, emergency, administrators: local, board, hub, client, tasks }
}

fn settings(administrators: &str) -> auth::Settings {
    auth::Settings {
        authenticator: Authenticator::TruenasApi,
        administrators_group: administrators.to_owned(),
        on_service_key_refused: auth::OnKeyRefused::LogOut,
        second_factor: auth::SecondFactor::Required,
        session_timeout: auth::SESSION_TIMEOUT,
        idle_timeout: auth::IDLE_TIMEOUT,
    }
}

pub fn form(attempt: AttemptId, address: &str, username: &str, password: &str) -> PasswordForm {
    PasswordForm {
        attempt,
        username: username.to_owned(),
        password: Secret::from(password),
        visitor: visitor(address),
        held: None,
    }
}

pub fn visitor(address: &str) -> Visitor {
    Visitor::new(address.parse().unwrap(), "Firefox")
}

pub fn word(entered: Result<Entered, Refused>) -> String {
    match entered {
        Ok(Entered::SignedIn(signed_in)) => {
            let account = signed_in.session.account;
            format!("{} {}", account.username, account.role.as_str())
        }
        Ok(Entered::CodeWanted(_)) => "code".to_owned(),
        Err(Refused::AccountClosed(closed)) => format!("closed: {closed}"),
        Err(Refused::Throttled { .. }) => "throttled".to_owned(),
        Err(refused) => refused.to_string(),
    }
}

/// Waits by the real clock: what does not come within the limit never comes.
pub async fn soon<T>(work: impl Future<Output = T>) -> T {
    Clock::real().timeout(PATIENCE, work).await.expect("it never came")
}
