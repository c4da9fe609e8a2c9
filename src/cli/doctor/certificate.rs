//! How long a certificate still holds.

use std::time::Duration;

use crate::cli::doctor::finding::Findings;
use crate::domain::Timestamp;
use crate::runtime::Clock;
use crate::truenas::{self, Survey};
use crate::web::{Pair, Settings, Tls};

/// Enough to have a new one made.
const SOON: Duration = Duration::from_hours(24 * 30);

const TOPIC: &str = "certificado do Farol";

/// The one browsers are shown. One that cannot be used is told with the settings; one of our own renews itself. Of the one
/// of a proxy in front we know what anybody sees.
pub async fn look(settings: &Settings, truenas: &truenas::Settings, clock: &Clock, findings: &mut Findings) {
    match (&settings.tls, &settings.public_url) {
        (Tls::Files { certificate, key, .. }, _) => {
            if let Ok(pair) = Pair::read(certificate, key) {
                let cure = "Ponha o novo nos mesmos arquivos: o Farol o lê sem reiniciar.";
                judge(TOPIC, pair.expires_at, clock.now(), cure, findings);
            }
        }
        (Tls::Off, Some(url)) if settings.is_secure() => {
            let shown = Survey { settings: &truenas.at(url.clone()), clock }.look_at_certificate().await;
            if let Some(expires_at) = shown.as_ref().ok().and_then(|shown| shown.expires_at) {
                let cure = "Renove-o no proxy; um que o instalador fez é renovado por ele: deploy/install.sh";
                judge(TOPIC, expires_at, clock.now(), cure, findings);
            } else {
                let text = format!("{url} não respondeu a esta máquina. Confira o nome no DNS, e se o proxy funciona.");
                findings.attention(TOPIC, text);
            }
        }
        (Tls::Off | Tls::SelfSigned { .. }, _) => {}
    }
}

/// `cure` says how to renew it.
pub fn judge(topic: &'static str, expires_at: Timestamp, now: Timestamp, cure: &str, findings: &mut Findings) {
    if expires_at <= now {
        findings.trouble(topic, format!("venceu em {expires_at}. {cure}"));
    } else if expires_at.since(now) < SOON {
        let days = expires_at.since(now).as_secs() / (24 * 3600);
        findings.attention(topic, format!("vence em {days} dias, em {expires_at}. {cure}"));
    } else {
        findings.ok(topic, format!("vale até {expires_at}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::exit::Exit;

    #[test]
    fn a_certificate_is_renewed_a_month_before_its_end() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let day = Duration::from_hours(24);
        for (expires_at, exit) in [
            (now.plus(31 * day), Exit::Fine),
            (now.plus(29 * day), Exit::Attention),
            (now, Exit::Trouble),
            (now.minus(day), Exit::Trouble),
        ] {
            let mut findings = Findings::default();
            judge("certificado", expires_at, now, "Renove-o.", &mut findings);
            assert_eq!(findings.exit(), exit, "{expires_at}");
        }
    }
}
