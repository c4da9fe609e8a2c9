//! A connection whose greeting asks for what the crate's own greeting leaves out: encryption and required signing.
//!
//! Samba chooses a cipher only for a client that lists encryption among its capabilities, and turns away every other one
//! where encryption is required. The crate can encrypt but does not list it, so the greeting is amended on its way out.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use smb2::client::Connection;
use smb2::crypto::kdf::PreauthHasher;
use smb2::transport::{TcpTransport, TransportReceive, TransportSend};
use smb2::types::flags::{Capabilities, SecurityMode};

use crate::smb::Settings;

/// Where the header of a message ends and, counted from there, where a greeting says what the client wants and can.
const HEADER_LENGTH: usize = 64;
const SECURITY_MODE: usize = HEADER_LENGTH + 4;
const CAPABILITIES: usize = HEADER_LENGTH + 8;

/// Dials and greets; nobody is signed in yet.
pub async fn greet(settings: &Settings) -> smb2::Result<Connection> {
    let line = Line::dial(settings).await?;
    let name = settings.host.trim_matches(['[', ']']);
    let mut connection = Connection::from_transport(Box::new(line.clone()), Box::new(line.clone()), name);
    connection.set_response_timeout(Some(settings.timeout));
    connection.set_compression_requested(false);
    connection.negotiate().await?;
    // The keys of SMB 3.1.1 follow from the greeting as it was really sent, so that nobody can amend it unnoticed.
    connection.with_preauth_hasher_mut(|hasher| *hasher = line.hash());
    Ok(connection)
}

#[derive(Clone)]
struct Line(Arc<Inner>);

struct Inner {
    wire: TcpTransport,
    /// The amended greeting, then the server's answer to it.
    greeting: Mutex<Vec<Vec<u8>>>,
}

impl Line {
    async fn dial(settings: &Settings) -> smb2::Result<Self> {
        let wire = TcpTransport::connect(settings.address(), settings.timeout).await?;
        Ok(Self(Arc::new(Inner { wire, greeting: Mutex::default() })))
    }

    fn hash(&self) -> PreauthHasher {
        let mut hasher = PreauthHasher::new();
        for message in self.0.greeting.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            hasher.update(message);
        }
        hasher
    }

    fn record(&self, at: usize, message: &[u8]) {
        let mut greeting = self.0.greeting.lock().unwrap_or_else(PoisonError::into_inner);
        if greeting.len() == at {
            greeting.push(message.to_owned());
        }
    }

    fn has_greeted(&self) -> bool {
        !self.0.greeting.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

#[async_trait]
impl TransportSend for Line {
    async fn send(&self, message: &[u8]) -> smb2::Result<()> {
        // The first message of a connection is the greeting.
        if self.has_greeted() {
            return self.0.wire.send(message).await;
        }
        let greeting = amend(message);
        self.record(0, &greeting);
        self.0.wire.send(&greeting).await
    }
}

#[async_trait]
impl TransportReceive for Line {
    async fn receive(&self) -> smb2::Result<Vec<u8>> {
        let message = self.0.wire.receive().await?;
        self.record(1, &message);
        Ok(message)
    }
}

fn amend(greeting: &[u8]) -> Vec<u8> {
    let mut amended = greeting.to_owned();
    let wanted = SecurityMode::SIGNING_ENABLED | SecurityMode::SIGNING_REQUIRED;
    for (at, flags) in [(SECURITY_MODE, u32::from(wanted)), (CAPABILITIES, Capabilities::ENCRYPTION)] {
        for (byte, flag) in amended.iter_mut().skip(at).zip(flags.to_le_bytes()) {
            *byte |= flag;
        }
    }
    amended
}
