//! Words for people, in Brazilian Portuguese and English: the texts below `templates/locales/`, and whose language is which.
//!
//! A key is written out wherever it is used, never put together from parts: so a test can tell a text nobody uses.

mod language;
mod reach;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::Embed;
use unic_langid::LanguageIdentifier;

use crate::domain::Timestamp;

pub use crate::domain::Language;
pub use language::{COOKIE as LANGUAGE_COOKIE, language_of};
pub use reach::{hint, reach, reason, right};

#[derive(Embed)]
#[folder = "templates/locales/"]
struct Files;

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| Language::ALL.map(bundle));

/// The texts of one language, from all its files.
fn bundle(language: Language) -> Bundle {
    let identifier: LanguageIdentifier = language.as_str().parse().expect("each of ours is a language");
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // Marks around what is put in would be copied along with names and paths.
    bundle.set_use_isolating(false);
    for text in files_of(language) {
        let resource = FluentResource::try_new(text).expect("the texts are part of the program, and a test reads them");
        bundle.add_resource(resource).expect("no text has two meanings, and a test reads them");
    }
    bundle
}

fn files_of(language: Language) -> Vec<String> {
    let folder = format!("{}/", language.as_str());
    let names = Files::iter().filter(|name| name.starts_with(&folder));
    names
        .filter_map(|name| Files::get(&name))
        .map(|file| String::from_utf8_lossy(&file.data).replace("\r\n", "\n"))
        .collect()
}

/// `None` when there is no such text, or when it asks for something it was not given.
pub fn find(language: Language, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let bundle = &BUNDLES[language as usize];
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(args), &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

/// For the texts the program itself puts together. Those of templates are asked for there.
pub fn say<'a, const N: usize>(language: Language, key: &str, args: [(&'a str, FluentValue<'a>); N]) -> String {
    find(language, key, &args.into_iter().collect()).unwrap_or_else(|| {
        debug_assert!(false, "no text {key} in {}, or not with these arguments", language.as_str());
        key.to_owned()
    })
}

/// As programs read times.
pub fn rfc3339(at: Timestamp) -> String {
    at.to_string()
}

#[cfg(test)]
mod tests;
