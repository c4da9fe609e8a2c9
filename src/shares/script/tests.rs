//! probe
use super::*;
#[test]
fn probe() {
    use crate::domain::share::*;
    let share = |id: i64, name: &str| Offer {
        share: Share {
            id,
            name: name.into(),
            path: String::new(),
            comment: String::new(),
            kind: ShareKind::Plain,
            enabled: true,
            locked: None,
            read_only: false,
            browsable: true,
            limits_hosts: false,
            path_suffix: String::new(),
        },
        reach: Reach { right: Right::Read, reason: Reason::Reads(Through::Everyone, None), hints: vec![] },
        proof: None,
        letter: char::from_digit(id as u32 + 21, 36).map(|c| c.to_ascii_uppercase()),
    };
    let offers =
        [share(1, "Geral"), share(2, "R&D (2026)!"), share(3, "Público"), share(4, "a\"b"), share(5, "x'^ ) & calc")];
    let settings = Settings {
        host: "nas.office".into(),
        letters: "MNOPQRSTUV".chars().collect(),
        fixed_letters: Default::default(),
    };
    let order = Order {
        settings: &settings,
        username: "ana",
        full_name: "Ana \"R&D\" Lima <TI> 100%",
        portal: "https://farol.office",
        offers: &offers,
        only: None,
        language: Language::Portuguese,
    };
    std::fs::write("/tmp/h/dw/probe.bat", order.script()).unwrap();
}
