//! Building what lets people in: who proves a password is a matter of the settings.

use std::sync::Arc;

use crate::app::{Error, Process};
use crate::audit::Audit;
use crate::auth::{
    self, Api, Authenticator, Emergency, Factors, Guard, GuardRooms, KeyAlarm, Prove, Sessions, SignIn, Smb, Throttle,
};
use crate::config::Settings;
use crate::live::Hub;
use crate::runtime::{Clock, Tasks};
use crate::shares::Board;
use crate::smb::Prover;
use crate::store::Store;
use crate::truenas::{Client, PasswordTask, Passwords};

pub struct Entrance {
    pub sessions: Sessions,
    pub sign_in: SignIn,
    pub emergency: Emergency,
    pub factors: Factors,
    pub throttle: Throttle,
    pub audit: Audit,
    guard: Guard,
    /// Where passwords are checked over a connection of their own.
    passwords: Option<PasswordTask>,
}

pub fn build(
    settings: &Settings,
    process: &Process,
    store: &Store,
    hub: &Hub,
    (client, board): (&Client, &Board),
) -> Result<Entrance, Error> {
    let Process { clock, random, tasks } = process;
    let audit = Audit::new(store.clone(), clock.clone());
    let sessions = Sessions::new(store.clone(), audit.clone(), &settings.auth, clock.clone(), random.clone());
    let throttle = Throttle::new(store.clone(), audit.clone(), clock.clone());
    let emergency = Emergency::new(auth::EmergencyRooms {
        store: store.clone(),
        audit: audit.clone(),
        clock: clock.clone(),
        throttle: throttle.clone(),
        sessions: sessions.clone(),
        tasks: tasks.clone(),
    });
    let factor_rooms = auth::FactorRooms {
        store: store.clone(),
        audit: audit.clone(),
        clock: clock.clone(),
        random: random.clone(),
        throttle: throttle.clone(),
        sessions: sessions.clone(),
        hub: hub.clone(),
    };
    let factors = Factors::new(factor_rooms, &settings.web.secret_key, settings.auth.second_factor);
    let (prove, passwords): (Arc<dyn Prove>, _) = match settings.auth.authenticator {
        Authenticator::Smb => {
            let prover = Prover::new(settings.smb.clone(), clock.clone());
            (Arc::new(Smb::new(prover, client.clone(), clock.clone())), None)
        }
        Authenticator::TruenasApi => {
            let (passwords, task) =
                Passwords::new(settings.truenas.clone(), clock, random).map_err(Error::PrepareLink)?;
            (Arc::new(Api::new(passwords)), Some(task))
        }
    };
    let watched = GuardRooms {
        client: client.clone(),
        sessions: sessions.clone(),
        board: board.clone(),
        alarm: KeyAlarm::new(store.clone(), hub.clone(), clock.clone()),
        clock: clock.clone(),
    };
    let guard = Guard::new(watched, &settings.auth);
    let sign_in = SignIn::new(auth::Rooms {
        prove,
        client: client.clone(),
        board: board.clone(),
        sessions: sessions.clone(),
        throttle: throttle.clone(),
        audit: audit.clone(),
        administrators_group: settings.auth.administrators_group.clone(),
        clock: clock.clone(),
        random: random.clone(),
        tasks: tasks.clone(),
    });
    Ok(Entrance { sessions, sign_in, emergency, factors, throttle, audit, guard, passwords })
}

impl Entrance {
    pub fn start(self, clock: Clock, tasks: &Tasks) {
        let Self { sessions, sign_in, throttle, guard, passwords, .. } = self;
        if let Some(passwords) = passwords {
            passwords.start(tasks);
        }
        tasks.keep("guard", guard.run(tasks.stopping()));
        tasks.keep("session ends", sessions.run(tasks.stopping()));
        tasks.keep("tidy sign-ins", auth::tidy(sign_in, throttle, clock, tasks.stopping()));
    }
}
