//! A Debian for the commands of the guides, with a NAS at the address they use, and somebody at its terminal.

use std::fs::File;
use std::process::Command;

use crate::fresh::{Nas, nas_at};
use crate::harness::Program;
use crate::root::{BINARY, Debian, fine};
use crate::{ours, words};

/// The addresses of the guides.
const NAS: &str = "192.168.1.100";
/// What stands in the guides for the fingerprint that was shown.
const FINGERPRINTS: [&str; 2] = ["00:11:…", "SHA256"];

/// It has built already; what it is to run, it runs.
const CARGO: &str = "cargo() {
    [ \"$1\" = run ] || return 0
    while [ \"$1\" != -- ]; do shift; done
    shift
    exec target/dist/farol \"$@\"
}
";

pub struct Stage {
    pub debian: Debian,
    pub nas: Nas,
    /// What is typed where the guide says that a fingerprint was shown.
    pub fingerprint: String,
}

impl Stage {
    /// A copy of the project with the program already built stands in /root/project, and there is a sudo.
    pub fn new() -> Self {
        let debian = Debian::furnished();
        fine(&debian.outside(&["ip", "address", "add", &format!("{NAS}/32"), "dev", "lo"]).output().unwrap());
        fine(&debian.run(&["mount", "-t", "devpts", "-o", "ptmxmode=0666", "devpts", "/dev/pts"]));
        debian.write(
            "/usr/local/bin/sudo",
            "#!/bin/sh\nuser=root\n[ \"$1\" != -u ] || { user=$2; shift 2; }\nexec runuser -u \"$user\" -- \"$@\"\n",
        );
        let project = ours("");
        let project = project.to_str().unwrap().trim_end_matches('/');
        let script = format!(
            "chmod 755 /usr/local/bin/sudo && mkdir -p /root/project/target/dist && cp {BINARY} /root/project/target/dist/farol &&
             ln -s {project}/deploy {project}/tests /root/project"
        );
        fine(&debian.run(&["/bin/sh", "-c", &script]));
        let nas = nas_at(&debian, &format!("{NAS}:443"));
        let fingerprint = nas.fingerprint.clone();
        Self { debian, nas, fingerprint }
    }

    pub fn key(&self) -> String {
        self.debian.read("/root/nas.key").trim().to_owned()
    }

    /// A block as it stands, but for what the reader fills in; cargo built before.
    fn prepared(&self, text: &str) -> String {
        for line in text.lines().filter(|line| line.starts_with("cargo ")) {
            let built = would_build(line);
            assert!(built.iter().any(|[kind, name, _]| kind == "bin" && name == "farol"), "{line}: {built:?}");
        }
        let text = FINGERPRINTS.iter().fold(text.to_owned(), |text, word| text.replace(word, &self.fingerprint));
        format!("set -eu\n{CARGO}cd /root/project\n{text}")
    }

    /// At a terminal, where somebody types `answers`. Goes on until the block ends.
    pub fn start(&self, text: &str, answers: &str) -> Program {
        let _ = std::fs::remove_file(self.debian.path("/root/answers"));
        self.debian.write("/root/answers", answers);
        self.begin(text)
    }

    fn begin(&self, text: &str) -> Program {
        self.debian.write("/root/typed", &self.prepared(text));
        let line = "exec script -qec 'sh /root/typed' /dev/null </root/answers";
        self.debian.spawn(self.debian.inside(&["/bin/sh", "-c", line]))
    }

    /// The same with somebody who waits for what is shown before typing on.
    pub fn start_open(&self, text: &str) -> (Program, File) {
        let _ = std::fs::remove_file(self.debian.path("/root/answers"));
        fine(&self.debian.run(&["mkfifo", "/root/answers"]));
        let program = self.begin(text);
        (program, File::create(self.debian.path("/root/answers")).unwrap())
    }

    /// To the end, which must be a good one.
    #[track_caller]
    pub fn run(&self, text: &str, answers: &str) -> String {
        self.start(text, answers).outcome().ended(0)
    }

    /// What a browser of this machine gets.
    pub fn get(&self, arguments: &[&str]) -> String {
        let usual = ["curl", "-sS", "--noproxy", "*"];
        words(&self.debian.outside(&[usual.as_slice(), arguments].concat()).output().unwrap())
    }
}

/// What would be built: kind, name and profile of each. Cargo plans all of it with these very words, and builds nothing.
#[track_caller]
pub fn would_build(line: &str) -> Vec<[String; 3]> {
    let (words, _) = line.split_once(" -- ").unwrap_or((line, ""));
    // What is built to be run: for running itself, cargo shows no plan.
    let words = words.replace("cargo run ", "cargo build ");
    let planned = Command::new("cargo")
        .args(words.split_whitespace().skip(1))
        .args(["--locked", "--offline", "--unit-graph", "-Zunstable-options"])
        .current_dir(ours(""))
        // The plan is shown by unstable options alone.
        .env("RUSTC_BOOTSTRAP", "1")
        .output()
        .unwrap();
    assert!(planned.status.success(), "{line}: {}", crate::words(&planned));
    let plan: serde_json::Value = serde_json::from_slice(&planned.stdout).unwrap();
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let units = plan["roots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|root| &plan["units"][usize::try_from(root.as_u64().unwrap()).unwrap()]);
    units
        .map(|unit| [&unit["target"]["kind"][0], &unit["target"]["name"], &unit["profile"]["name"]].map(word))
        .collect()
}
