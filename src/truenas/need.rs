//! What we need a key for, asked of the NAS one by one.

use serde_json::json;

use crate::domain::nas::Road;
use crate::truenas::client::query;
use crate::truenas::method::{self, Method};
use crate::truenas::{Client, Error, decode};

/// In the order in which they matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    People,
    Shares,
    ShareRights,
    FolderRights,
    State,
    Alerts,
    Pools,
    Services,
    /// The exact release; nothing breaks without it.
    Release,
}

impl Need {
    pub const ALL: [Self; 9] = [
        Self::People,
        Self::Shares,
        Self::ShareRights,
        Self::FolderRights,
        Self::State,
        Self::Alerts,
        Self::Pools,
        Self::Services,
        Self::Release,
    ];

    const fn method(self) -> &'static Method {
        match self {
            Self::People => &method::FIND_USERS,
            Self::Shares => &method::SHARES,
            Self::ShareRights => &method::SHARE_ACL,
            Self::FolderRights => &method::FOLDER_ACL,
            Self::State => &method::SYSTEM_STATE,
            Self::Alerts => &method::ALERTS,
            Self::Pools => &method::POOLS,
            Self::Services => &method::SERVICES,
            Self::Release => &method::SYSTEM_INFO,
        }
    }

    /// The smallest role for it on 24.04 and later.
    pub const fn role(self) -> &'static str {
        self.method().role
    }

    /// Without it nobody could sign in or see a share.
    pub const fn is_vital(self) -> bool {
        matches!(self, Self::People | Self::Shares | Self::ShareRights | Self::FolderRights)
    }

    /// The address an allow-list of a key up to 24.10 must name.
    pub const fn rest_path(self) -> &'static str {
        self.method().rest
    }
}

impl Client {
    /// Tries the call behind `need` and throws the answer away.
    pub async fn try_need(&self, need: Need) -> Result<(), Error> {
        match need {
            Need::People => {
                let one = json!({"select": decode::USER_FIELDS, "limit": 1});
                self.call(&query(&method::FIND_USERS, &json!([]), &one)).await.map(|_| ())
            }
            Need::Shares => self.list_shares().await.map(|_| ()),
            Need::ShareRights => match self.list_shares().await?.first() {
                Some(share) => self.read_share_acl(share).await.map(|_| ()),
                None => Ok(()),
            },
            // Exists on every NAS, whatever its pools are called.
            Need::FolderRights => self.read_folder_acl("/mnt").await.map(|_| ()),
            Need::State => self.read_state().await.map(|_| ()),
            Need::Alerts => self.list_alerts().await.map(|_| ()),
            Need::Pools => self.list_pools().await.map(|_| ()),
            Need::Services => self.list_services().await.map(|_| ()),
            Need::Release => self.read_release().await.map(|_| ()),
        }
    }

    /// Whether the key may do far more than read, which is more than we want to be trusted with.
    pub async fn is_key_too_powerful(&self) -> Result<bool, Error> {
        if self.road().await? == Road::Rest {
            // An allow-list made for us does not hold this call: whoever is not refused may do everything.
            return match self.call(&method::UNNEEDED.call(json!([]), None)).await {
                Err(Error::RoleMissing { .. }) => Ok(false),
                Err(error) if !error.is_about_one_item() => Err(error),
                Ok(_) | Err(_) => Ok(true),
            };
        }
        decode::has_full_rights(&self.call(&method::OWN_ACCOUNT.call(json!([]), None)).await?)
    }
}
