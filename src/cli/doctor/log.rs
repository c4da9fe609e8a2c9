//! The log: whether it goes on, and whether lines were lost.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use tracing::Level;

use crate::cli::doctor::finding::Findings;
use crate::cli::words::file_trouble;
use crate::domain::Timestamp;
use crate::runtime::logging::{Files, Settings, Wanted};

const TOPIC: &str = "registro (log)";

/// Even an office on holiday has a line a day.
const SILENCE: Duration = Duration::from_hours(7 * 24);
/// Clocks are set by less.
const AHEAD: Duration = Duration::from_mins(5);

/// As the log itself says it.
const LOST: &str = "lines of the log were lost";

pub fn look(settings: &Settings, in_use: bool, now: Timestamp, findings: &mut Findings) {
    let files = Files::new(settings.directory.clone());
    let loss = Wanted { least: Some(Level::WARN), text: LOST.to_owned() };
    let found = files.last(1, &Wanted::default()).and_then(|last| Ok((last, files.last(1, &loss)?)));
    let (last, told) = match found {
        Ok(found) => found,
        Err(error) => {
            let (folder, why) = (settings.directory.display(), file_trouble(&error));
            return findings.trouble(TOPIC, format!("{folder} não pôde ser lido: {why}. Confira as permissões."));
        }
    };
    if let Some(line) = told.first() {
        let text = format!("linhas se perderam, a última vez assim: {line}. Confira o disco de log.directory.");
        findings.attention(TOPIC, text);
    }
    match last.first().and_then(|line| moment(line)) {
        None if in_use => {
            findings.trouble(TOPIC, "o servidor funciona e não há nenhuma linha. Confira log.directory e log.filter.");
        }
        None => findings.ok(TOPIC, "ainda não há linhas"),
        Some(at) if at.since(now) > AHEAD => {
            findings
                .attention(TOPIC, format!("a última linha é de {at}, no futuro: o relógio foi acertado. Confira-o."));
        }
        Some(at) if in_use && now.since(at) > SILENCE => {
            findings
                .attention(TOPIC, format!("nenhuma linha desde {at}. Confira o disco, as permissões e log.filter."));
        }
        Some(at) => findings.ok(TOPIC, format!("última linha de {at}")),
    }
}

/// The first column, in the time of this machine.
fn moment(line: &str) -> Option<Timestamp> {
    let text = line.strip_prefix('[')?.split_once(']')?.0;
    let moment = DateTime::strptime("%Y-%m-%d %H:%M:%S%.f", text).ok()?;
    let moment = moment.to_zoned(TimeZone::system()).ok()?.timestamp();
    Some(Timestamp::from_millis(moment.as_millisecond()))
}
