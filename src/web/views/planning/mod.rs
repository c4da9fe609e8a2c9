//! What administrators plan and say: maintenance, announcements, incidents.

mod announcements;
mod fields;
mod incidents;
mod maintenance;
mod plan;

pub use announcements::{AnnouncementsPanel, AskRemovePanel, ConfirmationsPanel, PublishedView};
pub use fields::Fields;
pub use incidents::{IncidentPanel, IncidentsPanel};
pub use maintenance::{AskOffPanel, Known, MaintenancePanel, MaintenanceView, OccurrenceView};
pub use plan::{PlanPanel, PreviewView, ShareChoice};
