//! What stands where in the text, whatever the names.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::domain::share::{Reach, Reason, Right, Through};
use crate::shares::tests::share;

fn settings() -> Settings {
    Settings { host: "nas.office".into(), letters: "MNOP".chars().collect(), fixed_letters: BTreeMap::new() }
}

fn offer(name: &str) -> Offer {
    let reach = Reach { right: Right::Write, reason: Reason::Writes(Through::Everyone), hints: Vec::new() };
    Offer { share: share(1, name), reach, proof: None, letter: Some('M') }
}

fn script(share: &str, username: &str, full_name: &str) -> String {
    let (settings, offers) = (settings(), [offer(share)]);
    let portal = "https://farol.office";
    Order {
        settings: &settings,
        username,
        full_name,
        portal,
        offers: &offers,
        only: None,
        language: Language::Portuguese,
    }
    .script()
}

#[test]
fn both_languages_say_everything_the_script_asks_for_and_nothing_else() {
    let asked: BTreeSet<&str> = SKELETON.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect();
    let values = ["host", "portal", "total", "whole", "spare_letters", "set_account", "drives"];
    let words: BTreeSet<&str> = asked.into_iter().filter(|name| !values.contains(name)).collect();
    for language in Language::ALL {
        assert_eq!(Words::of(language).all().map(|(name, _)| name).collect::<BTreeSet<_>>(), words, "{language:?}");
    }
}

#[test]
fn no_sentence_holds_a_sign_that_means_something_to_cmd() {
    let values = ["name", "account", "host", "portal", "letter", "share", "code", "failures", "total"];
    for (name, sentence) in Language::ALL.into_iter().flat_map(|language| Words::of(language).all()) {
        let bare = replace(sentence, |name| values.contains(&name).then(String::new));
        let harmless = |c: char| c.is_ascii_alphanumeric() || " .,:;?-/[]\"'".contains(c);
        assert!(bare.chars().all(harmless) && !sentence.contains("/?"), "{name} = {sentence}");
        assert_eq!(bare.matches('"').count() % 2, 0, "{name} = {sentence}");
    }
}

#[test]
fn percent_signs_are_doubled_everywhere_they_may_stand() {
    let text = script("100% %PATH%", "ana", "Ana 100% %PATH%");
    assert!(text.contains("set \"SHARE=100%% %%PATH%%\"\r\n") && text.contains("set \"SHOWN=100%% %%PATH%%\"\r\n"));
    assert!(text.contains("title Mapeamento de Drives - Ana 100 PATH\r\n"));
    assert!(script("x", "a%b", "").contains("set \"ACCOUNT=a%%b\"\r\n"));
}

#[test]
fn an_exact_name_beyond_ascii_stands_between_two_changes_of_the_code_page() {
    let text = script("Público – ações", "joão", "João Sá");
    let exact = "chcp 65001 >nul\r\nset \"SHARE=Público – ações\"\r\nif defined CODEPAGE chcp %CODEPAGE% >nul\r\n";
    let account = "chcp 65001 >nul\r\nset \"ACCOUNT=joão\"\r\nif defined CODEPAGE chcp %CODEPAGE% >nul\r\n";
    assert!(text.contains(exact) && text.contains(account));
    assert!(text.contains("set \"SHOWN=Publico - acoes\"") && text.contains("Conta: joao - Joao Sa\r\n"));
    assert!(text.replace(exact, "").replace(account, "").is_ascii());
}

#[test]
fn a_host_that_is_no_host_stops_the_script() {
    for host in ["", "a b", "nas&calc", "-nas", "nas\"", "%TEMP%"] {
        let settings = Settings { host: host.into(), ..settings() };
        let order = Order {
            settings: &settings,
            username: "ana",
            full_name: "",
            portal: "https://a.b/?x&y",
            offers: &[],
            only: None,
            language: Language::English,
        };
        let text = order.script();
        assert!(text.contains("\r\ngoto :unusable\r\n") && !text.contains("set \"ACCOUNT"), "{host}");
        assert!(!text.contains("x&y"));
    }
}

proptest! {
    /// A line begins with a word of ours, and what a name adds stands inside quotes that it cannot close.
    #[test]
    fn whatever_the_names_the_text_keeps_its_shape(share in any::<String>(), username in any::<String>(), full_name in any::<String>()) {
        let text = script(&share, &username, &full_name);
        prop_assert!(text.ends_with("\r\n") && text.starts_with("@echo off"));
        for line in text.split_terminator("\r\n") {
            prop_assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
            if let Some(value) = ["SHARE", "SHOWN", "ACCOUNT"].iter().find_map(|name| line.strip_prefix(&format!("set \"{name}="))) {
                let value = value.strip_suffix('"').unwrap();
                prop_assert!(!value.contains('"') && !value.replace("%%", "").contains('%'), "{line:?}");
            } else {
                prop_assert!(line.is_ascii(), "{line:?}");
            }
        }
    }

    #[test]
    fn a_name_shown_without_quotes_has_only_harmless_signs(name in any::<String>()) {
        let text = inert::plain(&name);
        prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || " .-_@'".contains(c)), "{text:?}");
        prop_assert!(text.len() <= 60);
    }
}
