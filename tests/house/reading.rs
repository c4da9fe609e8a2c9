//! Reading Rust, as far as the rules need it.

/// The text with the insides of comments, strings and characters blanked out; line breaks stay.
pub fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let hidden = hidden_length(rest, code.chars().next_back());
        let taken = if hidden == 0 { next.len_utf8() } else { hidden };
        let blanked = |c: char| if hidden == 0 || c == '\n' { c } else { ' ' };
        code.extend(rest[..taken].chars().map(blanked));
        rest = &rest[taken..];
    }
    code
}

/// How much of the beginning is a comment, a string or a character; 0 when it is code.
fn hidden_length(text: &str, before: Option<char>) -> usize {
    let until = |end: &str, from: usize| text[from..].find(end).map_or(text.len(), |at| from + at + end.len());
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return until("*/", 2);
    }
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let raw = text.trim_start_matches('b').strip_prefix('r').filter(|_| !in_word && !text.starts_with("bb"));
    if let Some(raw) = raw {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            return until(&format!("\"{}", "#".repeat(hashes)), text.len() - raw.len() + hashes + 1);
        }
    }
    match text.chars().next() {
        Some('"') => quoted_length(text, '"'),
        // A lifetime has no closing quote right behind its one letter or escape.
        Some('\'') if text[1..].starts_with('\\') || text[1..].chars().nth(1) == Some('\'') => {
            quoted_length(text, '\'')
        }
        _ => 0,
    }
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Words and single signs, `::` being one.
pub fn tokens_of(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while !rest.is_empty() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let sign = if rest.starts_with("::") { 2 } else { rest.chars().next().map_or(0, char::len_utf8) };
        let (token, after) = rest.split_at(if word > 0 { word } else { sign });
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

/// What stands right behind `root::`, also behind `root::{…, …}`.
pub fn names_below<'a>(tokens: &[&'a str], root: &str) -> Vec<&'a str> {
    let mut names = Vec::new();
    for at in 0..tokens.len() {
        if tokens[at] != root || tokens.get(at + 1) != Some(&"::") || (at > 0 && tokens[at - 1] == "::") {
            continue;
        }
        match tokens.get(at + 2) {
            Some(&"{") => names.extend(names_in_group(&tokens[at + 3..])),
            Some(name) => names.push(*name),
            None => {}
        }
    }
    names
}

/// The first word of each part of `…, …::{…}, …}`.
fn names_in_group<'a>(tokens: &[&'a str]) -> Vec<&'a str> {
    let (mut names, mut depth, mut first) = (Vec::new(), 0, true);
    for token in tokens {
        match *token {
            "{" => depth += 1,
            "}" if depth == 0 => break,
            "}" => depth -= 1,
            "," if depth == 0 => first = true,
            name if depth == 0 && first => {
                names.push(name);
                first = false;
            }
            _ => {}
        }
    }
    names
}

pub fn names_crate(tokens: &[&str], name: &str) -> bool {
    tokens.iter().enumerate().any(|(at, token)| {
        let before = at.checked_sub(1).map(|at| tokens[at]);
        let begins_path = tokens.get(at + 1) == Some(&"::") && before != Some("::");
        *token == name && (begins_path || matches!(before, Some("use" | "crate")))
    })
}

/// Lines that are neither test modules nor other items only tests see.
pub fn lines_without_tests(text: &str) -> usize {
    let (mut count, mut lines) = (0, text.lines());
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            count += 1;
            continue;
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        for line in lines.by_ref() {
            let item_ends = line.trim_end().strip_prefix(indent) == Some("}");
            if item_ends || (line.ends_with(';') && line.strip_prefix(indent).is_some_and(|l| !l.starts_with(' '))) {
                break;
            }
        }
    }
    count
}
