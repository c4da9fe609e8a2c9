//! What a folder's list gives, case by case, in the three forms such a list may have.

use super::scene::*;
use crate::domain::share::Nfs4Who::{Everyone, Group, Owner, OwningGroup, User};
use crate::domain::share::Right::{Read, Write};
use crate::domain::share::{Barrier, Cap, FolderAcl, Nfs4Entry, Nfs4Rights, PosixEntry, PosixWho, Refusal, Through};

const MODIFY: Nfs4Rights = Nfs4Rights::MODIFY;
const CREATE_FILES: Nfs4Rights = Nfs4Rights::WRITE_DATA;
const CREATE_FOLDERS: Nfs4Rights = Nfs4Rights::APPEND_DATA;

fn folder(acl: FolderAcl) -> Scene {
    scene().folder(acl)
}

fn mine(acl: FolderAcl) -> FolderAcl {
    owned_by(acl, ANA, FINANCE)
}

fn ours(acl: FolderAcl) -> FolderAcl {
    owned_by(acl, BRUNO, FINANCE)
}

fn owning_group() -> Through {
    Through::OwningGroup("financeiro".into())
}

#[test]
fn an_nfs4_list_gives_by_owner_group_person_or_everyone() {
    check([
        ("an empty list", folder(nfs4([])), NOTHING, folder_silent()),
        ("her own entry", folder(nfs4([allow(User(ANA), MODIFY)])), Write, writes(Through::Person)),
        ("another's entry", folder(nfs4([allow(User(BRUNO), MODIFY)])), NOTHING, folder_silent()),
        ("everyone reads", folder(nfs4([allow(Everyone, Nfs4Rights::READ)])), Read, reads(Through::Everyone)),
        (
            "traverse alone is not reading",
            folder(nfs4([allow(Everyone, Nfs4Rights::TRAVERSE)])),
            NOTHING,
            folder_silent(),
        ),
        (
            "listing without traverse is not reading",
            folder(nfs4([allow(Everyone, Nfs4Rights::READ_DATA)])),
            NOTHING,
            folder_silent(),
        ),
        ("the owner", folder(mine(nfs4([allow(Owner, MODIFY)]))), Write, writes(Through::Owner)),
        ("not the owner", folder(nfs4([allow(Owner, MODIFY)])), NOTHING, folder_silent()),
        (
            "the owner is everyone too",
            folder(mine(nfs4([allow(Owner, Nfs4Rights::READ), allow(Everyone, MODIFY)]))),
            Write,
            writes(Through::Everyone),
        ),
        ("the owning group", folder(ours(nfs4([allow(OwningGroup, MODIFY)]))), Write, writes(owning_group())),
        (
            "owning a folder is not being in its group",
            folder(owned_by(nfs4([allow(OwningGroup, MODIFY)]), ANA, ENGINEERS)),
            NOTHING,
            folder_silent(),
        ),
        ("root passes", folder(nfs4([])).person(|p| p.uid = ROOT), Write, writes(Through::Root)),
        (
            "a group without a name goes by its number",
            folder(nfs4([allow(Group(FINANCE), MODIFY)])).person(|p| p.groups[1].name.clear()),
            Write,
            writes(Through::Group("3010".into())),
        ),
    ]);
}

#[test]
fn order_and_denials_count_in_an_nfs4_list() {
    let inherit_only = |entry| Nfs4Entry { inherit_only: true, ..entry };
    check([
        (
            "a denial in front",
            folder(nfs4([deny(Group(TRAINEES), MODIFY), allow(Group(FINANCE), MODIFY)])),
            NOTHING,
            refused(Refusal::Folder(Barrier::Denied(trainees()))),
        ),
        (
            "a denial behind",
            folder(nfs4([allow(Group(FINANCE), MODIFY), deny(Group(TRAINEES), MODIFY)])),
            Write,
            writes(finance()),
        ),
        (
            "a denial of writing leaves reading",
            folder(nfs4([deny(Group(TRAINEES), CREATE_FILES), allow(Group(FINANCE), MODIFY)])),
            Read,
            capped(finance(), Cap::Folder(Barrier::Denied(trainees()))),
        ),
        (
            "files but no folders is not all of writing",
            folder(nfs4([allow(Everyone, Nfs4Rights::READ | CREATE_FILES)])),
            Read,
            reads(Through::Everyone),
        ),
        (
            "rights add up over entries, the writing one is named",
            folder(nfs4([allow(Everyone, Nfs4Rights::READ), allow(Group(FINANCE), CREATE_FILES | CREATE_FOLDERS)])),
            Write,
            writes(finance()),
        ),
        (
            "what is for heirs is not for now",
            folder(nfs4([inherit_only(allow(Everyone, MODIFY))])),
            NOTHING,
            folder_silent(),
        ),
        (
            "nor is a denial for heirs",
            folder(nfs4([inherit_only(deny(Everyone, MODIFY)), allow(Everyone, MODIFY)])),
            Write,
            writes(Through::Everyone),
        ),
    ]);
}

#[test]
fn the_first_class_that_fits_has_the_last_word_in_a_posix_list() {
    use PosixWho::{Group, Mask, Other, Owner, OwningGroup, User};
    check([
        (
            "the owner, whatever the mask",
            folder(mine(posix([entry(Owner, "rwx"), entry(Mask, "---")]))),
            Write,
            writes(Through::Owner),
        ),
        (
            "an owner with less than the others has less",
            folder(mine(posix([entry(Owner, "---"), entry(OwningGroup, "rwx"), entry(Other, "rwx")]))),
            NOTHING,
            folder_silent(),
        ),
        (
            "her own entry",
            folder(posix([entry(User(ANA), "rwx"), entry(Other, "---")])),
            Write,
            writes(Through::Person),
        ),
        (
            "her own entry, behind the mask",
            folder(posix([entry(User(ANA), "rwx"), entry(Mask, "r-x")])),
            Read,
            capped(Through::Person, Cap::Folder(Barrier::Masked)),
        ),
        (
            "her own entry stops the search",
            folder(posix([entry(User(ANA), "---"), entry(Group(FINANCE), "rwx"), entry(Mask, "rwx")])),
            NOTHING,
            folder_silent(),
        ),
        ("a named group", folder(posix([entry(Group(FINANCE), "rwx"), entry(Mask, "rwx")])), Write, writes(finance())),
        (
            "a named group, behind the mask",
            folder(posix([entry(Group(FINANCE), "rwx"), entry(Mask, "r-x")])),
            Read,
            capped(finance(), Cap::Folder(Barrier::Masked)),
        ),
        (
            "a mask that hides all",
            folder(posix([entry(Group(FINANCE), "rwx"), entry(Mask, "---"), entry(Other, "rwx")])),
            NOTHING,
            refused(Refusal::Folder(Barrier::Masked)),
        ),
        ("no mask masks nothing", folder(posix([entry(Group(FINANCE), "rwx")])), Write, writes(finance())),
        (
            "the owning group, masked too",
            folder(ours(posix([entry(OwningGroup, "rwx"), entry(Mask, "r-x")]))),
            Read,
            capped(owning_group(), Cap::Folder(Barrier::Masked)),
        ),
    ]);
}

#[test]
fn groups_stand_together_before_the_others_in_a_posix_list() {
    use PosixWho::{Group, Mask, Other};
    let for_heirs = PosixEntry { default: true, ..entry(Group(FINANCE), "rwx") };
    check([
        (
            "the best of the groups counts",
            folder(posix([entry(Group(TRAINEES), "r-x"), entry(Group(FINANCE), "rwx")])),
            Write,
            writes(finance()),
        ),
        (
            "two halves do not make a whole",
            folder(posix([entry(Group(TRAINEES), "r--"), entry(Group(FINANCE), "--x")])),
            NOTHING,
            folder_silent(),
        ),
        (
            "a group without rights keeps the others' away",
            folder(posix([entry(Group(TRAINEES), "---"), entry(Other, "rwx")])),
            NOTHING,
            folder_silent(),
        ),
        (
            "the others",
            folder(posix([entry(Group(ENGINEERS), "---"), entry(Other, "r-x")])),
            Read,
            reads(Through::Others),
        ),
        (
            "the mask is not for the others",
            folder(posix([entry(Mask, "---"), entry(Other, "r-x")])),
            Read,
            reads(Through::Others),
        ),
        ("what is for heirs is not for now", folder(posix([for_heirs, entry(Other, "---")])), NOTHING, folder_silent()),
    ]);
}

#[test]
fn mode_bits_decide_where_there_is_no_list() {
    let mine = |bits| folder(mine(mode(bits)));
    let ours = |bits| folder(ours(mode(bits)));
    let theirs = |bits| folder(owned_by(mode(bits), BRUNO, ENGINEERS));
    let group = || Through::ModeGroup("financeiro".into());
    check([
        ("owner", mine(0o700), Write, writes(Through::ModeOwner)),
        ("an owner with less than the others", mine(0o077), NOTHING, folder_silent()),
        ("group", ours(0o070), Write, writes(group())),
        ("a group that reads", ours(0o2750), Read, reads(group())),
        ("a group with less than the others", ours(0o707), NOTHING, folder_silent()),
        ("others", theirs(0o1777), Write, writes(Through::ModeOthers)),
        ("others that read", theirs(0o775), Read, reads(Through::ModeOthers)),
        ("others without traverse", theirs(0o776), NOTHING, folder_silent()),
    ]);
}
