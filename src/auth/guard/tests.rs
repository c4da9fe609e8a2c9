//! What the NAS may say of somebody who is signed in, and what becomes of the session.

use std::net::IpAddr;

use super::*;
use crate::domain::caller::Account;
use crate::domain::person::Group;
use crate::domain::session::{SessionId, Visitor};

const GROUP: &str = "portal-admins";
const CHANGED: Timestamp = Timestamp::from_millis(1_764_590_400_000);

fn ana() -> Person {
    Person {
        uid: 3001,
        username: "ana".into(),
        full_name: "Ana Lima".into(),
        sid: None,
        groups: vec![Group { gid: 3010, name: "staff".into(), sid: None }],
        local: true,
        locked: false,
        password_disabled: false,
        smb: true,
        password_changed_at: Some(CHANGED),
    }
}

fn session(role: Role, password_changed_at: Option<Timestamp>) -> Session {
    let at = Timestamp::from_millis(1_790_000_000_000);
    Session {
        id: SessionId::new("s"),
        account: Account { id: AccountId::of_uid(3001), username: "ana".into(), full_name: String::new(), role },
        visitor: Visitor::new(IpAddr::from([10, 0, 0, 7]), "Firefox"),
        created_at: at,
        used_at: at,
        ends_at: at.plus(Duration::from_hours(8)),
        password_changed_at,
        confirmed_at: None,
    }
}

#[test]
fn each_right_that_ends_on_the_nas_ends_the_session_with_its_reason() {
    let employee = session(Role::Employee, Some(CHANGED));
    let judged = |person: Option<&Person>| verdict(person, &employee, GROUP);
    assert_eq!(judged(Some(&ana())), None);
    assert_eq!(judged(None), Some(End::AccountGone));
    assert_eq!(judged(Some(&Person { locked: true, ..ana() })), Some(End::AccountLocked));
    assert_eq!(judged(Some(&Person { password_disabled: true, ..ana() })), Some(End::PasswordDisabled));
    // By the clock of the NAS, which may be behind ours or be set back.
    for changed in [1_764_590_400_001, 1_764_590_399_999] {
        let changed_at = Some(Timestamp::from_millis(changed));
        let person = Person { password_changed_at: changed_at, ..ana() };
        assert_eq!(judged(Some(&person)), Some(End::PasswordChanged));
    }
}

#[test]
fn whoever_may_have_to_go_is_looked_at_before_the_others() {
    let suspect = |open: &[(&str, Option<Timestamp>)]| {
        let open = open.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect();
        is_suspect(&[session(Role::Employee, Some(CHANGED))], &open)
    };
    assert!(!suspect(&[("ana", Some(CHANGED))]));
    assert!(!suspect(&[("ana", None)]), "this release does not say");
    assert!(suspect(&[("ana", Some(Timestamp::from_millis(1)))]), "another password");
    assert!(suspect(&[("bruno", Some(CHANGED))]), "gone, or not open");
}

#[test]
fn a_password_of_which_nothing_is_known_is_no_other_one() {
    let silent = Person { password_changed_at: None, ..ana() };
    assert_eq!(verdict(Some(&silent), &session(Role::Employee, Some(CHANGED)), GROUP), None);
    assert_eq!(verdict(Some(&ana()), &session(Role::Employee, None), GROUP), None);
}

#[test]
fn only_the_group_that_administers_makes_another_role() {
    let in_group = |name: &str| {
        let mut person = ana();
        person.groups.push(Group { gid: 3014, name: name.into(), sid: None });
        person
    };
    let (employee, administrator) = (session(Role::Employee, None), session(Role::Administrator, None));
    assert_eq!(verdict(Some(&in_group("ti")), &employee, GROUP), None);
    assert_eq!(verdict(Some(&in_group(GROUP)), &employee, GROUP), Some(End::RoleChanged));
    assert_eq!(verdict(Some(&in_group(GROUP)), &administrator, GROUP), None);
    assert_eq!(verdict(Some(&ana()), &administrator, GROUP), Some(End::RoleChanged));
}
