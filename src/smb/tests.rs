//! The mapping of every status a sign-in may meet.

use std::time::Duration;

use smb2::error::{Error, SignatureFailure};
use smb2::types::status::NtStatus;
use smb2::types::{Command, MessageId};

use super::verdict::{judge, judge_share};
use super::{Doubt, Refusal, Settings, ShareVerdict, Silence, Verdict};

fn status(number: u32) -> Error {
    Error::Protocol { status: NtStatus(number), command: Command::SessionSetup }
}

#[test]
fn each_status_of_a_sign_in_has_its_own_answer() {
    let table = [
        (0xC000_006D, Verdict::Refused(Refusal::WrongCredentials)),
        (0xC000_006A, Verdict::Refused(Refusal::WrongCredentials)),
        (0xC000_0064, Verdict::Refused(Refusal::WrongCredentials)),
        (0xC000_0072, Verdict::Refused(Refusal::Disabled)),
        (0xC000_0234, Verdict::Refused(Refusal::Locked)),
        (0xC000_0193, Verdict::Refused(Refusal::AccountExpired)),
        (0xC000_0071, Verdict::Refused(Refusal::PasswordExpired)),
        (0xC000_0224, Verdict::Refused(Refusal::PasswordExpired)),
        (0xC000_006E, Verdict::Refused(Refusal::Restricted)),
        (0xC000_006F, Verdict::Refused(Refusal::Restricted)),
        (0xC000_0070, Verdict::Refused(Refusal::Restricted)),
        (0xC000_0418, Verdict::Inconclusive(Doubt::NtlmBlocked)),
        (0xC000_00BB, Verdict::Inconclusive(Doubt::NtlmBlocked)),
        (0xC000_0022, Verdict::Inconclusive(Doubt::AccessDenied)),
        (0xC000_005E, Verdict::Inconclusive(Doubt::NoDomainController)),
        (0xC000_00D0, Verdict::Inconclusive(Doubt::Busy)),
        (0xC000_0001, Verdict::Inconclusive(Doubt::Status(0xC000_0001))),
    ];
    for (number, verdict) in table {
        assert_eq!(judge(&status(number)), verdict, "{number:#X}");
    }
}

#[test]
fn no_status_and_no_forged_answer_is_ever_accepted() {
    for number in (0..=0x0500_u32).flat_map(|low| [low, 0xC000_0000 | low, 0x8000_0000 | low]) {
        assert_ne!(judge(&status(number)), Verdict::Accepted, "{number:#X}");
    }
    for reason in [SignatureFailure::Missing, SignatureFailure::Mismatch] {
        let forged = Error::SignatureInvalid { command: Command::Logoff, message_id: MessageId(3), reason };
        assert_eq!(judge(&forged), Verdict::Inconclusive(Doubt::SomebodyInTheMiddle));
    }
}

#[test]
fn only_a_plain_no_about_a_share_is_a_no() {
    assert_eq!(judge_share(None), ShareVerdict::Reached);
    assert_eq!(judge_share(Some(&status(0xC000_0022))), ShareVerdict::Denied);
    assert_eq!(judge_share(Some(&status(0xC000_00CC))), ShareVerdict::Missing);
    assert_eq!(judge_share(Some(&status(0xC000_009A))), ShareVerdict::Unclear);
    assert_eq!(judge_share(Some(&Error::Timeout)), ShareVerdict::Unclear);
}

#[test]
fn a_lost_server_is_unreachable_and_not_a_wrong_password() {
    assert_eq!(judge(&Error::Timeout), Verdict::Unreachable(Silence::TimedOut));
    assert_eq!(judge(&Error::Disconnected), Verdict::Unreachable(Silence::Dropped));
    let refused = std::io::ErrorKind::ConnectionRefused;
    assert_eq!(judge(&Error::Io(refused.into())), Verdict::Unreachable(Silence::Network(refused)));
}

#[test]
fn an_ipv6_address_is_put_in_brackets_once() {
    for (host, address) in [("::1", "[::1]:445"), ("[::1]", "[::1]:445"), ("nas", "nas:445")] {
        let settings = Settings { host: host.to_owned(), port: 445, timeout: Duration::from_secs(1) };
        assert_eq!(settings.address(), address);
    }
}
