//! What the holder of a login may call.

/// Up to 24.10 the key made for this product carries a list instead of roles: what we read, and the two addresses
/// that check a password.
const LISTED: [(&str, &str); 16] = [
    ("GET", "/user"),
    ("POST", "/user/get_user_obj"),
    ("GET", "/group"),
    ("GET", "/sharing/smb"),
    ("POST", "/sharing/smb/getacl"),
    ("GET", "/smb/sharesec"),
    ("POST", "/filesystem/getacl"),
    ("POST", "/filesystem/stat"),
    ("GET", "/system/state"),
    ("GET", "/system/info"),
    ("GET", "/alert/list"),
    ("GET", "/pool"),
    ("GET", "/service"),
    ("POST", "/auth/check_password"),
    ("POST", "/auth/check_user"),
    ("POST", "/user/check_password"),
];

pub(super) fn lists(address: (&str, &str)) -> bool {
    LISTED.contains(&address)
}

/// Roles. On releases whose keys carry a list of methods instead, the list is the one these roles stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rights(pub(super) Vec<&'static str>);

impl Rights {
    pub(super) fn is_full_admin(&self) -> bool {
        self.0.contains(&"FULL_ADMIN")
    }

    pub(super) fn holds(&self, role: &str) -> bool {
        let reads_all = self.0.contains(&"READONLY_ADMIN") && role.ends_with("_READ");
        self.is_full_admin() || reads_all || self.0.contains(&role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_administrator_holds_every_reading_role_and_no_other() {
        let reader = Rights(vec!["READONLY_ADMIN"]);
        assert!(reader.holds("POOL_READ") && reader.holds("READONLY_ADMIN"));
        assert!(!reader.holds("POOL_WRITE") && !reader.holds("FULL_ADMIN"));
        assert!(Rights(vec!["FULL_ADMIN"]).holds("POOL_WRITE"));
        assert!(!Rights::default().holds("POOL_READ"));
    }
}
