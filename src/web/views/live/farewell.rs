//! What takes the place of a page whose session has ended.

use serde::Serialize;

use crate::domain::session::End;
use crate::web::views::{Ended, Piece};

#[derive(Debug, Clone, Serialize)]
pub struct FarewellView {
    /// The key of the reason, to follow a colon.
    pub reason: &'static str,
    /// The key of what to do next.
    pub advice: &'static str,
    /// The front door, which knows the reason too.
    pub address: String,
}

impl FarewellView {
    pub fn of(ended: Ended) -> Self {
        Self { reason: reason(ended), advice: advice(ended), address: format!("/?ended={}", ended.as_str()) }
    }
}

const fn reason(ended: Ended) -> &'static str {
    match ended {
        // With a newer session the browser simply goes on.
        Ended::Needed | Ended::Over(End::Renewed) => "farewell-needed",
        Ended::Over(End::SignedOut) => "farewell-signed-out",
        Ended::Over(End::Replaced) => "farewell-replaced",
        Ended::Over(End::TimeOver) => "farewell-time-over",
        Ended::Over(End::Unused) => "farewell-unused",
        Ended::Over(End::Elsewhere) => "farewell-elsewhere",
        Ended::Over(End::ByAdministrator) => "farewell-administrator",
        Ended::Over(End::AccountGone) => "farewell-gone",
        Ended::Over(End::AccountLocked) => "farewell-locked",
        Ended::Over(End::PasswordDisabled) => "farewell-disabled",
        Ended::Over(End::PasswordChanged) => "farewell-password",
        Ended::Over(End::RoleChanged) => "farewell-role",
        Ended::Over(End::CodesGuessed) => "farewell-codes",
        Ended::Over(End::KeyRefused) => "farewell-key",
    }
}

const fn advice(ended: Ended) -> &'static str {
    let Ended::Over(end) = ended else { return "farewell-again" };
    match end {
        End::TimeOver
        | End::Unused
        | End::SignedOut
        | End::Renewed
        | End::Replaced
        | End::Elsewhere
        | End::ByAdministrator
        | End::RoleChanged
        | End::CodesGuessed => "farewell-again",
        End::PasswordChanged => "farewell-new-password",
        End::AccountGone | End::AccountLocked | End::PasswordDisabled => "farewell-ask",
        End::KeyRefused => "farewell-wait",
    }
}

impl Piece for FarewellView {
    const COMPONENT: &'static str = "live.farewell";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        Ended::all().map(Self::of).collect()
    }
}
