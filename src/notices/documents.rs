//! What the room keeps as whole documents, and for how long.

use std::time::Duration;

use crate::domain::Timestamp;
use crate::domain::announcement::Announcement;
use crate::domain::incident::Incident;
use crate::domain::maintenance::Window;
use crate::domain::silence::Silence;
use crate::store::Document;

/// As far back as the public page and the list of windows go.
pub(super) const HISTORY: Duration = Duration::from_hours(90 * 24);

impl Document for Window {
    const KIND: &'static str = "window";

    fn id(&self) -> &str {
        &self.id
    }

    fn created_at(&self) -> Timestamp {
        self.created_at
    }

    fn over_at(&self) -> Option<Timestamp> {
        self.over_at()
    }
}

impl Document for Announcement {
    const KIND: &'static str = "announcement";

    fn id(&self) -> &str {
        &self.id
    }

    fn created_at(&self) -> Timestamp {
        self.created_at
    }

    fn over_at(&self) -> Option<Timestamp> {
        self.over_at()
    }
}

impl Document for Incident {
    const KIND: &'static str = "incident";

    fn id(&self) -> &str {
        &self.id
    }

    fn created_at(&self) -> Timestamp {
        self.created_at
    }

    fn over_at(&self) -> Option<Timestamp> {
        self.resolved_at()
    }
}

impl Document for Silence {
    const KIND: &'static str = "silence";

    fn id(&self) -> &str {
        &self.id
    }

    fn created_at(&self) -> Timestamp {
        self.created_at
    }

    fn over_at(&self) -> Option<Timestamp> {
        Some(self.until)
    }
}
