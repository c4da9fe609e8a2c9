//! Maintenance, announcements and incidents: planned by administrators, heard by exactly those they concern.

use std::time::Duration;

use farol::audit::Audit;
use farol::domain::audit::{Action, Deed, Filter};
use farol::domain::caller::FRESH_FOR;
use farol::store::Store;

use crate::harness::{Answer, Browser, House, toasts_of, unescaped};

const EVIL: &str = "\"><img src=x onerror=1>";
/// On the clocks of the office it is 10:13 of the 21st of September 2026, a Monday.
pub const ONCE: [(&str, &str); 7] = [
    ("title_portuguese", "Troca de discos"),
    ("title_english", "New disks"),
    ("text_portuguese", "Salve tudo."),
    ("rule", "once"),
    ("starts", "2026-09-21T10:25"),
    ("ends", "2026-09-21T11:25"),
    ("zone", "America/Cuiaba"),
];

/// A form of these fields, some of them otherwise.
pub fn with<'a>(fields: &[(&'a str, &'a str)], other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| !other.iter().any(|(changed, _)| changed == name));
    kept.chain(other).copied().collect()
}

#[track_caller]
fn leads_to(answer: &Answer, path: &str) {
    assert_eq!((answer.status, answer.header("location")), (303, path), "{}", answer.body);
}

pub async fn plan(carla: &Browser, fields: &[(&str, &str)]) {
    leads_to(&carla.post("/admin/maintenance/new", fields).await, "/admin/maintenance");
}

/// What stands in the first attribute that begins like this.
#[track_caller]
fn after(body: &str, words: &str) -> String {
    let rest = body.split(words).nth(1).unwrap_or_else(|| panic!("no {words} in {body}"));
    unescaped(rest.split('"').next().unwrap())
}

/// The newest first, as far as they are of this kind.
async fn deeds(house: &House, action: Action) -> Vec<Deed> {
    let audit = Audit::new(Store::open(&house.settings.store).await.unwrap(), house.clock.clone());
    let filter = Filter { action: Some(action), ..Filter::default() };
    audit.search(&filter, None, 50).await.unwrap().into_iter().map(|entry| entry.deed).collect()
}

#[tokio::test]
async fn a_window_is_planned_changed_given_more_time_and_called_off_and_the_trail_tells_of_each() {
    let house = House::open().await;
    let carla = house.administrator("carla").await;
    plan(&carla, &ONCE).await;
    let page = carla.get("/admin/maintenance").await;
    page.assert_says("<h3>Troca de discos</h3>");
    page.assert_says("21/09/2026 10:25 – 11:25");
    let id = after(&page.body, "data-window=\"");
    let start = after(&page.body, "data-start=\"");
    let form = carla.get(&format!("/admin/maintenance/{id}")).await;
    form.assert_says("value=\"2026-09-21T10:25\"");
    let later = with(&ONCE, &[("starts", "2026-09-21T10:15"), ("title_portuguese", EVIL)]);
    leads_to(&carla.post(&format!("/admin/maintenance/{id}"), &later).await, "/admin/maintenance");
    house.pass(Duration::from_mins(3)).await;
    carla.get("/admin/maintenance").await.assert_says("Em andamento");
    let more = [("window", id.as_str()), ("minutes", "30")];
    leads_to(&carla.post("/admin/maintenance/longer", &more).await, "/admin/maintenance");
    let page = carla.get("/admin/maintenance").await;
    page.assert_says("10:15 – 11:55");
    assert!(!page.body.contains("<img src=x"), "a title is no markup");
    let gone = [("window", id.as_str()), ("start", start.as_str())];
    assert_eq!(carla.post("/admin/maintenance/off", &gone).await.status, 404, "nothing begins then any more");
    let start = after(&page.body, "data-start=\"");
    carla
        .get(&format!("/admin/maintenance/off?window={id}&start={start}"))
        .await
        .assert_says("Cancelar esta manutenção?");
    let off = [("window", id.as_str()), ("start", start.as_str())];
    leads_to(&carla.post("/admin/maintenance/off", &off).await, "/admin/maintenance");
    assert_eq!(carla.post("/admin/maintenance/off", &off).await.status, 404, "it is called off once");
    carla.get("/admin/maintenance").await.assert_says("cancelada");
    let told = [Action::MaintenancePlanned, Action::MaintenanceChanged, Action::MaintenanceCalledOff];
    let mut counted = Vec::new();
    for action in told {
        let deeds = deeds(&house, action).await;
        assert!(deeds.iter().all(|deed| deed.actor == "carla" && deed.subject == id), "{deeds:?}");
        counted.push(deeds.len());
    }
    assert_eq!(counted, [1, 2, 1]);
    house.close().await;
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_what_was_typed_stays() {
    let house = House::open().await;
    let carla = house.administrator("carla").await;
    let wrong =
        [("title_portuguese", ""), ("title_english", EVIL), ("ends", "2026-09-21T10:00"), ("zone", "Mars/Olympus")];
    let page = carla.post("/admin/maintenance/new", &with(&ONCE, &wrong)).await;
    assert_eq!(page.status, 422, "{page:?}");
    for said in ["Nada foi salvo ainda", "id=\"title_portuguese-wrong\"", "id=\"zone-wrong\"", "value=\"Mars/Olympus\""]
    {
        page.assert_says(said);
    }
    assert!(!page.body.contains("<img src=x"));
    assert_eq!(page.body.matches(" autofocus").count(), 1, "one field is where to go on");
    page.assert_says("aria-describedby=\"title_portuguese-wrong\" autofocus");
    let late = carla.post("/admin/maintenance/new", &with(&ONCE, &[("ends", "2026-09-21T10:20")])).await;
    late.assert_says("O fim precisa vir depois do começo.");
    let weekly = with(&ONCE, &[("rule", "weekly"), ("time", "22:00"), ("minutes", "0")]);
    let page = carla.post("/admin/maintenance/new", &weekly).await;
    page.assert_says("id=\"weekdays-wrong\"");
    page.assert_says("id=\"minutes-wrong\"");
    let long = [("minutes", "90"), ("window", "nobody")];
    assert_eq!(carla.post("/admin/maintenance/longer", &long).await.status, 404);
    carla.get("/admin/maintenance").await.assert_says("Nenhuma manutenção planejada");
    assert!(deeds(&house, Action::MaintenancePlanned).await.is_empty());
    house.close().await;
}

#[tokio::test]
async fn the_form_shows_the_next_dates_and_what_people_will_be_told_before_anything_is_saved() {
    let house = House::open().await;
    let carla = house.administrator("carla").await;
    let ana = house.signed_in("ana").await;
    let mut socket = ana.live().await;
    socket.until("id=\"shares\"").await;
    let financeiro = share_of(&carla, "Financeiro").await;
    let monthly = [
        ("rule", "monthly"),
        ("day", "last sunday"),
        ("time", "22:00"),
        ("minutes", "90"),
        (financeiro.as_str(), "yes"),
    ];
    let piece = carla.post("/admin/maintenance/preview", &with(&ONCE, &monthly)).await;
    for said in
        ["27/09/2026 22:00 – 23:30", "25/10/2026 22:00 – 23:30", "Manutenção amanhã", "26/09 22:00", "isto afeta 1"]
    {
        piece.assert_says(said);
    }
    let without_script = carla.post("/admin/maintenance/new", &with(&ONCE, &[("look", "yes")])).await;
    assert_eq!(without_script.status, 200);
    without_script.assert_says("Manutenção em 12 min");
    carla.get("/admin/maintenance").await.assert_says("Nenhuma manutenção planejada");
    house.close().await;
}

/// The name of the box of a share.
pub async fn share_of(carla: &Browser, name: &str) -> String {
    carla.get("/dashboard").await;
    let form = carla.get("/admin/maintenance/new").await;
    let before = form.body.split(&format!("<span>{name}</span>")).next().unwrap();
    after(before.rsplit("<label").next().unwrap(), "name=\"")
}

#[tokio::test]
async fn a_window_of_some_shares_is_told_to_those_who_reach_them_alone() {
    let house = House::open().await;
    let carla = house.administrator("carla").await;
    let (ana, bruno) = (house.signed_in("ana").await, house.signed_in("bruno").await);
    let (mut hers, mut his) = (ana.live().await, bruno.live().await);
    hers.until("id=\"shares\"").await;
    his.until("id=\"shares\"").await;
    let financeiro = share_of(&carla, "Financeiro").await;
    plan(&carla, &with(&ONCE, &[(financeiro.as_str(), "yes")])).await;
    let frames = hers.until("toast-title").await;
    assert_eq!(frames.iter().flat_map(|frame| toasts_of(frame)).count(), 1);
    house.pass_until(hers.until("bell-count")).await;
    plan(&carla, &with(&ONCE, &[("title_portuguese", "Para todos")])).await;
    let heard = his.until("toast-title").await.concat();
    assert!(heard.contains("Para todos") && !heard.contains("Troca de discos"), "{heard}");
    assert!(!bruno.get("/dashboard").await.body.contains("Troca de discos"));
    ana.get("/dashboard").await.assert_says("Troca de discos");
    carla.get("/admin/maintenance").await.assert_says("Financeiro");
    house.close().await;
}

#[tokio::test]
async fn an_announcement_reaches_its_group_is_confirmed_once_and_leaves_by_an_administrator() {
    let house = House::open().await;
    let carla = house.administrator("carla").await;
    let (ana, bruno) = (house.signed_in("ana").await, house.signed_in("bruno").await);
    let (mut hers, mut other, mut his) = (ana.live().await, ana.live().await, bruno.live().await);
    for socket in [&mut hers, &mut other, &mut his] {
        socket.until("id=\"shares\"").await;
    }
    let fields =
        [("title_portuguese", EVIL), ("text_portuguese", "Leia."), ("group", "financeiro"), ("confirm", "yes")];
    leads_to(&carla.post("/admin/announcements", &fields).await, "/admin/announcements");
    hers.until("toast-title").await;
    house.pass_until(other.until("id=\"announcement-")).await;
    let page = carla.get("/admin/announcements").await;
    page.assert_says("Ninguém leu ainda");
    assert!(!page.body.contains("<img src=x"));
    let id = after(&page.body, "data-id=\"");
    assert_eq!(bruno.post(&format!("/announcements/{id}/read"), &[]).await.status, 404, "it is not for him");
    for _ in 0..2 {
        leads_to(&ana.post(&format!("/announcements/{id}/read"), &[]).await, "/dashboard");
    }
    house.pass_until(other.until("Você confirmou")).await;
    let who = carla.get(&format!("/admin/announcements/{id}")).await;
    who.assert_says("1 pessoa confirmou");
    who.assert_says(">ana</th>");
    let all = [("title_portuguese", "Para todos"), ("text_portuguese", "Feriado.")];
    carla.post("/admin/announcements", &all).await;
    let heard = his.until("toast-title").await.concat();
    assert!(heard.contains("Para todos") && !heard.contains("Leia."), "{heard}");
    let empty = carla.post("/admin/announcements", &[("group", EVIL), ("pinned_until", "2020-01-01T10:00")]).await;
    assert_eq!(empty.status, 422);
    for said in ["id=\"title_portuguese-wrong\"", "id=\"text_portuguese-wrong\"", "Este momento já passou."] {
        empty.assert_says(said);
    }
    carla.get(&format!("/admin/announcements/remove?announcement={id}")).await.assert_says("Remover este comunicado?");
    let remove = [("announcement", id.as_str())];
    leads_to(&carla.post("/admin/announcements/remove", &remove).await, "/admin/announcements");
    assert_eq!(carla.post("/admin/announcements/remove", &remove).await.status, 404);
    assert!(!ana.get("/dashboard").await.body.contains("Leia."));
    assert_eq!(deeds(&house, Action::AnnouncementPublished).await.len(), 2);
    assert_eq!(deeds(&house, Action::AnnouncementRemoved).await[0].subject, id);
    house.close().await;
}

#[tokio::test]
async fn an_incident_is_told_update_by_update_until_it_is_resolved() {
    let house = House::open().await;
    let carla = house.administrator("carla").await;
    let ana = house.signed_in("ana").await;
    let mut socket = ana.live().await;
    socket.until("id=\"shares\"").await;
    let fields = [("title_portuguese", EVIL), ("text_portuguese", "Estamos olhando."), ("state", "investigating")];
    leads_to(&carla.post("/admin/incidents", &fields).await, "/admin/incidents");
    socket.until("Estamos olhando.").await;
    let page = carla.get("/admin/incidents").await;
    assert!(!page.body.contains("<img src=x"));
    let path = format!("/admin/incidents/{}", after(&page.body, "href=\"/admin/incidents/"));
    let empty = carla.post(&path, &[("state", "nonsense")]).await;
    assert_eq!(empty.status, 422);
    empty.assert_says("id=\"state-wrong\"");
    empty.assert_says("id=\"text_portuguese-wrong\"");
    let solved = [("state", "resolved"), ("text_portuguese", "Tudo de volta.")];
    leads_to(&carla.post(&path, &solved).await, &path);
    socket.until("Tudo de volta.").await;
    carla.get("/admin/incidents").await.assert_says("Resolvidos");
    assert_eq!(carla.post("/admin/incidents/nobody", &solved).await.status, 404);
    assert_eq!(deeds(&house, Action::IncidentWritten).await.len(), 2);
    house.close().await;
}

#[tokio::test]
async fn a_calendar_needs_no_session_but_the_address_and_learns_what_concerns_everybody_alone() {
    let house = House::open().await;
    let carla = house.administrator("carla").await;
    let (ana, bruno, nobody) = (house.signed_in("ana").await, house.signed_in("bruno").await, house.browser());
    ana.get("/dashboard/shares").await;
    bruno.get("/dashboard/shares").await;
    let financeiro = share_of(&carla, "Financeiro").await;
    plan(&carla, &with(&ONCE, &[(financeiro.as_str(), "yes"), ("title_portuguese", "Secreta")])).await;
    let lines = with(&ONCE, &[("title_portuguese", "Para todos\nBEGIN:VEVENT")]);
    assert_eq!(carla.post("/admin/maintenance/new", &lines).await.status, 422);
    plan(&carla, &with(&ONCE, &[("title_portuguese", "Para todos; e mais")])).await;
    let notices = ana.get("/notices").await;
    let address = unescaped(&after(&notices.body, "data-copy=\""));
    let path = address.strip_prefix(nobody.origin()).unwrap().to_owned();
    let feed = nobody.get(&path).await;
    assert_eq!((feed.status, feed.header("content-type")), (200, "text/calendar; charset=utf-8"));
    feed.assert_says("SUMMARY:Para todos\\; e mais\r\n");
    assert!(!feed.body.contains("Secreta") && !feed.body.contains("carla"), "{}", feed.body);
    assert!(nobody.get(&path.replace("lang=pt-BR", "lang=en")).await.body.contains("SUMMARY:New disks"));
    ana.get("/maintenance.ics").await.assert_says("SUMMARY:Secreta");
    assert!(!bruno.get("/maintenance.ics").await.body.contains("Secreta"));
    for (address, status) in [("/maintenance.ics", 403), (path.as_str(), 200)] {
        let neighbour = ana.ask("GET", address, &[("sec-fetch-site", "same-site")], "").await;
        assert_eq!(neighbour.status, status, "{address}");
    }
    leads_to(&nobody.get("/maintenance.ics").await, "/?next=%2Fmaintenance.ics");
    for wrong in ["/maintenance.ics?key=", "/maintenance.ics?key=ab12"] {
        assert_eq!(nobody.get(wrong).await.status, 404, "{wrong}");
    }
    assert_eq!(nobody.get(&path.replace("lang=pt-BR", "lang=xx")).await.status, 422);
    house.hand.advance(FRESH_FOR);
    carla.post("/admin/maintenance/calendar", &[]).await;
    assert_eq!(nobody.get(&path).await.status, 200, "that asks for a code of just now");
    house.confirm(&carla, "carla").await;
    leads_to(&carla.post("/admin/maintenance/calendar", &[]).await, "/admin/maintenance");
    assert_eq!(nobody.get(&path).await.status, 404);
    assert_eq!(deeds(&house, Action::CalendarRenewed).await.len(), 1);
    house.close().await;
}
