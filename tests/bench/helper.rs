//! A process of the benchmark, seen from the one that started it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::wire::{ROLE, Role};

/// Sets the limit of open files as high as it goes, then becomes what is named.
const UNLIMITED: &str = "ulimit -n \"$(ulimit -H -n)\"; exec \"$@\"";

/// Ends when dropped.
#[derive(Debug)]
pub struct Helper {
    role: Role,
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Helper {
    pub fn start(role: Role, core: Option<usize>) -> Self {
        let program = std::env::current_exe().expect("a running program is somewhere");
        let mut command = Command::new("sh");
        command.args(["-c", UNLIMITED, "sh"]);
        if let Some(core) = core {
            command.args(["taskset", "-c", &core.to_string()]);
        }
        command.arg(program).arg(format!("{ROLE}{}", role.as_str()));
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("sh starts programs");
        let input = process.stdin.take().expect("asked for above");
        let output = BufReader::new(process.stdout.take().expect("asked for above"));
        Self { role, process, input, output }
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    pub fn ask<T: DeserializeOwned>(&mut self, what: &impl Serialize) -> T {
        let mut line = serde_json::to_string(what).expect("plain values");
        line.push('\n');
        // Whoever is gone answers nothing either.
        drop(self.input.write_all(line.as_bytes()).and_then(|()| self.input.flush()));
        self.hear()
    }

    /// What it says by itself.
    pub fn hear<T: DeserializeOwned>(&mut self) -> T {
        let mut answer = String::new();
        let heard = self.output.read_line(&mut answer);
        assert!(heard.is_ok_and(|length| length > 0), "the {} is gone; above it may have said why", self.role.as_str());
        serde_json::from_str(&answer).expect("our own words")
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        // It may be gone already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
