//! Every notice there is, with names as an office has them and as nobody should.

use std::time::Duration;

use crate::domain::health::Level;
use crate::domain::language::Texts;
use crate::domain::maintenance::{Occurrence, Shown, Stage};
use crate::domain::nas::AlertLevel;
use crate::domain::notice::{Notice, Planned};
use crate::domain::share::Right;
use crate::web::views::Viewpoint;

const EVIL: &str = "\"><img src=x onerror=1>";

pub fn texts(portuguese: &str, english: &str) -> Texts {
    Texts { portuguese: portuguese.into(), english: english.into() }
}

pub fn window(viewpoint: &Viewpoint, hours: u64) -> Planned {
    Planned {
        window: "w1".into(),
        title: texts("Troca de discos", "Replacing disks"),
        starts_at: viewpoint.now.plus(Duration::from_hours(hours)),
        ends_at: Some(viewpoint.now.plus(Duration::from_hours(hours + 2))),
    }
}

pub fn shown(viewpoint: &Viewpoint, stage: Stage, wait: Duration) -> Shown {
    let starts_at = viewpoint.now.plus(wait);
    Shown {
        window: "w1".into(),
        title: texts("Troca de discos", "Replacing disks"),
        text: texts("O pool tank fica fora do ar.\nOs outros continuam.", "The pool tank is away."),
        shares: Vec::new(),
        at: Occurrence { starts_at, ends_at: starts_at.plus(Duration::from_hours(2)) },
        stage,
    }
}

pub fn notices(viewpoint: &Viewpoint) -> Vec<Notice> {
    let levels = [
        (Level::Online, Level::Unreachable),
        (Level::Unreachable, Level::Online),
        (Level::Online, Level::Attention),
        (Level::Attention, Level::Online),
        (Level::Online, Level::Planned),
        (Level::Planned, Level::Restarting),
        (Level::Restarting, Level::KeyRefused),
        (Level::KeyRefused, Level::Unknown),
        (Level::Unknown, Level::Attention),
    ];
    let mut all: Vec<Notice> =
        levels.into_iter().map(|(before, after)| Notice::StorageChanged { before, after }).collect();
    all.extend(shares());
    all.extend(maintenance(viewpoint));
    all.extend(spoken());
    all.extend(for_administrators());
    all
}

fn shares() -> [Notice; 4] {
    [
        Notice::ShareGained { name: "Financeiro".into(), right: Right::Write },
        Notice::ShareGained { name: EVIL.into(), right: Right::Unknown },
        Notice::ShareChanged { name: "Geral".into(), right: Right::Read },
        Notice::ShareLost { name: "Departamento de Infraestrutura e Obras Públicas – Unidade Cuiabá".into() },
    ]
}

fn maintenance(viewpoint: &Viewpoint) -> Vec<Notice> {
    let planned = |hours| window(viewpoint, hours);
    let unnamed = Planned { title: texts("", ""), ends_at: None, ..planned(0) };
    let mut all: Vec<Notice> =
        [1, 60, 1_440].map(|minutes| Notice::MaintenanceAhead { window: planned(24), minutes }).into();
    all.extend([
        Notice::MaintenanceBegan(unnamed),
        Notice::MaintenanceOverdue(planned(0)),
        Notice::MaintenanceEnded(planned(0)),
        Notice::MaintenanceMoved(planned(30)),
        Notice::MaintenanceCalledOff(planned(5)),
    ]);
    all
}

fn spoken() -> [Notice; 3] {
    let (title, text) = (texts("Feriado na segunda", "Holiday on Monday"), texts(EVIL, ""));
    [
        Notice::Announced { announcement: "a1".into(), title: title.clone(), text: text.clone() },
        Notice::IncidentUpdated { incident: "i1".into(), title: title.clone(), text: text.clone(), resolved: false },
        Notice::IncidentUpdated { incident: "i1".into(), title, text, resolved: true },
    ]
}

fn for_administrators() -> Vec<Notice> {
    let text = || "Pool tank is DEGRADED: One or more devices has been removed.".to_owned();
    vec![
        Notice::AlertRaised { level: AlertLevel::Info, text: text() },
        Notice::AlertRaised { level: AlertLevel::Warning, text: text() },
        Notice::AlertRaised { level: AlertLevel::Critical, text: EVIL.into() },
        Notice::AlertCleared { text: text() },
        Notice::KeyRefused,
        Notice::KeyAccepted,
        Notice::CodesGuessed { username: EVIL.into() },
        Notice::MessageUndelivered { channel: "ntfy".into() },
    ]
}
