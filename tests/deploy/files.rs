//! What can be judged by reading.

use std::path::Path;

use crate::{ours, tool, words};

/// Every script of the project.
fn scripts() -> Vec<String> {
    let listed = words(&tool("git", &["-C", ours(".").to_str().unwrap(), "ls-files", "*.sh", "tests/run", ".ci/run"]));
    listed.lines().map(|name| ours(name).display().to_string()).filter(|path| Path::new(path).exists()).collect()
}

#[test]
fn shellcheck_has_nothing_to_say_about_any_script() {
    let scripts = scripts();
    assert!(scripts.len() >= 7 && scripts.iter().any(|path| path.ends_with("deploy/install.sh")), "{scripts:?}");
    let arguments: Vec<&str> = ["-x"].into_iter().chain(scripts.iter().map(String::as_str)).collect();
    let verdict = tool("shellcheck", &arguments);
    assert!(verdict.status.success() && words(&verdict).is_empty(), "{}", words(&verdict));
}

#[test]
fn caddy_has_nothing_to_say_about_its_file() {
    let file = ours("deploy/caddy/Caddyfile").display().to_string();
    let formatted = tool("/usr/bin/caddy", &["fmt", &file]);
    assert_eq!(String::from_utf8_lossy(&formatted.stdout), crate::text_of("deploy/caddy/Caddyfile"));
}
