//! The folders of the data and of the log: there, ours, with room; and who may read what is in them.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;

use crate::cli::doctor::finding::Findings;
use crate::cli::words::{bytes, file_trouble};
use crate::config::Loaded;
use crate::runtime::{Clock, Hold, Space, space};

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

/// A server stays; whoever only looks, as we do, does not.
const LOOKS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(100);

/// Says whether a server uses the folder of the data.
pub async fn look(loaded: &Loaded, clock: &Clock, findings: &mut Findings) -> bool {
    let (mut in_use, mut account) = (false, None);
    if let Ok(data_dir) = loaded.data_dir() {
        account = fs::metadata(&data_dir).ok();
        if folder(DATA, "server.data_dir", &data_dir, account.as_ref(), findings) {
            in_use = is_in_use(&data_dir, clock).await;
            findings.ok("servidor", if in_use { "em funcionamento" } else { "parado" });
            contents(&data_dir, findings);
        }
    }
    if let Ok(log) = loaded.log() {
        folder(LOG, "log.directory", &log.directory, account.as_ref(), findings);
    }
    in_use
}

async fn is_in_use(folder: &Path, clock: &Clock) -> bool {
    for _ in 1..LOOKS {
        if !matches!(Hold::alone(folder), Ok(None)) {
            return false;
        }
        clock.sleep(PAUSE).await;
    }
    matches!(Hold::alone(folder), Ok(None))
}

/// Says whether it is there. `data` is the folder of the data, whose owner runs the server.
fn folder(topic: &'static str, key: &str, folder: &Path, data: Option<&Metadata>, findings: &mut Findings) -> bool {
    let name = folder.display();
    let metadata = match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => metadata,
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
    };
    // Whoever looks may be root, who may do everything and is not who runs the server.
    if !space::is_writable(folder)
        || data.is_some_and(|data| {
            !owner_writes((data.uid(), data.gid()), (metadata.uid(), metadata.gid()), metadata.mode())
        })
    {
        let cure = "Dê-a à conta que executa o Farol";
        findings.trouble(topic, format!("{name} não pode ser gravada. {cure}: chown -R CONTA: {name}"));
    }
    match Space::of(folder) {
        Ok(space) => room(topic, folder, space, findings),
        Err(error) => findings.attention(topic, format!("o espaço livre em {name} não pôde ser lido: {error}.")),
    }
    true
}

/// Whether this account, with this group, may put files into a folder of that owner and group.
fn owner_writes(account: (u32, u32), folder: (u32, u32), mode: u32) -> bool {
    let class = match (account.0 == folder.0, account.1 == folder.1) {
        _ if account.0 == 0 => return true,
        (true, _) => 6,
        (false, true) => 3,
        (false, false) => 0,
    };
    mode >> class & 0o3 == 0o3
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
            .attention(DATA, format!("{files}: outros usuários desta máquina podem ler. Execute: chmod -R o= {name}"));
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
    fn a_folder_is_judged_for_who_runs_the_server_and_not_for_who_looks() {
        let folder = (999, 990);
        for (account, mode, may) in [
            ((999, 990), 0o750, true),
            ((999, 990), 0o570, false),
            ((998, 990), 0o770, true),
            ((998, 990), 0o750, false),
            ((998, 980), 0o777, true),
            ((998, 980), 0o775, false),
            ((0, 0), 0o700, true),
        ] {
            assert_eq!(owner_writes(account, folder, mode), may, "{account:?} {mode:o}");
        }
    }

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
