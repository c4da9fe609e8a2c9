//! Their JSON into our values: the only place that knows how the NAS names its fields.
//!
//! Unknown fields are survived, missing ones that matter are an error naming them. What we do not need, hashes above
//! all, is never kept.

mod acl;
mod alert;
mod change;
mod password;
mod person;
mod record;
mod share;
mod system;

pub use acl::{FolderRights, folder_acl, folder_mode, share_acl, share_acl_of};
pub use alert::alerts;
pub use change::change;
pub use password::password_is_right;
pub use person::{
    GROUP_FIELDS, GROUP_SIZE_FIELDS, PASSWORD_CHANGE_FIELDS, USER_FIELDS, group_size, groups, may_change_things,
    open_accounts, password_changes, person, user_object, user_record,
};
pub use share::{acl_name, shares};
pub use system::{pools, services, system, system_state};

#[cfg(test)]
mod tests;
