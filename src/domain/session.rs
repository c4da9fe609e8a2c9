//! A signed-in browser.

use std::net::IpAddr;

use crate::domain::Timestamp;
use crate::domain::caller::Account;

/// Names a session to its owner and to administrators. Knowing it gives nothing: the browser holds another, secret one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(String);

impl SessionId {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a browser comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    pub address: IpAddr,
    /// What the browser calls itself, cut to a length worth keeping; empty when it says nothing.
    pub device: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub account: Account,
    pub visitor: Visitor,
    pub created_at: Timestamp,
    /// When somebody last asked for something; neither sockets nor polling count.
    pub used_at: Timestamp,
    /// The absolute end, whatever happens.
    pub ends_at: Timestamp,
}
