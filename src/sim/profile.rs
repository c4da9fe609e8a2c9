//! What each release of the NAS has and lacks.

use std::fmt;
use std::str::FromStr;

/// In the order of their appearance, so that "since 25.04" is a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    R22_12,
    R24_10,
    /// 24.10 plus the address the customer's document names for checking a password.
    Spec,
    R25_04,
    R25_10,
    R26,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no simulated release {0:?}: choose 22.12, 24.10, 25.04, 25.10, 26 or spec")]
pub struct UnknownProfile(String);

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|profile| profile.to_string() == text).ok_or_else(|| UnknownProfile(text.to_owned()))
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::R22_12 => "22.12",
            Self::R24_10 => "24.10",
            Self::Spec => "spec",
            Self::R25_04 => "25.04",
            Self::R25_10 => "25.10",
            Self::R26 => "26",
        })
    }
}

impl Profile {
    pub const ALL: [Self; 6] = [Self::R22_12, Self::R24_10, Self::Spec, Self::R25_04, Self::R25_10, Self::R26];

    pub(super) fn version(self) -> &'static str {
        match self {
            Self::R22_12 => "TrueNAS-SCALE-22.12.4",
            Self::R24_10 | Self::Spec => "TrueNAS-SCALE-24.10.2",
            Self::R25_04 => "25.04.2",
            Self::R25_10 => "25.10.1",
            Self::R26 => "26.0.0",
        }
    }

    pub(super) fn has_rest(self) -> bool {
        self < Self::R26
    }

    pub(super) fn has_rpc(self) -> bool {
        self >= Self::R25_04
    }

    pub(super) fn has_boot_id(self) -> bool {
        self >= Self::R25_10
    }

    /// The pinned paths under `/api/`, as `GET /api/versions` lists them.
    pub(super) fn rpc_versions(self) -> &'static [&'static str] {
        const VERSIONS: [&str; 6] = ["v25.04.0", "v25.04.1", "v25.04.2", "v25.10.0", "v25.10.1", "v26.0.0"];
        match self {
            Self::R22_12 | Self::R24_10 | Self::Spec => &[],
            Self::R25_04 => &VERSIONS[..3],
            Self::R25_10 => &VERSIONS[..5],
            Self::R26 => &VERSIONS,
        }
    }

    /// Since then a key belongs to a person; before, to the system, with a list of what it may call.
    pub(super) fn keys_belong_to_people(self) -> bool {
        self >= Self::R25_04
    }

    /// Since then a key sent in the clear over a socket is revoked for good.
    pub(super) fn revokes_exposed_keys(self) -> bool {
        self >= Self::R25_04
    }

    pub(super) fn rest_needs_full_admin(self) -> bool {
        self >= Self::R25_04
    }

    pub(super) fn raises_rest_alert(self) -> bool {
        self == Self::R25_10
    }

    pub(super) fn limits_calls(self) -> bool {
        self >= Self::R24_10
    }

    /// Releases that count open methods even after the login.
    pub(super) fn counts_after_login(self) -> bool {
        matches!(self, Self::R24_10 | Self::Spec)
    }

    pub(super) fn ping_needs_session(self) -> bool {
        self < Self::R25_10
    }

    pub(super) fn trace_has_frames(self) -> bool {
        self < Self::R26
    }

    /// Seconds the front proxy keeps a socket over which the server sends nothing.
    pub(super) fn idle_limit_s(self) -> u64 {
        if self >= Self::R26 { 3600 } else { 60 }
    }

    pub(super) fn has_new_share_shape(self) -> bool {
        self >= Self::R25_10
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_release_is_read_back_from_its_name_and_others_are_refused_by_naming_the_choice() {
        for profile in Profile::ALL {
            assert_eq!(profile.to_string().parse(), Ok(profile));
        }
        let refusal = "13.0".parse::<Profile>().unwrap_err().to_string();
        assert!(refusal.contains("25.10"), "{refusal}");
    }
}
