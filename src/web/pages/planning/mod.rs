//! Maintenance, announcements and incidents: what administrators plan and say.

mod announcements;
mod incidents;
mod maintenance;

use axum::extract::FromRef;

use crate::domain::caller::Access;
use crate::domain::entry::Typed;
use crate::web::calendar::Calendar;
use crate::web::forms::Form;
use crate::web::live::Desk;
use crate::web::planning::Planning;
use crate::web::room::Room;
use crate::web::routes::Routes;

#[derive(Debug, Clone, FromRef)]
pub struct PlanningState {
    pub room: Room,
    pub planning: Planning,
    pub calendar: Calendar,
    pub desk: Desk,
}

pub fn routes(state: PlanningState) -> Routes {
    Routes::new()
        .get("/admin/maintenance", Access::Confirmed, maintenance::list)
        .get("/admin/maintenance/new", Access::Confirmed, maintenance::ask)
        .post("/admin/maintenance/new", Access::Confirmed, maintenance::create)
        .post("/admin/maintenance/preview", Access::Confirmed, maintenance::preview)
        .post("/admin/maintenance/longer", Access::Confirmed, maintenance::longer)
        .get("/admin/maintenance/off", Access::Confirmed, maintenance::ask_off)
        .post("/admin/maintenance/off", Access::Confirmed, maintenance::call_off)
        .post("/admin/maintenance/calendar", Access::Fresh, maintenance::renew_calendar)
        .get("/admin/maintenance/{id}", Access::Confirmed, maintenance::ask_change)
        .post("/admin/maintenance/{id}", Access::Confirmed, maintenance::change)
        .get("/admin/announcements", Access::Confirmed, announcements::list)
        .post("/admin/announcements", Access::Confirmed, announcements::create)
        .get("/admin/announcements/remove", Access::Confirmed, announcements::ask_remove)
        .post("/admin/announcements/remove", Access::Confirmed, announcements::remove)
        .get("/admin/announcements/{id}", Access::Confirmed, announcements::confirmations)
        .get("/admin/incidents", Access::Confirmed, incidents::list)
        .post("/admin/incidents", Access::Confirmed, incidents::create)
        .get("/admin/incidents/{id}", Access::Confirmed, incidents::show)
        .post("/admin/incidents/{id}", Access::Confirmed, incidents::update)
        .with_state(state)
}

fn title(form: &mut Form) -> Typed {
    Typed { portuguese: form.text("title_portuguese"), english: form.text("title_english") }
}

fn text(form: &mut Form) -> Typed {
    Typed { portuguese: form.text("text_portuguese"), english: form.text("text_english") }
}
