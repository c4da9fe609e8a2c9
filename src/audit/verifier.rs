//! Verifying the whole trail beside everything else: it may be long, and nobody waits for it on a page.

use std::sync::{Arc, Mutex, PoisonError};

use tracing::error;

use crate::audit::{Audit, Verdict};
use crate::domain::Timestamp;
use crate::runtime::Tasks;

/// Cheap to clone; of all clones one walk is under way at most.
#[derive(Debug, Clone)]
pub struct Verifier {
    audit: Audit,
    tasks: Tasks,
    latest: Arc<Mutex<Verification>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verification {
    /// Not since this process began.
    Never,
    Running,
    Done(Timestamp, Verdict),
    /// The trail could not be read; the log says why.
    Failed(Timestamp),
}

impl Verifier {
    pub fn new(audit: Audit, tasks: Tasks) -> Self {
        Self { audit, tasks, latest: Arc::new(Mutex::new(Verification::Never)) }
    }

    pub fn latest(&self) -> Verification {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins, unless it is under way already.
    pub fn begin(&self) {
        let before =
            std::mem::replace(&mut *self.latest.lock().unwrap_or_else(PoisonError::into_inner), Verification::Running);
        if before == Verification::Running {
            return;
        }
        let verifier = self.clone();
        self.tasks.run("verify the audit trail", async move {
            let outcome = verifier.audit.verify().await;
            let now = verifier.audit.clock.now();
            let found = outcome.map_or_else(
                |error| {
                    error!(error = &error as &dyn std::error::Error, "the audit trail could not be verified");
                    Verification::Failed(now)
                },
                |verdict| Verification::Done(now, verdict),
            );
            *verifier.latest.lock().unwrap_or_else(PoisonError::into_inner) = found;
        });
    }
}
