//! The server as browsers meet it: the whole app in this process, beside a simulated NAS.
#![expect(clippy::unwrap_used, reason = "a harness that cannot be set up fails the test")]

mod access;
mod admin;
mod crowd;
mod emergency;
mod errors;
mod farewells;
mod faults;
mod flood;
mod guard;
mod harness;
mod health;
mod hostile;
mod kill;
mod live;
mod machine;
mod metrics;
mod moved;
mod newcomer;
mod origin;
mod outage;
mod overview;
mod own;
mod people;
mod planning;
#[expect(dead_code, reason = "the tests of the executable use the rest")]
#[path = "../binaries/harness.rs"]
mod program;
mod rights;
mod rush;
mod sessions;
mod signin;
mod slow;
mod sockets;
mod stalled;
mod status;
mod system;
mod throttle;
mod tls;
mod trespass;
#[path = "../drives/twenty.rs"]
mod twenty;
mod upgrade;
