//! Starts the executable in a folder of its own with nothing of our environment, listens to it, ends it.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use farol::runtime::Clock;

const FAROL: &str = env!("CARGO_BIN_EXE_farol");

/// Longer than anything here takes, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(40);
/// Between two questions about something that is not so yet.
const PAUSE: Duration = Duration::from_millis(50);
/// Lines nobody has asked for yet; the program waits when there are more.
const LINES_AHEAD: usize = 1_024;

/// A folder for one test, and the environment its programs get.
pub struct Desk {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("farol-test-").tempdir().unwrap();
        std::fs::create_dir(folder.path().join("tmp")).unwrap();
        Self { folder, environment: Vec::new() }
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Files the program forgot in its temporary folder.
    pub fn left_over(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.path("tmp")).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    pub fn start(&self, arguments: &[&str]) -> Program {
        self.start_with(arguments, "")
    }

    /// Another program than ours.
    pub fn start_other(&self, command: Command) -> Program {
        self.spawn(command, "")
    }

    pub fn start_with(&self, arguments: &[&str], input: &str) -> Program {
        let mut command = Command::new(FAROL);
        command.args(arguments);
        self.spawn(command, input)
    }

    /// With an input that goes on until it is dropped.
    pub fn start_open(&self, arguments: &[&str]) -> (Program, ChildStdin) {
        let mut command = Command::new(FAROL);
        command.args(arguments);
        self.spawn_open(command)
    }

    /// As `nohup` does it.
    pub fn start_deaf_to_the_terminal(&self, arguments: &[&str]) -> Program {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "trap '' HUP; exec \"$@\"", "sh", FAROL]).args(arguments);
        self.start_other(command)
    }

    /// As systemd does it: a listening socket that is open already, by its name.
    pub fn start_handing_over(&self, arguments: &[&str], name: &str, socket: &TcpListener) -> Program {
        let handed = OwnedFd::from(socket.try_clone().unwrap());
        let script = "exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=\"$0\" exec \"$@\"";
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script, name, FAROL]).args(arguments).stdin(Stdio::from(handed));
        Program::new(self.dress(&mut command).spawn().unwrap())
    }

    fn spawn(&self, command: Command, input: &str) -> Program {
        let (program, mut open) = self.spawn_open(command);
        // A program that reads no input may have ended before it was given any.
        let _ = open.write_all(input.as_bytes());
        program
    }

    fn spawn_open(&self, mut command: Command) -> (Program, ChildStdin) {
        let mut child = self.dress(&mut command).stdin(Stdio::piped()).spawn().unwrap();
        let input = child.stdin.take().unwrap();
        (Program::new(child), input)
    }

    /// With the folder and the environment of this desk, and everything it says heard.
    fn dress<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env_clear()
            .env("TMPDIR", self.path("tmp"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
    }

    /// Runs to the end.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(arguments, "")
    }

    pub fn run_with(&self, arguments: &[&str], input: &str) -> Outcome {
        self.start_with(arguments, input).outcome()
    }
}

/// How a program ended and all it said.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Outcome {
    /// All it said. Whoever succeeds has nothing to say on the stream of errors.
    #[track_caller]
    pub fn ended(self, code: i32) -> String {
        assert_eq!(
            (self.code, self.err.as_str()),
            (Some(code), if code == 0 { "" } else { &self.err }),
            "{}",
            self.out
        );
        format!("{}{}", self.out, self.err)
    }
}

impl Outcome {
    /// The same of a command whose very answer says that something is not well.
    #[track_caller]
    pub fn answered(self, code: i32) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(code), ""), "{}", self.out);
        self.out
    }
}

/// A program that runs. Dropping it kills it.
pub struct Program {
    pid: u32,
    lines: Receiver<String>,
    heard: Vec<String>,
    errors: Receiver<String>,
    ended: Receiver<ExitStatus>,
    status: Option<ExitStatus>,
}

impl Program {
    fn new(mut child: Child) -> Self {
        let (line, lines) = sync_channel(LINES_AHEAD);
        let out = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|text| line.send(text)));
        let (all, errors) = sync_channel(1);
        let mut stderr = child.stderr.take().unwrap();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            stderr.read_to_end(&mut bytes).unwrap();
            // Nobody listens any more when the test has failed.
            let _ = all.send(String::from_utf8_lossy(&bytes).into_owned());
        });
        let (end, ended) = sync_channel(1);
        let pid = child.id();
        thread::spawn(move || end.send(child.wait().unwrap()));
        Self { pid, lines, heard: Vec::new(), errors, ended, status: None }
    }

    /// What follows `start` on the first line that begins so; the line may have been said already.
    #[track_caller]
    pub fn said(&mut self, start: &str) -> String {
        loop {
            if let Some(found) = self.heard.iter().find_map(|line| line.trim_start().strip_prefix(start)) {
                return found.trim().to_owned();
            }
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => self.heard.push(line),
                Err(why) => panic!(
                    "never said {start:?} ({why}): {:#?} {}",
                    self.heard,
                    self.errors.recv_timeout(PAUSE).unwrap_or_default()
                ),
            }
        }
    }

    pub fn signal(&self, name: &str) {
        let pid = self.pid.to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    /// Whether it ends in time.
    pub fn ends_within(&mut self, limit: Duration) -> bool {
        if self.status.is_none() {
            self.status = match self.ended.recv_timeout(limit) {
                Ok(status) => Some(status),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => panic!("nobody waits for the program"),
            };
        }
        self.status.is_some()
    }

    #[track_caller]
    pub fn outcome(mut self) -> Outcome {
        assert!(self.ends_within(PATIENCE), "it does not end: {:#?}", self.heard);
        self.heard.extend(self.lines.iter());
        let out = self.heard.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        let err = self.errors.recv_timeout(PATIENCE).unwrap();
        Outcome { code: self.status.unwrap().code(), out, err }
    }

    pub fn children(&self) -> String {
        let pid = self.pid;
        std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if !self.ends_within(Duration::ZERO) {
            self.signal("KILL");
            self.ends_within(PATIENCE);
        }
    }
}

/// Waits for a state, not for a time.
#[track_caller]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let clock = Clock::real();
    while clock.uptime() < PATIENCE {
        if let Some(found) = look() {
            return found;
        }
        thread::park_timeout(PAUSE);
    }
    panic!("never: {what}");
}

/// All text in the files below a folder.
pub fn texts_below(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            text.push_str(&texts_below(&path));
        } else {
            text.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
        }
    }
    text
}
