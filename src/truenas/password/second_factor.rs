//! A right password that waits for its code, on a connection of its own.

use tokio::sync::{mpsc, oneshot};

use crate::domain::Secret;
use crate::truenas::Error;
use crate::truenas::password::PasswordVerdict;

/// Somebody who owes the code. The connection closes when this is dropped, and after three minutes at the latest.
#[derive(Debug)]
pub struct SecondFactor(mpsc::Sender<Code>);

#[derive(Debug)]
pub(super) struct Code {
    code: Secret<String>,
    answer: oneshot::Sender<Result<PasswordVerdict, Error>>,
}

impl SecondFactor {
    /// Sends the code. [`Error::SessionEnded`]: it came too late or the connection is gone, and nothing was sent.
    pub async fn answer(self, code: &Secret<String>) -> Result<PasswordVerdict, Error> {
        let (answer, waiting) = oneshot::channel();
        if self.0.send(Code { code: code.clone(), answer }).await.is_err() {
            return Err(Error::SessionEnded);
        }
        waiting.await.unwrap_or(Err(Error::SessionEnded))
    }
}
