//! Keeps a task of a service going: started again after a failure, which `/readyz` shows meanwhile.

use std::time::Duration;

use crate::{http::Health, serve::Shutdown, service::Failure};

/// Rest after a failure.
const REST: Duration = Duration::from_secs(1);

/// A task's name and whose it is.
#[derive(Clone)]
pub struct Keeper {
    /// What it does.
    pub name: &'static str,
    /// For whom.
    pub tenant: String,
    /// Where its failures show.
    pub health: Health,
    /// When it ends.
    pub shutdown: Shutdown,
}

impl Keeper {
    /// Runs it until the end, and again after a failure. What it is cut off from was in a transaction, or is done again
    /// after the next start.
    pub async fn run<F>(self, mut task: impl FnMut() -> F)
    where
        F: Future<Output = Result<(), Failure>>,
    {
        let check = format!("{} of {}", self.name, self.tenant);
        loop {
            self.health.set(check.clone(), Ok(()));
            let ended = tokio::select! {
                () = self.shutdown.begun() => return,
                ended = task() => ended,
            };
            let Err(failure) = ended else { return };
            let cause = std::error::Error::source(&failure).map(ToString::to_string).unwrap_or_default();
            tracing::error!(task = self.name, tenant = self.tenant, error = %failure, cause, "a task failed and is started again");
            self.health.set(check.clone(), Err(failure.to_string()));
            tokio::time::sleep(REST).await;
        }
    }
}
