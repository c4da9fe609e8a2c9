//! A Windows of wine's that all tests share, and offices in it that share nothing.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What a prefix is made from, where Debian puts it.
const SETUP_OF_WINE: &str = "/usr/share/wine/wine.inf";

const PROGRAMS: [&str; 4] = ["net", "cmdkey", "fltmc", "reg"];

/// What stands in for a machine of the office: what its letters lead to outlasts a run.
pub struct Office {
    folder: TempDir,
    runs: Vec<String>,
}

/// One run of the script.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub script: &'a str,
    pub arguments: &'a str,
    /// What is typed.
    pub typed: &'a str,
    /// Part of a call, and the number of the error it ends with. A part that begins with `once ` fits once.
    pub answers: &'a [(&'a str, u32)],
    pub elevated: bool,
    /// What the registry says about UAC, if anything.
    pub uac: Option<&'a str>,
}

impl<'a> Run<'a> {
    pub fn quiet(script: &'a str) -> Self {
        Self { script, arguments: "/quiet", typed: "", answers: &[], elevated: false, uac: None }
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Seen {
    pub code: i32,
    pub shown: String,
    /// The program and its arguments, with `|` between them; without the questions for elevation.
    pub calls: Vec<String>,
}

impl Seen {
    /// The calls that change something.
    pub fn changes(&self) -> Vec<&str> {
        let asks = |call: &&str| call.starts_with("net|use|") && call.split('|').count() == 3 && call.ends_with(':');
        self.calls.iter().map(String::as_str).filter(|call| !asks(call)).collect()
    }
}

impl Office {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), runs: Vec::new() }
    }

    /// A drive that was there before.
    pub fn with_drive(self, letter: char, path: &str) -> Self {
        fs::write(self.file(&letter.to_string()), path).unwrap();
        self
    }

    /// What a letter leads to now.
    pub fn drive(&self, letter: char) -> Option<String> {
        let text = fs::read_to_string(self.file(&letter.to_string())).ok()?;
        Some(text.trim_start_matches('\u{feff}').to_owned())
    }

    pub fn add(&mut self, run: Run<'_>) {
        let number = self.runs.len();
        let script = self.file(&format!("drives-{number}.bat"));
        fs::write(&script, run.script).unwrap();
        fs::write(self.file(&format!("typed-{number}")), run.typed.replace('\n', "\r\n")).unwrap();
        let elevation = if run.elevated { "" } else { " fltmc\t5\n" };
        let answers = run.answers.iter().map(|(part, code)| match part.strip_prefix("once ") {
            Some(part) => format!("1{part}\t{code}\n"),
            None => format!(" {part}\t{code}\n"),
        });
        fs::write(self.file(&format!("answers-{number}")), answers.chain([elevation.to_owned()]).collect::<String>())
            .unwrap();
        fs::write(self.file(&format!("uac-{number}")), run.uac.unwrap_or_default()).unwrap();
        let home = on_wine(self.folder.path());
        let mut lines = format!("setlocal\r\nset \"RUN={number}\"\r\n");
        for name in ["STUB", "TEMP", "LOCALAPPDATA"] {
            let _ = write!(lines, "set \"{name}={home}\"\r\n");
        }
        let _ = write!(
            lines,
            "cmd /c \"{}\" {} <\"{home}\\typed-{number}\" >\"{home}\\shown-{number}\" 2>&1\r\n",
            on_wine(&script),
            run.arguments
        );
        let _ = write!(lines, ">\"{home}\\code-{number}\" echo %errorlevel%\r\nendlocal\r\n");
        self.runs.push(lines);
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn seen(&self, number: usize) -> Seen {
        let read = |name: &str| {
            let bytes = fs::read(self.file(&format!("{name}-{number}"))).unwrap_or_default();
            String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').replace('\r', "")
        };
        let calls = read("calls")
            .lines()
            .filter(|call| *call != "fltmc" && !call.starts_with("reg|query|"))
            .map(str::to_owned)
            .collect();
        Seen { code: read("code").trim().parse().unwrap(), shown: read("shown"), calls }
    }
}

/// Runs everything added to these offices in one start of wine, which is the slow part.
pub fn run_all(offices: &[Office]) -> Vec<Vec<Seen>> {
    let prefix = windows();
    let folder = tempfile::tempdir().unwrap();
    let driver = folder.path().join("driver.bat");
    let lines: String = offices.iter().flat_map(|office| &office.runs).map(String::as_str).collect();
    fs::write(&driver, format!("@echo off\r\n{lines}")).unwrap();
    wine(&prefix, folder.path()).args(["cmd", "/c", &on_wine(&driver)]).status().unwrap();
    offices.iter().map(|office| (0..office.runs.len()).map(|number| office.seen(number)).collect()).collect()
}

pub fn run(office: &mut Office, run: Run<'_>) -> Seen {
    let number = office.runs.len();
    office.add(run);
    let prefix = windows();
    let driver = office.file("driver.bat");
    fs::write(&driver, format!("@echo off\r\n{}", office.runs[number])).unwrap();
    wine(&prefix, office.folder.path()).args(["cmd", "/c", &on_wine(&driver)]).status().unwrap();
    office.seen(number)
}

/// Made once, by whichever test comes first, and kept beside what cargo builds.
fn windows() -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("drives");
    fs::create_dir_all(&root).unwrap();
    let lock = File::create(root.join("lock")).unwrap();
    lock.lock().unwrap();
    let prefix = root.join("prefix");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drives/stub.c");
    let made_of = root.join("made-of");
    // A wine that was installed anew brings the prefix up to date in its own time, and lays its programs over ours.
    let installed = fs::metadata(SETUP_OF_WINE).and_then(|file| file.modified()).ok();
    let stamp = format!("{installed:?}\n{}", fs::read_to_string(&source).unwrap());
    if fs::read_to_string(&made_of).is_ok_and(|made| made == stamp) {
        return prefix;
    }
    let system = prefix.join("drive_c/windows/system32");
    let made = wine(&prefix, &root).args(["wineboot", "--init"]).status();
    assert!(made.is_ok_and(|made| made.success()), "wine is missing or broken: tests/run installs it");
    let gcc = "x86_64-w64-mingw32-gcc";
    let program = root.join("stub.exe");
    let compiled = Command::new(gcc).args(["-municode", "-O1", "-Wall", "-o"]).arg(&program).arg(&source).status();
    assert!(compiled.is_ok_and(|compiled| compiled.success()), "{gcc} is missing: tests/run installs it");
    for name in PROGRAMS {
        let target = system.join(format!("{name}.exe"));
        // Wine's own program is a link into its library.
        let _ = fs::remove_file(&target);
        fs::copy(&program, target).unwrap();
    }
    fs::write(made_of, stamp).unwrap();
    prefix
}

/// Ready for its arguments. Its helpers outlive it by some seconds, so it gets none of our own streams.
fn wine(prefix: &Path, folder: &Path) -> Command {
    let mut wine = Command::new("wine");
    wine.env("WINEPREFIX", prefix)
        .env("WINEARCH", "win64")
        .env("WINEDEBUG", "-all")
        .env("WINEDLLOVERRIDES", "mscoree,mshtml=;winemenubuilder.exe=d;net.exe,reg.exe=n")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .current_dir(folder);
    wine
}

fn on_wine(path: &Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}
