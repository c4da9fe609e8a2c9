//! The bell in the top bar: how much a person has not read yet.

use serde::Serialize;

use crate::notices::Unread;
use crate::web::views::Piece;

#[derive(Debug, Clone, Default, Serialize)]
pub struct BellView {
    pub unread: usize,
    /// There are more than that.
    pub more: bool,
}

impl BellView {
    pub const fn of(unread: Unread) -> Self {
        Self { unread: unread.count, more: unread.more }
    }
}

impl Piece for BellView {
    const COMPONENT: &'static str = "live.bell";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        [(0, false), (1, false), (7, false), (99, true)].map(|(unread, more)| Self { unread, more }).into()
    }
}
