//! What the set-up leaves behind: directories, secrets, `farol.toml`. Whole files only, for the owner's eyes only.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use crate::cli::console::Console;
use crate::cli::setup::answers::Answers;
use crate::cli::setup::https::Https;
use crate::cli::setup::layers::Proved;
use crate::cli::words;
use crate::domain::Secret;
use crate::runtime::Random;
use crate::truenas::Trust;

const SETTINGS_FILE: &str = "farol.toml";
const API_KEY_FILE: &str = "truenas.key";
const SECRET_KEY_FILE: &str = "secret.key";

pub struct Written {
    settings: PathBuf,
    kept_secret: bool,
}

/// Asked before the long part: nobody wants to hear it after ten layers.
pub fn may_write(answers: &Answers, force: bool, console: &mut Console<'_>) -> io::Result<bool> {
    let key = answers.dir.join(API_KEY_FILE);
    // The key may be given from where it would be written: that is no loss.
    let other_key = key.exists() && answers.api_key_file.as_deref().is_none_or(|given| !is_same(given, &key));
    let in_the_way = [answers.dir.join(SETTINGS_FILE)].into_iter().filter(|file| file.exists());
    for file in in_the_way.chain(other_key.then_some(key)) {
        let may =
            force || (answers.may_ask && console.confirm(&format!("{} já existe. Substituir?", file.display()))?);
        if !may {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

/// Secrets first, `farol.toml` last: a process killed in between leaves no settings that point at nothing.
pub fn write(answers: &Answers, proved: &Proved, random: &Random) -> Result<Written, String> {
    let failed = |path: &Path, error: &io::Error| {
        format!("{} não pôde ser gravado: {}.", path.display(), words::file_trouble(error))
    };
    for dir in [&answers.dir, &answers.data_dir].into_iter().chain(&answers.log_dir) {
        fs::DirBuilder::new().recursive(true).mode(0o750).create(dir).map_err(|error| failed(dir, &error))?;
    }
    let dir = fs::canonicalize(&answers.dir).map_err(|error| failed(&answers.dir, &error))?;
    let data_dir = fs::canonicalize(&answers.data_dir).map_err(|error| failed(&answers.data_dir, &error))?;
    let (api_key, secret_key) = (dir.join(API_KEY_FILE), dir.join(SECRET_KEY_FILE));
    write_whole(&api_key, proved.truenas.api_key.now().reveal()).map_err(|error| failed(&api_key, &error))?;
    // A new one would only cut off what the old one protects.
    let kept_secret = secret_key.exists();
    if !kept_secret {
        let secret = Secret::new(random.token());
        write_whole(&secret_key, secret.reveal()).map_err(|error| failed(&secret_key, &error))?;
    }
    let settings = dir.join(SETTINGS_FILE);
    let text = settings_text(answers, proved, [&api_key, &secret_key, &data_dir]);
    write_whole(&settings, &text).map_err(|error| failed(&settings, &error))?;
    Ok(Written { settings, kept_secret })
}

/// Appears under its name complete and with mode 0600, or not at all.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    fs::File::open(dir)?.sync_all()
}

fn settings_text(answers: &Answers, proved: &Proved, [api_key, secret_key, data_dir]: [&Path; 3]) -> String {
    let Proved { truenas, entrance } = proved;
    let mut text = String::from("# Gravado por farol setup. Todas as chaves: deploy/farol.example.toml\n\n[truenas]\n");
    let mut line = |key: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{key} = {value}");
    };
    line("url", &quoted(truenas.url().as_str().trim_end_matches('/')));
    line("username", &quoted(&truenas.username));
    line("api_key_file", &quoted(&api_key.to_string_lossy()));
    match &truenas.trust {
        Trust::System => {}
        Trust::Authority(file) => line("ca_file", &quoted(&absolute(file))),
        Trust::Pinned(fingerprint) => line("fingerprint", &quoted(&fingerprint.to_string())),
    }
    if truenas.allow_plain_http {
        line("allow_plain_http", "true");
    }
    line("\n[server]\nlisten", &quoted(&answers.listen.to_string()));
    match &answers.https.https {
        Https::Off => {}
        Https::SelfSigned { names } => {
            line("tls", &quoted("self-signed"));
            if !names.is_empty() {
                line("tls_names", &serde_json::Value::from(names.as_slice()).to_string());
            }
        }
        Https::Files { certificate, key } => {
            line("tls", &quoted("files"));
            line("tls_certificate", &quoted(&certificate.to_string_lossy()));
            line("tls_key", &quoted(&key.to_string_lossy()));
        }
    }
    if let Some(address) = answers.https.redirect_listen {
        line("redirect_listen", &quoted(&address.to_string()));
    }
    line("secret_key_file", &quoted(&secret_key.to_string_lossy()));
    line("data_dir", &quoted(&data_dir.to_string_lossy()));
    if let Some(url) = &entrance.public_url {
        line("public_url", &quoted(url.as_str().trim_end_matches('/')));
        // Only a proxy on this machine reaches us there.
        let is_proxied = answers.https.https == Https::Off;
        if is_proxied && url.scheme() == "https" && answers.listen.ip().is_loopback() {
            line("trusted_proxies", r#"["127.0.0.1", "::1"]"#);
        }
    }
    line("\n[auth]\nauthenticator", &quoted(entrance.authenticator.as_str()));
    line("administrators_group", &quoted(&entrance.administrators_group));
    if let Some(dir) = &answers.log_dir {
        line("\n[log]\ndirectory", &quoted(&absolute(dir)));
    }
    if answers.smb_given {
        line("\n[smb]\nhost", &quoted(&answers.smb.host));
        line("port", &answers.smb.port.to_string());
    }
    text
}

fn absolute(file: &Path) -> String {
    fs::canonicalize(file).unwrap_or_else(|_| file.to_owned()).to_string_lossy().into_owned()
}

/// A JSON string is a TOML string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

pub fn tell(written: &Written, out: &mut dyn Write) -> io::Result<()> {
    let file = written.settings.display();
    writeln!(out, "\nConfiguração gravada em {file} (só o dono a lê).")?;
    if written.kept_secret {
        writeln!(out, "O segredo do servidor já existia e foi mantido.")?;
    }
    writeln!(out, "Confira: farol check --config {file}\nInicie:  farol serve --config {file}")
}
