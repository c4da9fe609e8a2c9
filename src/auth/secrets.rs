//! The two proofs of a local administrator: a password as a slow hash, and codes that follow from a shared secret.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use totp_rs::{Builder, Totp, TotpError};

use crate::domain::{Secret, Timestamp};
use crate::runtime::Random;

/// Of a code, in seconds. The one before and the one after are taken too: telephones' clocks differ.
const STEP_S: u64 = 30;
const ISSUER: &str = "Farol";

/// For names nobody has: as slow to check as any other, and no password fits.
pub const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// 19 MiB, two passes: a twentieth of a second here, years for who guesses at a stolen table.
fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(19_456, 2, 1, None).map_err(|_| Error::ParamsInvalid)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Takes a while: never on a worker that serves others.
pub fn hash(password: &Secret<String>, random: &Random) -> Result<Secret<String>, Error> {
    let salt = random.bytes::<16>();
    let hash: PasswordHash = argon2()?.hash_password_with_salt(password.reveal().as_bytes(), &salt)?;
    Ok(Secret::new(hash.to_string()))
}

/// Takes a while: never on a worker that serves others.
pub fn fits(password: &Secret<String>, hash: &str) -> Result<bool, Error> {
    let hash = PasswordHash::new(hash)?;
    match argon2()?.verify_password(password.reveal().as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}

/// 160 bits, as codes of this kind want them, in the letters people can type.
pub fn new_totp_secret(random: &Random) -> Secret<String> {
    Secret::new(totp_rs::Secret::from(random.bytes::<20>().to_vec()).to_base32())
}

/// The same from bytes nobody can guess either.
pub fn totp_secret(bytes: &Secret<[u8; 32]>) -> Secret<String> {
    Secret::new(totp_rs::Secret::from(bytes.reveal()[..20].to_vec()).to_base32())
}

fn totp(username: &str, secret: &Secret<String>) -> Result<Totp, TotpError> {
    // Nothing at all is refused below as too short.
    let bytes = totp_rs::Secret::try_from_base32(secret.reveal()).unwrap_or_else(|_| Vec::new().into());
    Builder::new()
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP_S)
        .with_secret(bytes)
        .with_account_name(username)
        .with_issuer(Some(ISSUER))
        .build()
}

/// What an authenticator takes in, whole.
pub fn uri(username: &str, secret: &Secret<String>) -> Result<Secret<String>, TotpError> {
    totp(username, secret)?.to_url().map(Secret::new)
}

/// The time step the code belongs to. `None`: wrong.
pub fn step_of(
    username: &str,
    secret: &Secret<String>,
    code: &Secret<String>,
    now: Timestamp,
) -> Result<Option<i64>, TotpError> {
    let digits: Secret<String> = Secret::new(code.reveal().chars().filter(|c| !c.is_whitespace()).collect());
    let now_s = u64::try_from(now.as_millis() / 1_000).unwrap_or(0);
    Ok(totp(username, secret)?.check(digits.reveal(), now_s).and_then(|step| i64::try_from(step).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's examples, and its code for the step from 30 s to 60 s.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    const CODE: &str = "287082";

    fn step(code: &str, now_s: i64) -> Option<i64> {
        step_of("root", &Secret::from(SECRET), &Secret::from(code), Timestamp::from_millis(now_s * 1_000)).unwrap()
    }

    #[test]
    fn a_password_fits_its_own_hash_and_none_fits_that_of_nobody() {
        let password = Secret::from("  long enough to keep");
        let kept = hash(&password, &Random::seeded(1)).unwrap();
        assert!(kept.reveal().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(fits(&password, kept.reveal()).unwrap());
        assert!(!fits(&Secret::from("long enough to keep"), kept.reveal()).unwrap());
        for typed in ["", "long enough to keep"] {
            assert!(!fits(&Secret::from(typed), NOBODYS_HASH).unwrap());
        }
        assert_eq!(NOBODYS_HASH.len(), kept.reveal().len());
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_no_more() {
        let taken: Vec<Option<i64>> = [0, 29, 59, 89, 90].map(|now_s| step(CODE, now_s)).into();
        assert_eq!(taken, [Some(1), Some(1), Some(1), Some(1), None]);
        assert_eq!(step("287 082", 59), Some(1));
        for wrong in ["", "287083", "94287082", "not a code"] {
            assert_eq!(step(wrong, 59), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_new_secret_is_160_bits_and_an_authenticator_can_take_it_in() {
        let secret = new_totp_secret(&Random::seeded(1));
        assert_eq!(secret.reveal().len(), 32);
        let uri = uri("root", &secret).unwrap();
        assert_eq!(uri.reveal(), &format!("otpauth://totp/Farol:root?secret={}&issuer=Farol", secret.reveal()));
    }
}
