//! A sign-in as the person watches it.

/// Names one sign-in under way, so that its steps can be watched. It gives no right at all.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AttemptId(String);

impl AttemptId {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In the order they happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Queue,
    Reach,
    Check,
    Rights,
    Ready,
}

impl Step {
    pub const ALL: [Self; 5] = [Self::Queue, Self::Reach, Self::Check, Self::Rights, Self::Ready];
}

/// How far a sign-in has come: always its whole state, so that missing one in between does no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Nothing has been asked for yet.
    pub step: Option<Step>,
    /// What is checked is the code of a second factor: the password was right.
    pub code: bool,
    /// One is the next.
    pub place: Option<u32>,
    /// How long the NAS took to answer.
    pub reach_ms: Option<u64>,
    pub outcome: Option<Outcome>,
}

/// How the latest request of an attempt ended. Why it was refused is told by the answer to the form, and only there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    SignedIn,
    CodeWanted,
    Refused,
}

impl Progress {
    pub const IDLE: Self = Self { step: None, code: false, place: None, reach_ms: None, outcome: None };
}
