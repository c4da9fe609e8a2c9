//! The steps from the head of the line on.

use std::error::Error as Cause;

use tracing::{error, info};

use super::{Arrival, Entered, Parking, SignIn};
use crate::auth::attempts::Running;
use crate::auth::guard::{role_of, verdict};
use crate::auth::parked::Owner;
use crate::auth::prove::{Proofs, Verdict};
use crate::auth::queue::Place;
use crate::auth::refused::{Closed, Refused, of_nas, of_reach};
use crate::auth::{Error, SignedIn};
use crate::domain::Secret;
use crate::domain::audit::{Action, Deed};
use crate::domain::caller::{Account, AccountId};
use crate::domain::person::Person;
use crate::domain::session::Session;
use crate::domain::signin::Step;
use crate::shares::Known;
use crate::truenas::{self, PasswordVerdict};

impl SignIn {
    pub(super) async fn enter(
        &self,
        mut arrival: Arrival,
        password: Secret<String>,
        place: Place,
        running: &Running,
    ) -> Result<Entered, Refused> {
        running.is_at(Step::Reach);
        self.reach(running).await?;
        // One that is changed while it is tried opens nothing, and this tells.
        let changes = self.0.rooms.client.list_password_changes(&arrival.username).await;
        arrival.password_changes = changes.map_err(|error| nas_trouble(&error))?;
        running.is_at(Step::Check);
        let verdict = self.0.rooms.prove.check(&arrival.username, &password).await;
        drop(password);
        drop(place);
        match verdict {
            Verdict::Accepted(proofs) => {
                self.settle(arrival, proofs, running).await.map(|in_now| Entered::SignedIn(Box::new(in_now)))
            }
            Verdict::Refused(why) => Err(self.failed(&arrival, &why, Refused::WrongCredentials).await),
            Verdict::Expired => Err(self.refused(&arrival, "the password has expired", Refused::PasswordExpired).await),
            Verdict::Closed(closed, why) => Err(self.refused(&arrival, &why, Refused::AccountClosed(closed)).await),
            Verdict::SecondFactor(factor) => {
                let Arrival { attempt, username, password_changes, .. } = arrival;
                let owner = Owner { attempt, username, wrong: 0, password_changes };
                Ok(Entered::CodeWanted(self.0.parked.park(factor, owner)))
            }
            Verdict::Trouble(refused) => Err(refused),
        }
    }

    /// Both ways to the NAS: the one with the service key, without which nobody's rights are known, and that of the password.
    async fn reach(&self, running: &Running) -> Result<(), Refused> {
        let rooms = &self.0.rooms;
        rooms.client.road().await.map_err(|error| {
            log(&error);
            // It may be back already: whoever tries again shall not wait for our patience.
            rooms.client.retry();
            of_reach(&error)
        })?;
        let took = rooms.prove.reach().await?;
        running.reached_in(u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
        Ok(())
    }

    pub(super) async fn try_code(
        &self,
        arrival: Arrival,
        mut parking: Parking,
        code: &Secret<String>,
        running: &Running,
    ) -> Result<SignedIn, Refused> {
        running.checks_code();
        let Some(factor) = parking.factor.take() else { return Err(Refused::CodeExpired) };
        let answer = factor.answer(code).await;
        if let Ok(PasswordVerdict::SecondFactor(factor)) = answer {
            let again = self.0.parked.put_back(&parking.key, factor, 1);
            return Err(self.failed(&arrival, "the code was wrong", Refused::WrongCode { again }).await);
        }
        self.0.parked.forget(&parking.key);
        match answer {
            Ok(PasswordVerdict::Accepted) => self.settle(arrival, Proofs::new(), running).await,
            Ok(PasswordVerdict::SecondFactor(_) | PasswordVerdict::Refused | PasswordVerdict::Withheld) => {
                Err(self.failed(&arrival, "the code was wrong", Refused::WrongCode { again: false }).await)
            }
            Ok(PasswordVerdict::Expired) => {
                Err(self.refused(&arrival, "the password has expired", Refused::PasswordExpired).await)
            }
            Err(truenas::Error::SessionEnded) => Err(Refused::CodeExpired),
            Err(error) => Err(nas_trouble(&error)),
        }
    }

    /// The password is proved: what the account is, and what it may, the NAS says anew.
    async fn settle(&self, arrival: Arrival, proofs: Proofs, running: &Running) -> Result<SignedIn, Refused> {
        running.is_at(Step::Rights);
        let rooms = &self.0.rooms;
        let known = self.read_account(&arrival.username).await?;
        let person = known.as_ref().map(|known| &known.access.person);
        let person = match admitted(person) {
            Ok(person) => person,
            Err(closed) => {
                let why = format!("the account is {closed}");
                return Err(self.refused(&arrival, &why, Refused::AccountClosed(closed)).await);
            }
        };
        let before = arrival.password_changes.iter().find(|(uid, _)| *uid == person.uid);
        if before.is_some_and(|(_, changed_at)| *changed_at != person.password_changed_at) {
            let why = "the password was changed while it was tried";
            return Err(self.refused(&arrival, why, Refused::WrongCredentials).await);
        }
        let account = account(person, &rooms.administrators_group);
        rooms.board.keep(&account.id, proofs).await;
        rooms.throttle.succeeded(&arrival.who).await?;
        let (visitor, held) = (arrival.visitor, arrival.held.as_ref());
        let signed_in = rooms.sessions.create(account, visitor, held, person.password_changed_at).await?;
        let session = &signed_in.session;
        let deed = Deed {
            action: Action::SignIn,
            actor: session.account.username.clone(),
            address: Some(session.visitor.address),
            subject: String::new(),
            detail: session.account.role.as_str().to_owned(),
        };
        // Sessions live in the same database as the trail: when that cannot be written, a session is no safer than it, and
        // one rule for all is the one that is kept.
        if let Err(error) = rooms.audit.record(deed).await {
            rooms.sessions.take_back(session).await?;
            return Err(Refused::Broken(Error::Audit(error)));
        }
        info!(user = session.account.username, address = %session.visitor.address, "signed in");
        if known.is_some_and(|known| !rooms.board.holds(&known)) {
            self.look_again(session).await?;
        }
        running.is_at(Step::Ready);
        Ok(signed_in)
    }

    /// The NAS has told of a change since the account was read: whoever looks after those who are signed in may have looked
    /// just before this one was there. The browser is told why, like any other.
    async fn look_again(&self, session: &Session) -> Result<(), Refused> {
        let rooms = &self.0.rooms;
        let person = match rooms.client.find_person(&session.account.username).await {
            Ok(person) => person.filter(|person| AccountId::of_uid(person.uid) == session.account.id),
            Err(error) => {
                log(&error);
                return Ok(());
            }
        };
        if let Some(end) = verdict(person.as_ref(), session, &rooms.administrators_group) {
            rooms.sessions.end_because(std::slice::from_ref(session), end).await?;
        }
        Ok(())
    }

    /// As typed first: the NAS may tell letters apart. Its file server does not, and keeps such names in small ones.
    async fn read_account(&self, typed: &str) -> Result<Option<Known>, Refused> {
        let board = &self.0.rooms.board;
        let found = board.refresh(typed).await;
        let small = typed.to_lowercase();
        let unknown = match &found {
            Ok(found) => found.is_none(),
            Err(error) => matches!(error.nas(), truenas::Error::Refused { .. }),
        };
        let found = if unknown && small != typed { board.refresh(&small).await } else { found };
        found.map_err(|error| {
            log(&error);
            of_nas(error.nas())
        })
    }

    /// Counted and written down. An entry that cannot be written does not change the answer: it would tell more.
    async fn failed(&self, arrival: &Arrival, why: &str, refused: Refused) -> Refused {
        match self.0.rooms.throttle.failed(&arrival.who).await {
            Ok(_) => self.refused(arrival, why, refused).await,
            // Uncounted guesses are unlimited ones: nobody hears how this one went.
            Err(error) => Refused::Broken(error),
        }
    }

    async fn refused(&self, arrival: &Arrival, why: &str, refused: Refused) -> Refused {
        info!(user = arrival.username, address = %arrival.visitor.address, why, "a sign-in was refused");
        let deed = Deed {
            action: Action::SignInRefused,
            actor: arrival.username.clone(),
            address: Some(arrival.visitor.address),
            subject: String::new(),
            detail: why.to_owned(),
        };
        if let Err(error) = self.0.rooms.audit.record(deed).await {
            error!(error = &error as &dyn Cause, "a refused sign-in could not be written down");
        }
        refused
    }
}

fn admitted(person: Option<&Person>) -> Result<&Person, Closed> {
    match person {
        None => Err(Closed::Missing),
        Some(person) if person.locked => Err(Closed::Locked),
        Some(person) if person.password_disabled => Err(Closed::Disabled),
        Some(person) => Ok(person),
    }
}

fn account(person: &Person, administrators_group: &str) -> Account {
    Account {
        id: AccountId::of_uid(person.uid),
        username: person.username.clone(),
        full_name: person.full_name.clone(),
        role: role_of(person, administrators_group),
    }
}

fn nas_trouble(error: &truenas::Error) -> Refused {
    log(error);
    of_nas(error)
}

fn log(error: &(dyn Cause + 'static)) {
    tracing::warn!(error, "a sign-in ended at the NAS");
}
