//! The machine: its cores, its limits, how busy it is; what a process of ours uses of it.

use std::fmt;
use std::fs;
use std::process::{Command, Stdio};

use serde::Serialize;

/// Which core whom belongs to. `None`: the system decides.
#[derive(Debug)]
pub struct Cores {
    count: usize,
    pub server: Option<usize>,
    pub load: Option<usize>,
}

impl Cores {
    pub fn find() -> Self {
        let count = std::thread::available_parallelism().map_or(1, Into::into);
        let can_pin = Command::new("taskset").arg("--version").stdout(Stdio::null()).status().is_ok();
        let pinned = can_pin && count > 1;
        Self { count, server: pinned.then_some(0), load: pinned.then_some(1) }
    }

    /// This process asks for pages: it belongs to the load.
    pub fn pin_this_process(&self) {
        let Some(core) = self.load else { return };
        let (core, process) = (core.to_string(), std::process::id().to_string());
        let pinned = Command::new("taskset").args(["-cp", &core, &process]).stdout(Stdio::null()).status();
        assert!(pinned.is_ok_and(|status| status.success()), "taskset cannot pin this process");
    }
}

/// The thread that asks for pages shares a core with the browsers: it must not wait for them, or that is measured too.
/// Says whether that may be.
pub fn put_first() -> bool {
    let Ok(thread) = fs::read_link("/proc/thread-self") else { return false };
    let number = thread.file_name().unwrap_or_default();
    let mut put = Command::new("chrt");
    put.args(["--fifo", "--pid", "1"]).arg(number).stdout(Stdio::null()).stderr(Stdio::null());
    put.status().is_ok_and(|status| status.success())
}

#[derive(Debug, Serialize)]
pub struct Machine {
    processor: String,
    cores: usize,
    pinned: bool,
    pages_first: bool,
    kernel: String,
    rust: String,
    farol: &'static str,
    open_files: u64,
    load_before: String,
}

pub fn describe(cores: &Cores) -> Machine {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let rust = Command::new("rustc").arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    Machine {
        processor: processor.trim_start_matches([' ', '\t', ':']).to_owned(),
        cores: cores.count,
        pinned: cores.server.is_some(),
        pages_first: std::thread::spawn(put_first).join().unwrap_or_default(),
        kernel: fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned(),
        rust: String::from_utf8_lossy(&rust).trim().to_owned(),
        farol: env!("CARGO_PKG_VERSION"),
        open_files: open_files(),
        load_before: load_average(),
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, kernel, rust, farol, load_before, .. } = self;
        writeln!(f, "farol {farol}, {rust}, Linux {kernel}")?;
        write!(f, "{processor}, {cores} cores, load {load_before}, ")?;
        f.write_str(if self.pinned {
            "the server on core 0, everything else on core 1"
        } else {
            "nobody pinned to a core (that takes taskset and two cores): the figures say little"
        })?;
        f.write_str(if self.pages_first {
            ""
        } else {
            "; pages also wait for the browsers' core (not so takes chrt as root)"
        })
    }
}

/// Of the last minute, five and fifteen.
pub fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// As many as a process of ours may raise its limit to.
pub fn open_files() -> u64 {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let most = line.and_then(|line| line.split_whitespace().nth(1).map(str::to_owned)).unwrap_or_default();
    most.parse().unwrap_or(u64::MAX)
}

/// Nanoseconds a process has spent on a core, all its threads together.
pub fn time_on_core(process: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let of_thread = threads.filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok());
    of_thread.filter_map(|text| text.split_whitespace().next()?.parse::<u64>().ok()).sum()
}

/// Memory a process really has, in KiB.
pub fn memory_kib(process: u32) -> u32 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
