//! Reads `farol.toml` into the table of keys, remembering lines.

use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::keys::{self, KEYS, Kind};
use super::report::{Problem, suggestion};
use super::source::{Collected, Found, Origin};

const WRITE_LIST: &str = "Escreva uma lista de textos: [\"um\", \"outro\"].";
const WRITE_PAIRS: &str = "Escreva uma linha para cada nome, abaixo do título da tabela: nome = \"texto\".";

pub(super) fn collect(path: &Path, text: &str, all: &mut Collected) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let place = |span: Range<usize>| Origin::File { path: path.into(), line: line_of(text, span.start) };
    for error in &errors {
        all.incomplete = true;
        let what = format!("erro de sintaxe TOML ({})", error.message());
        let cure =
            "Textos vão entre aspas, cada chave uma vez, seções entre colchetes: veja deploy/farol.example.toml.";
        all.problems.push(Problem::new(place(error.span().unwrap_or_default()), what, cure));
    }
    if !errors.is_empty() {
        // What a broken file seems to say is a guess.
        return;
    }
    for (name, value) in document.get_ref() {
        let origin = place(name.span());
        let Some(section) = value.get_ref().as_table() else {
            outside(name.get_ref(), &origin, all);
            continue;
        };
        if !sections().contains(&name.get_ref().as_ref()) {
            let cure = suggestion(name.get_ref(), sections().into_iter());
            all.problems.push(Problem::new(format!("{origin}: [{}]", name.get_ref()), "seção desconhecida", cure));
            continue;
        }
        for (key, value) in section {
            entry(&format!("{}.{}", name.get_ref(), key.get_ref()), value.get_ref(), place(key.span()), all);
        }
    }
}

/// The table keeps the keys of a section together.
fn sections() -> Vec<&'static str> {
    let mut sections: Vec<_> = KEYS.iter().filter_map(|key| key.name.split('.').next()).collect();
    sections.dedup();
    sections
}

fn outside(name: &str, origin: &Origin, all: &mut Collected) {
    let homes: Vec<_> =
        KEYS.iter().filter_map(|key| key.name.split_once('.')).filter(|(_, key)| *key == name).collect();
    match homes.first() {
        Some((section, _)) => all.problems.push(Problem::new(
            format!("{origin}: {name}"),
            "a chave está fora de uma seção",
            format!("Ponha-a abaixo de [{section}]."),
        )),
        None => all.unknown(origin, name),
    }
}

fn entry(name: &str, value: &DeValue<'_>, origin: Origin, all: &mut Collected) {
    let Some(key) = keys::find(name) else { return all.unknown(&origin, name) };
    match plain(key.kind, value) {
        Ok(value) => {
            all.found.insert(key.name, Found { value, origin });
        }
        Err(cure) => {
            // The key was meant to be here, so nothing else is said about it being absent.
            all.problems.push(Problem::new(origin, "valor do tipo errado", cure).about(key.name));
            all.refused.push(key.name);
        }
    }
}

/// The value as text, if it has the type the key asks for; otherwise what to write.
fn plain(kind: Kind, value: &DeValue<'_>) -> Result<String, &'static str> {
    match (kind, value) {
        (Kind::Text | Kind::Url | Kind::Secret | Kind::List, DeValue::String(text)) => Ok(text.to_string()),
        (Kind::Flag, DeValue::Boolean(flag)) => Ok(flag.to_string()),
        (Kind::Number { .. }, DeValue::Integer(number)) => i128::from_str_radix(number.as_str(), number.radix())
            .map(|number| number.to_string())
            .map_err(|_| "Escreva um número menor."),
        (Kind::List, DeValue::Array(items)) => {
            let items: Option<Vec<&str>> = items.iter().map(|item| item.get_ref().as_str()).collect();
            items.map(|items| items.join(",")).ok_or(WRITE_LIST)
        }
        (Kind::Pairs, DeValue::Table(pairs)) => {
            let pairs = pairs.iter().map(|(name, value)| pair(name.get_ref(), value.get_ref()));
            Ok(pairs.collect::<Result<Vec<_>, _>>()?.join(","))
        }
        (Kind::Text | Kind::Url | Kind::Secret, _) => Err("Escreva um texto entre aspas."),
        (Kind::List, _) => Err(WRITE_LIST),
        (Kind::Pairs, _) => Err(WRITE_PAIRS),
        (Kind::Flag, _) => Err("Escreva true ou false, sem aspas."),
        (Kind::Number { .. }, _) => Err("Escreva um número inteiro, sem aspas."),
    }
}

/// Other sources write several pairs on one line, so a name never holds what divides them there.
fn pair(name: &str, value: &DeValue<'_>) -> Result<String, &'static str> {
    let text = value.as_str().ok_or(WRITE_PAIRS)?;
    if name.contains([',', '=']) {
        return Err("Estes nomes não têm vírgula nem sinal de igual.");
    }
    Ok(format!("{name}={text}"))
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}
