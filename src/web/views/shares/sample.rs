//! Shares as an office has them, and as nobody should.

use super::{CardView, Offered};
use crate::domain::share::{Cap, Doubt, Hint, Reach, Reason, Share, ShareKind, Through};
use crate::web::words::Language;

/// How many a person may have.
pub const COUNTS: [usize; 4] = [0, 1, 3, 40];

pub const SHA256: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const NAMES: [(&str, &str, ShareKind); 10] = [
    ("Financeiro", "Contas, notas e relatórios", ShareKind::Plain),
    ("Geral", "Para todo o escritório", ShareKind::Plain),
    ("Publico", "Modelos e formulários", ShareKind::Plain),
    ("R&D (2026)!", "", ShareKind::Plain),
    ("homes", "", ShareKind::Home),
    (
        "Departamento de Infraestrutura e Obras Públicas – Unidade Cuiabá",
        "Projetos em andamento, medições, fotos de campo e contratos de todas as obras da unidade",
        ShareKind::External,
    ),
    ("\"><img src=x onerror=1>", "<script>alert(1)</script> {{ 7*7 }} %PATH% ' \u{202e}cba", ShareKind::Plain),
    ("Arquivo", "Documentos fechados", ShareKind::TimeLocked),
    ("Pessoal", "", ShareKind::PrivateDatasets),
    ("Backup-Mac", "", ShareKind::TimeMachine),
];

pub fn cards(count: usize) -> Vec<CardView> {
    (0..count).map(card).collect()
}

fn card(at: usize) -> CardView {
    let (name, comment, kind) = NAMES[at % NAMES.len()];
    let name = if at < NAMES.len() { name.into() } else { format!("{name} {at}") };
    let share = Share {
        id: i64::try_from(at).unwrap(),
        name,
        path: "/mnt/tank/share".into(),
        comment: comment.into(),
        kind,
        enabled: true,
        locked: Some(false),
        read_only: at % NAMES.len() == 2,
        browsable: true,
        limits_hosts: false,
        path_suffix: String::new(),
    };
    let reach = reach(at);
    let letter = "MNOPQRSTUVWXYZLKJIHGFED".chars().nth(at);
    let offered = Offered {
        share: &share,
        reach: &reach,
        proved: at.is_multiple_of(3),
        letter,
        host: "truenas.escritorio.local",
    };
    CardView::of(Language::Portuguese, &offered)
}

fn reach(at: usize) -> Reach {
    let reason = match at % 5 {
        0 => Reason::Writes(Through::Group("financeiro".into())),
        1 => Reason::Writes(Through::SignedIn),
        2 => Reason::Reads(Through::Everyone, Some(Cap::ShareReadOnly)),
        3 => Reason::Unclear(Doubt::ShareList),
        _ => Reason::Writes(Through::Owner),
    };
    let hints = if at % 5 == 4 { vec![Hint::HostsLimited, Hint::TimeLocked] } else { Vec::new() };
    Reach { right: reason.right(), reason, hints }
}
