//! What people type into the forms of the sign-in, as far as it can be used at all.

use crate::auth::Invalid;
use crate::domain::Secret;

/// In characters, for names and passwords: no account has longer ones.
const LONGEST: usize = 256;
const LONGEST_CODE: usize = 32;

/// Blanks around a name come from copying.
pub fn username(typed: &str) -> Result<String, Invalid> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(Invalid::NameMissing);
    }
    if name.chars().count() > LONGEST {
        return Err(Invalid::NameTooLong);
    }
    if name.chars().any(char::is_control) {
        return Err(Invalid::NameUnreadable);
    }
    Ok(name.to_owned())
}

/// Blanks in a password are part of it.
pub fn check_password(typed: &Secret<String>) -> Result<(), Invalid> {
    let typed = typed.reveal();
    if typed.is_empty() {
        return Err(Invalid::PasswordMissing);
    }
    if typed.chars().count() > LONGEST { Err(Invalid::PasswordTooLong) } else { Ok(()) }
}

pub fn check_code(typed: &Secret<String>) -> Result<(), Invalid> {
    let typed = typed.reveal().trim();
    if typed.is_empty() || typed.len() > LONGEST_CODE { Err(Invalid::Code) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_the_blanks_around_it_and_a_password_keeps_its_own() {
        assert_eq!(username("  ana "), Ok("ana".to_owned()));
        assert_eq!(check_password(&Secret::from(" ")), Ok(()));
    }

    #[test]
    fn what_no_account_has_is_refused_with_its_reason() {
        for (typed, why) in
            [("", Invalid::NameMissing), (" \t", Invalid::NameMissing), ("a\nb", Invalid::NameUnreadable)]
        {
            assert_eq!(username(typed), Err(why), "{typed:?}");
        }
        let long = |length| "é".repeat(length);
        assert!(username(&long(256)).is_ok());
        assert_eq!(username(&long(257)), Err(Invalid::NameTooLong));
        assert_eq!(check_password(&Secret::from("")), Err(Invalid::PasswordMissing));
        assert_eq!(check_password(&Secret::new(long(256))), Ok(()));
        assert_eq!(check_password(&Secret::new(long(257))), Err(Invalid::PasswordTooLong));
        for code in ["", "  ", &"1".repeat(33)] {
            assert_eq!(check_code(&Secret::from(code)), Err(Invalid::Code), "{code:?}");
        }
    }
}
