//! What the socket asks of whoever makes markup: lines, the present of a part, the farewell.

use std::fmt;

use async_trait::async_trait;

use crate::domain::caller::Account;
use crate::domain::event::Told;
use crate::web::live::Topic;
use crate::web::views::Ended;
use crate::web::words::Language;

/// Who looks at a part.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    pub account: &'a Account,
    pub language: Language,
    /// The last line the viewer has: a list of lines is shown up to this number, for all further ones come by themselves.
    pub up_to: u64,
}

/// Everything given back is whole elements for htmx to put where their ids are; the socket adds how far they go.
#[async_trait]
pub trait Present: fmt::Debug + Send + Sync + 'static {
    /// A toast, or a line of the feed. `None`: it is not shown.
    fn line(&self, told: &Told, language: Language) -> Option<String>;

    /// A part as it is now. What is not [personal](Topic::is_personal) looks the same to all of one role and language and
    /// is shared by them. `None`: there is nothing to show.
    async fn present(&self, topic: Topic, viewer: &Viewer<'_>) -> Option<String>;

    /// Instead of the page, when the session has ended.
    fn farewell(&self, language: Language, ended: Ended) -> String;
}
