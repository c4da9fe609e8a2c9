//! What a person typed as their name, taken apart the way Windows does.

use crate::domain::Secret;
use crate::smb::Refusal;

/// No account has a longer name or password; lengths travel in 16 bits, so a longer one could come out as another.
const LONGEST: usize = 256;

#[derive(Debug, PartialEq, Eq)]
pub struct Account<'a> {
    pub name: &'a str,
    /// Empty: the NAS decides whose account this is.
    pub domain: &'a str,
}

impl<'a> Account<'a> {
    /// Refuses, before anything is dialled, what no server must be asked: a name without a password signs in as nobody,
    /// and the name of the guest account would make its session look wanted.
    pub fn parse(typed: &'a str, password: &Secret<String>) -> Result<Self, Refusal> {
        let account = Self::split(typed);
        if account.name.is_empty() || password.reveal().is_empty() {
            return Err(Refusal::Empty);
        }
        if account.name.eq_ignore_ascii_case("guest") {
            return Err(Refusal::Guest);
        }
        if [typed, password.reveal()].iter().any(|text| text.chars().count() > LONGEST) {
            return Err(Refusal::WrongCredentials);
        }
        Ok(account)
    }

    /// `DOMAIN\name` and `name@DOMAIN` are one account. `name@company.example` stays whole: only the directory knows to
    /// which domain such a suffix belongs.
    fn split(typed: &'a str) -> Self {
        if let Some((domain, name)) = typed.split_once('\\') {
            return Self { name, domain };
        }
        match typed.rsplit_once('@') {
            Some((name, domain)) if !domain.contains('.') => Self { name, domain },
            Some(_) | None => Self { name: typed, domain: "" },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(typed: &str, password: &str) -> Result<(String, String), Refusal> {
        Account::parse(typed, &Secret::from(password)).map(|it| (it.name.to_owned(), it.domain.to_owned()))
    }

    #[test]
    fn both_ways_of_naming_a_domain_give_the_same_account() {
        let ana = Ok(("ana".to_owned(), "FAROL".to_owned()));
        assert_eq!(parse("FAROL\\ana", "x"), ana);
        assert_eq!(parse("ana@FAROL", "x"), ana);
        assert_eq!(parse("ana", "x"), Ok(("ana".to_owned(), String::new())));
    }

    #[test]
    fn a_name_with_a_directory_suffix_stays_whole() {
        assert_eq!(parse("ana@empresa.com.br", "x"), Ok(("ana@empresa.com.br".to_owned(), String::new())));
    }

    #[test]
    fn an_empty_half_the_guest_account_and_monsters_never_reach_a_server() {
        for (typed, password) in [("", "x"), ("ana", ""), ("FAROL\\", "x"), ("@FAROL", "x"), ("", "")] {
            assert_eq!(parse(typed, password), Err(Refusal::Empty), "{typed:?} {password:?}");
        }
        for typed in ["guest", "GUEST", "FAROL\\Guest", "guest@FAROL"] {
            assert_eq!(parse(typed, "x"), Err(Refusal::Guest), "{typed:?}");
        }
        assert_eq!(parse(&"a".repeat(257), "x"), Err(Refusal::WrongCredentials));
        assert_eq!(parse("ana", &"é".repeat(257)), Err(Refusal::WrongCredentials));
        assert!(parse(&"a".repeat(256), &"é".repeat(256)).is_ok());
    }
}
