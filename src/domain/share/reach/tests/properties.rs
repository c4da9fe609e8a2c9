//! Whoever the person, whatever the lists: what must always hold, and that both rules always agree.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::naive;
use super::scene::{Scene, group_sid, scene, user_sid};
use crate::domain::person::{Group, Sid};
use crate::domain::share::{
    AceKind, Evidence, FolderAcl, Nfs4Entry, Nfs4Rights, Nfs4Who, PosixEntry, PosixPerms, PosixWho, Right, Seen,
    ShareAce, ShareAcl, ShareKind, ShareRight, WhoId, evidence_paths, reach,
};

/// Few enough that entries often concern the person, and some do not.
const UIDS: [u32; 4] = [0, 1001, 1002, 1003];
const GIDS: [u32; 4] = [0, 21, 22, 23];

fn right(scene: &Scene) -> Right {
    reach(&scene.person, &scene.share, &scene.evidence).right
}

/// What a right is worth. A promise that is not made is worth nothing.
fn worth(scene: &Scene) -> u8 {
    match right(scene) {
        Right::Write => 2,
        Right::Read => 1,
        Right::None | Right::Unknown => 0,
    }
}

fn kind() -> impl Strategy<Value = AceKind> {
    prop_oneof![3 => Just(AceKind::Allow), 1 => Just(AceKind::Deny)]
}

fn share_ace() -> impl Strategy<Value = ShareAce> {
    let well_known = ["S-1-1-0", "S-1-5-11", "S-1-5-2", "S-1-5-32-545", "S-1-5-32-544", ""];
    let sid = prop_oneof![
        3 => select(well_known.to_vec()).prop_map(Sid::new),
        1 => select(&UIDS).prop_map(user_sid),
        2 => select(&GIDS).prop_map(group_sid),
    ];
    let who = prop_oneof![
        2 => select(&UIDS).prop_map(WhoId::User), 2 => select(&GIDS).prop_map(WhoId::Group),
        1 => prop_oneof![select(&UIDS), select(&GIDS)].prop_map(WhoId::Both),
    ];
    let right = prop_oneof![
        4 => Just(ShareRight::Read), 4 => Just(ShareRight::Change), 4 => Just(ShareRight::Full),
        1 => Just(ShareRight::Custom),
    ];
    (option::weighted(0.7, sid), option::of(who), kind(), right).prop_map(|(sid, who, kind, right)| ShareAce {
        sid,
        who,
        kind,
        right,
    })
}

fn nfs4_entry() -> impl Strategy<Value = Nfs4Entry> {
    let who = prop_oneof![
        1 => Just(Nfs4Who::Owner),
        1 => Just(Nfs4Who::OwningGroup),
        2 => Just(Nfs4Who::Everyone),
        1 => select(&UIDS).prop_map(Nfs4Who::User),
        2 => select(&GIDS).prop_map(Nfs4Who::Group),
    ];
    let bits = vec![
        Nfs4Rights::READ_DATA,
        Nfs4Rights::WRITE_DATA,
        Nfs4Rights::APPEND_DATA,
        Nfs4Rights::EXECUTE,
        Nfs4Rights::DELETE,
        Nfs4Rights::WRITE_ACL,
    ];
    let mixed = subsequence(bits, 0..=6).prop_map(|bits| bits.into_iter().fold(Nfs4Rights::NONE, |all, bit| all | bit));
    let named = [Nfs4Rights::FULL_CONTROL, Nfs4Rights::MODIFY, Nfs4Rights::READ, Nfs4Rights::TRAVERSE];
    let rights = prop_oneof![1 => mixed, 2 => select(named.to_vec())];
    (who, kind(), rights, prop::bool::weighted(0.2)).prop_map(|(who, kind, rights, inherit_only)| Nfs4Entry {
        who,
        kind,
        rights,
        inherit_only,
    })
}

fn posix_entry() -> impl Strategy<Value = PosixEntry> {
    let who = prop_oneof![
        1 => Just(PosixWho::Owner),
        1 => select(&UIDS).prop_map(PosixWho::User),
        1 => Just(PosixWho::OwningGroup),
        3 => select(&GIDS).prop_map(PosixWho::Group),
        2 => Just(PosixWho::Mask),
        2 => Just(PosixWho::Other),
    ];
    let bit = || prop::bool::weighted(0.7);
    let perms = (bit(), bit(), bit()).prop_map(|(read, write, execute)| PosixPerms { read, write, execute });
    (who, perms, prop::bool::weighted(0.15)).prop_map(|(who, perms, default)| PosixEntry { who, perms, default })
}

fn folder_acl() -> impl Strategy<Value = FolderAcl> {
    let (owner, group) = (|| select(&UIDS), || select(&GIDS));
    prop_oneof![
        3 => (owner(), group(), vec(nfs4_entry(), 0..8))
            .prop_map(|(owner, group, entries)| FolderAcl::Nfs4 { owner, group, entries }),
        3 => (owner(), group(), vec(posix_entry(), 0..8))
            .prop_map(|(owner, group, entries)| FolderAcl::Posix { owner, group, entries }),
        1 => (owner(), group(), 0_u32..0o10_000)
            .prop_map(|(owner, group, mode)| FolderAcl::Mode { owner, group, mode }),
    ]
}

/// Mostly open, as directories on the way are; else every case would end there.
fn parent() -> impl Strategy<Value = Seen<FolderAcl>> {
    let open = FolderAcl::Mode { owner: 0, group: 0, mode: 0o755 };
    prop_oneof![
        40 => Just(Seen::Known(open)), 4 => folder_acl().prop_map(Seen::Known),
        1 => Just(Seen::Missing), 1 => Just(Seen::Unreadable),
    ]
}

fn person_and_share() -> impl Strategy<Value = Scene> {
    let kinds = prop_oneof![
        8 => Just(ShareKind::Plain), 3 => Just(ShareKind::Home), 2 => Just(ShareKind::PrivateDatasets),
        1 => Just(ShareKind::TimeLocked), 1 => Just(ShareKind::TimeMachine), 1 => Just(ShareKind::External),
    ];
    let paths = prop_oneof![
        12 => select(&["/mnt/tank/a", "/mnt/tank", "/mnt//tank/./a/b/"][..]),
        1 => select(&["/mnt/tank/../x", "tank/a", "/mnt", "", "/mnt/tank/%D", "/mnt/tank/%m", "//mnt/tank/ã", "EXTERNAL"][..]),
    ];
    let suffixes =
        prop_oneof![9 => Just(""), 1 => select(&["%U", "%D/%U", "x%U", "%", "%%U", "../%U", "//", "%u"][..])];
    let names = prop_oneof![8 => Just("ana"), 2 => Just("OFFICE\\ana"), 1 => select(&["", ".", "..", "a/b", "a\\b\\c", "\\ana", "a%U"][..])];
    let lock = prop_oneof![40 => Just(Some(false)), 1 => Just(Some(true)), 1 => Just(None)];
    let switches = (prop::bool::weighted(0.95), prop::bool::weighted(0.15), prop::bool::weighted(0.95));
    let uid = prop_oneof![1 => Just(0), 12 => select(&UIDS[1..])];
    let groups = subsequence(GIDS.to_vec(), 0..=4);
    let known = || prop::bool::weighted(0.85);
    ((uid, groups, names, known(), vec(known(), 4)), (kinds, paths, suffixes, lock, switches)).prop_map(
        |((uid, gids, name, has_sid, known), (kind, path, suffix, locked, (enabled, read_only, browsable)))| {
            scene()
                .person(|p| {
                    (p.uid, p.username, p.sid) = (uid, name.into(), has_sid.then(|| user_sid(uid)));
                    let group = |(gid, known): (u32, bool)| Group {
                        gid,
                        name: String::new(),
                        sid: known.then(|| group_sid(gid)),
                    };
                    p.groups = gids.into_iter().zip(known).map(group).collect();
                })
                .share(|s| {
                    (s.kind, s.path, s.path_suffix) = (kind, path.into(), suffix.into());
                    (s.locked, s.enabled, s.read_only, s.browsable) = (locked, enabled, read_only, browsable);
                })
        },
    )
}

fn scenes() -> impl Strategy<Value = Scene> {
    let full = ShareAcl(vec![ShareAce {
        sid: Some(Sid::new("S-1-1-0")),
        who: None,
        kind: AceKind::Allow,
        right: ShareRight::Full,
    }]);
    let share_acl = prop_oneof![
        12 => Just(Seen::Known(full)), 8 => vec(share_ace(), 0..6).prop_map(|list| Seen::Known(ShareAcl(list))),
        1 => Just(Seen::Unreadable), 1 => Just(Seen::Missing),
    ];
    let parents = prop_oneof![1 => vec(parent(), 0..3), 9 => vec(parent(), 5)];
    let folder = prop_oneof![
        14 => folder_acl().prop_map(Seen::Known), 1 => Just(Seen::Missing), 1 => Just(Seen::Unreadable)
    ];
    (person_and_share(), share_acl, parents, folder).prop_map(|(scene, share_acl, seen, folder)| {
        let paths = evidence_paths(&scene.share, &scene.person).map(|paths| paths.parents).unwrap_or_default();
        let parents = paths.into_iter().zip(seen).collect();
        Scene { evidence: Evidence { share_acl, parents, folder }, ..scene }
    })
}

/// The same without anything that takes from a group's members: leaving such a group may give, and rightly so.
fn without_denials(mut scene: Scene) -> Scene {
    if let Seen::Known(list) = &mut scene.evidence.share_acl {
        list.0.retain(|entry| entry.kind == AceKind::Allow && entry.right != ShareRight::Custom);
    }
    let parents = scene.evidence.parents.iter_mut().map(|(_, seen)| seen);
    for seen in parents.chain([&mut scene.evidence.folder]) {
        match seen {
            Seen::Known(FolderAcl::Nfs4 { entries, .. }) => entries.retain(|entry| entry.kind == AceKind::Allow),
            // Where a group's entry keeps the person from being one of the others, it is a denial too.
            Seen::Known(FolderAcl::Posix { entries, .. }) => entries.retain(|entry| entry.who != PosixWho::Other),
            Seen::Known(FolderAcl::Mode { mode, .. }) => *mode |= (*mode & 0o7) << 3,
            Seen::Missing | Seen::Unreadable => {}
        }
    }
    scene
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_rules_agree(scene in scenes()) {
        prop_assert_eq!(right(&scene), naive::right(&scene.person, &scene.share, &scene.evidence));
    }

    #[test]
    fn a_denial_in_front_of_a_folder_list_never_gives_more(scene in scenes(), mut entry in nfs4_entry()) {
        entry.kind = AceKind::Deny;
        let mut denied = scene.clone();
        if let Seen::Known(FolderAcl::Nfs4 { entries, .. }) = &mut denied.evidence.folder {
            entries.insert(0, entry);
        }
        prop_assert!(worth(&denied) <= worth(&scene));
    }

    #[test]
    fn a_denial_in_front_of_a_share_list_never_gives_more(scene in scenes(), mut entry in share_ace()) {
        entry.kind = AceKind::Deny;
        let mut denied = scene.clone();
        if let Seen::Known(list) = &mut denied.evidence.share_acl {
            list.0.insert(0, entry);
        }
        prop_assert!(worth(&denied) <= worth(&scene));
    }

    #[test]
    fn what_cannot_be_read_never_gives_anything(scene in scenes(), which in 0_usize..8) {
        let mut blind = scene;
        let only_folder = blind.evidence.parents.is_empty();
        match which {
            0 => blind.evidence.share_acl = Seen::Unreadable,
            at if at % 2 == 0 || only_folder => blind.evidence.folder = Seen::Unreadable,
            at => {
                let at = at % blind.evidence.parents.len();
                blind.evidence.parents[at].1 = Seen::Unreadable;
            }
        }
        // Two ways of not needing a folder's list: it is not ours, or a directory above it is yet to be made.
        let not_needed = which != 0 && (blind.share.kind == ShareKind::External
            || blind.evidence.parents.iter().any(|(_, seen)| *seen == Seen::Missing));
        prop_assert!(not_needed || worth(&blind) == 0);
    }

    #[test]
    fn leaving_a_group_never_gives_more_where_nothing_is_denied(scene in scenes(), which in 0_usize..4) {
        let before = without_denials(scene);
        let mut after = before.clone();
        if which < after.person.groups.len() {
            after.person.groups.remove(which);
        }
        prop_assert!(worth(&after) <= worth(&before));
    }

    #[test]
    fn a_closed_share_never_gives_anything(mut scene in scenes(), disabled: bool) {
        if disabled {
            scene.share.enabled = false;
        } else {
            scene.share.locked = Some(true);
        }
        prop_assert_eq!(right(&scene), Right::None);
    }

    #[test]
    fn a_read_only_share_never_lets_write(mut scene in scenes()) {
        scene.share.read_only = true;
        prop_assert_ne!(right(&scene), Right::Write);
    }
}

#[test]
fn the_scenes_lead_to_every_answer() {
    let mut runner = TestRunner::deterministic();
    let scenes = scenes();
    let rights: Vec<Right> = (0..2_000).map(|_| right(&scenes.new_tree(&mut runner).unwrap().current())).collect();
    for wanted in [Right::Write, Right::Read, Right::None, Right::Unknown] {
        let found = rights.iter().filter(|right| **right == wanted).count();
        assert!(found >= 100, "{wanted:?} came {found} times in {}", rights.len());
    }
}
