//! Proving who calls: sign-in, sessions, the break-glass administrator, throttling.
//!
//! Must never know: HTTP, cookies, words for people.
//!
//! Invariants: a password is held no longer than its check lasts, that of its code included; one attempt at the NAS for
//! each sign-in; what a browser holds is kept here as a hash only; nobody signs in without an entry in the audit trail.

mod administrators;
mod alarm;
mod attempts;
mod emergency;
mod ended;
mod error;
mod guard;
mod parked;
mod prove;
mod queue;
mod refused;
mod secrets;
mod session;
mod settings;
mod signin;
mod throttle;
mod token;
mod typed;

pub use administrators::{
    Administrators, Candidate, Kept, Listed, SHORTEST_PASSWORD, Unfit, check_name, check_password,
};
pub use alarm::KeyAlarm;
pub use emergency::{Emergency, EmergencyForm, EmergencyRooms};
pub use error::Error;
pub use guard::{Guard, GuardRooms};
pub use prove::{Api, Proofs, Prove, Smb, Verdict};
pub use refused::{Closed, Invalid, Refused};
pub use session::{Sessions, SignedIn, Use};
pub use settings::{ADMINISTRATORS_GROUP, Authenticator, IDLE_TIMEOUT, OnKeyRefused, SESSION_TIMEOUT, Settings};
pub use signin::{CodeForm, Entered, PasswordForm, Rooms, SignIn};
pub use throttle::Throttle;

use std::error::Error as Cause;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::runtime::{Clock, Poke, periodic};

/// How often what is over is thrown away. Nothing that is over is believed meanwhile.
const TIDY_PERIOD: Duration = Duration::from_mins(5);

/// Throws away waiting times and attempts that are over, until the stop.
pub async fn tidy(sign_in: SignIn, throttle: Throttle, clock: Clock, stop: CancellationToken) {
    let round = || async {
        sign_in.purge();
        if let Err(error) = throttle.purge().await {
            warn!(error = &error as &dyn Cause, "what is over could not be thrown away");
        }
    };
    periodic::every(TIDY_PERIOD, &clock, &Poke::default(), stop, round).await;
}
