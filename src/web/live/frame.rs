//! Bytes of a socket: what we send, encoded once for many; what browsers send, read strictly.

use std::io::Cursor;

use axum::body::Bytes;
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};

/// What a browser has to say is a few words.
pub const LARGEST_MESSAGE: usize = 16 << 10;
/// By the rules of the wire.
const LARGEST_CONTROL: usize = 125;

const FINAL: u8 = 0x80;
const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;

/// Why a socket ends: the code its browser is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The browser wished so.
    Normal,
    /// The server goes; browsers come back by themselves.
    Restart,
    Busy,
    SessionEnded,
    NotAllowed,
    TooSlow,
}

impl Ending {
    pub const fn code(self) -> u16 {
        match self {
            Self::Normal => 1000,
            Self::Restart => 1012,
            Self::Busy => 1013,
            Self::SessionEnded => 4401,
            Self::NotAllowed => 4403,
            Self::TooSlow => 4408,
        }
    }
}

pub fn text(payload: &str) -> Bytes {
    encode(TEXT, payload.as_bytes())
}

pub fn ping() -> Bytes {
    Bytes::from_static(&[FINAL | PING, 0])
}

/// The answer to a ping of the browser, which carried this.
pub fn pong(payload: &[u8]) -> Bytes {
    encode(PONG, payload)
}

pub fn close(ending: Ending) -> Bytes {
    encode(CLOSE, &ending.code().to_be_bytes())
}

fn encode(kind: u8, payload: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(payload.len() + 10);
    frame.push(FINAL | kind);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ 0..=125), _) => frame.push(short),
        (_, Ok(length)) => {
            frame.push(126);
            frame.extend_from_slice(&length.to_be_bytes());
        }
        _ => {
            frame.push(127);
            frame.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    frame.into()
}

/// What a browser sent, one frame at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Text(String),
    Ping(Vec<u8>),
    Pong,
    Close,
    /// A piece of a message that is still coming.
    Fragment,
}

/// What no browser sends. For the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    #[error("no frame of the protocol")]
    Malformed,
    #[error("a frame without a mask")]
    Unmasked,
    #[error("a message that is not text")]
    NotText,
    #[error("a message longer than allowed")]
    TooLong,
}

/// Puts frames together from whatever arrives. Empty between frames, so that idle sockets cost nothing.
#[derive(Debug, Default)]
pub struct Reader {
    bytes: Vec<u8>,
    message: Option<Vec<u8>>,
}

impl Reader {
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// `None`: the next frame is not whole yet.
    pub fn next(&mut self) -> Result<Option<Heard>, Violation> {
        let mut cursor = Cursor::new(&self.bytes[..]);
        let Some((header, length)) = FrameHeader::parse(&mut cursor).map_err(|_| Violation::Malformed)? else {
            return Ok(None);
        };
        let start = usize::try_from(cursor.position()).unwrap_or(usize::MAX);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let mask = self.judge(&header, length)?;
        let Some(payload) = self.bytes.get(start..start + length) else { return Ok(None) };
        let payload = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        self.forget(start + length);
        self.take_in(&header, payload).map(Some)
    }

    /// By its first bytes alone, before any memory is spent on the rest. Gives the mask.
    fn judge(&self, header: &FrameHeader, length: usize) -> Result<[u8; 4], Violation> {
        if header.rsv1 || header.rsv2 || header.rsv3 {
            return Err(Violation::Malformed);
        }
        let mask = header.mask.ok_or(Violation::Unmasked)?;
        let continues = match header.opcode {
            OpCode::Control(_) if !header.is_final || length > LARGEST_CONTROL => return Err(Violation::Malformed),
            OpCode::Control(_) => return Ok(mask),
            OpCode::Data(Data::Binary) => return Err(Violation::NotText),
            OpCode::Data(Data::Text) => false,
            OpCode::Data(Data::Continue) => true,
            OpCode::Data(Data::Reserved(_)) => return Err(Violation::Malformed),
        };
        let begun = self.message.as_ref().map_or(0, Vec::len);
        if continues != self.message.is_some() {
            Err(Violation::Malformed)
        } else if length > LARGEST_MESSAGE - begun {
            Err(Violation::TooLong)
        } else {
            Ok(mask)
        }
    }

    fn take_in(&mut self, header: &FrameHeader, payload: Vec<u8>) -> Result<Heard, Violation> {
        match header.opcode {
            OpCode::Control(Control::Close) => Ok(Heard::Close),
            OpCode::Control(Control::Ping) => Ok(Heard::Ping(payload)),
            OpCode::Control(Control::Pong) => Ok(Heard::Pong),
            OpCode::Control(Control::Reserved(_)) => Err(Violation::Malformed),
            OpCode::Data(_) => {
                let mut message = self.message.take().unwrap_or_default();
                message.extend_from_slice(&payload);
                if !header.is_final {
                    self.message = Some(message);
                    return Ok(Heard::Fragment);
                }
                String::from_utf8(message).map(Heard::Text).map_err(|_| Violation::NotText)
            }
        }
    }

    fn forget(&mut self, used: usize) {
        if used == self.bytes.len() {
            self.bytes = Vec::new();
        } else {
            self.bytes.drain(..used);
        }
    }
}

#[cfg(test)]
mod tests;
