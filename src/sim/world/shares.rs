//! The shares people map as drives, and who may open them at all.

use super::people::{FINANCEIRO, TI};

/// One line of a share's own list: everyone, or a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareAce {
    /// `None` is everyone.
    pub gid: Option<u32>,
    pub allowed: bool,
    /// FULL, CHANGE or READ.
    pub right: &'static str,
}

#[derive(Debug, Clone)]
pub struct Share {
    pub id: u64,
    pub name: String,
    pub path: String,
    pub comment: String,
    pub enabled: bool,
    pub readonly: bool,
    pub locked: bool,
    pub time_machine: bool,
    pub home: bool,
    /// Empty means that nobody stored one: everyone may do everything.
    pub acl: Vec<ShareAce>,
}

impl Share {
    pub(in crate::sim) fn new(id: u64, name: &str, path: &str, comment: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            path: path.to_owned(),
            comment: comment.to_owned(),
            enabled: true,
            readonly: false,
            locked: false,
            time_machine: false,
            home: false,
            acl: Vec::new(),
        }
    }
}

pub(super) fn demo() -> Vec<Share> {
    let only = |gid| ShareAce { gid: Some(gid), allowed: true, right: "FULL" };
    vec![
        Share::new(1, "Geral", "/mnt/tank/geral", "Arquivos de todos"),
        Share {
            acl: vec![only(FINANCEIRO), only(TI)],
            ..Share::new(2, "Financeiro", "/mnt/tank/financeiro", "Contas e notas")
        },
        Share::new(3, "Projetos", "/mnt/tank/projetos", "Engenharia"),
        Share {
            acl: vec![ShareAce { gid: Some(TI), allowed: true, right: "CHANGE" }],
            ..Share::new(4, "R&D (2026)!", "/mnt/tank/rd-2026", "Laboratório <TI> & \"testes\"")
        },
        Share { readonly: true, ..Share::new(5, "Publico", "/mnt/arquivo/publico", "Só leitura") },
        Share { enabled: false, ..Share::new(6, "Antigo", "/mnt/arquivo/antigo", "Desativado em 2024") },
        Share { locked: true, ..Share::new(7, "Cofre", "/mnt/tank/cofre", "Conjunto de dados trancado") },
        Share { time_machine: true, ..Share::new(8, "Backup-Mac", "/mnt/arquivo/backup-mac", "Time Machine") },
        Share { home: true, acl: vec![only(TI)], ..Share::new(9, "homes", "/mnt/tank/homes", "Pastas pessoais") },
    ]
}
