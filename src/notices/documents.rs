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

/// When one is over is its own to say; all else they have in common.
macro_rules! document {
    ($document:ty, $kind:literal, $over_at:expr) => {
        impl Document for $document {
            const KIND: &'static str = $kind;

            fn id(&self) -> &str {
                &self.id
            }

            fn created_at(&self) -> Timestamp {
                self.created_at
            }

            fn over_at(&self) -> Option<Timestamp> {
                let over_at: fn(&Self) -> Option<Timestamp> = $over_at;
                over_at(self)
            }
        }
    };
}

document!(Window, "window", Window::over_at);
document!(Announcement, "announcement", Announcement::over_at);
document!(Incident, "incident", Incident::resolved_at);
document!(Silence, "silence", |silence| Some(silence.until));
