//! What systemd does for a service and is told by it: sockets that are handed over, news, another look at the files.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::thread;

use crate::check::settled;
use crate::harness::{Desk, PATIENCE, texts_below};
use crate::web::{connect, get};

/// In the clear, of a door that speaks TLS.
fn is_redirected(address: &str) -> String {
    let answer = get(address, "/dashboard");
    assert_eq!(answer.status, 308);
    answer.header("location").to_owned()
}

#[test]
fn a_socket_that_is_handed_over_is_listened_on_and_outlives_the_server() {
    let desk = settled(Desk::new());
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", socket.local_addr().unwrap());
    let taken = socket.local_addr().unwrap().to_string();
    for _ in 0..2 {
        let mut server = desk.start_handing_over(&["serve", "--listen", &taken], "http", &socket);
        assert_eq!(server.said("Farol atende em"), address);
        assert_eq!(get(&address, "/healthz").status, 200);
        server.signal("TERM");
        assert!(server.ends_within(PATIENCE));
        server.outcome().ended(0);
        // Whoever comes now waits for the next server and is not refused.
        drop(connect(&address).unwrap());
    }
}

#[test]
fn a_socket_open_to_the_network_is_not_served_in_the_clear() {
    let desk = settled(Desk::new());
    let socket = TcpListener::bind("0.0.0.0:0").unwrap();
    let said = desk.start_handing_over(&["serve"], "http", &socket).outcome().ended(1);
    assert!(said.contains("O systemd entregou o endereço 0.0.0.0:") && said.contains("server.tls"), "{said}");
}

#[test]
fn tls_of_its_own_needs_nothing_and_leads_whoever_comes_in_the_clear_there() {
    let desk = settled(Desk::new()).with("FAROL_SERVER_TLS", "self-signed").with("FAROL_SERVER_TLS_NAMES", "farol");
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let door = format!("http://{}", socket.local_addr().unwrap());
    let mut server = desk.start_handing_over(&["serve", "--listen", "127.0.0.1:0"], "redirect", &socket);
    let address = server.said("Farol atende em");
    let port = address.rsplit(':').next().unwrap().to_owned();
    assert!(address.starts_with("https://127.0.0.1:"), "{address}");
    for door in [&door, &address.replace("https", "http")] {
        assert_eq!(is_redirected(door), format!("https://farol:{port}/dashboard"));
    }
    for name in ["certificate.pem", "key.pem"] {
        let mode = fs::metadata(desk.path("farol-data/tls").join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    desk.run(&["backup", "copy.zip"]).ended(0);
    let mut copy = zip::ZipArchive::new(fs::File::open(desk.path("copy.zip")).unwrap()).unwrap();
    for file in fs::read_dir(desk.path("farol-data/tls")).unwrap() {
        let name = format!("tls/{}", file.unwrap().file_name().to_str().unwrap());
        assert!(copy.by_name(&name).is_ok(), "the copy has no {name}");
    }
    let desk = desk.with("FAROL_SERVER_LISTEN", address.trim_start_matches("https://"));
    desk.run(&["alive"]).ended(0);
    // Whoever only leads elsewhere has not shown that anybody answers there.
    let door = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = door.local_addr().unwrap().to_string();
    let desk = desk.with("FAROL_SERVER_TLS", "off").with("FAROL_SERVER_LISTEN", address);
    thread::spawn(move || {
        door.incoming().map_while(Result::ok).for_each(|mut visitor| {
            let _ = visitor.write_all(b"HTTP/1.1 308 Permanent Redirect\r\nlocation: https://farol\r\n\r\n");
        });
    });
    assert!(desk.run(&["alive"]).ended(1).contains("não atende"));
}

#[test]
fn without_the_port_that_only_redirects_the_pages_are_there() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let redirect = taken.local_addr().unwrap().to_string();
    let desk = settled(Desk::new()).with("FAROL_SERVER_TLS", "self-signed");
    let desk = desk.with("FAROL_SERVER_REDIRECT_LISTEN", &redirect);
    let mut server = desk.start(&["serve", "--listen", "127.0.0.1:0"]);
    let address = server.said("Farol atende em");
    assert_eq!(get(&address.replace("https", "http"), "/").status, 308);
    server.signal("TERM");
    let outcome = server.outcome();
    outcome.ended(0);
    let log = texts_below(&desk.path("farol-data/logs"));
    assert!(
        log.contains("nobody is redirected: this address cannot be listened on") && log.contains(&redirect),
        "{log}"
    );
}

#[test]
fn a_certificate_that_cannot_be_used_stops_the_start_with_a_sentence() {
    let desk = settled(Desk::new()).with("FAROL_SERVER_TLS", "files");
    desk.write("c.pem", "nothing");
    let desk = desk.with("FAROL_SERVER_TLS_CERTIFICATE", "c.pem").with("FAROL_SERVER_TLS_KEY", "k.pem");
    for command in ["check", "serve"] {
        let said = desk.run(&[command]).ended(2);
        assert!(said.contains("server.tls_certificate: ") && said.contains("não traz um certificado em PEM"), "{said}");
    }
    let desk = settled(Desk::new()).with("FAROL_SERVER_TLS", "self-signed");
    fs::create_dir_all(desk.path("farol-data")).unwrap();
    desk.write("farol-data/tls", "a file where a folder should be");
    let said = desk.run(&["serve", "--listen", "127.0.0.1:0"]).ended(1);
    assert!(said.contains("O Farol não pode falar HTTPS"), "{said}");
}

/// Everything that was told until these words, themselves included.
fn told(socket: &UnixDatagram, words: &str) -> String {
    let (mut all, mut bytes) = (String::new(), [0; 4096]);
    while !all.lines().any(|line| line == words) {
        let length = socket.recv(&mut bytes).unwrap_or_else(|error| panic!("{words} never came ({error}): {all}"));
        all.push_str(&String::from_utf8_lossy(&bytes[..length]));
    }
    all
}

#[test]
fn the_service_manager_hears_when_it_is_ready_lives_looks_again_and_stops() {
    let desk = Desk::new();
    let socket = UnixDatagram::bind(desk.path("notify")).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let path = desk.path("notify").to_str().unwrap().to_owned();
    let desk = settled(desk).with("NOTIFY_SOCKET", path).with("WATCHDOG_USEC", "400000");
    let desk = desk.with("FAROL_SERVER_TLS", "self-signed");
    let mut server = desk.start(&["serve", "--listen", "127.0.0.1:0"]);
    let ready = told(&socket, "READY=1");
    let address = server.said("Farol atende em");
    assert!(ready.contains(&format!("STATUS=Farol atende em {address}\n")), "{ready}");
    for _ in 0..3 {
        told(&socket, "WATCHDOG=1");
    }
    fs::write(desk.path("farol-data/tls/key.pem"), "broken").unwrap();
    server.signal("USR1");
    assert!(told(&socket, "RELOADING=1").contains("MONOTONIC_USEC="));
    told(&socket, "READY=1");
    // It has looked before it said that it is ready again.
    assert!(fs::read_to_string(desk.path("farol-data/tls/key.pem")).unwrap().contains("PRIVATE KEY"));
    server.signal("TERM");
    told(&socket, "STOPPING=1");
    server.outcome().ended(0);
}
