//! Which alerts nobody wants to hear of for now. They are shown, and change nothing about how the storage is.

use std::fmt;
use std::sync::Arc;

use crate::domain::nas::{Alert, AlertLevel};

/// Cheap to clone.
#[derive(Clone)]
pub struct Silenced(Arc<dyn Fn(&Alert) -> bool + Send + Sync>);

impl Silenced {
    /// As `covers` says at the moment it is asked.
    pub fn new(covers: impl Fn(&Alert) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(covers))
    }

    /// Nobody dismissed it, it is a warning or worse, and somebody wants to hear of it.
    pub(super) fn leaves_open(&self, alert: &Alert) -> bool {
        !alert.dismissed && alert.level >= AlertLevel::Warning && !(self.0)(alert)
    }
}

impl fmt::Debug for Silenced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Silenced")
    }
}
