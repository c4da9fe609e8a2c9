//! What the person told us, by flag or by answer, checked as far as possible without the NAS.

use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use url::Url;

use crate::auth::Authenticator;
use crate::cli::console::Console;
use crate::cli::setup::https::{self, Https};
use crate::cli::setup::{Args, entrance, guide};
use crate::cli::words;
use crate::domain::Secret;
use crate::truenas::{CALL_TIMEOUT, Fingerprint, InvalidUrl, Settings, Trust};
use crate::{smb, web};

/// Where an installed service has its settings, and then its logs.
const INSTALLED: &str = "/etc/farol";
const INSTALLED_LOGS: &str = "/var/log/intranet";
/// Longer than any key; a file that is larger is not one.
const LONGEST_KEY: u64 = 4_096;

pub struct Answers {
    pub truenas: Settings,
    /// The person named an authority or a fingerprint: there is nothing to confirm.
    pub trust_given: bool,
    pub may_ask: bool,
    /// Where the key came from, if it was a file.
    pub api_key_file: Option<PathBuf>,
    pub smb: smb::Settings,
    /// Differs from the NAS' own address and port: worth a line in the settings.
    pub smb_given: bool,
    pub listen: SocketAddr,
    pub https: https::Answer,
    /// What no flag said is asked once the NAS has answered.
    pub authenticator: Option<Authenticator>,
    pub administrators_group: Option<String>,
    pub public_url: Option<Url>,
    pub dir: PathBuf,
    pub data_dir: PathBuf,
    /// `None`: below the data.
    pub log_dir: Option<PathBuf>,
}

impl Answers {
    pub fn gather(args: &Args, console: &mut Console<'_>) -> io::Result<Result<Self, String>> {
        let (public_url, https) = match browsers(args, console)? {
            Ok(answers) => answers,
            Err(problem) => return Ok(Err(problem)),
        };
        if !args.yes && args.api_key_file.is_none() {
            console.out.write_all(guide::INTRODUCTION.as_bytes())?;
        }
        let url = match answer(args.url.as_ref(), args.yes, console, "Endereço do TrueNAS (https://…)", "")? {
            text if text.is_empty() => {
                return Ok(Err("Falta o endereço do TrueNAS: --url https://ENDEREÇO".to_owned()));
            }
            text if text.contains("://") => text,
            // The customer's TRUENAS_IP is a bare address.
            text => format!("https://{text}"),
        };
        let url = match Settings::parse_url(&url, args.allow_plain_http) {
            Ok(url) => url,
            Err(problem) => return Ok(Err(invalid_url(problem))),
        };
        let trust = match trust(args) {
            Ok(trust) => trust,
            Err(problem) => return Ok(Err(problem)),
        };
        let question = "Conta a que a chave pertence (vazia até a versão 24.10)";
        let username = answer(args.username.as_ref(), args.yes, console, question, "")?;
        let key = match api_key(args, console)? {
            Ok(key) => key,
            Err(problem) => return Ok(Err(problem)),
        };
        Ok(Ok(Self { public_url, ..Self::new(args, url, (username, key), trust, https) }))
    }

    fn new(
        args: &Args,
        url: Url,
        account: (String, Secret<String>),
        trust: Option<Trust>,
        https: https::Answer,
    ) -> Self {
        let (username, key) = account;
        let trust_given = trust.is_some();
        let mut truenas = Settings::new(url, username, key, trust.unwrap_or(Trust::System));
        truenas.allow_plain_http = args.allow_plain_http;
        let host = args.smb_host.clone().unwrap_or_else(|| truenas.host().to_owned());
        Self {
            smb: smb::Settings { host, port: args.smb_port, timeout: CALL_TIMEOUT },
            smb_given: args.smb_host.is_some() || args.smb_port != smb::SMB_PORT,
            truenas,
            api_key_file: args.api_key_file.clone(),
            trust_given,
            may_ask: !args.yes,
            listen: args.listen,
            https,
            authenticator: args.authenticator,
            administrators_group: args.admin_group.clone(),
            public_url: None,
            dir: args.dir.clone(),
            data_dir: args.data_dir.clone().unwrap_or_else(|| args.dir.join("data")),
            log_dir: args.log_dir.clone().or_else(|| (args.dir == Path::new(INSTALLED)).then(|| INSTALLED_LOGS.into())),
        }
    }
}

fn answer(
    given: Option<&String>,
    yes: bool,
    console: &mut Console<'_>,
    question: &str,
    default: &str,
) -> io::Result<String> {
    match given {
        Some(given) => Ok(given.clone()),
        None if yes => Ok(default.to_owned()),
        None => console.ask(question, default),
    }
}

fn trust(args: &Args) -> Result<Option<Trust>, String> {
    match (&args.fingerprint, &args.ca_file) {
        (Some(text), _) => match Fingerprint::parse(text) {
            Some(fingerprint) => Ok(Some(Trust::Pinned(fingerprint))),
            None => Err("--fingerprint precisa de 64 dígitos hexadecimais (SHA-256).".to_owned()),
        },
        (None, Some(file)) => Ok(Some(Trust::Authority(file.clone()))),
        (None, None) => Ok(None),
    }
}

/// How browsers come in: never in the clear beyond this machine.
fn browsers(args: &Args, console: &mut Console<'_>) -> io::Result<Result<(Option<Url>, https::Answer), String>> {
    let url = match args.public_url.as_deref().map(entrance::read_url).transpose() {
        Ok(url) => url,
        Err(problem) => return Ok(Err(problem)),
    };
    let would_expose = web::Settings::exposes_cookies(args.listen, url.as_ref());
    let answer = match https::gather(&args.https, would_expose && !args.yes, console)? {
        Ok(answer) => answer,
        Err(problem) => return Ok(Err(problem)),
    };
    if answer.https != Https::Off && url.as_ref().is_some_and(|url| url.scheme() == "http") {
        return Ok(Err("Com --tls o Farol fala HTTPS: use https:// em --public-url.".to_owned()));
    }
    if answer.https == Https::Off && would_expose {
        return Ok(Err(format!(
            "Em {} o Farol atenderia a rede em HTTP sem criptografia,\ne os cookies poderiam ser copiados. \
            Ponha na frente\num proxy com HTTPS e acrescente o endereço dele: --public-url https://NOME; ou faça \
            o próprio\nFarol falar HTTPS: --tls self-signed",
            args.listen
        )));
    }
    let is_secure = answer.https != Https::Off || url.as_ref().is_some_and(|url| url.scheme() == "https");
    if answer.redirect_listen.is_some() && !is_secure {
        return Ok(Err(
            "--redirect-listen leva as pessoas ao HTTPS: acrescente --tls ou --public-url https://NOME.".to_owned()
        ));
    }
    Ok(Ok((url, answer)))
}

fn api_key(args: &Args, console: &mut Console<'_>) -> io::Result<Result<Secret<String>, String>> {
    let key = match &args.api_key_file {
        None if args.yes => {
            return Ok(Err("Falta a chave da API: --api-key-file ARQUIVO (ou - para a entrada padrão)".to_owned()));
        }
        None => console.ask_secret("Chave da API (não aparece)")?,
        Some(file) if file.as_os_str() == "-" => console.ask_line()?,
        Some(file) => match read_key(file) {
            Ok(key) => key,
            Err(error) => {
                return Ok(Err(format!("{} não pôde ser lido: {}.", file.display(), words::file_trouble(&error))));
            }
        },
    };
    // A line break inside would end the header the key travels in.
    let plausible = !key.reveal().is_empty() && key.reveal().chars().all(|c| c.is_ascii_graphic());
    Ok(if plausible {
        Ok(key)
    } else {
        Err("Isso não é uma chave da API: ela é uma só palavra, como 7-Zk3…".to_owned())
    })
}

fn read_key(file: &Path) -> io::Result<Secret<String>> {
    let mut text = String::new();
    std::fs::File::open(file)?.take(LONGEST_KEY + 1).read_to_string(&mut text)?;
    let text = Secret::new(text);
    // Cut off, it would be another key.
    let whole = u64::try_from(text.reveal().len()).is_ok_and(|length| length <= LONGEST_KEY);
    if whole { Ok(Secret::from(text.reveal().trim())) } else { Err(io::ErrorKind::FileTooLarge.into()) }
}

fn invalid_url(problem: InvalidUrl) -> String {
    match problem {
        InvalidUrl::Malformed => {
            "O endereço do TrueNAS deve ter a forma https://NOME ou https://NOME:PORTA.".to_owned()
        }
        InvalidUrl::Credentials => "O endereço não pode trazer usuário ou senha: eles ficariam visíveis.".to_owned(),
        InvalidUrl::Plain => {
            "Por HTTP sem criptografia a chave ficaria exposta, e a partir da versão 25.04 o TrueNAS a revoga\n\
            para sempre. Use https:// no endereço. Só em laboratório, e até a versão 24.10, acrescente\n\
            --allow-plain-http."
                .to_owned()
        }
    }
}
