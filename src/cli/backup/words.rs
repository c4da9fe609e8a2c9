//! What came of a copy or of putting it back, for the person at the terminal.

use crate::backup::Error;
use crate::cli::backup::shown;
use crate::cli::exit::Exit;
use crate::cli::words::{bytes, causes, file_trouble, store_trouble, units};
use crate::runtime::logging::escape;
use crate::store;

/// Why there is no copy.
pub fn backup_trouble(error: &Error) -> (Exit, String) {
    let (exit, sentence) = trouble(error);
    match error {
        Error::Damaged(what) => (
            Exit::Failed,
            format!(
                "O banco de dados está danificado ({}). Nenhuma cópia foi feita.\n\
                 Pare o servidor (systemctl stop {}), guarde o banco como está e restaure uma cópia anterior: \
                 farol restore ARQUIVO",
                escape(what),
                units()
            ),
        ),
        Error::Differs(name) => {
            (Exit::Write, format!("O que foi gravado não confere ({}). Confira o disco e tente de novo.", escape(name)))
        }
        Error::Exists(_)
        | Error::Read { .. }
        | Error::Write { .. }
        | Error::Pack(_)
        | Error::TooLarge(_)
        | Error::Linked(_)
        | Error::Stopped
        | Error::Oversized(_)
        | Error::NoRoom { .. }
        | Error::Store(_)
        | Error::NoArchive(_)
        | Error::NoManifest
        | Error::NewerFormat(_)
        | Error::NewerSchema(_)
        | Error::Copy(_)
        | Error::Halfway(_)
        | Error::InUse(_) => (exit, sentence),
    }
}

/// Why nothing was put back.
pub fn restore_trouble(error: &Error) -> (Exit, String) {
    let (exit, sentence) = trouble(error);
    let sequel = if matches!(error, Error::Halfway(_)) {
        "A restauração parou no meio: resolva isso e repita. O que havia antes está ao lado, com .old- no nome."
    } else {
        "Nada foi alterado."
    };
    (exit, format!("{sentence}\n{sequel}"))
}

fn trouble(error: &Error) -> (Exit, String) {
    let another = "Use outra cópia: esta está danificada ou não foi feita por farol backup.";
    match error {
        Error::Exists(path) => {
            (Exit::Exists, format!("{} já existe e não foi alterado. Escolha outro nome, ou uma pasta.", shown(path)))
        }
        Error::Read { path, source } => (
            Exit::Failed,
            format!("{} não pôde ser lido: {}. Confira o nome e as permissões.", shown(path), file_trouble(source)),
        ),
        Error::Write { path, source } => (
            Exit::Write,
            format!(
                "{} não pôde ser gravado: {}. Confira a pasta, o espaço em disco e as permissões.",
                shown(path),
                file_trouble(source)
            ),
        ),
        Error::Pack(cause) => (Exit::Write, format!("A cópia não pôde ser gravada: {}.", causes(cause))),
        Error::TooLarge(path) => {
            (Exit::Settings, format!("{} tem mais de 1 MiB: não é o que a configuração diz.", shown(path)))
        }
        Error::Linked(path) => (
            Exit::Failed,
            format!(
                "{} é um link, que outra conta pode ter posto ali, e não foi seguido. Confira quem o fez, e apague-o.",
                shown(path)
            ),
        ),
        Error::Stopped => (Exit::Failed, "Interrompido a pedido; nada ficou pela metade.".to_owned()),
        Error::Oversized(name) => {
            (Exit::Archive, format!("{} é maior do que em qualquer cópia do Farol.\n{another}", escape(name)))
        }
        Error::NoRoom { folder, bytes: needed, free } => (
            Exit::Write,
            format!(
                "O banco da cópia ocupa {}, e em {} há {} livres. Libere espaço e tente de novo.",
                bytes(*needed),
                shown(folder),
                bytes(*free)
            ),
        ),
        Error::Store(cause) => (Exit::Failed, store_trouble(cause)),
        Error::NoArchive(cause) => {
            (Exit::Archive, format!("O arquivo não é um zip inteiro ({}).\n{another}", causes(cause)))
        }
        Error::NoManifest => (Exit::Archive, format!("O arquivo não diz o que contém.\n{another}")),
        Error::Differs(name) => {
            (Exit::Archive, format!("{} não confere com a lista do arquivo.\n{another}", escape(name)))
        }
        Error::Damaged(what) => {
            (Exit::Archive, format!("O banco de dados da cópia está danificado ({}).\n{another}", escape(what)))
        }
        Error::Copy(cause) => {
            (Exit::Archive, format!("O banco de dados da cópia não pôde ser usado ({}).\n{another}", causes(cause)))
        }
        Error::NewerFormat(_) | Error::NewerSchema(_) => (
            Exit::Archive,
            "A cópia foi feita por uma versão mais nova do Farol. Instale essa versão e restaure com ela.".to_owned(),
        ),
        Error::Halfway(cause) => trouble(cause),
        Error::InUse(folder) => (
            Exit::InUse,
            format!("Um servidor está usando {}. Pare-o (systemctl stop {}) e tente de novo.", shown(folder), units()),
        ),
    }
}

/// What the copy leaves out, and who can copy it.
pub fn database_elsewhere(settings: &store::Settings) -> Option<String> {
    let tool = match settings.product() {
        "SQLite" => return None,
        "MariaDB" => "mariadb-dump --single-transaction",
        _ => "pg_dump -Fc",
    };
    let name = escape(&settings.database_name().unwrap_or_default());
    Some(format!(
        "O banco {} não está na cópia: guarde-o também, no servidor dele, com: {tool} {name} > {name}.dump",
        settings.product()
    ))
}
