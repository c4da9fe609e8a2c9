//! The bell in the top bar: how much a person has not read yet.

use serde::Serialize;

use crate::web::views::Piece;

/// More fit beside no bell.
const MOST_SHOWN: u64 = 99;

#[derive(Debug, Clone, Serialize)]
pub struct BellView {
    pub unread: u64,
    /// As the bell shows it.
    pub count: String,
}

impl BellView {
    pub fn of(unread: u64) -> Self {
        let count = if unread > MOST_SHOWN { format!("{MOST_SHOWN}+") } else { unread.to_string() };
        Self { unread, count }
    }
}

impl Piece for BellView {
    const COMPONENT: &'static str = "live.bell";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        [0, 1, 7, 100].map(Self::of).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bell_counts_no_further_than_there_is_room() {
        assert_eq!([0, 99, 100].map(|unread| BellView::of(unread).count), ["0", "99", "99+"]);
    }
}
