//! The level as a small picture for other pages: nothing in it but two words, two boxes and a colour.

use crate::domain::health::Level;
use crate::web::views::StorageView;
use crate::web::words::{Language, say};

/// Wide enough for a letter of the fonts browsers have; the picture makes the words fit exactly.
const LETTER: usize = 7;
const EDGE: usize = 8;

pub fn text(level: Level, language: Language) -> String {
    let name = say(language, "badge-storage", []);
    // Whose key it is says nothing to whoever sees a badge.
    let word = if level == Level::KeyRefused { "badge-key-refused" } else { StorageView::word_of(level) };
    let word = say(language, word, []);
    // White on each is read easily.
    let colour = match StorageView::light_of(level) {
        "well" => "#1d7a4f",
        "attention" => "#8a5900",
        "planned" => "#5b4aa8",
        "trouble" => "#b3261e",
        _ => "#51606f",
    };
    let colour = if level == Level::KeyRefused { "#51606f" } else { colour };
    let width = |text: &str| text.chars().count() * LETTER;
    let (first, second) = (width(&name), width(&word));
    let (split, all) = (first + 2 * EDGE, first + second + 4 * EDGE);
    let start = split + EDGE;
    let rest = all - split;
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{all}" height="22" viewBox="0 0 {all} 22" role="img" aria-label="{name}: {word}" lang="{lang}">
<title>{name}: {word}</title>
<rect width="{all}" height="22" rx="4" fill="#17212b"/>
<path d="M{split} 0h{box_end}a4 4 0 0 1 4 4v14a4 4 0 0 1-4 4h-{box_end}z" fill="{colour}"/>
<g fill="#ffffff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="12">
<text x="{EDGE}" y="15.5" textLength="{first}" lengthAdjust="spacingAndGlyphs">{name}</text>
<text x="{start}" y="15.5" textLength="{second}" lengthAdjust="spacingAndGlyphs">{word}</text>
</g>
</svg>
"##,
        lang = language.as_str(),
        box_end = rest - 4,
    )
}
