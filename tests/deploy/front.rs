//! Real traffic through a real nginx and a real Caddy, with the sites as they are shipped: only names, ports and the
//! places of files are others.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;

use crate::harness::{Desk, Program, texts_below, until};
use crate::nas::{NOWHERE, Nas};
use crate::visitor::{ADDRESS, NAME, Visitor, heard};
use crate::{text_of, tool, words};

const NGINX: &str = "/usr/sbin/nginx";
const CADDY: &str = "/usr/bin/caddy";

/// The name that stands in the files.
const EXAMPLE: &str = "farol.exemplo.com.br";

/// Nobody listens there; who asks for the next one gets another.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The NAS, Farol as it stands behind a proxy, and where the proxy is expected.
struct Stage {
    desk: Desk,
    nas: Nas,
    _farol: Program,
    farol: String,
    front: SocketAddr,
    plain: SocketAddr,
}

pub const SECRET: &str = "f3b1c8e2a7d94605b8c1e3f7a2d9460bf3b1c8e2a7d94605";

/// Everything a server needs, with a NAS that is not there.
pub fn alone(desk: Desk) -> Desk {
    desk.with("TRUENAS_API_URL", NOWHERE).with("TRUENAS_API_KEY", "7-key").with("SECRET_KEY", SECRET)
}

fn stage() -> Stage {
    let front = free_address();
    let outside = Desk::new();
    let nas = Nas::start(&outside, "25.10");
    let desk = Desk::new()
        .with("TRUENAS_API_URL", &nas.url)
        .with("TRUENAS_API_KEY", &nas.key)
        .with("FAROL_TRUENAS_USERNAME", "svc-farol")
        .with("FAROL_TRUENAS_FINGERPRINT", &nas.fingerprint)
        .with("FAROL_AUTH_AUTHENTICATOR", "truenas-api")
        .with("FAROL_HEALTH_PERIOD_S", "1")
        .with("SECRET_KEY", SECRET)
        .with("FAROL_SERVER_PUBLIC_URL", format!("https://{NAME}:{}", front.port()))
        .with("FAROL_SERVER_TRUSTED_PROXIES", "127.0.0.1,::1");
    let mut program = desk.start(&["serve", "--listen", "127.0.0.1:0"]);
    let farol = program.said("Farol atende em").trim_start_matches("http://").to_owned();
    Stage { desk, nas, _farol: program, farol, front, plain: free_address() }
}

/// What is replaced must be there, or the file says something else than this test believes.
#[track_caller]
fn replaced(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from:?} is not in {text}");
        text.replace(from, to)
    })
}

/// Writes everything nginx needs and says where its settings are.
fn nginx_settings(stage: &Stage) -> String {
    let Stage { desk, farol, front, plain, .. } = stage;
    let pair = rcgen::generate_simple_self_signed([NAME.to_owned()]).unwrap();
    desk.write("certificate.pem", &pair.cert.pem());
    desk.write("key.pem", &pair.signing_key.serialize_pem());
    let place = |name: &str| desk.path(name).display().to_string();
    let (plain, front) = (format!("listen {plain};"), format!("listen {front} ssl;"));
    let site = replaced(
        &text_of("deploy/nginx/farol.conf"),
        &[
            (EXAMPLE, NAME),
            ("listen 80;", &plain),
            ("listen 443 ssl;", &front),
            ("listen [::]:80;", ""),
            ("listen [::]:443 ssl;", ""),
            ("127.0.0.1:8080", farol),
            ("/etc/farol/tls/certificate.pem", &place("certificate.pem")),
            ("/etc/farol/tls/key.pem", &place("key.pem")),
        ],
    );
    desk.write("site.conf", &site);
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary = temporary.map(|name| format!("{name}_temp_path {};", place(name))).join(" ");
    desk.write(
        "nginx.conf",
        &format!(
            "user root; daemon off; master_process off; pid {}; error_log stderr; events {{}}\n\
             http {{ access_log off; {temporary} include {}; }}",
            place("nginx.pid"),
            place("site.conf")
        ),
    );
    place("nginx.conf")
}

fn nginx(stage: &Stage) -> Program {
    let settings = nginx_settings(stage);
    let mut command = Command::new(NGINX);
    command.args(["-c", &settings]);
    stage.desk.start_other(command)
}

fn caddy(stage: &Stage) -> Program {
    let Stage { desk, farol, front, plain, .. } = stage;
    let ports = format!(
        "{{\n\tadmin off\n\tskip_install_trust\n\tdefault_bind 127.0.0.1\n\thttp_port {}\n\thttps_port {}\n\tservers {{",
        plain.port(),
        front.port()
    );
    let site = replaced(
        &text_of("deploy/caddy/Caddyfile"),
        &[(EXAMPLE, NAME), ("{\n\tservers {", &ports), ("127.0.0.1:8080", farol)],
    );
    desk.write("Caddyfile", &site);
    let mut command = Command::new("/usr/bin/env");
    command
        .arg(format!("XDG_DATA_HOME={}", desk.path("caddy").display()))
        .arg(format!("HOME={}", desk.path("home").display()))
        .args([CADDY, "run", "--adapter", "caddyfile", "--config"])
        .arg(desk.path("Caddyfile"));
    desk.start_other(command)
}

fn log_of(stage: &Stage) -> String {
    texts_below(&stage.desk.path("farol-data/logs"))
}

/// Every promise of a site, whoever keeps it.
async fn keeps_its_promises(stage: &Stage, certificate: &str) {
    let visitor = Visitor::new(stage.front, certificate);
    let page = visitor.get("/").await;
    assert_eq!(page.status, 200, "{page:?}");
    for once in ["strict-transport-security", "content-security-policy", "x-content-type-options", "cache-control"] {
        assert_eq!(page.headers(once).len(), 1, "{once}: {page:?}");
    }

    let entered = visitor.post("/", "same-origin", "username=ana&password=demo-ana").await;
    assert_eq!((entered.status, entered.headers("location")), (303, vec!["/dashboard"]), "{entered:?}");
    let cookie = entered.headers("set-cookie").into_iter().find(|text| text.starts_with("__Host-farol=")).unwrap();
    assert!(cookie.contains("; Secure") && cookie.contains("; HttpOnly"), "{cookie}");
    let dashboard = visitor.get("/dashboard").await;
    assert_eq!(dashboard.status, 200, "{dashboard:?}");

    let mut socket = visitor.open(&dashboard.body, &visitor.origin()).await.unwrap();
    let panel = stage.nas.panel.trim_start_matches("http://");
    let off = tool("curl", &["-sf", "-X", "POST", &format!("http://{panel}/faults/power-off")]);
    assert!(off.status.success(), "{}", words(&off));
    heard(&mut socket, "id=\"storage\"").await;
    assert_eq!(visitor.open(&dashboard.body, "https://evil.example").await.err(), Some(403));
    assert_eq!(visitor.post("/", "cross-site", "username=ana&password=demo-ana").await.status, 403);

    let seen = format!("[{ADDRESS}] [ana] GET /dashboard: 200");
    until("the request is in the log with the address of the browser", || log_of(stage).contains(&seen).then_some(()));
    assert_eq!(visitor.lie("/healthz", "203.0.113.9, 127.0.0.1").await.status, 200);
    let seen = format!("[{ADDRESS}] [ana] GET /healthz: 200");
    until("a lie about the address changes nothing", || log_of(stage).contains(&seen).then_some(()));

    // A body nobody of ours sends is refused by Farol, in its own words.
    let large = visitor.post("/", "same-origin", "x".repeat(70 << 10)).await;
    assert_eq!((large.status, large.headers("x-request-id").len()), (413, 1), "{large:?}");

    let redirected = tool(
        "curl",
        &["-si", "--noproxy", "*", "-H", &format!("Host: {NAME}"), &format!("http://{}/a?b", stage.plain)],
    );
    let redirected = words(&redirected).to_lowercase();
    assert!(
        redirected.starts_with("http/1.1 30") && redirected.contains(&format!("location: https://{NAME}")),
        "{redirected}"
    );
    assert!(redirected.contains("/a?b"), "{redirected}");
}

fn reachable(address: SocketAddr) -> impl FnMut() -> Option<TcpStream> {
    move || TcpStream::connect(address).ok()
}

#[tokio::test]
async fn people_come_in_through_nginx_and_are_seen_with_their_own_address() {
    let stage = stage();
    let _nginx = nginx(&stage);
    until("nginx listens", reachable(stage.front));
    let certificate = std::fs::read_to_string(stage.desk.path("certificate.pem")).unwrap();
    keeps_its_promises(&stage, &certificate).await;
    // What is far too large never reaches Farol.
    let visitor = Visitor::new(stage.front, &certificate);
    let huge = visitor.post("/", "same-origin", "x".repeat(300 << 10)).await;
    assert_eq!((huge.status, huge.headers("x-request-id").len()), (413, 0), "{huge:?}");
}

#[test]
fn nginx_has_nothing_to_say_about_its_site() {
    let stage = stage();
    let settings = nginx_settings(&stage);
    let said = words(&tool(NGINX, &["-t", "-c", &settings]));
    assert!(said.contains("test is successful") && !said.contains("[warn]") && !said.contains("[emerg]"), "{said}");
}

#[tokio::test]
async fn people_come_in_through_caddy_and_are_seen_with_their_own_address() {
    let stage = stage();
    let _caddy = caddy(&stage);
    let root = stage.desk.path("caddy/caddy/pki/authorities/local/root.crt");
    until("Caddy listens", reachable(stage.front));
    let certificate = until("Caddy has an authority", || std::fs::read_to_string(&root).ok());
    until("Caddy has a certificate for the name", || {
        let url = format!("https://{NAME}:{}/healthz", stage.front.port());
        let resolve = format!("{NAME}:{}:127.0.0.1", stage.front.port());
        let arguments = ["-sf", "--noproxy", "*", "--cacert", root.to_str().unwrap(), "--resolve", &resolve, &url];
        tool("curl", &arguments).status.success().then_some(())
    });
    keeps_its_promises(&stage, &certificate).await;
}
