//! Words for people, in Brazilian Portuguese: what somebody may do in a share, and why.

use crate::domain::share::{Barrier, Cap, Doubt, Hint, Reach, Reason, Refusal, Right, Through};

/// The whole sentence: `escrita: grupo financeiro`.
pub fn reach(reach: &Reach) -> String {
    format!("{}: {}", right(reach.right), reason(&reach.reason))
}

pub const fn right(right: Right) -> &'static str {
    match right {
        Right::Write => "escrita",
        Right::Read => "leitura",
        Right::None => "sem acesso",
        Right::Unknown => "desconhecido",
    }
}

pub fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Writes(by) | Reason::Reads(by, None) => through(by),
        // Where everybody would be capped alike, by whom the person came in is of no interest.
        Reason::Reads(_, Some(Cap::ShareReadOnly)) => "o compartilhamento é somente leitura".into(),
        Reason::Reads(_, Some(Cap::TimeLocked)) => {
            "os arquivos do compartilhamento ficam protegidos contra mudanças".into()
        }
        Reason::Reads(by, Some(Cap::ShareList(barrier))) => format!("{}; {}", through(by), share_cap(barrier)),
        Reason::Reads(by, Some(Cap::Folder(barrier))) => format!("{}; {}", through(by), folder_cap(barrier)),
        Reason::Refused(refusal) => self::refusal(refusal),
        Reason::Unclear(doubt) => self::doubt(doubt),
    }
}

pub const fn hint(hint: Hint) -> &'static str {
    match hint {
        Hint::Hidden => "oculto na rede: não é oferecido aos usuários, mas quem sabe o nome consegue abrir",
        Hint::HostsLimited => "só alguns computadores podem se conectar a este compartilhamento",
        Hint::TimeLocked => "cada arquivo só pode ser alterado por pouco tempo depois de criado",
        Hint::NotVerified => "a pasta está em outro servidor; as permissões dela não foram verificadas",
    }
}

fn through(through: &Through) -> String {
    match through {
        Through::Root => "administrador do sistema (root)".into(),
        Through::Owner => "dono da pasta".into(),
        Through::Person => "permissão própria do usuário".into(),
        Through::OwningGroup(name) => format!("grupo {name}, dono da pasta"),
        Through::Group(name) => format!("grupo {name}"),
        Through::Everyone => "todos os usuários".into(),
        Through::SignedIn => "todos os usuários autenticados".into(),
        Through::Network => "todos os usuários da rede".into(),
        Through::Users => "grupo interno Users".into(),
        Through::Others => "demais usuários".into(),
        Through::ModeOwner => "dono da pasta, pelos bits de modo".into(),
        Through::ModeGroup(name) => format!("grupo {name}, pelos bits de modo"),
        Through::ModeOthers => "demais usuários, pelos bits de modo".into(),
        Through::OwnFolderToCome => "a pasta pessoal é criada no primeiro uso".into(),
    }
}

fn share_cap(barrier: &Barrier) -> String {
    match barrier {
        Barrier::Silent => "o compartilhamento só dá leitura a este usuário".into(),
        Barrier::Denied(by) => format!("o compartilhamento nega a escrita ({})", through(by)),
        Barrier::Masked => "a máscara do compartilhamento retira a escrita".into(),
    }
}

fn folder_cap(barrier: &Barrier) -> String {
    match barrier {
        Barrier::Silent => "a pasta só dá leitura a este usuário".into(),
        Barrier::Denied(by) => format!("a pasta nega a escrita ({})", through(by)),
        Barrier::Masked => "a máscara da pasta retira a escrita".into(),
    }
}

fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Disabled => "o compartilhamento está desativado".into(),
        Refusal::Locked => "o volume está bloqueado por criptografia".into(),
        Refusal::TimeMachine => "reservado para cópias de segurança (Time Machine)".into(),
        Refusal::ShareList(Barrier::Silent) => "o compartilhamento não inclui este usuário".into(),
        Refusal::ShareList(Barrier::Denied(by)) => format!("o compartilhamento nega o acesso ({})", through(by)),
        Refusal::ShareList(Barrier::Masked) => "a máscara do compartilhamento retira o acesso".into(),
        Refusal::Parent { path, barrier: Barrier::Silent } => format!("a pasta {path} não pode ser atravessada"),
        Refusal::Parent { path, barrier: Barrier::Denied(by) } => {
            format!("a pasta {path} não pode ser atravessada, ela nega a passagem ({})", through(by))
        }
        Refusal::Parent { path, barrier: Barrier::Masked } => {
            format!("a pasta {path} não pode ser atravessada, a máscara dela retira a passagem")
        }
        Refusal::FolderMissing { path } => format!("a pasta {path} não existe"),
        Refusal::Folder(Barrier::Silent) => "a pasta não dá acesso a este usuário".into(),
        Refusal::Folder(Barrier::Denied(by)) => format!("a pasta nega o acesso ({})", through(by)),
        Refusal::Folder(Barrier::Masked) => "a máscara da pasta retira o acesso".into(),
    }
}

fn doubt(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Lock => "o TrueNAS não informou se o volume está bloqueado".into(),
        Doubt::ShareList => "a lista de permissões do compartilhamento não pôde ser lida".into(),
        Doubt::CustomShareEntry(by) => {
            format!(
                "o compartilhamento tem uma permissão personalizada que não pode ser interpretada ({})",
                through(by)
            )
        }
        Doubt::UnknownShareEntry => {
            "o compartilhamento tem uma restrição, e não se sabe se ela vale para este usuário".into()
        }
        Doubt::Folder { path } => format!("a lista de permissões da pasta {path} não pôde ser lida"),
        Doubt::Path => "o caminho do compartilhamento não pôde ser interpretado".into(),
    }
}

#[cfg(test)]
mod tests;
