//! The rule, case by case. Each line: what is the matter, how it is set up, what Ana may do and why.

use super::scene::*;
use crate::domain::person::Sid;
use crate::domain::share::AceKind::{Allow, Deny};
use crate::domain::share::Nfs4Who::{Everyone, Group};
use crate::domain::share::Right::{Read, Unknown, Write};
use crate::domain::share::Seen::{Known, Missing, Unreadable};
use crate::domain::share::ShareRight::{Change, Custom, Full, Read as ReadOnly};
use crate::domain::share::{
    Barrier, Cap, Doubt, Evidence, Hint, Nfs4Rights, Reason, Refusal, ShareKind, Through, WhoId, evidence_paths, reach,
};

#[test]
fn the_state_of_a_share_comes_first() {
    check([
        ("all is well", scene(), Write, writes(finance())),
        ("a disabled share is nobody's", scene().share(|s| s.enabled = false), NOTHING, refused(Refusal::Disabled)),
        ("so is one on a locked dataset", scene().share(|s| s.locked = Some(true)), NOTHING, refused(Refusal::Locked)),
        ("not told whether locked", scene().share(|s| s.locked = None), Unknown, unclear(Doubt::Lock)),
        (
            "a time machine is no drive",
            scene().share(|s| s.kind = ShareKind::TimeMachine),
            NOTHING,
            refused(Refusal::TimeMachine),
        ),
        ("hidden is not closed", scene().share(|s| s.browsable = false), Write, writes(finance())),
        ("a read-only share caps", scene().share(|s| s.read_only = true), Read, capped(finance(), Cap::ShareReadOnly)),
        (
            "a time-locked share caps",
            scene().share(|s| s.kind = ShareKind::TimeLocked),
            Read,
            capped(finance(), Cap::TimeLocked),
        ),
        (
            "a cap takes nothing from a reader",
            scene().share(|s| s.read_only = true).folder(nfs4([allow(Everyone, Nfs4Rights::READ)])),
            Read,
            reads(Through::Everyone),
        ),
        ("limited addresses decide nothing", scene().share(|s| s.limits_hosts = true), Write, writes(finance())),
    ]);
}

#[test]
fn the_list_of_a_share_is_read_in_order() {
    let everyone = |kind, right| by_sid("S-1-1-0", kind, right);
    let group = |gid, kind, right| by_id(WhoId::Group(gid), kind, right);
    let refused_by = |barrier| refused(Refusal::ShareList(barrier));
    let limited = |barrier| capped(finance(), Cap::ShareList(barrier));
    check([
        ("an empty list gives nothing", scene().share_list([]), NOTHING, refused_by(Barrier::Silent)),
        (
            "entries for others give nothing",
            scene().share_list([group(ENGINEERS, Allow, Full), by_id(WhoId::User(BRUNO), Allow, Full)]),
            NOTHING,
            refused_by(Barrier::Silent),
        ),
        ("change is enough to write", scene().share_list([everyone(Allow, Change)]), Write, writes(finance())),
        ("read caps", scene().share_list([everyone(Allow, ReadOnly)]), Read, limited(Barrier::Silent)),
        (
            "rights add up over entries",
            scene().share_list([everyone(Allow, ReadOnly), group(FINANCE, Allow, Change)]),
            Write,
            writes(finance()),
        ),
        (
            "a denial in front wins",
            scene().share_list([group(TRAINEES, Deny, Full), everyone(Allow, Full)]),
            NOTHING,
            refused_by(Barrier::Denied(trainees())),
        ),
        (
            "a denial behind comes too late",
            scene().share_list([everyone(Allow, Full), group(TRAINEES, Deny, Full)]),
            Write,
            writes(finance()),
        ),
        (
            "a denial between leaves what was granted before",
            scene().share_list([everyone(Allow, ReadOnly), group(TRAINEES, Deny, Change), group(FINANCE, Allow, Full)]),
            Read,
            limited(Barrier::Denied(trainees())),
        ),
        (
            "writing without reading is no drive",
            scene().share_list([everyone(Deny, ReadOnly), everyone(Allow, Full)]),
            NOTHING,
            refused_by(Barrier::Denied(Through::Everyone)),
        ),
        (
            "a mixture nobody spells out promises nothing",
            scene().share_list([everyone(Allow, Full), group(TRAINEES, Deny, Custom)]),
            Unknown,
            unclear(Doubt::CustomShareEntry(trainees())),
        ),
        (
            "somebody else's mixture does not matter",
            scene().share_list([group(ENGINEERS, Deny, Custom), everyone(Allow, Full)]),
            Write,
            writes(finance()),
        ),
    ]);
}

#[test]
fn an_entry_of_a_share_finds_its_person_by_identifier_or_number() {
    let applies = |entry| {
        let denied = scene().share_list([entry, by_sid("S-1-1-0", Allow, Full)]);
        match denied.reason() {
            Reason::Refused(Refusal::ShareList(Barrier::Denied(through))) => Some(through),
            Reason::Writes(_) => None,
            Reason::Reads(..) | Reason::Refused(_) | Reason::Unclear(_) => panic!("{denied:?}"),
        }
    };
    let sid = |sid: Sid| by_sid(sid.as_str(), Deny, Full);
    for (name, entry, through) in [
        ("everyone", by_sid("S-1-1-0", Deny, Full), Some(Through::Everyone)),
        ("who signed in", by_sid("S-1-5-11", Deny, Full), Some(Through::SignedIn)),
        ("who comes over the network", by_sid("S-1-5-2", Deny, Full), Some(Through::Network)),
        ("the built-in users", by_sid("S-1-5-32-545", Deny, Full), Some(Through::Users)),
        ("the built-in administrators", by_sid("S-1-5-32-544", Deny, Full), None),
        ("her own identifier", sid(user_sid(ANA)), Some(Through::Person)),
        ("another's identifier", sid(user_sid(BRUNO)), None),
        ("her group's identifier", sid(group_sid(FINANCE)), Some(finance())),
        ("another group's identifier", sid(group_sid(ENGINEERS)), None),
        ("her number", by_id(WhoId::User(ANA), Deny, Full), Some(Through::Person)),
        ("her primary group's number", by_id(WhoId::Group(STAFF), Deny, Full), Some(Through::Group("staff".into()))),
        ("a number that is a person's and a group's, hers", by_id(WhoId::Both(ANA), Deny, Full), Some(Through::Person)),
        ("the same of her group", by_id(WhoId::Both(FINANCE), Deny, Full), Some(finance())),
        ("the same of another group", by_id(WhoId::Both(ENGINEERS), Deny, Full), None),
        ("her number as a group's", by_id(WhoId::Group(ANA), Deny, Full), None),
        ("her group's number as a person's", by_id(WhoId::User(FINANCE), Deny, Full), None),
    ] {
        assert_eq!(applies(entry), through, "{name}");
    }
}

#[test]
fn an_entry_that_may_be_meant_for_a_person_promises_nothing() {
    let unknown_group = |scene: Scene| scene.person(|p| p.groups[2].sid = None);
    let unknown_person = |scene: Scene| scene.person(|p| p.sid = None);
    let denied =
        |sid: Sid, right| scene().share_list([by_sid(sid.as_str(), Deny, right), by_sid("S-1-1-0", Allow, Full)]);
    let by_number = scene().share_list([by_id(WhoId::Group(ENGINEERS), Deny, Full), by_sid("S-1-1-0", Allow, Full)]);
    let mixed = scene().share_list([by_sid("S-1-5-21-9", Allow, Custom), by_sid("S-1-1-0", Allow, Full)]);
    let allowed = scene().share_list([by_sid("S-1-5-21-9", Allow, Full), by_sid("S-1-1-0", Allow, ReadOnly)]);
    let unnamed = || unclear(Doubt::UnknownShareEntry);
    check([
        ("her group is known by its number only", unknown_group(denied(group_sid(TRAINEES), Full)), Unknown, unnamed()),
        ("reading alone is denied", unknown_group(denied(group_sid(TRAINEES), ReadOnly)), Unknown, unnamed()),
        ("she herself is", unknown_person(denied(user_sid(ANA), Full)), Unknown, unnamed()),
        ("a mixture may take something too", unknown_group(mixed.clone()), Unknown, unnamed()),
        ("who is wholly known is not meant", denied(Sid::new("S-1-5-21-9"), Full), Write, writes(finance())),
        ("nor by a mixture", mixed, Write, writes(finance())),
        ("an entry with somebody else's number is not", unknown_group(by_number), Write, writes(finance())),
        (
            "an entry that can only give is left out",
            unknown_group(allowed),
            Read,
            capped(finance(), Cap::ShareList(Barrier::Silent)),
        ),
        (
            "one that is hers in any case is no riddle",
            unknown_group(denied(Sid::new("S-1-5-11"), Full)),
            NOTHING,
            refused(Refusal::ShareList(Barrier::Denied(Through::SignedIn))),
        ),
    ]);
}

#[test]
fn every_directory_on_the_way_must_let_pass() {
    let at = |path: &str, barrier| refused(Refusal::Parent { path: path.into(), barrier });
    let deep = || scene().share(|s| s.path = "/mnt/tank/dept/finance".into());
    let open = || Known(mode(0o711));
    let closed = || Known(mode(0o750));
    let denying = Known(nfs4([deny(Group(TRAINEES), Nfs4Rights::EXECUTE), allow(Everyone, Nfs4Rights::TRAVERSE)]));
    check([
        ("a closed pool", scene().parents([("/mnt/tank", closed())]), NOTHING, at("/mnt/tank", Barrier::Silent)),
        (
            "a denial on the way",
            scene().parents([("/mnt/tank", denying)]),
            NOTHING,
            at("/mnt/tank", Barrier::Denied(trainees())),
        ),
        (
            "reading a directory is not walking through it",
            scene().parents([("/mnt/tank", Known(nfs4([allow(Everyone, Nfs4Rights::READ_DATA)])))]),
            NOTHING,
            at("/mnt/tank", Barrier::Silent),
        ),
        (
            "all of a deep way is open",
            deep().parents([("/mnt/tank", open()), ("/mnt/tank/dept", open())]),
            Write,
            writes(finance()),
        ),
        (
            "the second step is closed",
            deep().parents([("/mnt/tank", open()), ("/mnt/tank/dept", closed())]),
            NOTHING,
            at("/mnt/tank/dept", Barrier::Silent),
        ),
        (
            "a step nobody looked at",
            deep().parents([("/mnt/tank", open())]),
            Unknown,
            unclear(Doubt::Folder { path: "/mnt/tank/dept".into() }),
        ),
        (
            "a step that is gone",
            scene().parents([("/mnt/tank", Missing)]),
            NOTHING,
            refused(Refusal::FolderMissing { path: "/mnt/tank".into() }),
        ),
        (
            "a shared pool has nothing above",
            scene().share(|s| s.path = "/mnt/tank".into()).parents([]),
            Write,
            writes(finance()),
        ),
    ]);
}

#[test]
fn what_cannot_be_read_promises_nothing() {
    let without = |change: fn(&mut Evidence)| {
        let mut scene = scene();
        change(&mut scene.evidence);
        scene
    };
    let folder = |path: &str| unclear(Doubt::Folder { path: path.into() });
    let path = |path: &str| scene().share(|s| s.path = path.into());
    check([
        ("the share's list", without(|e| e.share_acl = Unreadable), Unknown, unclear(Doubt::ShareList)),
        ("no share's list", without(|e| e.share_acl = Missing), Unknown, unclear(Doubt::ShareList)),
        ("a directory above", scene().parents([("/mnt/tank", Unreadable)]), Unknown, folder("/mnt/tank")),
        ("the folder", scene().folder_is(Unreadable), Unknown, folder("/mnt/tank/finance")),
        (
            "not even for root",
            scene().person(|p| p.uid = ROOT).folder_is(Unreadable),
            Unknown,
            folder("/mnt/tank/finance"),
        ),
        ("a path that climbs", path("/mnt/tank/../etc"), Unknown, unclear(Doubt::Path)),
        ("a path that starts nowhere", path("tank/finance"), Unknown, unclear(Doubt::Path)),
        ("a path outside the pools", path("/root"), Unknown, unclear(Doubt::Path)),
        ("all pools at once", path("/mnt/"), Unknown, unclear(Doubt::Path)),
        ("a placeholder we do not know", path("/mnt/tank/%m"), Unknown, unclear(Doubt::Path)),
        (
            "a folder that is gone",
            scene().folder_is(Missing),
            NOTHING,
            refused(Refusal::FolderMissing { path: "/mnt/tank/finance".into() }),
        ),
    ]);
}

#[test]
fn special_shares_have_rules_of_their_own() {
    let open = || Known(mode(0o755));
    let home = |kind| {
        let homes = scene().share(|s| (s.kind, s.path) = (kind, "/mnt/tank/homes".into()));
        homes.parents([("/mnt/tank", open()), ("/mnt/tank/homes", open())])
    };
    let in_domain = home(ShareKind::Home).person(|p| p.username = "OFFICE\\ana".into());
    let external = scene().share(|s| (s.kind, s.path) = (ShareKind::External, "EXTERNAL".into()));
    let external = || external.clone().parents([]).folder_is(Unreadable);
    let to_come = || writes(Through::OwnFolderToCome);
    check([
        ("a home", home(ShareKind::Home), Write, writes(finance())),
        ("a home to come", home(ShareKind::Home).folder_is(Missing), Write, to_come()),
        ("a private dataset to come", home(ShareKind::PrivateDatasets).folder_is(Missing), Write, to_come()),
        (
            "a home that cannot be read",
            home(ShareKind::Home).folder_is(Unreadable),
            Unknown,
            unclear(Doubt::Folder { path: "/mnt/tank/homes/ana".into() }),
        ),
        (
            "a home to come in a domain without a folder yet",
            in_domain.clone().parents([
                ("/mnt/tank", open()),
                ("/mnt/tank/homes", open()),
                ("/mnt/tank/homes/OFFICE", Missing),
            ]),
            Write,
            to_come(),
        ),
        (
            "a home whose share is gone",
            home(ShareKind::Home).parents([("/mnt/tank", open()), ("/mnt/tank/homes", Missing)]).folder_is(Missing),
            NOTHING,
            refused(Refusal::FolderMissing { path: "/mnt/tank/homes".into() }),
        ),
        (
            "a read-only home to come",
            home(ShareKind::Home).share(|s| s.read_only = true).folder_is(Missing),
            Read,
            capped(Through::OwnFolderToCome, Cap::ShareReadOnly),
        ),
        (
            "a plain share makes no folders",
            home(ShareKind::Plain).share(|s| s.path_suffix = "%U".into()).folder_is(Missing),
            NOTHING,
            refused(Refusal::FolderMissing { path: "/mnt/tank/homes/ana".into() }),
        ),
        ("an external share goes by its own list", external(), Write, writes(Through::Everyone)),
        (
            "an external share that gives reading",
            external().share_list([by_sid("S-1-1-0", Allow, ReadOnly)]),
            Read,
            capped(Through::Everyone, Cap::ShareList(Barrier::Silent)),
        ),
        (
            "an external share closed to her",
            external().share_list([]),
            NOTHING,
            refused(Refusal::ShareList(Barrier::Silent)),
        ),
    ]);
}

#[test]
fn hints_go_with_what_can_be_reached() {
    let hints = |scene: Scene| reach(&scene.person, &scene.share, &scene.evidence).hints;
    let of_kind = |kind| scene().share(|s| s.kind = kind);
    assert_eq!(hints(scene()), []);
    assert_eq!(hints(of_kind(ShareKind::External)), [Hint::NotVerified]);
    assert_eq!(hints(scene().share(|s| s.browsable = false)), [Hint::Hidden]);
    assert_eq!(hints(scene().share(|s| s.browsable = false).share_list([])), []);
    let time_locked = of_kind(ShareKind::TimeLocked).share(|s| s.limits_hosts = true);
    assert_eq!(hints(time_locked.clone()), [Hint::HostsLimited, Hint::TimeLocked]);
    assert_eq!(hints(time_locked.share(|s| s.enabled = false)), []);
}

#[test]
fn the_paths_to_look_at_are_clean_and_start_at_the_pool() {
    use ShareKind::{External, Home, Plain, PrivateDatasets};
    let paths = |kind, username: &str, path: &str, suffix: &str| {
        let scene = scene()
            .share(|s| (s.kind, s.path, s.path_suffix) = (kind, path.into(), suffix.into()))
            .person(|p| p.username = username.into());
        let paths = evidence_paths(&scene.share, &scene.person)?;
        Some(format!("{} > {}", paths.parents.join(" "), paths.folder))
    };
    for (kind, username, path, suffix, expected) in [
        (Plain, "ana", "/mnt/tank/a/b", "", Some("/mnt/tank /mnt/tank/a > /mnt/tank/a/b")),
        (Plain, "ana", "//mnt/./tank//a/", "", Some("/mnt/tank > /mnt/tank/a")),
        (Plain, "ana", "/mnt/tank", "", Some(" > /mnt/tank")),
        (Plain, "ana", "/mnt/tank", "x/%U", Some("/mnt/tank /mnt/tank/x > /mnt/tank/x/ana")),
        (Home, "ana", "/mnt/tank/homes", "", Some("/mnt/tank /mnt/tank/homes > /mnt/tank/homes/ana")),
        (PrivateDatasets, "ana", "/mnt/tank", "", Some("/mnt/tank > /mnt/tank/ana")),
        (Home, "OFFICE\\ana", "/mnt/tank", "", Some("/mnt/tank /mnt/tank/OFFICE > /mnt/tank/OFFICE/ana")),
        (Home, "OFFICE\\ana", "/mnt/tank", "%U", Some("/mnt/tank > /mnt/tank/ana")),
        (Home, "ana", "/mnt/tank", "%D/%U", None),
        (Home, "..", "/mnt/tank", "", None),
        (Home, "a/b", "/mnt/tank", "", None),
        (Home, "", "/mnt/tank", "", None),
        (Home, "ana%U", "/mnt/tank", "", Some("/mnt/tank > /mnt/tank/ana%U")),
        (Home, "ana", "/mnt/tank", "%", None),
        (Plain, "ana", "/mnt/tank/a\0b", "", None),
        (Plain, "ana", "", "", None),
        (Plain, "ana", "/mntx/tank", "", None),
        (External, "ana", "/mnt/tank", "", None),
    ] {
        let found = paths(kind, username, path, suffix);
        assert_eq!(found.as_deref(), expected, "{username:?} in {path:?} with {suffix:?}");
    }
}
