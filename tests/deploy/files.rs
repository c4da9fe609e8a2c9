//! What can be judged by reading.

use std::collections::BTreeSet;
use std::path::Path;

use crate::harness::{Desk, until};
use crate::{ours, text_of, tool, words};

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
    assert_eq!(String::from_utf8_lossy(&formatted.stdout), text_of("deploy/caddy/Caddyfile"));
}

/// The instructions of the Dockerfile, each on one line, in their order.
fn instructions() -> Vec<(String, String)> {
    let text = text_of("deploy/docker/Dockerfile").replace("\\\n", " ");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| line.split_once(' ').unwrap()).map(|(word, rest)| (word.to_owned(), rest.to_owned())).collect()
}

/// The one image without numbered releases: its tag follows the Debian in its name, as the Dockerfile says.
const WITHOUT_NUMBERS: &str = "gcr.io/distroless/cc-debian12:nonroot";

/// What an image says about its release: everything behind the last colon.
#[track_caller]
fn assert_pinned(image: &str) {
    let tag = image.rsplit_once(':').unwrap_or_else(|| panic!("{image} says no release")).1;
    assert!(!tag.contains("latest") && !tag.is_empty(), "{image}");
    assert!(image == WITHOUT_NUMBERS || tag.starts_with(|c: char| c.is_ascii_digit()), "{image}");
}

#[test]
fn the_image_is_built_from_named_releases_and_runs_without_rights() {
    let instructions = instructions();
    let all = |word: &str| -> Vec<&str> {
        instructions.iter().filter(|(name, _)| name == word).map(|(_, rest)| rest.as_str()).collect()
    };
    let bases = all("FROM");
    assert_eq!(bases.len(), 2, "{bases:?}");
    for base in &bases {
        assert_pinned(base.split(' ').next().unwrap());
    }
    let channel = text_of("rust-toolchain.toml");
    let channel = channel.split("channel = \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(bases[0].starts_with(&format!("rust:{channel}-")), "{} is not of {channel}", bases[0]);
    assert_eq!(all("ADD"), Vec::<&str>::new());
    for run in all("RUN") {
        let apt = run.contains("apt-get install");
        assert!(!apt || run.contains("--no-install-recommends") && run.contains("rm -rf /var/lib/apt/lists"), "{run}");
        assert!(!run.contains("sudo") && !run.contains("curl") && run.contains("--locked"), "{run}");
    }
    let users = all("USER");
    assert!(users.len() == 1 && !users[0].starts_with("root") && !users[0].starts_with('0'), "{users:?}");
    let position = |word: &str| instructions.iter().rposition(|(name, _)| name == word).unwrap();
    assert!(position("FROM") < position("USER") && position("USER") < position("ENTRYPOINT"));
    // A shell would be needed for the other form, and would not hand signals on.
    for word in ["ENTRYPOINT", "CMD"] {
        assert!(all(word).iter().all(|line| line.starts_with("[\"")), "{word}");
    }
    assert!(all("HEALTHCHECK").concat().contains("CMD [\"/farol\", \"alive\"]"));
}

#[test]
fn every_file_the_image_copies_is_there_and_reaches_the_build() {
    let ignored = text_of("deploy/docker/Dockerfile.dockerignore");
    let reaching: BTreeSet<&str> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    let mut copied = BTreeSet::new();
    let instructions = instructions();
    for (_, rest) in instructions.iter().filter(|(word, rest)| word == "COPY" && !rest.contains("--from=")) {
        let (from, _) = rest.rsplit_once(' ').unwrap();
        copied.extend(from.split(' '));
    }
    for name in &copied {
        assert!(ours(name).exists(), "{name}");
    }
    assert_eq!(copied, reaching);
}

#[test]
fn every_variable_of_the_containers_is_one_the_program_knows() {
    let compose = text_of("deploy/docker/compose.yaml");
    let dockerfile = instructions();
    let (_, environment) = dockerfile.iter().find(|(word, _)| word == "ENV").unwrap();
    let mut desk = Desk::new();
    let mut known = 0;
    for pair in environment.split_whitespace() {
        let (name, value) = pair.split_once('=').unwrap();
        desk = desk.with(name, value);
        known += 1;
    }
    for (name, value) in compose.lines().filter_map(|line| line.strip_prefix("      ")?.split_once(": ")) {
        let ours = name.starts_with("FAROL_") && name != "FAROL_NAME" || name.starts_with("TRUENAS_");
        if ours && !name.ends_with("_FILE") {
            let value =
                if value.contains("${") { value.replace(value, "https://farol.test") } else { value.to_owned() };
            desk = desk.with(name, if name.ends_with("FINGERPRINT") { "00".repeat(32) } else { value });
            known += 1;
        } else if ours {
            desk.write("secret", "postgres://farol:f3b1c8e2a7d94605b8c1e3f7a2d9460b@database/farol");
            desk = desk.with(name, "secret");
            known += 1;
        }
    }
    assert!(known >= 11, "{known}");
    let said = desk.run(&["check"]).ended(0);
    assert!(said.contains("Tudo certo."), "{said}");
}

/// What stands between two spaces and a colon, below one of the first words of the file.
fn names_below<'a>(compose: &'a str, section: &str) -> BTreeSet<&'a str> {
    let (_, rest) = compose.split_once(&format!("\n{section}:\n")).unwrap();
    let lines = rest.lines().take_while(|line| line.is_empty() || line.starts_with([' ', '#']));
    lines
        .filter_map(|line| line.strip_prefix("  ")?.split_once(':'))
        .map(|(name, _)| name)
        .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        .collect()
}

/// Every list in square brackets behind this key.
fn listed<'a>(compose: &'a str, key: &str) -> BTreeSet<&'a str> {
    let start = format!("    {key}: [");
    let lists = compose.lines().filter_map(|line| line.strip_prefix(&start)?.strip_suffix(']'));
    lists.flat_map(|list| list.split(", ")).map(|name| name.trim_matches('"')).collect()
}

#[test]
fn everything_the_containers_name_is_there() {
    let compose = text_of("deploy/docker/compose.yaml");
    assert_eq!(names_below(&compose, "services"), BTreeSet::from(["farol", "nginx", "database"]));
    assert_eq!(listed(&compose, "secrets"), names_below(&compose, "secrets"));
    let volumes = listed(&compose, "volumes");
    assert_eq!(
        volumes.iter().map(|v| v.split(':').next().unwrap()).collect::<BTreeSet<_>>(),
        names_below(&compose, "volumes")
    );
    for image in compose.lines().filter_map(|line| line.trim().strip_prefix("image: ")) {
        assert_pinned(image);
    }
    let folder = ours("deploy/docker");
    let (_, context) = compose.split_once("context: ").unwrap();
    let context = folder.join(context.lines().next().unwrap());
    let (_, dockerfile) = compose.split_once("dockerfile: ").unwrap();
    assert!(context.join(dockerfile.lines().next().unwrap()).is_file());
    let readme = text_of("deploy/README.md");
    let mut paths = 0;
    for path in compose.split([' ', ':', '\n', '"']).filter(|word| word.starts_with("./")) {
        // What only the owner of the installation has is told where to come from.
        let is_secret = path.starts_with("./secrets/");
        assert!(if is_secret { readme.contains(&path[2..]) } else { folder.join(path).is_file() }, "{path}");
        paths += 1;
    }
    assert_eq!(paths, 7);
    assert!(text_of(".gitignore").contains("/deploy/docker/secrets/\n"));
}

#[test]
fn nginx_in_its_container_gets_the_same_site() {
    let part = |path: &str| text_of(path).split_once("# No kept connections").unwrap().1.to_owned();
    let places = [
        ("farol.exemplo.com.br", "${FAROL_NAME}"),
        ("127.0.0.1:8080", "farol:8080"),
        ("/etc/farol/tls/certificate.pem", "/run/secrets/certificate"),
        ("/etc/farol/tls/key.pem", "/run/secrets/certificate-key"),
    ];
    let site = places.iter().fold(part("deploy/nginx/farol.conf"), |text, (from, to)| text.replace(from, to));
    assert_eq!(part("deploy/docker/nginx.conf.template"), site);
}

#[test]
fn the_health_of_a_container_is_whether_the_server_answers() {
    let desk = crate::front::alone(Desk::new());
    let mut farol = desk.start(&["serve", "--listen", "127.0.0.1:0"]);
    let address = farol.said("Farol atende em").trim_start_matches("http://").to_owned();
    let desk = desk.with("FAROL_SERVER_LISTEN", &address);
    let said = desk.run(&["alive"]).ended(0);
    assert_eq!(said, format!("O Farol atende em {address}.\n"));
    farol.signal("TERM");
    until("it is gone", || (desk.run(&["alive"]).code == Some(1)).then_some(()));
    assert!(desk.run(&["alive"]).err.contains("não atende"));
}
