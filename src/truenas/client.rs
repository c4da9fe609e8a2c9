//! The typed calls: questions in our words, answers as domain values.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{Notify, broadcast, watch};

use crate::domain::Timestamp;
use crate::domain::nas::{Alert, BootId, Change, Pool, Release, Road, Service, System, SystemState};
use crate::domain::person::{Group, Person};
use crate::domain::share::{FolderAcl, Share, ShareAcl};
use crate::runtime::{Clock, Random, Tasks};
use crate::truenas::link::{Link, LinkTask};
use crate::truenas::method::{self, Call};
use crate::truenas::transport::Transport;
use crate::truenas::{Error, Settings, decode, tls};

/// Events are only pokes: a listener that misses some is told so and reads everything.
const CHANGES_KEPT: usize = 256;

/// How long a call waits for a road that is being opened: a slow sign-in takes up to half a minute.
const ROAD_WAIT: Duration = Duration::from_secs(40);

/// Cheap to clone; all clones share one link.
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Clock,
    link: watch::Receiver<Link>,
    changes: broadcast::Sender<Change>,
    retry: Arc<Notify>,
}

/// What the NAS says has changed, from the moment of asking on.
#[derive(Debug)]
pub struct Changes(broadcast::Receiver<Change>);

impl Changes {
    /// `None` when the client is gone.
    pub async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(change) => Some(change),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Change::Unclear),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

impl Client {
    /// The client, and the task that keeps its link: nothing happens until that runs. Only the authorities can fail here.
    pub fn new(settings: Settings, clock: &Clock, random: &Random) -> Result<(Self, LinkTask), Error> {
        let tls = Arc::new(tls::client_config(&settings.trust)?);
        let (sender, link) = watch::channel(Link::Opening);
        let (changes, _) = broadcast::channel(CHANGES_KEPT);
        let retry = Arc::new(Notify::new());
        let task = LinkTask {
            settings,
            tls,
            clock: clock.clone(),
            random: random.clone(),
            link: sender,
            changes: changes.clone(),
            retry: retry.clone(),
        };
        Ok((Self(Arc::new(Inner { clock: clock.clone(), link, changes, retry })), task))
    }

    /// A client whose link runs already.
    pub fn start(settings: Settings, clock: &Clock, random: &Random, tasks: &Tasks) -> Result<Self, Error> {
        let (client, link) = Self::new(settings, clock, random)?;
        link.start(tasks);
        Ok(client)
    }

    pub fn changes(&self) -> Changes {
        Changes(self.0.changes.subscribe())
    }

    /// Tries the link again now instead of waiting for the next try. While there is a link this does nothing.
    pub fn retry(&self) {
        self.0.retry.notify_waiters();
    }

    /// Tries the link again now and waits for how that went, or for the end of the try that is under way. While there is a
    /// link, or the key is refused, which no further try changes, it is done at once.
    pub async fn try_again(&self) {
        let mut link = self.0.link.clone();
        if matches!(
            &*link.borrow_and_update(),
            Link::Down(Error::KeyRefused { .. } | Error::PlainRefused) | Link::Up(..)
        ) {
            return;
        }
        self.retry();
        // Gone with its task: we are stopping.
        let _ = self.0.clock.timeout(ROAD_WAIT, link.changed()).await;
    }

    /// Waits until the link has been tried at least once.
    pub async fn road(&self) -> Result<Road, Error> {
        Ok(self.transport().await?.0.road())
    }

    /// The road that is open now. Asks nobody.
    pub fn open_road(&self) -> Option<Road> {
        match &*self.0.link.borrow() {
            Link::Up(transport, _) => Some(transport.road()),
            Link::Opening | Link::Down(_) => None,
        }
    }

    /// Whether the NAS answered the last try of the link with a refusal of the service key. Asks nobody.
    pub fn is_key_refused(&self) -> bool {
        matches!(&*self.0.link.borrow(), Link::Down(Error::KeyRefused { .. }))
    }

    /// Differs after every start of the NAS; only 25.10 and later tell.
    pub async fn find_boot_id(&self) -> Result<Option<BootId>, Error> {
        Ok(self.transport().await?.1)
    }

    pub async fn read_state(&self) -> Result<SystemState, Error> {
        decode::system_state(&self.call(&method::SYSTEM_STATE.call(json!([]), None)).await?)
    }

    pub async fn read_system(&self) -> Result<System, Error> {
        decode::system(&self.call(&method::SYSTEM_INFO.call(json!([]), None)).await?)
    }

    pub async fn read_release(&self) -> Result<Release, Error> {
        Ok(self.read_system().await?.release)
    }

    pub async fn list_alerts(&self) -> Result<Vec<Alert>, Error> {
        decode::alerts(&self.call(&method::ALERTS.call(json!([]), None)).await?)
    }

    pub async fn list_pools(&self) -> Result<Vec<Pool>, Error> {
        decode::pools(&self.call(&query(&method::POOLS, &json!([]), &json!({}))).await?)
    }

    pub async fn list_services(&self) -> Result<Vec<Service>, Error> {
        decode::services(&self.call(&query(&method::SERVICES, &json!([]), &json!({}))).await?)
    }

    pub async fn list_shares(&self) -> Result<Vec<Share>, Error> {
        decode::shares(&self.call(&query(&method::SHARES, &json!([]), &json!({}))).await?)
    }

    /// The share's own list of rights.
    pub async fn read_share_acl(&self, share: &Share) -> Result<ShareAcl, Error> {
        let argument = json!({"share_name": decode::acl_name(share)});
        let one = method::SHARE_ACL.call(json!([argument]), Some(argument));
        match self.call(&one).await {
            Err(Error::Protocol { .. }) if self.road().await? == Road::Rest => {
                let all = self.call(&query(&method::SHARE_ACLS_OLD, &json!([]), &json!({}))).await?;
                decode::share_acl_of(&all, decode::acl_name(share))
            }
            answer => decode::share_acl(&answer?),
        }
    }

    /// `None`: there is no such folder.
    pub async fn read_folder_acl(&self, path: &str) -> Result<Option<FolderAcl>, Error> {
        let body = json!({"path": path, "simplified": false, "resolve_ids": false});
        let acl = match self.call(&method::FOLDER_ACL.call(json!([path, false, false]), Some(body))).await {
            Err(Error::Missing { .. }) => return Ok(None),
            answer => decode::folder_acl(&answer?)?,
        };
        match acl {
            decode::FolderRights::Listed(acl) => Ok(Some(acl)),
            decode::FolderRights::InMode => {
                let stat = self.call(&method::FOLDER_STAT.call(json!([path]), Some(json!(path)))).await;
                match stat {
                    Err(Error::Missing { .. }) => Ok(None),
                    answer => decode::folder_mode(&answer?).map(Some),
                }
            }
        }
    }

    /// The account with this name and all its groups; `None` when the NAS knows nobody by it.
    pub async fn find_person(&self, username: &str) -> Result<Option<Person>, Error> {
        let argument = json!({"username": username, "get_groups": true, "sid_info": true});
        let object = match self.call(&method::USER_OBJECT.call(json!([argument]), Some(argument))).await {
            Err(Error::Missing { .. }) => return Ok(None),
            // An unknown name fails like a directory that does not answer: the list of accounts tells which it was.
            Err(error @ Error::Refused { .. }) => {
                return if self.lists_account(username).await? { Err(error) } else { Ok(None) };
            }
            answer => decode::user_object(&answer?)?,
        };
        let filters = json!([["uid", "=", object.uid]]);
        let options = json!({"select": decode::USER_FIELDS});
        let records = query(&method::FIND_USERS, &filters, &options);
        // A slow NAS is asked for both at once.
        let (records, groups) = tokio::join!(self.call(&records), self.list_groups(&object.gids));
        let record = decode::user_record(&records?, object.uid)?;
        if record.is_none() && object.local == Some(true) {
            return Ok(None);
        }
        Ok(Some(decode::person(object, record, groups?)))
    }

    /// Of these accounts those that the list has and that are open, and when their passwords were changed. Those of a
    /// directory need not be in it.
    pub async fn list_open_accounts(&self, names: &[&str]) -> Result<BTreeMap<String, Option<Timestamp>>, Error> {
        let (filters, options) = (json!([["username", "in", names]]), json!({"select": decode::USER_FIELDS}));
        decode::open_accounts(&self.call(&query(&method::FIND_USERS, &filters, &options)).await?)
    }

    /// As typed, or in the small letters in which the NAS keeps names.
    async fn lists_account(&self, username: &str) -> Result<bool, Error> {
        let filters = json!([["username", "in", [username, username.to_lowercase()]]]);
        let found = self.call(&query(&method::FIND_USERS, &filters, &json!({"select": ["username"]}))).await?;
        found.as_array().map(|found| !found.is_empty()).ok_or_else(|| Error::protocol("user.query", "not a list"))
    }

    /// When the password of each account that may be meant by what was typed was last changed, by uid. Asks the same of the
    /// NAS whether there is such an account or not.
    pub async fn list_password_changes(&self, typed: &str) -> Result<Vec<(u32, Option<Timestamp>)>, Error> {
        let filters = json!([["username", "in", [typed, typed.to_lowercase()]]]);
        let options = json!({"select": decode::PASSWORD_CHANGE_FIELDS});
        decode::password_changes(&self.call(&query(&method::FIND_USERS, &filters, &options)).await?)
    }

    async fn list_groups(&self, gids: &[u32]) -> Result<Vec<Group>, Error> {
        let found = self.query_groups(&json!([["gid", "in", gids]]), &decode::GROUP_FIELDS).await?;
        decode::groups(&found, gids)
    }

    /// How many accounts of the NAS itself the group of this name holds; `None` when there is no such group.
    pub async fn find_group_size(&self, name: &str) -> Result<Option<usize>, Error> {
        let found = self.query_groups(&json!([["group", "=", name]]), &decode::GROUP_SIZE_FIELDS).await?;
        decode::group_size(&found)
    }

    async fn query_groups(&self, filters: &Value, fields: &[&str]) -> Result<Value, Error> {
        let mut options = json!({"select": fields});
        if self.road().await? == Road::Rest {
            // 22.12 leaves the SIDs out unless asked for what belongs to SMB, and knows entries of a share by SID only.
            // It leaves the groups of a directory out unless asked for those.
            options["extra"] = json!({"additional_information": ["SMB", "DS"]});
        }
        self.call(&query(&method::FIND_GROUPS, filters, &options)).await
    }

    /// A sign-in that ran out is renewed by the link; the call is then made once more.
    pub(super) async fn call(&self, call: &Call) -> Result<Value, Error> {
        let (transport, _) = self.transport().await?;
        match transport.call(call.clone()).await {
            Err(Error::SessionEnded) => {}
            answer => return answer,
        }
        let (transport, _) = self.transport_after(Some(&transport)).await?;
        transport.call(call.clone()).await
    }

    async fn transport(&self) -> Result<(Arc<dyn Transport>, Option<BootId>), Error> {
        self.transport_after(None).await
    }

    /// Waits while a try is under way. `ended` is a road that is over, though the link may not have noticed yet.
    async fn transport_after(
        &self,
        ended: Option<&Arc<dyn Transport>>,
    ) -> Result<(Arc<dyn Transport>, Option<BootId>), Error> {
        let mut link = self.0.link.clone();
        let known = link.wait_for(|link| match link {
            Link::Opening => false,
            Link::Up(transport, _) => ended.is_none_or(|ended| !Arc::ptr_eq(ended, transport)),
            Link::Down(_) => true,
        });
        let known = self.0.clock.timeout(ROAD_WAIT, known).await.map_err(|_| Error::TimedOut(ROAD_WAIT))?;
        match known.as_deref() {
            Ok(Link::Up(transport, boot_id)) => Ok((transport.clone(), boot_id.clone())),
            Ok(Link::Down(error)) => Err(error.clone()),
            // The link task is gone: we are stopping.
            Ok(Link::Opening) | Err(_) => Err(Error::Disconnected(Arc::new(Stopping))),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the link is no longer kept")]
struct Stopping;

/// A call in the form all lists of the NAS share.
pub(super) fn query(method: &'static method::Method, filters: &Value, options: &Value) -> Call {
    let body = json!({"query-filters": filters, "query-options": options});
    method.call(json!([filters, options]), Some(body))
}
