//! systemd as the first process of a root of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::harness::{Desk, until};

/// Ends what the first process begins: `$1` is the root, and becomes the root of everybody in it, since services that are
/// root only among themselves cannot be had in a chroot. What a kernel gives a machine that boots, as containers get it:
/// nothing of this machine can be changed by it.
pub const INIT: &str = r#"
    mount --rbind "$1" "$1" &&
    mount --bind "$1/proc/sys" "$1/proc/sys" && mount -o remount,bind,ro "$1/proc/sys" &&
    mount -t sysfs -o ro sysfs "$1/sys" && mount -t cgroup2 cgroup2 "$1/sys/fs/cgroup" &&
    mount -t tmpfs -o mode=755 tmpfs "$1/run" && mount -t tmpfs -o mode=755 tmpfs "$1/dev" &&
    for name in null zero full random urandom tty; do
        touch "$1/dev/$name" && mount --bind "/dev/$name" "$1/dev/$name" || exit 1
    done &&
    mkdir "$1/dev/shm" "$1/dev/pts" && mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts "$1/dev/pts" &&
    ln -s pts/ptmx "$1/dev/ptmx" && ln -s /proc/self/fd "$1/dev/fd" &&
    cd "$1" && echo ready && pivot_root . mnt && umount -l /mnt && mount --make-rshared / &&
    exec /usr/bin/env -i container=farol-test /lib/systemd/systemd"#;

/// A group of processes systemd may divide as it likes.
pub struct Group {
    /// Where such groups are seen.
    place: PathBuf,
    name: String,
}

impl Group {
    pub fn new(desk: &Desk) -> Self {
        let place = desk.path("groups");
        fs::create_dir(&place).unwrap();
        let name = format!("farol-test-{}", desk.path("").file_name().unwrap().to_str().unwrap());
        Self { place, name }
    }

    /// A program that starts in this group, and sees the groups in no place of its own.
    pub fn joined(&self, program: &str) -> Command {
        let mut command =
            self.seen("mkdir \"$0/$1\" && echo $$ >\"$0/$1/cgroup.procs\" && umount \"$0\" && shift && exec \"$@\"");
        command.arg(program);
        command
    }

    fn seen(&self, script: &str) -> Command {
        let mut command = Command::new("/usr/bin/unshare");
        command.args(["--mount", "/bin/sh", "-c"]).arg(format!("mount -t cgroup2 cgroup2 \"$0\" && {script}"));
        command.arg(&self.place).arg(&self.name);
        command
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let mut remove = self.seen("find \"$0/$1\" -depth -type d -exec rmdir {} +");
        until("everybody in the group has gone", || remove.output().unwrap().status.success().then_some(()));
    }
}
