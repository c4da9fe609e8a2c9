//! Each way through the script.

use crate::wine::{Office, Run, run, run_all};
use crate::{ANA, Person};

const SIGN_IN: &str = "net|use|\\\\nas.office\\IPC$|/user:ana|*";
/// Opens a session with the saved password.
const JOIN: &str = "net|use|\\\\nas.office\\IPC$";
const DROP: &str = "net|use|\\\\nas.office\\IPC$|/delete|/yes";
const SAVE: &str = "cmdkey|/add:nas.office|/user:ana|/pass";
const FORGET: &str = "cmdkey|/delete:nas.office";

fn map(letter: char, share: &str, persistent: &str) -> String {
    format!("net|use|{letter}:|\\\\nas.office\\{share}|/persistent:{persistent}")
}

#[test]
fn one_sign_in_serves_all_shares_and_no_call_holds_a_password() {
    let mut office = Office::new();
    let seen = run(&mut office, Run::quiet(&ANA.script()));
    assert_eq!(seen.code, 0, "{seen:?}");
    assert_eq!(seen.changes(), [SIGN_IN, &map('M', "Geral", "no"), &map('N', "Financeiro", "no")]);
    assert!(seen.shown.contains("[OK] M: \"Geral\"") && seen.shown.contains("Tudo certo"), "{}", seen.shown);
}

#[test]
fn one_share_ordered_is_one_share_mapped_on_the_letter_it_always_has() {
    let seen = run(&mut Office::new(), Run::quiet(&Person { only: Some(2), ..ANA }.script()));
    assert_eq!(seen.changes(), [SIGN_IN, &map('N', "Financeiro", "no")]);
}

#[test]
fn drives_come_back_after_a_restart_only_when_somebody_says_so() {
    let script = ANA.script();
    let run = Run { arguments: "", ..Run::quiet(&script) };
    let mut offices = [Office::new(), Office::new(), Office::new(), Office::new()];
    offices[0].add(Run { typed: "S\n", ..run });
    offices[1].add(Run { typed: "n\n", ..run });
    offices[2].add(Run { typed: "s & net use INJ\n", ..run });
    offices[3].add(Run { arguments: "/keep /quiet", ..run });
    let seen = run_all(&offices);
    for kept in [&seen[0][0], &seen[3][0]] {
        assert_eq!(kept.changes()[..4], [SIGN_IN, SAVE, DROP, JOIN], "saved once proved, then proved as saved");
        assert_eq!(kept.changes()[4..], [map('M', "Geral", "yes"), map('N', "Financeiro", "yes")]);
    }
    for once in [&seen[1][0], &seen[2][0]] {
        assert_eq!(once.changes(), [SIGN_IN, &map('M', "Geral", "no"), &map('N', "Financeiro", "no")]);
    }
}

#[test]
fn an_older_saved_password_is_left_alone_until_the_new_one_is_proved() {
    let script = ANA.script();
    let keep = Run { arguments: "/keep /quiet", ..Run::quiet(&script) };
    let mut offices = [Office::new(), Office::new()];
    for (office, answers) in offices.iter_mut().zip([&[("IPC$", 1326)], &[("IPC$", 53)]]) {
        office.add(keep);
        office.add(Run { answers, ..keep });
    }
    offices[0].add(Run { arguments: "/remove /quiet", ..keep });
    let seen = run_all(&offices);
    for tried in [&seen[0][1], &seen[1][1]] {
        assert_eq!((tried.code, tried.changes()), (2, vec![SIGN_IN]), "{}", tried.shown);
    }
    assert_eq!(seen[0][2].changes().last(), Some(&FORGET), "it is still known to be ours");
}

#[test]
fn a_saved_password_that_opens_nothing_is_forgotten_and_one_that_could_not_be_tried_is_kept() {
    const ALL_BUT_JOIN: (&str, u32) = ("IPC$|", 0);
    let script = ANA.script();
    let keep = Run { arguments: "/keep /quiet", ..Run::quiet(&script) };
    let mut offices = [Office::new(), Office::new(), Office::new(), Office::new(), Office::new()];
    offices[0].add(Run { answers: &[ALL_BUT_JOIN, ("IPC$", 1326)], ..keep });
    offices[1].add(Run { answers: &[ALL_BUT_JOIN, ("IPC$", 86)], ..keep });
    offices[2].add(Run { answers: &[ALL_BUT_JOIN, ("IPC$", 1223)], ..keep });
    offices[3].add(Run { answers: &[ALL_BUT_JOIN, ("IPC$", 53)], ..keep });
    offices[4].add(Run { answers: &[("cmdkey", 5)], ..keep });
    let seen = run_all(&offices);
    let once = [map('M', "Geral", "no"), map('N', "Financeiro", "no")];
    for wrong in &seen[..3] {
        let wrong = &wrong[0];
        assert_eq!(wrong.changes()[..6], [SIGN_IN, SAVE, DROP, JOIN, FORGET, SIGN_IN]);
        assert_eq!((wrong.code, wrong.changes()[6..].to_vec()), (0, once.iter().map(String::as_str).collect()));
        assert!(wrong.shown.contains("era outra e foi descartada"), "{}", wrong.shown);
    }
    assert_eq!((seen[3][0].code, seen[3][0].changes()), (2, vec![SIGN_IN, SAVE, DROP, JOIN]));
    assert_eq!(seen[4][0].changes()[..2], [SIGN_IN, SAVE]);
    assert_eq!(seen[4][0].changes()[2..], once, "the session that was opened serves");
}

#[test]
fn whose_session_windows_has_open_is_found_out_before_any_drive_also_with_a_password_to_keep() {
    let script = ANA.script();
    let mut office = Office::new();
    let answers = &[("IPC$|/user", 1219)];
    let seen = run(&mut office, Run { arguments: "/keep /quiet", answers, ..Run::quiet(&script) });
    assert_eq!((seen.code, seen.changes()), (2, vec![SIGN_IN]), "{}", seen.shown);
    assert!(!seen.shown.contains("[OK]"), "{}", seen.shown);
}

#[test]
fn a_second_run_changes_nothing() {
    let script = ANA.script();
    let mut office = Office::new();
    office.add(Run::quiet(&script));
    office.add(Run::quiet(&script));
    let seen = run_all(&[office]);
    assert_eq!((seen[0][1].code, seen[0][1].changes()), (0, vec![SIGN_IN]));
    assert!(seen[0][1].shown.contains("estava mapeado e continua assim"), "{}", seen[0][1].shown);
}

#[test]
fn a_letter_of_somebody_else_is_left_alone_and_the_next_free_one_taken() {
    // Z: is a disc of the machine; T: an office drive that nobody planned for.
    let shares = [("Geral", Some('M')), ("Disco", Some('Z'))];
    let mut office = Office::new().with_drive('M', "\\\\other\\Geral").with_drive('T', "\\\\nas.office\\Antigo");
    let seen = run(&mut office, Run::quiet(&Person { shares: &shares, letters: "MZTUV", ..ANA }.script()));
    assert_eq!(seen.code, 0);
    assert_eq!(seen.changes(), [SIGN_IN, &map('U', "Geral", "no"), &map('V', "Disco", "no")]);
    assert!(seen.shown.contains("M: pertence a outro drive") && seen.shown.contains("[OK] U: \"Geral\""));
    assert_eq!(office.drive('M').as_deref(), Some("\\\\other\\Geral"));
}

#[test]
fn an_older_drive_of_our_server_gives_way_on_the_shares_own_letter() {
    let mut office = Office::new().with_drive('M', "\\\\NAS.office\\Antigo");
    let seen = run(&mut office, Run::quiet(&Person { only: Some(1), ..ANA }.script()));
    assert_eq!(seen.changes(), [SIGN_IN, "net|use|M:|/delete|/yes", &map('M', "Geral", "no")]);
    assert!(seen.shown.contains("foi trocada"), "{}", seen.shown);
}

#[test]
fn the_drive_windows_runs_from_is_never_used() {
    let mut office = Office::new();
    let script = Person { only: Some(1), ..ANA }.script().replacen("\r\n", "\r\nset \"SystemDrive=M:\"\r\n", 1);
    let seen = run(&mut office, Run::quiet(&script));
    assert_eq!(seen.calls[1..], ["net|use|O:".to_owned(), map('O', "Geral", "no")]);
}

#[test]
fn a_share_without_a_letter_gets_the_first_spare_one_and_without_any_says_so() {
    let shares = [("Geral", Some('M')), ("Extra", None), ("Demais", None)];
    let seen = run(&mut Office::new(), Run::quiet(&Person { shares: &shares, letters: "MN", ..ANA }.script()));
    assert_eq!(seen.changes(), [SIGN_IN, &map('M', "Geral", "no"), &map('N', "Extra", "no")]);
    assert_eq!(seen.code, 1);
    assert!(seen.shown.contains("[ERRO] \"Demais\" ficou sem drive: nenhuma letra livre"), "{}", seen.shown);
}

#[test]
fn with_two_identities_only_sessions_with_our_server_end_and_only_with_consent() {
    let script = ANA.script();
    let office = || Office::new().with_drive('P', "\\\\nas.office\\Antigo").with_drive('T', "\\\\other\\Geral");
    let ask = Run { arguments: "/once", answers: &[("once IPC$|/user", 1219)], ..Run::quiet(&script) };
    let mut offices = [office(), office(), office(), office()];
    offices[0].add(Run { typed: "S\n", ..ask });
    offices[1].add(Run { typed: "N\n", ..ask });
    offices[2].add(Run { typed: "S\n", answers: &[("IPC$|/user", 1219)], ..ask });
    offices[3].add(Run { arguments: "/keep", typed: "S\n", answers: &[("once IPC$|/user", 1219)], ..ask });
    let seen = run_all(&offices);
    let dropped = [
        "net|use|P:|/delete|/yes",
        "net|use|\\\\nas.office\\Geral|/delete|/yes",
        "net|use|\\\\nas.office\\Financeiro|/delete|/yes",
        "net|use|\\\\nas.office\\IPC$|/delete|/yes",
    ];
    assert_eq!(seen[0][0].changes()[1..5], dropped);
    assert_eq!(seen[0][0].changes()[5..], [SIGN_IN, &map('M', "Geral", "no"), &map('N', "Financeiro", "no")]);
    assert_eq!((seen[1][0].code, seen[1][0].changes()), (2, vec![SIGN_IN]));
    assert_eq!((seen[2][0].code, seen[2][0].changes()[5..].to_vec()), (2, vec![SIGN_IN]));
    assert!(seen[2][0].shown.contains("Erro 1219: a outra conexao continua"), "{}", seen[2][0].shown);
    let kept = &seen[3][0];
    assert_eq!((kept.code, kept.changes()[1..5].to_vec()), (0, dropped.to_vec()), "{}", kept.shown);
    assert_eq!(kept.changes()[5..9], [SIGN_IN, SAVE, DROP, JOIN]);
    assert!(offices.iter().all(|office| office.drive('T').is_some()));
}

#[test]
fn an_elevated_window_is_explained_and_nothing_is_done() {
    for arguments in ["/quiet", "/remove /quiet"] {
        for uac in [Some("0x1"), None] {
            let mut office = Office::new();
            let seen = run(&mut office, Run { elevated: true, uac, arguments, ..Run::quiet(&ANA.script()) });
            assert_eq!((seen.code, seen.calls.len()), (2, 0), "{seen:?}");
            assert!(seen.shown.contains("aberta como administrador"), "{}", seen.shown);
            assert!(seen.shown.contains("entre no Windows com uma conta comum"), "{}", seen.shown);
        }
    }
}

#[test]
fn where_uac_is_off_every_window_is_elevated_and_the_drives_are_mapped() {
    let mut office = Office::new();
    let seen = run(&mut office, Run { elevated: true, uac: Some("0x0"), ..Run::quiet(&ANA.script()) });
    assert_eq!((seen.code, seen.changes().len()), (0, 3), "{seen:?}");
}

#[test]
fn a_dry_run_says_what_it_would_do_and_does_nothing() {
    let mut office = Office::new().with_drive('M', "\\\\nas.office\\Antigo");
    let seen = run(&mut office, Run { arguments: "/dry /quiet", ..Run::quiet(&ANA.script()) });
    assert_eq!((seen.code, seen.changes()), (0, Vec::new()));
    assert!(seen.shown.contains("[OK] N: \"Financeiro\" seria mapeado"), "{}", seen.shown);
}

#[test]
fn removing_undoes_what_the_script_made_and_nothing_else() {
    let script = ANA.script();
    // N: led to the share before the script came.
    let mut office =
        Office::new().with_drive('N', "\\\\nas.office\\Financeiro").with_drive('P', "\\\\nas.office\\Antigo");
    office.add(Run { arguments: "/keep /quiet", ..Run::quiet(&script) });
    office.add(Run { arguments: "/remove /quiet", answers: &[("M:|/delete", 2402)], ..Run::quiet(&script) });
    office.add(Run { arguments: "/remove /quiet", ..Run::quiet(&script) });
    office.add(Run { arguments: "/remove /quiet", ..Run::quiet(&script) });
    let offices = [office];
    let seen = &run_all(&offices)[0];
    assert_eq!((seen[1].code, seen[1].changes()), (1, vec!["net|use|M:|/delete|/yes", DROP, FORGET]));
    assert!(seen[1].shown.contains("[ERRO] M: \"Geral\" continua mapeado"), "{}", seen[1].shown);
    assert_eq!((seen[2].code, seen[2].changes()), (0, vec!["net|use|M:|/delete|/yes"]));
    assert!(!seen[2].shown.contains("Nenhum drive feito por este arquivo"), "{}", seen[2].shown);
    assert_eq!((seen[3].code, seen[3].changes()), (0, Vec::new()));
    assert!(seen[3].shown.contains("Nenhum drive feito por este arquivo"), "{}", seen[3].shown);
    assert_eq!(offices[0].drive('N').as_deref(), Some("\\\\nas.office\\Financeiro"));
    assert_eq!(offices[0].drive('P').as_deref(), Some("\\\\nas.office\\Antigo"));
}

#[test]
fn removing_reaches_drives_of_shares_that_were_lost_since() {
    let shares = [("Geral", Some('M')), ("R&D (2026)!", Some('N')), ("Obras", Some('O'))];
    let (before, after) = (Person { shares: &shares, ..ANA }.script(), Person { shares: &[], ..ANA }.script());
    let remove = Run { arguments: "/remove /quiet", ..Run::quiet(&after) };
    let mut office = Office::new().with_drive('P', "\\\\nas.office\\Antigo");
    run(&mut office, Run::quiet(&before));
    // Meanwhile O: has become somebody else's, who later moves it to a folder of ours.
    office = office.with_drive('O', "\\\\other\\Obras");
    let seen = run(&mut office, remove);
    assert_eq!((seen.code, seen.changes()), (0, vec!["net|use|M:|/delete|/yes", "net|use|N:|/delete|/yes", DROP]));
    assert!(seen.shown.contains("[OK] N: \"R&D (2026)!\" removido"), "{}", seen.shown);
    office = office.with_drive('O', "\\\\nas.office\\Obras");
    assert_eq!(run(&mut office, remove).changes(), Vec::<&str>::new());
    assert!(office.drive('O').is_some() && office.drive('P').is_some());
}

#[test]
fn removing_one_share_leaves_the_session_that_serves_the_others() {
    let (all, one) = (ANA.script(), Person { only: Some(1), ..ANA }.script());
    let mut office = Office::new();
    office.add(Run::quiet(&all));
    office.add(Run { arguments: "/remove /quiet", ..Run::quiet(&one) });
    let offices = [office];
    assert_eq!(run_all(&offices)[0][1].changes(), ["net|use|M:|/delete|/yes"]);
    assert!(offices[0].drive('N').is_some());
}

#[test]
fn without_shares_and_with_words_it_does_not_know_it_only_speaks() {
    let (nothing, ana) = (Person { shares: &[], ..ANA }.script(), ANA.script());
    let mut offices = [Office::new(), Office::new()];
    offices[0].add(Run::quiet(&nothing));
    offices[1].add(Run { arguments: "/format", ..Run::quiet(&ana) });
    let seen = run_all(&offices);
    assert_eq!((seen[0][0].code, seen[0][0].calls.len()), (0, 0));
    assert!(seen[0][0].shown.contains("Nenhuma pasta foi liberada"), "{}", seen[0][0].shown);
    assert_eq!((seen[1][0].code, seen[1][0].calls.len()), (1, 0));
    assert!(seen[1][0].shown.contains("/remove"), "{}", seen[1][0].shown);
}
