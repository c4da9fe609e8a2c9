//! `sharing.smb.getacl`, `filesystem.getacl` and `filesystem.stat`.
//!
//! An entry we do not understand makes the whole list unreadable: leaving it out could invent a right.

use serde_json::Value;

use crate::domain::person::Sid;
use crate::domain::share::{
    AceKind, FolderAcl, Nfs4Entry, Nfs4Rights, Nfs4Who, PosixEntry, PosixPerms, PosixWho, ShareAce, ShareAcl,
    ShareRight, WhoId,
};
use crate::truenas::Error;
use crate::truenas::decode::record::Record;

pub enum FolderRights {
    Listed(FolderAcl),
    /// The folder has no list: its mode bits decide.
    InMode,
}

pub fn share_acl(answer: &Value) -> Result<ShareAcl, Error> {
    share_entries(Record::of("sharing.smb.getacl", answer)?)
}

/// From the answer of 22.12, which lists all shares. A share without a stored list is open to everyone.
pub fn share_acl_of(answer: &Value, share_name: &str) -> Result<ShareAcl, Error> {
    const EVERYONE: &str = "S-1-1-0";
    let all = Record::list("smb.sharesec.query", answer)?;
    // Not found means open to everyone, so a name must be found however its letters, accented ones too, are written.
    let wanted = share_name.to_lowercase();
    match all.into_iter().find(|record| record.text_or_empty("share_name").to_lowercase() == wanted) {
        Some(record) => share_entries(record),
        None => Ok(ShareAcl(vec![ShareAce {
            sid: Some(Sid::new(EVERYONE)),
            who: None,
            kind: AceKind::Allow,
            right: ShareRight::Full,
        }])),
    }
}

fn share_entries(record: Record<'_>) -> Result<ShareAcl, Error> {
    record.records("share_acl")?.into_iter().map(share_entry).collect::<Result<_, _>>().map(ShareAcl)
}

fn share_entry(record: Record<'_>) -> Result<ShareAce, Error> {
    let who = match record.find_record("ae_who_id") {
        Some(who) => match who.text("id_type")? {
            "USER" => Some(WhoId::User(who.number("id")?)),
            "GROUP" => Some(WhoId::Group(who.number("id")?)),
            "BOTH" => Some(WhoId::Both(who.number("id")?)),
            // A number the NAS could not find: the SID alone says whose the entry is.
            _ => None,
        },
        None => None,
    };
    let sid = record.text_or_empty("ae_who_sid");
    let sid = (!sid.is_empty()).then(|| Sid::new(sid));
    if sid.is_none() && who.is_none() {
        return Err(record.error("an entry for nobody"));
    }
    Ok(ShareAce {
        sid,
        who,
        kind: match record.text("ae_type")? {
            "ALLOWED" => AceKind::Allow,
            "DENIED" => AceKind::Deny,
            other => return Err(record.error(format!("an entry of the kind {other:?}"))),
        },
        right: match record.text("ae_perm")? {
            "FULL" => ShareRight::Full,
            "CHANGE" => ShareRight::Change,
            "READ" => ShareRight::Read,
            _ => ShareRight::Custom,
        },
    })
}

pub fn folder_acl(answer: &Value) -> Result<FolderRights, Error> {
    let record = Record::of("filesystem.getacl", answer)?;
    let (owner, group) = (record.number("uid"), record.number("gid"));
    let listed = match record.text("acltype")? {
        "NFS4" => {
            let entries = record.records("acl")?.into_iter().map(nfs4_entry).collect::<Result<_, _>>()?;
            FolderAcl::Nfs4 { owner: owner?, group: group?, entries }
        }
        "POSIX1E" => {
            let entries = record.records("acl")?.into_iter().map(posix_entry).collect::<Result<_, _>>()?;
            FolderAcl::Posix { owner: owner?, group: group?, entries }
        }
        "DISABLED" => return Ok(FolderRights::InMode),
        other => return Err(record.error(format!("an unknown kind of list: {other:?}"))),
    };
    Ok(FolderRights::Listed(listed))
}

pub fn folder_mode(answer: &Value) -> Result<FolderAcl, Error> {
    let record = Record::of("filesystem.stat", answer)?;
    Ok(FolderAcl::Mode { owner: record.number("uid")?, group: record.number("gid")?, mode: record.number("mode")? })
}

fn nfs4_entry(record: Record<'_>) -> Result<Nfs4Entry, Error> {
    Ok(Nfs4Entry {
        who: match record.text("tag")? {
            "owner@" => Nfs4Who::Owner,
            "group@" => Nfs4Who::OwningGroup,
            "everyone@" => Nfs4Who::Everyone,
            "USER" => Nfs4Who::User(record.number("id")?),
            "GROUP" => Nfs4Who::Group(record.number("id")?),
            other => return Err(record.error(format!("an entry for {other:?}"))),
        },
        kind: match record.text("type")? {
            "ALLOW" => AceKind::Allow,
            "DENY" => AceKind::Deny,
            other => return Err(record.error(format!("an entry of the kind {other:?}"))),
        },
        rights: nfs4_rights(record.record("perms")?)?,
        // The basic flags all concern the folder itself as well.
        inherit_only: record.record("flags")?.flag_if_there("INHERIT_ONLY")?,
    })
}

fn nfs4_rights(perms: Record<'_>) -> Result<Nfs4Rights, Error> {
    const ADVANCED: [(&str, Nfs4Rights); 14] = [
        ("READ_DATA", Nfs4Rights::READ_DATA),
        ("WRITE_DATA", Nfs4Rights::WRITE_DATA),
        ("APPEND_DATA", Nfs4Rights::APPEND_DATA),
        ("READ_NAMED_ATTRS", Nfs4Rights::READ_NAMED_ATTRS),
        ("WRITE_NAMED_ATTRS", Nfs4Rights::WRITE_NAMED_ATTRS),
        ("EXECUTE", Nfs4Rights::EXECUTE),
        ("DELETE", Nfs4Rights::DELETE),
        ("DELETE_CHILD", Nfs4Rights::DELETE_CHILD),
        ("READ_ATTRIBUTES", Nfs4Rights::READ_ATTRIBUTES),
        ("WRITE_ATTRIBUTES", Nfs4Rights::WRITE_ATTRIBUTES),
        ("READ_ACL", Nfs4Rights::READ_ACL),
        ("WRITE_ACL", Nfs4Rights::WRITE_ACL),
        ("WRITE_OWNER", Nfs4Rights::WRITE_OWNER),
        ("SYNCHRONIZE", Nfs4Rights::SYNCHRONIZE),
    ];
    if perms.has("BASIC") {
        return match perms.text("BASIC")? {
            "FULL_CONTROL" => Ok(Nfs4Rights::FULL_CONTROL),
            "MODIFY" => Ok(Nfs4Rights::MODIFY),
            "READ" => Ok(Nfs4Rights::READ),
            "TRAVERSE" => Ok(Nfs4Rights::TRAVERSE),
            other => Err(perms.error(format!("an unknown basic right: {other:?}"))),
        };
    }
    ADVANCED.into_iter().try_fold(Nfs4Rights::NONE, |rights, (name, right)| {
        Ok(if perms.flag_if_there(name)? { rights | right } else { rights })
    })
}

fn posix_entry(record: Record<'_>) -> Result<PosixEntry, Error> {
    let perms = record.record("perms")?;
    Ok(PosixEntry {
        who: match record.text("tag")? {
            "USER_OBJ" => PosixWho::Owner,
            "GROUP_OBJ" => PosixWho::OwningGroup,
            "OTHER" => PosixWho::Other,
            "MASK" => PosixWho::Mask,
            "USER" => PosixWho::User(record.number("id")?),
            "GROUP" => PosixWho::Group(record.number("id")?),
            other => return Err(record.error(format!("an entry for {other:?}"))),
        },
        perms: PosixPerms { read: perms.flag("READ")?, write: perms.flag("WRITE")?, execute: perms.flag("EXECUTE")? },
        default: record.flag("default")?,
    })
}
