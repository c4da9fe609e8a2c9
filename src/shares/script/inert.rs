//! What may stand where in the script: an allow-list for each place, so that a name is never read as a command.
//!
//! `cmd` looks for `%` before anything else, then for quotes, and only outside of quotes for `& | < > ( ) ^`. So a
//! name stands inside quotes, has none of its own, and its `%` are doubled. The script turns delayed expansion off, so `!`
//! means nothing.

/// Far longer than any name a NAS takes; a line of `cmd` holds 8191 characters.
const LONGEST_NAME: usize = 200;
const LONGEST_SHOWN: usize = 60;

/// Signs beyond letters and digits that names of shares have. None of them turns into a quote in an older code page.
const SIGNS: &str = "–—‘’°§£€«»·…©®™";

/// Exactly as it is, for the inside of quotes. `None`: Windows has no such name, or it is not safe to write it.
pub fn share(name: &str) -> Option<String> {
    let refused = |c: char| "\"\\/:*?<>|".contains(c);
    let fits = is_exact(name) && !name.contains(refused) && !name.trim_matches(['.', ' ']).is_empty();
    fits.then(|| double_percent(name))
}

/// Exactly as it is, with or without its domain, for the inside of quotes.
pub fn account(name: &str) -> Option<String> {
    let refused = |c: char| "\"/[]:;|=,+*?<>".contains(c);
    let halves = name.split('\\').count();
    let fits = is_exact(name)
        && !name.contains(refused)
        && halves <= 2
        && name.split('\\').all(|half| !half.trim().is_empty());
    fits.then(|| double_percent(name))
}

pub fn host(name: &str) -> Option<String> {
    let fits = !name.is_empty() && name.len() <= LONGEST_NAME && !name.starts_with(['-', '.']);
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    (fits && name.chars().all(allowed)).then(|| name.to_owned())
}

/// An address to read; empty when it holds what an address of a portal never needs.
pub fn address(address: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ":/._~-[]".contains(c);
    if address.chars().all(allowed) { address.to_owned() } else { String::new() }
}

/// To be read inside quotes.
pub fn shown(name: &str) -> String {
    let readable = |c: char| if (' '..='~').contains(&c) && !"\"*/?<>|".contains(c) { c } else { '_' };
    let text: String = name.chars().flat_map(transliterate).map(readable).take(LONGEST_SHOWN).collect();
    double_percent(&text)
}

/// To be read where nothing is quoted: what is neither letter nor digit nor a sign of names is left out.
pub fn plain(name: &str) -> String {
    let allowed = |c: &char| c.is_ascii_alphanumeric() || " .-_@'".contains(*c);
    let text: String = name.chars().flat_map(transliterate).filter(allowed).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST_SHOWN).collect()
}

fn is_exact(name: &str) -> bool {
    !name.is_empty() && name.chars().count() <= LONGEST_NAME && name.chars().all(is_safe_in_quotes)
}

/// Programs that know only the old code pages see the full-width forms as plain ones, so `＂` would close the quotes.
fn is_safe_in_quotes(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    let full_width = ('\u{ff00}'..='\u{ffef}').contains(&c);
    let accent = ('\u{300}'..='\u{36f}').contains(&c);
    (c.is_alphanumeric() && !full_width) || accent || SIGNS.contains(c)
}

fn double_percent(text: &str) -> String {
    text.replace('%', "%%")
}

/// The letters of western European names without their accents; an accent of its own goes.
fn transliterate(c: char) -> impl Iterator<Item = char> {
    const LETTERS: [(&str, &str); 22] = [
        ("ÀÁÂÃÄÅĀĂĄ", "A"),
        ("àáâãäåāăąª", "a"),
        ("ÇĆČ", "C"),
        ("çćč", "c"),
        ("ÈÉÊËĒĘĚ", "E"),
        ("èéêëēęě", "e"),
        ("ÌÍÎÏĪİ", "I"),
        ("ìíîïīı", "i"),
        ("ÑŃŇ", "N"),
        ("ñńň", "n"),
        ("ÒÓÔÕÖØŌŐ", "O"),
        ("òóôõöøōőº", "o"),
        ("ÙÚÛÜŪŮŰ", "U"),
        ("ùúûüūůű", "u"),
        ("ÝŸ", "Y"),
        ("ýÿ", "y"),
        ("ŠŚ", "S"),
        ("šś", "s"),
        ("ŽŹŻ", "Z"),
        ("žźż", "z"),
        ("ß", "ss"),
        ("–—", "-"),
    ];
    let found = LETTERS.iter().find(|(letters, _)| letters.contains(c)).map(|(_, plain)| *plain);
    let is_accent = ('\u{300}'..='\u{36f}').contains(&c);
    let itself = (found.is_none() && !is_accent).then_some(c);
    found.unwrap_or_default().chars().chain(itself)
}
