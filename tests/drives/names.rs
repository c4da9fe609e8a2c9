//! Names that would like to be commands: each arrives whole, as one argument, or is refused in words.

use crate::wine::{Office, Run, run_all};
use crate::{ANA, Person};

/// Taken as they are. Wine reads `%` inside values again and knows one code page only, which Windows does not: such names
/// are in the unit tests.
const EXACT: [&str; 16] = [
    "R&D (2026)!",
    "a & net INJ & b",
    "x && net INJ",
    "^& net INJ",
    "^",
    "a^^b",
    ")",
    "( & net INJ )",
    "it's",
    "!PATH! !x!",
    "a;b,c=d",
    "~$lixo`",
    "rem @echo on",
    "-delete",
    "  duas  pontas  ",
    "IPC$",
];

/// Windows has no such names, or programs of old would misread them.
const REFUSED: [&str; 17] = [
    "a\" & net INJ & \"b",
    "\"",
    "a|net INJ",
    "a>INJ",
    "a<INJ",
    "a\r\nnet INJ",
    "a\nnet INJ",
    "a\u{1a}b",
    "a\u{8}b\u{1b}[2J",
    "..\\..\\C$",
    "a/b",
    "/delete",
    "a*b?",
    "..",
    "",
    "a\u{ff02} net INJ",
    "a\u{2028}net INJ\u{202e}",
];

#[test]
fn a_share_of_any_name_arrives_as_one_argument_or_is_refused_and_nothing_else_runs() {
    let names = EXACT.iter().map(|name| (*name, true)).chain(REFUSED.iter().map(|name| (*name, false)));
    let offices: Vec<Office> = names.clone().map(|(name, _)| office_with(&[(name, Some('M'))], name, "ana")).collect();
    for ((name, exact), (office, seen)) in names.zip(offices.iter().zip(run_all(&offices))) {
        let seen = &seen[0];
        let mut expected = vec!["net|use|\\\\nas.office\\IPC$|/user:ana|*".to_owned()];
        if exact {
            let path = format!("\\\\nas.office\\{name}");
            expected.extend(["net|use|M:".to_owned(), format!("net|use|M:|{path}|/persistent:no")]);
            assert_eq!(office.drive('M'), Some(path));
        }
        assert_eq!(seen.calls, expected, "{name:?}");
        assert_eq!(seen.code, i32::from(!exact), "{name:?}: {}", seen.shown);
        assert!(!seen.shown.contains("recognize"), "{name:?}: {}", seen.shown);
    }
}

#[test]
fn an_account_of_any_name_is_used_exactly_or_not_at_all() {
    let exact = ["OFFICE\\ana", "ana@office.example", "Joao & Filhos", "x ^& net INJ", "a!b!"];
    let refused = ["", "a\" & net INJ & \"", "*", "/delete", "a\\", "a\nnet INJ", "a\u{ff02}b", "a\\b\\c"];
    let names = exact.iter().map(|name| (*name, true)).chain(refused.iter().map(|name| (*name, false)));
    let offices: Vec<Office> =
        names.clone().map(|(name, _)| office_with(&[("Geral", Some('M'))], "Ana", name)).collect();
    for ((name, exact), seen) in names.zip(run_all(&offices)) {
        let seen = &seen[0];
        if exact {
            assert_eq!(seen.calls[0], format!("net|use|\\\\nas.office\\IPC$|/user:{name}|*"));
            assert_eq!((seen.code, seen.calls.len()), (0, 3), "{name:?}: {}", seen.shown);
        } else {
            assert_eq!((seen.code, seen.calls.len()), (1, 0), "{name:?}: {seen:?}");
            assert!(seen.shown.contains("O nome da conta ou do servidor"), "{name:?}: {}", seen.shown);
        }
    }
}

fn office_with(shares: &[(&str, Option<char>)], full_name: &str, username: &str) -> Office {
    let mut office = Office::new();
    office.add(Run::quiet(&Person { username, full_name, shares, ..ANA }.script()));
    office
}
