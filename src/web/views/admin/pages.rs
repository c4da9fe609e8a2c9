//! A long list in pages.

use serde::Serialize;

/// From one on; a page that is not there is the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pages {
    pub page: usize,
    pub last: usize,
}

impl Pages {
    pub fn of(page: usize, found: usize, on_a_page: usize) -> Self {
        let last = found.div_ceil(on_a_page).max(1);
        Self { page: page.clamp(1, last), last }
    }

    pub fn skipped(self, on_a_page: usize) -> usize {
        (self.page - 1) * on_a_page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_a_page_and_none_beyond_the_last() {
        let pages = |page, found| Pages::of(page, found, 50);
        assert_eq!(pages(0, 0), Pages { page: 1, last: 1 });
        assert_eq!(pages(9, 50), Pages { page: 1, last: 1 });
        assert_eq!(pages(9, 51), Pages { page: 2, last: 2 });
        assert_eq!(pages(2, 120).skipped(50), 50);
    }
}
