//! Secrets from files, and whether a secret deserves the name.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::content;
use super::report::Problem;

/// Fewer characters can be tried one after the other.
const LEAST_CHARACTERS: usize = 32;

/// Anybody but the owner.
const OTHERS: u32 = 0o077;

/// Parts of secrets that stand in examples and manuals, in lower case.
const WELL_KNOWN: &[&str] = &[
    "change-me",
    "changeme",
    "change_me",
    "chave-aleatoria-segura",
    "chave-secreta",
    "troque",
    "openssl rand",
    "xxxxxxxx",
    "password",
];

/// The text of a secret file without its last line end, or what is wrong with the file.
pub(super) fn read(path: &Path) -> Result<String, String> {
    let text = content::text(path).map_err(|error| content::reason(&error))?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() { Err("está vazio".into()) } else { Ok(text.into()) }
}

/// A warning when others than the owner may read the file.
pub(super) fn exposure(path: &Path) -> Option<Problem> {
    let mode = std::fs::metadata(path).ok()?.permissions().mode();
    (mode & OTHERS != 0).then(|| {
        let cure = format!("Execute: chmod 600 {}", path.display());
        Problem::new(
            path.display(),
            "outros usuários desta máquina podem ler este arquivo, que guarda um segredo",
            cure,
        )
    })
}

/// Why nobody should trust this secret key.
pub(super) fn weakness(secret: &str) -> Option<&'static str> {
    if is_well_known(secret) {
        Some("este segredo está em exemplos e manuais, qualquer um o conhece")
    } else if secret.chars().count() < LEAST_CHARACTERS {
        Some("o segredo tem menos de 32 caracteres")
    } else if repeats(secret) {
        Some("o segredo é um trecho repetido, fácil de adivinhar")
    } else {
        None
    }
}

pub(super) fn is_well_known(secret: &str) -> bool {
    let lower = secret.to_lowercase();
    WELL_KNOWN.iter().any(|known| lower.contains(known))
}

/// All one character, or one short piece again and again.
fn repeats(secret: &str) -> bool {
    let characters: Vec<char> = secret.chars().collect();
    (1..=characters.len() / 2)
        .any(|period| characters.iter().zip(&characters[period..]).all(|(one, other)| one == other))
}
