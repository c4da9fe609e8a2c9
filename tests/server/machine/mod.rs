//! The executable as it runs at people's: a process with file systems of its own, before a simulated NAS. Whatever is
//! mounted for it is gone with it.
#![expect(clippy::disallowed_methods, reason = "the program is found where everybody finds programs")]

pub mod road;

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use farol::runtime::{Clock, Tasks};
use farol::sim::{self, Profile, Sim};

use crate::harness::{Browser, PATIENCE, soon};

const FAROL: &str = env!("CARGO_BIN_EXE_farol");
const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
const SECRET: &str = "f3b1c8e2a7d94605b8c1e3f7a2d9460bf3b1c8e2a7d94605";
/// Between two looks at something that is not so yet.
const PAUSE: Duration = Duration::from_millis(50);

pub struct Machine {
    pub sim: Sim,
    /// Holds the file systems; its end is theirs.
    holder: Child,
    environment: Vec<(String, String)>,
    running: Option<Running>,
    listen: SocketAddr,
    pub tasks: Tasks,
    home: tempfile::TempDir,
}

struct Running {
    child: Child,
    errors: Arc<Mutex<String>>,
}

impl Machine {
    /// `prepare` is what a shell does first, in the machine's home, where `data` and `logs` are.
    pub async fn new(prepare: &str) -> Self {
        let tasks = Tasks::default();
        let nas = sim::Settings { release: Profile::R25_10, listen: LOOPBACK, plain: None, panel: None, seed: 7 };
        let sim = sim::start(nas, Clock::real(), &tasks).await.unwrap();
        let home = tempfile::Builder::new().prefix("farol-test-").tempdir().unwrap();
        for folder in ["data", "logs", "tmp"] {
            std::fs::create_dir(home.path().join(folder)).unwrap();
        }
        let fingerprint: Vec<String> = sim.fingerprint().iter().map(|byte| format!("{byte:02X}")).collect();
        let environment = [
            ("PATH", std::env::var("PATH").unwrap()),
            ("TMPDIR", home.path().join("tmp").to_str().unwrap().to_owned()),
            ("TRUENAS_API_URL", sim.url()),
            ("TRUENAS_API_KEY", sim.api_key()),
            ("FAROL_TRUENAS_USERNAME", sim.username().to_owned()),
            ("FAROL_TRUENAS_FINGERPRINT", fingerprint.join(":")),
            ("FAROL_AUTH_AUTHENTICATOR", "truenas-api".to_owned()),
            ("FAROL_SERVER_DATA_DIR", "data".to_owned()),
            ("FAROL_LOG_DIRECTORY", "logs".to_owned()),
            ("SECRET_KEY", SECRET.to_owned()),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let holder = hold(home.path(), prepare);
        Self { sim, holder, environment, running: None, listen: LOOPBACK, tasks, home }
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A command in the machine's own file systems.
    fn inside_of(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        let (holder, home) = (self.holder.id().to_string(), format!("--wdns={}", self.home.path().display()));
        command.args(["--mount", "--target", &holder, &home, program]).stdin(Stdio::null());
        command
    }

    fn farol(&self, arguments: &[&str]) -> Command {
        let mut command = self.inside_of(FAROL);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub async fn start(&mut self) {
        let mut child = self.farol(&["serve", "--listen", &self.listen.to_string()]).spawn().unwrap();
        let errors = Arc::<Mutex<String>>::default();
        let (heard, said) = (errors.clone(), BufReader::new(child.stderr.take().unwrap()));
        thread::spawn(move || {
            for line in said.lines().map_while(Result::ok) {
                heard.lock().unwrap().extend([line.as_str(), "\n"]);
            }
        });
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        let (place, listens) = tokio::sync::oneshot::channel();
        thread::spawn(move || {
            let found = out.by_ref().map_while(Result::ok).find_map(|line| {
                line.strip_prefix("Farol atende em http://").and_then(|address| address.parse::<SocketAddr>().ok())
            });
            let _ = place.send(found);
            out.for_each(drop);
        });
        let listens = soon(listens).await.unwrap();
        self.running = Some(Running { child, errors });
        self.listen = listens.unwrap_or_else(|| panic!("it never listened: {}", self.errors()));
    }

    pub async fn started(prepare: &str) -> Self {
        let mut machine = Self::new(prepare).await;
        machine.start().await;
        machine
    }

    /// Another of its commands, to the end: how it ended and all it said.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.farol(arguments).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }

    pub fn pid(&self) -> u32 {
        self.running.as_ref().unwrap().child.id()
    }

    /// Where we find what the program finds there.
    pub fn inside(&self, place: &str) -> PathBuf {
        let home = self.home.path().strip_prefix("/").unwrap();
        Path::new("/proc").join(self.holder.id().to_string()).join("root").join(home).join(place)
    }

    /// In the machine's home.
    pub fn shell(&self, script: &str) {
        assert!(self.inside_of("sh").args(["-ec", script]).status().unwrap().success(), "{script}");
    }

    /// Nothing more goes into this folder, which has a file system of its own.
    pub fn fill(&self, folder: &str) {
        let mut file = File::create(self.inside(folder).join("fill")).unwrap();
        let error = std::io::copy(&mut std::io::repeat(0), &mut file).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    }

    pub fn empty(&self, folder: &str) {
        std::fs::remove_file(self.inside(folder).join("fill")).unwrap();
    }

    /// How many files and connections the program may have open from now on.
    pub fn limit_files(&self, most: usize) {
        let (pid, limit) = (self.pid().to_string(), format!("--nofile={most}:"));
        assert!(Command::new("prlimit").args(["--pid", &pid, &limit]).status().unwrap().success());
    }

    pub fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.listen)
    }

    pub fn address(&self) -> SocketAddr {
        self.listen
    }

    pub async fn signed_in(&self, username: &str) -> Browser {
        let browser = self.browser();
        let answer = browser.sign_in(username, &format!("demo-{username}")).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/dashboard"), "{}", answer.body);
        browser
    }

    /// Signs in once the NAS has been found again.
    pub async fn comes_in(&self, username: &str) -> Browser {
        let browser = self.browser();
        until("the NAS is found", async || browser.get("/api/status").await.json()["online"] == true).await;
        let password = format!("demo-{username}");
        until("people come in", async || browser.sign_in(username, &password).await.status == 303).await;
        browser
    }

    /// What it said on the stream of errors.
    pub fn errors(&self) -> String {
        self.running.as_ref().unwrap().errors.lock().unwrap().clone()
    }

    /// All it has written into its log.
    pub fn log(&self) -> String {
        let files = std::fs::read_dir(self.inside("logs")).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|kind| kind == "log")).map(text_of).collect()
    }

    /// As when the power fails.
    pub fn kill(&mut self) {
        self.signal("KILL");
        self.ended();
    }

    fn ended(&mut self) -> ExitStatus {
        self.running.take().unwrap().child.wait().unwrap()
    }

    /// It ends as it should, and never was at a loss.
    pub async fn close(mut self) {
        let (log, errors) = (self.log(), self.errors());
        for told in [&log, &errors] {
            assert!(!told.contains("panicked"), "{told}");
        }
        self.signal("TERM");
        assert!(self.ended().success(), "{errors}");
        self.tasks.stop(&Clock::real(), Duration::ZERO).await;
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
        // It ends with its input.
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}

/// A process with file systems of its own, which lasts as long as we do.
fn hold(home: &Path, prepare: &str) -> Child {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private", "sh", "-ec", &format!("{prepare}\necho ready\nexec cat")]);
    command.current_dir(home).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut holder = command.spawn().unwrap();
    let mut word = String::new();
    BufReader::new(holder.stdout.take().unwrap()).read_line(&mut word).unwrap();
    assert_eq!(word, "ready\n", "these stories mount file systems: they have to be run as root");
    holder
}

fn text_of(path: PathBuf) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// Waits for a state by the real clock, not for a time.
pub async fn until(what: &str, mut look: impl AsyncFnMut() -> bool) {
    let clock = Clock::real();
    while !look().await {
        assert!(clock.uptime() < PATIENCE * 2, "never: {what}");
        clock.sleep(PAUSE).await;
    }
}
