//! The whole text, compared with files to be read by people.

use std::fs;
use std::path::Path;

use farol::domain::Language;

use crate::{ANA, Person};

/// Everything that makes lines of its own: an exact name, one Windows refuses, a share without a letter.
const CARLA: Person<'_> = Person {
    username: "carla",
    full_name: "Carla \"R&D\" Nunes <TI> 100%",
    shares: &[
        ("Geral", Some('M')),
        ("R&D (2026)!", Some('N')),
        ("Público 100%", Some('O')),
        ("a:b", Some('P')),
        ("Extra", None),
    ],
    only: None,
    letters: "MNOPQR",
    language: Language::Portuguese,
};

#[test]
fn the_script_is_written_as_it_was_read_and_approved() {
    let english = Person { language: Language::English, only: Some(2), ..ANA };
    for (name, script) in [("pt-BR.bat", CARLA.script()), ("en.bat", english.script())] {
        let approved = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drives/golden").join(name);
        let written = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&written, &script).unwrap();
        let same = fs::read_to_string(&approved).is_ok_and(|approved| approved == script);
        assert!(same, "{} differs: read {} and copy it there", approved.display(), written.display());
    }
}
