//! What the script says to each error of Windows, and which of them stop it.

use farol::domain::Language;

use crate::wine::{Office, Run, Seen, run, run_all};
use crate::{ANA, PORTAL, Person};

/// The number, and the words that tell its sentence from the others, in both languages.
const ERRORS: [(u32, &str, &str); 16] = [
    (53, "fora de alcance", "does not answer"),
    (64, "fora de alcance", "does not answer"),
    (121, "fora de alcance", "does not answer"),
    (67, "mudou de nome", "has another name"),
    (5, "sem direito", "may not open"),
    (86, "senha incorreta", "is wrong"),
    (1326, "senha incorreta", "is wrong"),
    (1223, "senha incorreta", "is wrong"),
    (1330, "senha venceu", "has expired"),
    (1907, "senha venceu", "has expired"),
    (1331, "desativada ou bloqueada", "disabled or locked"),
    (1909, "desativada ou bloqueada", "disabled or locked"),
    (85, "pertence a outro drive", "belongs to another drive"),
    (1202, "pertence a outro drive", "belongs to another drive"),
    (1219, "a outra conexao continua", "the other connection stays"),
    (1272, "bloqueia a entrada sem senha", "without a password"),
];

#[test]
fn each_error_at_sign_in_has_its_sentence_and_address_and_no_drive_is_tried() {
    for language in Language::ALL {
        let script = Person { language, ..ANA }.script();
        let offices: Vec<Office> = ERRORS
            .iter()
            .map(|(code, _, _)| {
                let mut office = Office::new();
                office.add(Run { answers: &[("IPC$", *code)], ..Run::quiet(&script) });
                office
            })
            .collect();
        for ((code, portuguese, english), seen) in ERRORS.iter().zip(run_all(&offices)) {
            let sentence = if language == Language::English { english } else { portuguese };
            assert_eq!(seen[0].code, 2, "both drives failed: {seen:?}");
            assert!(has_line(&seen[0], &[sentence, &code.to_string()]), "{code}: {}", seen[0].shown);
            assert!(seen[0].shown.contains(PORTAL));
            assert_eq!(seen[0].calls, ["net|use|\\\\nas.office\\IPC$|/user:ana|*"]);
        }
    }
}

#[test]
fn an_error_at_one_share_is_told_and_counted_and_the_others_are_mapped() {
    let script = ANA.script();
    let told = ERRORS.iter().filter(|(code, _, _)| ![85, 1202].contains(code));
    let offices: Vec<Office> = told
        .clone()
        .map(|(code, _, _)| {
            let mut office = Office::new();
            office.add(Run { answers: &[("\\Geral", *code)], ..Run::quiet(&script) });
            office
        })
        .collect();
    for ((code, sentence, _), (office, seen)) in told.zip(offices.iter().zip(run_all(&offices))) {
        assert_eq!(seen[0].code, 1, "{seen:?}");
        assert!(has_line(&seen[0], &[sentence, &code.to_string(), PORTAL]), "{code}: {}", seen[0].shown);
        assert!(seen[0].shown.contains("[ERRO] \"Geral\"") && seen[0].shown.contains("[OK] N: \"Financeiro\""));
        assert_eq!((office.drive('N').as_deref(), office.drive('O')), (Some("\\\\nas.office\\Financeiro"), None));
    }
}

#[test]
fn an_address_that_looks_like_numbers_of_errors_is_not_taken_for_one() {
    let script = ANA.script().replace(crate::HOST, "10.0.5.53");
    let seen = run(&mut Office::new(), Run { answers: &[("IPC$", 1909)], ..Run::quiet(&script) });
    assert!(has_line(&seen, &["Erro 1909:"]), "{}", seen.shown);
}

#[test]
fn an_error_nobody_foresaw_is_shown_as_windows_says_it() {
    let seen = run(&mut Office::new(), Run { answers: &[("\\Geral", 2242)], ..Run::quiet(&ANA.script()) });
    assert_eq!(seen.code, 1);
    assert!(
        seen.shown.contains("Erro de sistema 2242.") && seen.shown.contains("O Windows diz mais."),
        "{}",
        seen.shown
    );
}

#[test]
fn a_letter_that_turns_out_to_be_in_use_gives_way_to_the_next_one() {
    for code in [85, 1202] {
        let mut office = Office::new();
        let seen = run(&mut office, Run { answers: &[("net|use|M:|", code)], ..Run::quiet(&ANA.script()) });
        assert_eq!(seen.code, 0);
        assert!(has_line(&seen, &["M: pertence a outro drive"]), "{}", seen.shown);
        assert!(has_line(&seen, &["[OK] O: \"Geral\""]), "{}", seen.shown);
        assert_eq!(office.drive('O').as_deref(), Some("\\\\nas.office\\Geral"));
    }
}

/// A line that holds all of these.
fn has_line(seen: &Seen, parts: &[&str]) -> bool {
    seen.shown.lines().any(|line| parts.iter().all(|part| line.contains(part)))
}
