//! What we need a key for, asked of the NAS one by one.

use serde_json::json;

use crate::domain::nas::Road;
use crate::truenas::client::query;
use crate::truenas::method::{self, Call, Method};
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

    /// Every call it is made of.
    fn methods(self) -> Vec<&'static Method> {
        match self {
            Self::People => vec![&method::FIND_USERS, &method::FIND_GROUPS, &method::USER_OBJECT],
            Self::Shares => vec![&method::SHARES],
            Self::ShareRights => vec![&method::SHARE_ACL],
            Self::FolderRights => vec![&method::FOLDER_ACL, &method::FOLDER_STAT],
            Self::State => vec![&method::SYSTEM_STATE],
            Self::Alerts => vec![&method::ALERTS],
            Self::Pools => vec![&method::POOLS],
            Self::Services => vec![&method::SERVICES],
            Self::Release => vec![&method::SYSTEM_INFO],
        }
    }

    /// The smallest role for it on 24.04 and later: one for all its calls.
    pub fn role(self) -> &'static str {
        self.methods().first().map_or("", |method| method.role)
    }

    /// Without it nobody could sign in or see a share.
    pub const fn is_vital(self) -> bool {
        matches!(self, Self::People | Self::Shares | Self::ShareRights | Self::FolderRights)
    }

    /// As the calls are named from 25.04 on.
    pub fn calls(self) -> Vec<&'static str> {
        self.methods().iter().map(|method| method.rpc).collect()
    }

    /// As forms say it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Shares => "shares",
            Self::ShareRights => "share_rights",
            Self::FolderRights => "folder_rights",
            Self::State => "state",
            Self::Alerts => "alerts",
            Self::Pools => "pools",
            Self::Services => "services",
            Self::Release => "release",
        }
    }

    /// The addresses an allow-list of a key up to 24.10 must name.
    pub fn rest_paths(self) -> Vec<&'static str> {
        self.methods().iter().map(|method| method.rest).collect()
    }
}

impl Client {
    /// Tries the calls behind `need` and throws the answer away. Gives how many records a list had.
    pub async fn try_need(&self, need: Need) -> Result<Option<usize>, Error> {
        match need {
            Need::People => self.try_people().await?,
            Need::Shares => return Ok(Some(self.list_shares().await?.len())),
            Need::ShareRights => {
                if let Some(share) = self.list_shares().await?.first() {
                    self.read_share_acl(share).await?;
                }
            }
            Need::FolderRights => {
                // Exists on every NAS, whatever its pools are called.
                self.read_folder_acl("/mnt").await?;
                self.try_call(&method::FOLDER_STAT.call(json!(["/mnt"]), Some(json!("/mnt")))).await?;
            }
            Need::State => {
                self.read_state().await?;
            }
            Need::Alerts => return Ok(Some(self.list_alerts().await?.len())),
            Need::Pools => return Ok(Some(self.list_pools().await?.len())),
            Need::Services => return Ok(Some(self.list_services().await?.len())),
            Need::Release => {
                self.read_release().await?;
            }
        }
        Ok(None)
    }

    /// The three calls that make up a person.
    async fn try_people(&self) -> Result<(), Error> {
        let one = |field: &str| json!({"select": [field], "limit": 1});
        self.try_call(&query(&method::FIND_USERS, &json!([]), &one("uid"))).await?;
        self.try_call(&query(&method::FIND_GROUPS, &json!([]), &one("gid"))).await?;
        let root = json!({"username": "root", "get_groups": true});
        self.try_call(&method::USER_OBJECT.call(json!([root]), Some(root))).await
    }

    /// Whoever hears that there is no such item was allowed to ask.
    async fn try_call(&self, call: &Call) -> Result<(), Error> {
        match self.call(call).await {
            Ok(_) | Err(Error::Missing { .. }) => Ok(()),
            Err(error) => Err(error),
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
        decode::may_change_things(&self.call(&method::OWN_ACCOUNT.call(json!([]), None)).await?)
    }
}
