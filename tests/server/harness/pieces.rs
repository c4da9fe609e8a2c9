//! What a page shows, by the ids of its elements, and the pieces that replace it.

/// One element, whole, as it stands in a page.
pub fn element<'a>(html: &'a str, id: &str) -> Option<&'a str> {
    let start = html[..html.find(&format!(" id=\"{id}\""))?].rfind('<')?;
    let name = html[start + 1..].split([' ', '\n', '>']).next()?;
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let (mut depth, mut at) = (0, start);
    loop {
        let rest = &html[at..];
        let end = rest.find(&close)?;
        if let Some(begin) = rest.find(&open).filter(|open| *open < end) {
            at += begin + open.len();
            // Another name may begin like this one.
            depth += usize::from(html[at..].starts_with([' ', '\n', '>']));
        } else {
            depth -= 1;
            at += end + close.len();
            if depth == 0 {
                return Some(&html[start..at]);
            }
        }
    }
}

/// What is in it.
pub fn element_within<'a>(html: &'a str, id: &str) -> Option<&'a str> {
    let whole = element(html, id)?;
    let (_, rest) = whole.split_once('>')?;
    Some(rest.rsplit_once("</")?.0.trim())
}

/// What each piece of a frame is for, how it gets there, and its markup.
pub fn pieces_of(frame: &str) -> Vec<(String, String, String)> {
    let piece = |text: &str| {
        let (target, rest) = text.split_once("\" hx-swap=\"")?;
        let (swap, rest) = rest.split_once("\">")?;
        let (markup, _) = rest.split_once("</hx-partial>")?;
        Some((target.to_owned(), swap.to_owned(), markup.to_owned()))
    };
    frame.split("<hx-partial hx-target=\"").skip(1).filter_map(piece).collect()
}
