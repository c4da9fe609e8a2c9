//! What stands in `deploy/`, as an administrator uses it: units, proxies, installer, container.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its stage must stop at once")]

mod again;
mod boot;
mod files;
mod fresh;
mod front;
mod guides;
#[expect(dead_code, reason = "the tests of the executable use the rest")]
#[path = "../binaries/harness.rs"]
mod harness;
#[expect(dead_code, reason = "the tests of the executable use the rest")]
#[path = "../binaries/nas.rs"]
mod nas;

mod root;
mod service;
mod units;
mod visitor;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A path below this project.
pub fn ours(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The installer, all of it.
pub fn installer() -> String {
    let parts = std::fs::read_dir(ours("deploy/install")).unwrap();
    let mut parts: Vec<PathBuf> = parts.map(|entry| entry.unwrap().path()).collect();
    parts.sort();
    let texts = parts.into_iter().map(|part| std::fs::read_to_string(part).unwrap());
    std::iter::once(text_of("deploy/install.sh")).chain(texts).collect()
}

pub fn text_of(path: &str) -> String {
    std::fs::read_to_string(ours(path)).unwrap()
}

/// Runs a tool to its end; one that is missing fails the test and says who installs it.
pub fn tool(program: &str, arguments: &[&str]) -> Output {
    Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{program} is needed ({error}); tests/run deploy installs it"))
}

/// Everything it said.
pub fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
