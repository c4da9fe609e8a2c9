//! Why a sign-in was refused: what happened, what it means, what to do next.

use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
pub struct ProblemView {
    pub tone: &'static str,
    pub icon: &'static str,
    /// The keys of the three sentences.
    pub title: &'static str,
    pub text: &'static str,
    pub advice: &'static str,
    /// How long to wait before another try.
    pub wait_s: Option<u64>,
    /// What was typed is wrong, not the world around.
    pub about_fields: bool,
}

impl ProblemView {
    /// What was typed does not fit.
    const fn typed(title: &'static str, text: &'static str, advice: &'static str) -> Self {
        Self { tone: "trouble", icon: "circle-x", title, text, advice, wait_s: None, about_fields: true }
    }

    /// No other try with the same account will help.
    const fn closed(title: &'static str, text: &'static str, advice: &'static str) -> Self {
        Self { about_fields: false, ..Self::typed(title, text, advice) }
    }

    /// It will pass, or somebody else has to act.
    const fn around(title: &'static str, text: &'static str, advice: &'static str) -> Self {
        Self { tone: "attention", icon: "triangle-alert", about_fields: false, ..Self::typed(title, text, advice) }
    }

    pub const fn wrong_credentials() -> Self {
        Self::typed("problem-wrong", "problem-wrong-text", "problem-wrong-advice")
    }

    pub const fn password_expired() -> Self {
        Self::closed("problem-expired", "problem-expired-text", "problem-expired-advice")
    }

    pub const fn account_locked() -> Self {
        Self::closed("problem-locked", "problem-locked-text", "problem-account-advice")
    }

    pub const fn account_disabled() -> Self {
        Self::closed("problem-disabled", "problem-disabled-text", "problem-account-advice")
    }

    pub const fn account_missing() -> Self {
        Self::closed("problem-missing", "problem-missing-text", "problem-account-advice")
    }

    /// Another one may be tried.
    pub const fn wrong_code() -> Self {
        Self::typed("problem-code", "problem-code-text", "problem-code-advice")
    }

    /// Of the portal's own second factor: another one may be tried.
    pub const fn wrong_factor() -> Self {
        Self::typed("problem-code", "problem-factor-text", "problem-code-advice")
    }

    /// Nor may another one be tried: the NAS takes one code for one password.
    pub const fn code_refused() -> Self {
        Self::closed("problem-code", "problem-code-refused-text", "problem-code-refused-advice")
    }

    /// It came too late: it begins anew with the password.
    pub const fn code_over() -> Self {
        Self::closed("problem-code-over", "problem-code-over-text", "problem-code-over-advice")
    }

    /// One sentence for all three, so that nobody learns which was wrong.
    pub const fn wrong_emergency() -> Self {
        Self::typed("problem-wrong", "problem-emergency-text", "problem-emergency-advice")
    }

    pub const fn invalid() -> Self {
        Self::typed("problem-invalid", "problem-invalid-text", "problem-invalid-advice")
    }

    pub const fn already_under_way() -> Self {
        Self::around("problem-under-way", "problem-under-way-text", "problem-under-way-advice")
    }

    pub const fn throttled(wait_s: u64) -> Self {
        let around = Self::around("problem-throttled", "problem-throttled-text", "problem-throttled-advice");
        Self { icon: "clock-alert", wait_s: Some(wait_s), ..around }
    }

    pub const fn queue_full() -> Self {
        Self::around("problem-queue", "problem-queue-text", "problem-queue-advice")
    }

    pub const fn unreachable() -> Self {
        Self::around("problem-unreachable", "problem-unreachable-text", "problem-unreachable-advice")
    }

    pub const fn restarting() -> Self {
        Self::around("problem-restarting", "problem-restarting-text", "problem-restarting-advice")
    }

    pub const fn service_key_refused() -> Self {
        Self::around("problem-key", "problem-key-text", "problem-key-advice")
    }

    pub const fn connection() -> Self {
        Self::around("problem-connection", "problem-connection-text", "problem-connection-advice")
    }

    pub const fn not_kept() -> Self {
        Self::around("problem-not-kept", "problem-not-kept-text", "problem-not-kept-advice")
    }

    pub const fn broken() -> Self {
        Self::around("problem-broken", "problem-broken-text", "problem-broken-advice")
    }
}

#[cfg(test)]
impl ProblemView {
    pub fn samples() -> Vec<Self> {
        vec![
            Self::wrong_credentials(),
            Self::password_expired(),
            Self::account_locked(),
            Self::account_disabled(),
            Self::account_missing(),
            Self::wrong_factor(),
            Self::code_refused(),
            Self::code_over(),
            Self::invalid(),
            Self::already_under_way(),
            Self::throttled(95),
            Self::queue_full(),
            Self::unreachable(),
            Self::restarting(),
            Self::service_key_refused(),
            Self::connection(),
            Self::not_kept(),
            Self::broken(),
        ]
    }
}
