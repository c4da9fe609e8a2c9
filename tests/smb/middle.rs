//! Somebody in the middle: passes what is said to a server on, and rewrites its answers on their way back.

use farol::runtime::Tasks;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

const NEGOTIATE: u16 = 0;
const SESSION_SETUP: u16 = 1;
pub const LOGOFF: u16 = 2;
pub const SIGNED: u32 = 0x8;

const HEADER_LENGTH: usize = 64;
const LOGON_FAILURE: u32 = 0xC000_006D;
const SMB_2_1: u16 = 0x0210;

/// Listens, and gives each connection's answers to `rewrite`. Where that says no, the connection is cut.
pub async fn listen(server: u16, rewrite: impl FnMut(&mut Answer) -> bool + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let tasks = Tasks::default();
    tasks.clone().run("middle", async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
            let ((mut from_client, to_client), (from_server, mut to_server)) =
                (client.into_split(), server.into_split());
            tasks.run("there", async move {
                let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
            });
            tasks.run("back", back(from_server, to_client, rewrite.clone()));
        }
    });
    port
}

async fn back(mut server: OwnedReadHalf, mut client: OwnedWriteHalf, mut rewrite: impl FnMut(&mut Answer) -> bool) {
    while let Some(mut answer) = Answer::read(&mut server).await {
        if !rewrite(&mut answer) || client.write_all(&answer.framed()).await.is_err() {
            return;
        }
    }
}

/// One SMB 2 message of a server.
pub struct Answer(pub Vec<u8>);

impl Answer {
    async fn read(server: &mut OwnedReadHalf) -> Option<Self> {
        let length = server.read_u32().await.ok()?;
        let mut bytes = vec![0; usize::try_from(length).unwrap()];
        server.read_exact(&mut bytes).await.ok()?;
        Some(Self(bytes))
    }

    fn framed(&self) -> Vec<u8> {
        [&u32::try_from(self.0.len()).unwrap().to_be_bytes()[..], &self.0].concat()
    }

    pub fn command(&self) -> u16 {
        u16::from_le_bytes(self.0[12..14].try_into().unwrap())
    }

    pub fn is_refusal(&self) -> bool {
        self.command() == SESSION_SETUP && self.0[8..12] == LOGON_FAILURE.to_le_bytes()
    }

    /// Says that all is well, with this body.
    pub fn succeed(&mut self, header_flags: u32, signature: [u8; 16], body: &[u8]) {
        self.0.truncate(HEADER_LENGTH);
        self.0[8..12].fill(0);
        let flags = u32::from_le_bytes(self.0[16..20].try_into().unwrap()) | header_flags;
        self.0[16..20].copy_from_slice(&flags.to_le_bytes());
        self.0[48..64].copy_from_slice(&signature);
        self.0.extend_from_slice(body);
    }

    fn choose_dialect(&mut self, dialect: u16) {
        self.0[HEADER_LENGTH + 4..HEADER_LENGTH + 6].copy_from_slice(&dialect.to_le_bytes());
    }
}

/// The body of a welcome: its size, the kind of session, and no further token.
pub fn welcome(session_flags: u16) -> Vec<u8> {
    [9, session_flags, 72, 0].iter().flat_map(|field| field.to_le_bytes()).collect()
}

/// On SMB 2 a welcome need not be signed, so whoever sits in the middle picks that dialect first.
pub fn downgrade(answer: &mut Answer, session_flags: u16) {
    if answer.command() == NEGOTIATE {
        answer.choose_dialect(SMB_2_1);
    }
    if answer.is_refusal() {
        answer.succeed(0, [0; 16], &welcome(session_flags));
    }
}
