//! How long a certificate still holds.

use std::time::Duration;

use crate::cli::doctor::finding::Findings;
use crate::domain::Timestamp;
use crate::web::{Pair, Tls};

/// Enough to have a new one made.
const SOON: Duration = Duration::from_hours(24 * 30);

/// The one browsers are shown. One that cannot be used is told with the settings; one of our own renews itself.
pub fn look(tls: &Tls, now: Timestamp, findings: &mut Findings) {
    if let Tls::Files { certificate, key, .. } = tls
        && let Ok(pair) = Pair::read(certificate, key)
    {
        let cure = "Ponha o novo nos mesmos arquivos: o Farol o lê sem reiniciar.";
        judge("certificado do Farol", pair.expires_at, now, cure, findings);
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
