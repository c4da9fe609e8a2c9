//! What the audit trail keeps: who did what to whom, from where, and how it ended.

use std::net::IpAddr;

use crate::domain::Timestamp;
use crate::domain::caller::Caller;

/// The words are kept in the trail: they never change once released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    SignIn,
    SignInRefused,
    BreakGlassSignIn,
    BreakGlassRefused,
    SignOut,
    SessionEnded,
    ScriptDownloaded,
    BanPlaced,
    BanLifted,
    AdministratorCreated,
    AdministratorRemoved,
    MaintenancePlanned,
    MaintenanceChanged,
    MaintenanceCalledOff,
    AnnouncementPublished,
    AnnouncementRemoved,
    IncidentWritten,
    AlertSilenced,
    AlertHeardAgain,
    FactorEnrolled,
    FactorReset,
    Confirmed,
    ConfirmationRefused,
    AuditExported,
    LogDownloaded,
    DiagnosisDownloaded,
    MessageTested,
    CalendarRenewed,
    CopyRestored,
}

impl Action {
    pub const ALL: [Self; 29] = [
        Self::SignIn,
        Self::SignInRefused,
        Self::BreakGlassSignIn,
        Self::BreakGlassRefused,
        Self::SignOut,
        Self::SessionEnded,
        Self::ScriptDownloaded,
        Self::BanPlaced,
        Self::BanLifted,
        Self::AdministratorCreated,
        Self::AdministratorRemoved,
        Self::MaintenancePlanned,
        Self::MaintenanceChanged,
        Self::MaintenanceCalledOff,
        Self::AnnouncementPublished,
        Self::AnnouncementRemoved,
        Self::IncidentWritten,
        Self::AlertSilenced,
        Self::AlertHeardAgain,
        Self::FactorEnrolled,
        Self::FactorReset,
        Self::Confirmed,
        Self::ConfirmationRefused,
        Self::AuditExported,
        Self::LogDownloaded,
        Self::DiagnosisDownloaded,
        Self::MessageTested,
        Self::CalendarRenewed,
        Self::CopyRestored,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignInRefused => "sign_in_refused",
            Self::BreakGlassSignIn => "break_glass_sign_in",
            Self::BreakGlassRefused => "break_glass_refused",
            Self::SignOut => "sign_out",
            Self::SessionEnded => "session_ended",
            Self::ScriptDownloaded => "script_downloaded",
            Self::BanPlaced => "ban_placed",
            Self::BanLifted => "ban_lifted",
            Self::AdministratorCreated => "administrator_created",
            Self::AdministratorRemoved => "administrator_removed",
            Self::MaintenancePlanned => "maintenance_planned",
            Self::MaintenanceChanged => "maintenance_changed",
            Self::MaintenanceCalledOff => "maintenance_called_off",
            Self::AnnouncementPublished => "announcement_published",
            Self::AnnouncementRemoved => "announcement_removed",
            Self::IncidentWritten => "incident_written",
            Self::AlertSilenced => "alert_silenced",
            Self::AlertHeardAgain => "alert_heard_again",
            Self::FactorEnrolled => "factor_enrolled",
            Self::FactorReset => "factor_reset",
            Self::Confirmed => "confirmed",
            Self::ConfirmationRefused => "confirmation_refused",
            Self::AuditExported => "audit_exported",
            Self::LogDownloaded => "log_downloaded",
            Self::DiagnosisDownloaded => "diagnosis_downloaded",
            Self::MessageTested => "message_tested",
            Self::CalendarRenewed => "calendar_renewed",
            Self::CopyRestored => "copy_restored",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == word)
    }
}

/// Something that happened, before it has its place in the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    pub action: Action,
    /// The account's name; as it was typed where nobody was proved.
    pub actor: String,
    /// `None` at the server's own command line.
    pub address: Option<IpAddr>,
    /// To whom or what; empty when the action says it all.
    pub subject: String,
    /// How, or why not, in one plain line.
    pub detail: String,
}

impl Deed {
    /// By somebody signed in, from where they are.
    pub fn by(caller: &Caller, action: Action, subject: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            action,
            actor: caller.account.username.clone(),
            address: Some(caller.address),
            subject: subject.into(),
            detail: detail.into(),
        }
    }
}

/// A deed in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// From one on, without a gap.
    pub number: i64,
    pub at: Timestamp,
    pub deed: Deed,
    /// Covers this entry and the hash of the one before.
    pub hash: String,
}

/// Which entries are looked for: those that fit all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub action: Option<Action>,
    /// The actor's whole name; empty for anybody.
    pub actor: String,
    /// Somewhere in who, from where, to whom or how.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_found_again_by_its_word() {
        for action in Action::ALL {
            assert_eq!(Action::parse(action.as_str()), Some(action));
        }
        assert_eq!(Action::parse("sign in"), None);
    }
}
