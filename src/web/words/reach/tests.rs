//! Each sentence as a person reads it.

use super::*;

fn said(why: Reason) -> String {
    reach(Language::Portuguese, &Reach { right: why.right(), reason: why, hints: Vec::new() })
}

fn group(name: &str) -> Through {
    Through::Group(name.into())
}

#[test]
fn a_right_is_told_with_the_entry_it_came_by() {
    for (through, expected) in [
        (Through::Root, "escrita: administrador do sistema (root)"),
        (Through::Owner, "escrita: dono da pasta"),
        (Through::Person, "escrita: permissão própria do usuário"),
        (Through::OwningGroup("financeiro".into()), "escrita: grupo financeiro, dono da pasta"),
        (group("financeiro"), "escrita: grupo financeiro"),
        (Through::Everyone, "escrita: todos os usuários"),
        (Through::SignedIn, "escrita: todos os usuários autenticados"),
        (Through::Network, "escrita: todos os usuários da rede"),
        (Through::Users, "escrita: grupo interno Users"),
        (Through::Others, "escrita: demais usuários"),
        (Through::ModeOwner, "escrita: dono da pasta, pelos bits de modo"),
        (Through::ModeGroup("ti".into()), "escrita: grupo ti, pelos bits de modo"),
        (Through::ModeOthers, "escrita: demais usuários, pelos bits de modo"),
        (Through::OwnFolderToCome, "escrita: a pasta pessoal é criada no primeiro uso"),
    ] {
        assert_eq!(said(Reason::Writes(through)), expected);
    }
}

#[test]
fn a_reader_is_told_what_keeps_from_writing() {
    let reads = |cap| said(Reason::Reads(group("financeiro"), cap));
    assert_eq!(reads(None), "leitura: grupo financeiro");
    assert_eq!(reads(Some(Cap::ShareReadOnly)), "leitura: o compartilhamento é somente leitura");
    assert_eq!(
        reads(Some(Cap::TimeLocked)),
        "leitura: os arquivos do compartilhamento ficam protegidos contra mudanças"
    );
    for (barrier, by_share, by_folder) in [
        (Barrier::Silent, "o compartilhamento só dá leitura a este usuário", "a pasta só dá leitura a este usuário"),
        (
            Barrier::Denied(group("estagiarios")),
            "o compartilhamento nega a escrita (grupo estagiarios)",
            "a pasta nega a escrita (grupo estagiarios)",
        ),
        (Barrier::Masked, "a máscara do compartilhamento retira a escrita", "a máscara da pasta retira a escrita"),
    ] {
        let told = |cap| reads(Some(cap));
        assert_eq!(told(Cap::ShareList(barrier.clone())), format!("leitura: grupo financeiro; {by_share}"));
        assert_eq!(told(Cap::Folder(barrier)), format!("leitura: grupo financeiro; {by_folder}"));
    }
}

#[test]
fn a_refusal_says_where_it_ended() {
    let denied = || Barrier::Denied(group("estagiarios"));
    let parent = |barrier| Refusal::Parent { path: "/mnt/tank".into(), barrier };
    for (refusal, expected) in [
        (Refusal::Disabled, "o compartilhamento está desativado"),
        (Refusal::Locked, "o volume está bloqueado por criptografia"),
        (Refusal::TimeMachine, "reservado para cópias de segurança (Time Machine)"),
        (Refusal::ShareList(Barrier::Silent), "o compartilhamento não inclui este usuário"),
        (Refusal::ShareList(denied()), "o compartilhamento nega o acesso (grupo estagiarios)"),
        (Refusal::ShareList(Barrier::Masked), "a máscara do compartilhamento retira o acesso"),
        (parent(Barrier::Silent), "a pasta /mnt/tank não pode ser atravessada"),
        (parent(denied()), "a pasta /mnt/tank não pode ser atravessada, ela nega a passagem (grupo estagiarios)"),
        (parent(Barrier::Masked), "a pasta /mnt/tank não pode ser atravessada, a máscara dela retira a passagem"),
        (Refusal::FolderMissing { path: "/mnt/tank/x".into() }, "a pasta /mnt/tank/x não existe"),
        (Refusal::Folder(Barrier::Silent), "a pasta não dá acesso a este usuário"),
        (Refusal::Folder(denied()), "a pasta nega o acesso (grupo estagiarios)"),
        (Refusal::Folder(Barrier::Masked), "a máscara da pasta retira o acesso"),
    ] {
        assert_eq!(said(Reason::Refused(refusal)), format!("sem acesso: {expected}"));
    }
}

#[test]
fn a_doubt_says_what_is_missing() {
    for (doubt, expected) in [
        (Doubt::Lock, "o TrueNAS não informou se o volume está bloqueado"),
        (Doubt::ShareList, "a lista de permissões do compartilhamento não pôde ser lida"),
        (
            Doubt::CustomShareEntry(group("ti")),
            "o compartilhamento tem uma permissão personalizada que não pode ser interpretada (grupo ti)",
        ),
        (Doubt::UnknownShareEntry, "o compartilhamento tem uma restrição, e não se sabe se ela vale para este usuário"),
        (Doubt::Folder { path: "/mnt/tank/x".into() }, "a lista de permissões da pasta /mnt/tank/x não pôde ser lida"),
        (Doubt::Path, "o caminho do compartilhamento não pôde ser interpretado"),
    ] {
        assert_eq!(said(Reason::Unclear(doubt)), format!("desconhecido: {expected}"));
    }
}

#[test]
fn every_hint_is_a_sentence_of_its_own() {
    assert_eq!(
        hint(Language::Portuguese, Hint::Hidden),
        "oculto na rede: não é oferecido aos usuários, mas quem sabe o nome consegue abrir"
    );
    assert_eq!(
        hint(Language::Portuguese, Hint::HostsLimited),
        "só alguns computadores podem se conectar a este compartilhamento"
    );
    assert_eq!(
        hint(Language::Portuguese, Hint::TimeLocked),
        "cada arquivo só pode ser alterado por pouco tempo depois de criado"
    );
    assert_eq!(
        hint(Language::Portuguese, Hint::NotVerified),
        "a pasta está em outro servidor; as permissões dela não foram verificadas"
    );
}
