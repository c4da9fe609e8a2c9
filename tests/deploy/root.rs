//! A Debian that was just installed, for one test alone: a root of its own, a network of its own where every port is free,
//! processes that end with it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::boot;
use crate::harness::{Desk, Program, until};
use crate::{tool, words};

const RELEASE: &str = "bookworm";
const MIRROR: &str = "http://deb.debian.org/debian";
/// What the installer will ask for, so that no test needs the network.
const PACKAGES: &str = "nginx openssl ca-certificates";
const INSTALL: &str =
    "DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 install -y -qq --no-install-recommends";
/// What a Debian sets for whoever signs in.
const PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const FAROL: &str = env!("CARGO_BIN_EXE_farol");
/// Where the executable lies before it is installed.
pub const BINARY: &str = "/root/farol";

pub struct Debian {
    root: PathBuf,
    /// The first process in it, which holds its network and its mounts.
    inside: String,
    // In this order: who runs in it ends before the folder goes.
    _holder: Program,
    group: Option<boot::Group>,
    desk: Desk,
}

/// Made once, and kept with what cargo builds.
fn kept(name: &str, make: impl FnOnce(&str)) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (kept, new) = (place.join(name), place.join(format!("{name}.new")));
    let lock = File::create(place.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    if !kept.exists() {
        if new.exists() {
            fs::remove_dir_all(&new).unwrap();
        }
        make(new.to_str().unwrap());
        fs::rename(&new, &kept).unwrap();
    }
    kept
}

/// As it comes, with everything the installer will ask for within reach.
fn bare() -> PathBuf {
    kept("debian-bare", |path| {
        fine(&tool("/usr/sbin/debootstrap", &["--variant=minbase", RELEASE, path, MIRROR]));
        let root = Path::new(path);
        fs::copy("/etc/resolv.conf", root.join("etc/resolv.conf")).unwrap();
        // Nobody misses these roots after a power cut.
        fs::write(root.join("etc/dpkg/dpkg.cfg.d/unsafe-io"), "force-unsafe-io\n").unwrap();
        // Nothing may start by itself.
        let policy = root.join("usr/sbin/policy-rc.d");
        fs::write(&policy, "#!/bin/sh\nexit 101\n").unwrap();
        fs::set_permissions(&policy, fs::Permissions::from_mode(0o755)).unwrap();
        let get = format!(
            "rm -f /var/cache/apt/archives/*.deb && apt-get -o Acquire::Retries=3 update -qq && {INSTALL} --download-only {PACKAGES}"
        );
        fine(&tool("/usr/sbin/chroot", &[path, "sh", "-c", &get]));
    })
}

/// Where others have worked before: what the installer would ask for is there.
fn furnished() -> PathBuf {
    let bare = bare();
    kept("debian-furnished", |path| {
        fine(&tool("cp", &["-a", "--reflink=auto", bare.to_str().unwrap(), path]));
        fine(&tool("/usr/sbin/chroot", &[path, "sh", "-c", &format!("{INSTALL} {PACKAGES}")]));
    })
}

/// One that boots: systemd runs in it, and starts what is installed.
fn booting() -> PathBuf {
    let furnished = furnished();
    kept("debian-booting", |path| {
        fine(&tool("cp", &["-a", "--reflink=auto", furnished.to_str().unwrap(), path]));
        fine(&tool(
            "/usr/sbin/chroot",
            &[path, "sh", "-c", &format!("apt-get -o Acquire::Retries=3 update -qq && {INSTALL} systemd")],
        ));
    })
}

#[track_caller]
pub fn fine(output: &Output) -> String {
    assert!(output.status.success(), "{}", words(output));
    words(output)
}

impl Debian {
    pub fn new() -> Self {
        Self::of(&bare(), false)
    }

    pub fn furnished() -> Self {
        Self::of(&furnished(), false)
    }

    pub fn booted() -> Self {
        let debian = Self::of(&booting(), true);
        until("systemd is up", || {
            debian.run(&["systemctl", "is-active", "multi-user.target"]).status.success().then_some(())
        });
        debian
    }

    fn of(kept: &Path, boots: bool) -> Self {
        let desk = Desk::new();
        let root = desk.path("root");
        let path = root.to_str().unwrap();
        fine(&tool("cp", &["-a", "--reflink=auto", kept.to_str().unwrap(), path]));
        // What a debugger needs is most of it, and it is copied and summed many times.
        fine(&tool("strip", &["--strip-debug", "-o", root.join(&BINARY[1..]).to_str().unwrap(), FAROL]));
        // The project at its own place: there the installer lies, and there a debug build looks for its pages.
        let project = env!("CARGO_MANIFEST_DIR");
        fs::create_dir_all(root.join(&project[1..])).unwrap();
        let group = boots.then(|| boot::Group::new(&desk));
        let mut command = match &group {
            Some(group) => group.joined("/usr/bin/unshare"),
            None => Command::new("/usr/bin/unshare"),
        };
        command.args(["--net", "--mount", "--pid", "--cgroup", "--uts", "--ipc", "--fork", "--kill-child"]);
        let first = if boots { boot::INIT } else { "echo ready && exec sleep infinity" };
        command.args(["/bin/sh", "-c"]).arg(format!(
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin
             ip link set lo up && mount --bind \"$0\" \"$1$0\" && mount -o remount,bind,ro \"$1$0\" &&
             mount -t proc proc \"$1/proc\" && {first}"
        ));
        command.args([project, path]);
        let mut holder = desk.start_other(command);
        holder.said("ready");
        let inside = holder.children().trim().to_owned();
        Self { root, inside, _holder: holder, group, desk }
    }

    /// A file as it is seen from outside.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside.trim_start_matches('/'))
    }

    pub fn read(&self, inside: &str) -> String {
        fs::read_to_string(self.path(inside)).unwrap()
    }

    pub fn write(&self, inside: &str, text: &str) {
        fs::create_dir_all(self.path(inside).parent().unwrap()).unwrap();
        fs::write(self.path(inside), text).unwrap();
    }

    /// On its network, with the programs of the machine outside.
    pub fn outside(&self, line: &[&str]) -> Command {
        let mut command = self.entering();
        if !self.boots() {
            // Where what is mounted in it is seen too.
            command.arg("--mount");
        }
        command.args(line);
        command
    }

    fn boots(&self) -> bool {
        self.group.is_some()
    }

    fn entering(&self) -> Command {
        let mut command = Command::new("/usr/bin/nsenter");
        command.args(["--target", &self.inside, "--net", "--pid"]);
        command
    }

    pub fn inside(&self, line: &[&str]) -> Command {
        let mut command = if self.boots() {
            let mut command = self.entering();
            command.arg("--mount");
            command
        } else {
            let mut command = self.outside(&["/usr/sbin/chroot"]);
            command.arg(&self.root);
            command
        };
        command.args(["/usr/bin/env", "-i", PATH, "HOME=/root"]).args(line);
        command
    }

    pub fn run(&self, line: &[&str]) -> Output {
        self.inside(line).output().unwrap()
    }

    /// The installer, as root calls it.
    pub fn install(&self, options: &[&str]) -> Output {
        let script = crate::ours("deploy/install.sh").display().to_string();
        self.run(&[&["/bin/bash", &script], options].concat())
    }

    /// Mode, owner and group, as inside.
    pub fn guarded(&self, path: &str) -> String {
        fine(&self.run(&["stat", "-c", "%a %U %G", path])).trim().to_owned()
    }

    /// Every file an installation could touch: who may read it, how large it is, when it last changed in any way.
    pub fn everything(&self) -> BTreeSet<String> {
        let line = "set -- /etc /opt /root /usr/local /var/log; [ ! -d /var/lib/farol ] || set -- \"$@\" /var/lib/farol
            find \"$@\" -printf '%p %m %u %g %s %T@ %C@ %l\\n'";
        fine(&self.run(&["/bin/sh", "-c", line])).lines().map(str::to_owned).collect()
    }

    #[track_caller]
    pub fn assert_unchanged_since(&self, before: &BTreeSet<String>) {
        let now = self.everything();
        assert_eq!(before.symmetric_difference(&now).collect::<Vec<_>>(), Vec::<&String>::new());
    }

    pub fn spawn(&self, command: Command) -> Program {
        self.desk.start_other(command)
    }
}

/// Asks what was started inside to end, which it does in order.
#[track_caller]
pub fn end(program: Program) {
    fine(&tool("kill", &["-TERM", program.children().trim()]));
    program.outcome().ended(0);
}
