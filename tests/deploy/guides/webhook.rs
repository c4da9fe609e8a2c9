//! The program of the guides that checks a webhook, with a message of a server whose NAS has gone away.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;

use super::reading::{GUIDES, blocks};
use crate::front::{SECRET, alone};
use crate::harness::{Desk, PATIENCE, until};
use crate::root::fine;
use crate::tool;

/// The first message a server sends: header lines, body.
fn message() -> (Vec<String>, String) {
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let desk = alone(Desk::new())
        .with("FAROL_WEBHOOK_URL", format!("http://{}/farol", receiver.local_addr().unwrap()))
        .with("FAROL_WEBHOOK_KEY", SECRET)
        .with("FAROL_HEALTH_PERIOD_S", "1");
    let mut farol = desk.start(&["serve", "--listen", "127.0.0.1:0"]);
    farol.said("Farol atende em");
    receiver.set_nonblocking(true).unwrap();
    let (stream, _) = until("a message comes", || receiver.accept().ok());
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut reader = BufReader::new(&stream);
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        headers.push(line.trim().to_owned());
    }
    let length = headers.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap()];
    reader.read_exact(&mut body).unwrap();
    (&stream).write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    (headers, String::from_utf8(body).unwrap())
}

/// What a server in Python has: headers by name, however they are written; the body as bytes.
const TRIES: &str = r#"
import json, sys
given = json.load(sys.stdin)
body, key = given["body"].encode(), given["key"].encode()
headers = {}
for line in given["headers"][1:]:
    name, value = line.split(": ", 1)
    headers["-".join(word.capitalize() for word in name.split("-"))] = value
assert json.loads(body)["event"] == "storage", body
assert is_from_farol(headers, body, key)
assert not is_from_farol(headers, body + b" ", key)
assert not is_from_farol(headers, body, key[1:])
late = int(headers["X-Farol-Timestamp"]) + 301
time.time = lambda: late
assert not is_from_farol(headers, body, key)
"#;

#[test]
fn a_webhook_is_believed_when_it_comes_from_farol_unchanged_and_now() {
    let (headers, body) = message();
    let desk = Desk::new();
    let given = serde_json::json!({ "headers": headers, "body": body, "key": SECRET });
    desk.write("given.json", &given.to_string());
    let mut programs = 0;
    for block in GUIDES.iter().flatten().flat_map(|guide| blocks(guide)).filter(|block| block.language == "python") {
        desk.write("check.py", &format!("{}{TRIES}", block.text));
        let (script, given) = (desk.path("check.py"), desk.path("given.json"));
        let line = format!("python3 {} <{}", script.display(), given.display());
        fine(&tool("/bin/sh", &["-c", &line]));
        programs += 1;
    }
    assert_eq!(programs, 2);
}
