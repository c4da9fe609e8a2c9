//! As much HTTP as the tests speak.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use crate::harness::PATIENCE;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// In lower case, as they came.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or_else(|| panic!("no header {name}: {self:?}"), |(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub fn get(base: &str, path: &str) -> Answer {
    ask("GET", base, path)
}

pub fn post(base: &str, path: &str) -> Answer {
    ask("POST", base, path)
}

pub fn connect(base: &str) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(base.trim_start_matches("http://"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn ask(method: &str, base: &str, path: &str) -> Answer {
    let mut stream = connect(base).unwrap();
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: farol\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    Answer { status, headers, body: body.to_owned() }
}
