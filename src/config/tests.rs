//! Each rule of the settings, with the exact words a person reads.

mod example;
mod problems;
mod secrets;
mod sources;
mod values;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;

use tempfile::TempDir;

use super::*;

const SECRET: &str = "f3b1c8e2a7d94605b8c1e3f7a2d9460bf3b1c8e2a7d94605";
const API_KEY: &str = "7-Zk3kQ9vB1nX5";

/// A working directory of its own and an environment of its own.
struct World {
    folder: TempDir,
    sources: Sources,
}

impl World {
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sources = Sources {
            directory: folder.path().into(),
            file: None,
            usual_files: vec!["farol.toml".into()],
            environment: BTreeMap::new(),
            overrides: Vec::new(),
        };
        Self { folder, sources }
    }

    /// Nothing missing, everything else by default.
    fn complete() -> Self {
        Self::empty().with("TRUENAS_IP", "192.168.1.100").with("TRUENAS_API_KEY", API_KEY).with("SECRET_KEY", SECRET)
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.sources.environment.insert(name.into(), value.into());
        self
    }

    fn over(mut self, text: &str) -> Self {
        self.sources.overrides.push(text.into());
        self
    }

    fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        self
    }

    fn mode(self, name: &str, mode: u32) -> Self {
        std::fs::set_permissions(self.folder.path().join(name), std::fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    fn load(&self) -> Loaded {
        load(&self.sources)
    }

    fn settings(&self) -> Settings {
        self.load().settings().unwrap()
    }

    /// What a person reads, with the name of the folder taken out.
    fn report(&self) -> String {
        let report = self.load().settings().unwrap_err().to_string();
        report.replace(&format!("{}/", self.folder.path().display()), "")
    }

    fn origin(&self, key: &str) -> (String, String) {
        let entry = self.load().entries().iter().find(|entry| entry.key == key).unwrap().clone();
        (entry.value, entry.origin.replace(&format!("{}/", self.folder.path().display()), ""))
    }
}

fn one_problem(rest: &str) -> String {
    format!("Há um problema na configuração:\n\n{rest}")
}
