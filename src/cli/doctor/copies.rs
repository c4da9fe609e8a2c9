//! Whether somebody makes copies of what is here, and when the last one was made.

use std::io;
use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::backup;
use crate::cli::doctor::finding::Findings;
use crate::cli::words::file_trouble;
use crate::domain::Timestamp;

const TOPIC: &str = "cópias de segurança";
/// Where an installed service has its data, and the timer puts a copy every night.
const INSTALLED: &str = "/var/lib/farol";
const FOLDER: &str = "backups";
const TIMER: &str = "/etc/systemd/system/farol-backup.timer";
/// One night may be missed, for a machine that was off.
const OLD: Duration = Duration::from_hours(48);

/// Says nothing of data that nobody meant to copy: a rehearsal has no folder for it.
pub fn look(data_dir: &Path, now: Timestamp, findings: &mut Findings) {
    let folder = data_dir.join(FOLDER);
    let name = folder.display();
    let by_hand = format!("À mão: farol backup {name} --keep 14");
    let cure = if data_dir == Path::new(INSTALLED) && Path::new(TIMER).exists() {
        format!("Veja por quê: systemctl status farol-backup.timer farol-backup. {by_hand}")
    } else {
        by_hand
    };
    match backup::find_newest(&folder, &TimeZone::system()) {
        Ok(Some(at)) if now.since(at) > OLD => {
            findings.attention(TOPIC, format!("a última em {name} é de {at}. {cure}"));
        }
        Ok(Some(at)) => findings.ok(TOPIC, format!("a última é de {at}")),
        Ok(None) => findings.attention(TOPIC, format!("nenhuma em {name}. {cure}")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if data_dir == Path::new(INSTALLED) {
                findings.attention(TOPIC, format!("{name} não existe. {cure}"));
            }
        }
        Err(error) => findings.attention(TOPIC, format!("{name} não pôde ser lida: {}.", file_trouble(&error))),
    }
}
