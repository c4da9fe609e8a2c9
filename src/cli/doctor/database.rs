//! The database: it opens, its tables are those of this version, and SQLite finds no damage in it.

use std::path::{Path, PathBuf};

use crate::cli::doctor::finding::Findings;
use crate::cli::words::{bytes, causes, store_trouble, units};
use crate::store::{Error, Settings, Store};

const TOPIC: &str = "banco de dados";

pub async fn look(settings: &Settings, findings: &mut Findings) {
    let file = settings.file();
    if file.as_ref().is_some_and(|file| !file.exists()) {
        findings.attention(TOPIC, "ainda não existe. farol serve o cria; para trazer uma cópia: farol restore ARQUIVO");
        return;
    }
    let store = match Store::open_existing(settings).await {
        Ok(store) => store,
        Err(error) => return findings.trouble(TOPIC, store_trouble(&error)),
    };
    let sound = tables(&store, findings).await && damage(&store, file.is_some(), findings).await;
    if let Err(error) = store.close().await {
        findings.attention(TOPIC, causes(&error));
    } else if sound {
        let size = file.map(|file| format!(", {}", bytes(size(&file)))).unwrap_or_default();
        findings.ok(TOPIC, format!("{} em dia{size}", settings.product()));
    }
}

async fn tables(store: &Store, findings: &mut Findings) -> bool {
    match store.pending_migrations().await {
        Ok(pending) if pending.is_empty() => true,
        Ok(pending) => {
            let all = pending.join(", ");
            findings.attention(
                TOPIC,
                format!("faltam atualizações ({all}). Execute: farol migrate, ou reinicie o servidor."),
            );
            false
        }
        Err(error) => {
            findings.trouble(TOPIC, store_trouble(&error));
            false
        }
    }
}

/// Servers look after their files themselves.
async fn damage(store: &Store, is_sqlite: bool, findings: &mut Findings) -> bool {
    if !is_sqlite {
        return true;
    }
    let what = match store.find_damage().await {
        Ok(None) => return true,
        Ok(Some(what)) => what,
        Err(Error::CheckDatabase(cause)) => causes(&cause),
        Err(error) => causes(&error),
    };
    findings.trouble(
        TOPIC,
        format!(
            "está danificado ({what}). Pare o servidor (systemctl stop {}), guarde o banco como está e execute: \
             farol restore ARQUIVO",
            units()
        ),
    );
    false
}

/// With what was written and not yet folded in.
fn size(file: &Path) -> u64 {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    let sizes = [file.to_owned(), PathBuf::from(log)].map(|file| file.metadata().map_or(0, |metadata| metadata.len()));
    sizes.iter().sum()
}
