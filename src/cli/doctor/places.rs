//! The folders of the data and of the log: there, ours, with room; and who may read what is in them.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use crate::cli::doctor::finding::Findings;
use crate::cli::words::{bytes, file_trouble};
use crate::config::Loaded;
use crate::runtime::{Hold, Space, space};

const DATA: &str = "pasta de dados";
const LOG: &str = "pasta do registro";
const BACKUPS: &str = "backups";

/// Less than this is filled by one busy day.
const NO_SPACE: u64 = 100 << 20;
/// Less than this, and the database or the log soon has no room.
const LITTLE_SPACE: u64 = 1 << 30;
const NO_FILES: u64 = 1_000;
const FEW_FILES: u64 = 10_000;

/// Anybody but the owner and the group.
const OTHERS: u32 = 0o007;

/// Says whether a server uses the folder of the data.
pub fn look(loaded: &Loaded, findings: &mut Findings) -> bool {
    let mut in_use = false;
    if let Ok(data_dir) = loaded.data_dir()
        && folder(DATA, "server.data_dir", &data_dir, findings)
    {
        in_use = matches!(Hold::alone(&data_dir), Ok(None));
        findings.ok("servidor", if in_use { "em funcionamento" } else { "parado" });
        contents(&data_dir, findings);
    }
    if let Ok(log) = loaded.log() {
        folder(LOG, "log.directory", &log.directory, findings);
    }
    in_use
}

/// Says whether it is there.
fn folder(topic: &'static str, key: &str, folder: &Path, findings: &mut Findings) -> bool {
    let name = folder.display();
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            findings.attention(topic, format!("{name} ainda não existe. farol serve a cria; confira {key}."));
            return false;
        }
        Ok(_) => {
            findings.trouble(topic, format!("{name} não é uma pasta. Confira {key}."));
            return false;
        }
        Err(error) => {
            let why = file_trouble(&error);
            findings.trouble(topic, format!("{name} não pôde ser vista: {why}. Confira {key} e as permissões."));
            return false;
        }
    }
    if !space::is_writable(folder) {
        findings
            .trouble(topic, format!("{name} não pode ser gravada. Dê-a ao usuário do serviço: chown -R farol: {name}"));
    }
    match Space::of(folder) {
        Ok(space) => room(topic, folder, space, findings),
        Err(error) => findings.attention(topic, format!("o espaço livre em {name} não pôde ser lido: {error}.")),
    }
    true
}

fn room(topic: &'static str, folder: &Path, space: Space, findings: &mut Findings) {
    let (name, free) = (folder.display(), bytes(space.free));
    let cure = format!("Libere espaço no disco de {name}, ou mude a pasta para um disco maior.");
    match (space.free, space.free_files) {
        (..NO_SPACE, _) => findings.trouble(topic, format!("só {free} livres. {cure}")),
        (_, Some(files @ ..NO_FILES)) => {
            findings.trouble(topic, format!("só cabem mais {files} arquivos (inodes). {cure}"));
        }
        (..LITTLE_SPACE, _) => findings.attention(topic, format!("{free} livres. {cure}")),
        (_, Some(files @ ..FEW_FILES)) => {
            findings.attention(topic, format!("só cabem mais {files} arquivos (inodes). {cure}"));
        }
        _ => findings.ok(topic, format!("{name}, {free} livres")),
    }
}

/// An administrator who once ran a command without `sudo -u farol` leaves files the server cannot use.
fn contents(folder: &Path, findings: &mut Findings) {
    let Ok(owner) = fs::metadata(folder).map(|metadata| metadata.uid()) else { return };
    let (mut strange, mut open) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        let name = entry.file_name().to_string_lossy().into_owned();
        if metadata.uid() != owner && name != BACKUPS {
            strange.push(name.clone());
        }
        if metadata.is_file() && is_open(&metadata) {
            open.push(name);
        }
    }
    let name = folder.display();
    if !strange.is_empty() {
        let files = strange.join(", ");
        findings.trouble(
            DATA,
            format!("{files}: de outro usuário que não o dono de {name}. Execute: chown -R --reference={name} {name}"),
        );
    }
    if !open.is_empty() {
        let files = open.join(", ");
        findings
            .attention(DATA, format!("{files}: outros usuários desta máquina podem ler. Execute: chmod o= {name}/*"));
    }
}

fn is_open(metadata: &Metadata) -> bool {
    metadata.permissions().mode() & OTHERS != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::exit::Exit;

    #[test]
    fn a_disk_is_judged_by_its_room_and_by_the_files_it_still_takes() {
        let plenty = Space { free: 1 << 40, total: 1 << 41, free_files: None };
        for (space, exit) in [
            (plenty, Exit::Fine),
            (Space { free: LITTLE_SPACE - 1, ..plenty }, Exit::Attention),
            (Space { free: NO_SPACE - 1, ..plenty }, Exit::Trouble),
            (Space { free_files: Some(FEW_FILES), ..plenty }, Exit::Fine),
            (Space { free_files: Some(FEW_FILES - 1), ..plenty }, Exit::Attention),
            (Space { free: LITTLE_SPACE - 1, free_files: Some(NO_FILES - 1), ..plenty }, Exit::Trouble),
        ] {
            let mut findings = Findings::default();
            room(DATA, Path::new("/var/lib/farol"), space, &mut findings);
            assert_eq!(findings.exit(), exit, "{space:?}");
        }
    }
}
