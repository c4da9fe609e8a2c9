//! A Samba of one's own: in a temporary directory, on a free loopback port, gone when dropped.

use std::fs::{File, Permissions};
use std::io::Write as _;
use std::net::{TcpListener, UdpSocket};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use farol::runtime::Clock;
use tempfile::TempDir;

/// How long a Samba may take until it listens.
const START_LIMIT: Duration = Duration::from_secs(30);

pub const ANA: Account = Account { name: "farol-t-ana", password: "S3nh@ Forte!" };
pub const BRUNO: Account = Account { name: "farol-t-bruno", password: "açaí, pão e é só" };

#[derive(Clone, Copy)]
pub struct Account {
    pub name: &'static str,
    pub password: &'static str,
}

pub struct Samba {
    pub port: u16,
    directory: TempDir,
    smbd: Child,
    _claim: UdpSocket,
}

impl Samba {
    /// With the accounts of ana and bruno, and the shares `dados` (ana's), `geral` (everybody's), `cofre` (bruno's) and
    /// `cifrado` (everybody's who encrypts).
    /// `globals` are further lines of the configuration.
    pub async fn start(globals: &str) -> Self {
        let directory = tempfile::Builder::new().prefix("farol-samba-").tempdir().unwrap();
        // Whoever signs in works in the share as their own Unix account.
        std::fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
        let (port, claim) = free_port();
        write_configuration(directory.path(), port, globals);
        for account in [ANA, BRUNO] {
            add(directory.path(), account);
        }
        // Only now: two programs that meet a new list of accounts both replace its file by a finished one, and the first
        // goes on with what the second has removed.
        let smbd = Command::new(tool("smbd"))
            .args(["--foreground", "--configfile"])
            .arg(directory.path().join("smb.conf"))
            // Samba ends itself when this pipe closes: even a killed test leaves none behind.
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let samba = Self { port, directory, smbd, _claim: claim };
        samba.listening().await;
        samba
    }

    pub fn add(&self, account: Account) {
        add(self.directory.path(), account);
    }

    pub fn smbpasswd(&self, arguments: &[&str]) {
        run(self.directory.path(), ("smbpasswd", "-c"), arguments, "");
    }

    pub fn pdbedit(&self, arguments: &[&str]) {
        run(self.directory.path(), ("pdbedit", "-s"), arguments, "");
    }

    pub fn net_sam(&self, arguments: &[&str]) {
        run(self.directory.path(), ("net", "-s"), &[&["sam"], arguments].concat(), "");
    }

    /// Without the folder behind them none of the shares opens.
    pub fn remove_folder(&self) {
        std::fs::remove_dir(self.directory.path().join("share")).unwrap();
    }

    pub fn create_folder(&self) {
        create_folder(self.directory.path());
    }

    async fn listening(&self) {
        let clock = Clock::real();
        let answers = async {
            while super::prover(self.port).probe().await.is_err() {
                clock.sleep(Duration::from_millis(10)).await;
            }
        };
        let log = self.directory.path().join("log");
        assert!(clock.timeout(START_LIMIT, answers).await.is_ok(), "smbd did not start, see {}", log.display());
    }
}

impl Drop for Samba {
    fn drop(&mut self) {
        // Samba hands the signal on to the children it made.
        let asked = Command::new("kill").arg(self.smbd.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.smbd.kill();
        }
        let _ = self.smbd.wait();
    }
}

fn add(directory: &Path, account: Account) {
    create_unix_account(account.name);
    let twice = format!("{0}\n{0}\n", account.password);
    run(directory, ("smbpasswd", "-c"), &["-s", "-a", account.name], &twice);
}

/// A tool of Samba, and its option for the configuration.
fn run(directory: &Path, (name, option): (&str, &str), arguments: &[&str], input: &str) {
    let mut child = Command::new(tool(name))
        .arg(option)
        .arg(directory.join("smb.conf"))
        .args(arguments)
        // Without it a password beyond ASCII is stored as something else.
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{name} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Below the ports the kernel hands out, and the tests of each process begin at another one.
///
/// Two Sambas on one port share it in silence, and each gets some of what was said to the other. So whoever takes a port
/// claims it by the socket of another protocol, which two cannot have, for as long as the Samba lives.
fn free_port() -> (u16, UdpSocket) {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let first = 12_000 + u16::try_from(std::process::id() % 400).unwrap() * 50;
    let mut ports = std::iter::repeat_with(|| first + TAKEN.fetch_add(1, Ordering::Relaxed) % 50).take(50);
    let claimed = ports.find_map(|port| {
        let claim = UdpSocket::bind(("127.0.0.1", port)).ok()?;
        TcpListener::bind(("127.0.0.1", port)).ok()?;
        Some((port, claim))
    });
    claimed.unwrap()
}

fn write_configuration(directory: &Path, port: u16, globals: &str) {
    for name in ["private", "lock", "state", "cache", "pid", "log", "ncalrpc"] {
        std::fs::create_dir(directory.join(name)).unwrap();
    }
    create_folder(directory);
    let at = directory.display();
    let (ana, bruno) = (ANA.name, BRUNO.name);
    let text = format!(
        "[global]
        server role = standalone server
        workgroup = FAROL
        netbios name = NASFAROL
        interfaces = 127.0.0.1/8
        bind interfaces only = yes
        smb ports = {port}
        disable netbios = yes
        passdb backend = tdbsam:{at}/private/passdb.tdb
        private dir = {at}/private
        lock directory = {at}/lock
        state directory = {at}/state
        cache directory = {at}/cache
        pid directory = {at}/pid
        ncalrpc dir = {at}/ncalrpc
        log file = {at}/log/log.%m
        server min protocol = SMB2_02
        load printers = no
        printcap name = /dev/null
        {globals}
        [dados]
        path = {at}/share
        valid users = {ana}
        [geral]
        path = {at}/share
        guest ok = yes
        [cofre]
        path = {at}/share
        valid users = {bruno}
        [cifrado]
        path = {at}/share
        smb encrypt = required
        "
    );
    std::fs::write(directory.join("smb.conf"), text).unwrap();
}

fn create_folder(directory: &Path) {
    std::fs::create_dir(directory.join("share")).unwrap();
    std::fs::set_permissions(directory.join("share"), Permissions::from_mode(0o777)).unwrap();
}

/// Samba wants a Unix account behind each of its own. Tests run side by side and share these.
fn create_unix_account(name: &str) {
    let lock = File::create(std::env::temp_dir().join("farol-test-accounts.lock")).unwrap();
    lock.lock().unwrap();
    if Command::new("id").arg(name).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success() {
        return;
    }
    let made = Command::new(tool("useradd")).args(["-M", "-s", "/usr/sbin/nologin", name]).status().unwrap();
    assert!(made.success(), "useradd {name} failed: these tests run as root");
}

/// Debian keeps the servers where the path of an ordinary shell does not look.
fn tool(name: &str) -> std::path::PathBuf {
    ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
        .iter()
        .map(|directory| Path::new(directory).join(name))
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("{name} is not installed: run tests/run, it installs what the tests need"))
}
