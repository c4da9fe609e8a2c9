//! How the process lives in time: clock, chance, tasks, waiting, logs.
//!
//! Must never know: a business word. Nothing here mentions a NAS, a share or a person.
//! Invariant: whoever needs time or chance gets it from here, so tests can move the one and seed the other.

pub mod backoff;
pub mod clock;
pub mod handles;
pub mod hold;
pub mod logging;
pub mod pace;
pub mod periodic;
pub mod pulse;
pub mod random;
pub mod rounds;
pub mod space;
pub mod tally;
pub mod tasks;

pub use backoff::Backoff;
pub use clock::{Clock, Elapsed, Hand};
pub use hold::Hold;
pub use pace::Pace;
pub use periodic::Poke;
pub use pulse::Pulse;
pub use random::Random;
pub use rounds::{Round, Rounds};
pub use space::Space;
pub use tally::Tally;
pub use tasks::Tasks;
