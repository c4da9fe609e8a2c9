//! Servers that speak just enough HTTP and SMTP, well or badly.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::outbox::tests::office::until;
use crate::runtime::Tasks;

#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        &self.headers.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no {name}: {self:?}")).1
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// How every request is answered.
#[derive(Debug, Clone)]
pub enum Reply {
    Code(u16),
    Redirect(String),
    /// Ten megabytes, as long as somebody listens.
    Huge,
    Silence,
    Garbage,
}

pub type Seen<T> = Arc<Mutex<Vec<T>>>;

pub struct Server<T> {
    pub address: SocketAddr,
    pub seen: Seen<T>,
    pub reply: Arc<Mutex<Reply>>,
    tasks: Tasks,
}

impl<T: Clone> Server<T> {
    pub async fn seen(&self, count: usize) -> Vec<T> {
        until(async || self.seen.lock().unwrap().len() >= count).await;
        let seen = self.seen.lock().unwrap().clone();
        assert_eq!(seen.len(), count);
        seen
    }

    /// Somebody has come, whatever they say.
    pub fn talking(&self) -> bool {
        self.tasks.running().contains(&"talk")
    }

    pub fn answer(&self, reply: Reply) {
        *self.reply.lock().unwrap() = reply;
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl<T> Drop for Server<T> {
    fn drop(&mut self) {
        self.tasks.stopping().cancel();
    }
}

/// A certificate of its own for localhost, and the file that makes it trusted.
pub fn certificate(folder: &Path) -> (TlsAcceptor, PathBuf) {
    let key = KeyPair::generate().unwrap();
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    let file = folder.join("authority.pem");
    std::fs::write(&file, certificate.pem()).unwrap();
    (TlsAcceptor::from(Arc::new(config)), file)
}

pub async fn http(tls: Option<TlsAcceptor>) -> Server<Request> {
    serve(move |stream, seen, reply| {
        let tls = tls.clone();
        async move {
            match tls {
                Some(tls) => match tls.accept(stream).await {
                    Ok(stream) => answer(stream, seen, reply).await,
                    Err(error) => Err(error),
                },
                None => answer(stream, seen, reply).await,
            }
        }
    })
    .await
}

/// Takes mail for whoever says this user name and password. With `wrapped` it encrypts from the first byte.
pub async fn smtp(tls: Option<TlsAcceptor>, wrapped: bool, login: &'static str) -> Server<String> {
    serve(move |stream, seen, _| {
        let tls = tls.clone();
        async move {
            match tls {
                Some(tls) if wrapped => {
                    Mail { login, seen, encrypted: true }.talk(tls.accept(stream).await?, None).await
                }
                tls => Mail { login, seen, encrypted: false }.talk(stream, tls).await,
            }
        }
    })
    .await
}

async fn serve<T: Send + 'static, F>(talk: impl Fn(TcpStream, Seen<T>, Reply) -> F + Send + 'static) -> Server<T>
where
    F: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let (address, seen, tasks) = (listener.local_addr().unwrap(), Seen::default(), Tasks::default());
    let reply = Arc::new(Mutex::new(Reply::Code(200)));
    let server = Server { address, seen: Arc::clone(&seen), reply: Arc::clone(&reply), tasks: tasks.clone() };
    let (stop, inner) = (tasks.stopping(), tasks.clone());
    tasks.run("server", async move {
        while let Some(Ok((stream, _))) = stop.run_until_cancelled(listener.accept()).await {
            let reply = reply.lock().unwrap().clone();
            let talking = talk(stream, Arc::clone(&seen), reply);
            let stop = stop.clone();
            inner.run("talk", async move {
                // The other side may go whenever it likes.
                let _ = stop.run_until_cancelled(talking).await;
            });
        }
    });
    server
}

async fn answer(stream: impl AsyncRead + AsyncWrite + Unpin, seen: Seen<Request>, reply: Reply) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let first = line(&mut stream).await?;
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        let line = line(&mut stream).await?;
        let Some((name, value)) = line.split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    seen.lock().unwrap().push(Request { path, headers, body: String::from_utf8(body).unwrap() });
    let head = match &reply {
        Reply::Code(code) => format!("HTTP/1.1 {code} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
        Reply::Redirect(to) => {
            format!("HTTP/1.1 307 X\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        }
        Reply::Huge => "HTTP/1.1 200 X\r\ncontent-length: 10000000\r\n\r\n".to_owned(),
        Reply::Silence => return std::future::pending().await,
        Reply::Garbage => "220 mail.example.com\r\n".to_owned(),
    };
    stream.write_all(head.as_bytes()).await?;
    if matches!(reply, Reply::Huge) {
        stream.write_all(&vec![b'x'; 10_000_000]).await?;
    }
    stream.flush().await
}

async fn line(stream: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

struct Mail {
    login: &'static str,
    seen: Seen<String>,
    encrypted: bool,
}

impl Mail {
    async fn talk(
        mut self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        tls: Option<TlsAcceptor>,
    ) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 mail.example.com\r\n").await?;
        loop {
            let said = line(&mut stream).await?;
            let word = said.split(' ').next().unwrap_or_default().to_uppercase();
            if let ("STARTTLS", Some(tls)) = (word.as_str(), &tls) {
                stream.write_all(b"220 go on\r\n").await?;
                self.encrypted = true;
                let encrypted = tls.accept(stream.into_inner()).await?;
                return Box::pin(self.converse(BufReader::new(encrypted))).await;
            }
            let reply = self.reply(&word, &said, tls.is_some(), &mut stream).await?;
            stream.write_all(reply.as_bytes()).await?;
        }
    }

    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(mut self, mut stream: BufReader<S>) -> std::io::Result<()> {
        loop {
            let said = line(&mut stream).await?;
            let word = said.split(' ').next().unwrap_or_default().to_uppercase();
            let reply = self.reply(&word, &said, false, &mut stream).await?;
            stream.write_all(reply.as_bytes()).await?;
        }
    }

    async fn reply<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        word: &str,
        said: &str,
        offers_tls: bool,
        stream: &mut BufReader<S>,
    ) -> std::io::Result<String> {
        Ok(match word {
            "EHLO" if offers_tls => "250-mail.example.com\r\n250 STARTTLS\r\n".to_owned(),
            "EHLO" => "250-mail.example.com\r\n250 AUTH PLAIN\r\n".to_owned(),
            "AUTH" if said == format!("AUTH PLAIN {}", self.login) => "235 welcome\r\n".to_owned(),
            "AUTH" => "535 no\r\n".to_owned(),
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut text = format!("encrypted: {}\n", self.encrypted);
                loop {
                    let line = line(stream).await?;
                    if line == "." {
                        break;
                    }
                    text += &(line + "\n");
                }
                self.seen.lock().unwrap().push(text);
                "250 taken\r\n".to_owned()
            }
            _ => "250 fine\r\n".to_owned(),
        })
    }
}
