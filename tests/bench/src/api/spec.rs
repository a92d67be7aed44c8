//! What the load generator is told, and what it says afterwards.

use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::Way;

/// One run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Spec {
    pub(crate) way: Way,
    pub(crate) address: SocketAddr,
    pub(crate) tenant: String,
    pub(crate) petition: String,
    pub(crate) connections: usize,
    /// Signatures begun a second; `None`: each connection begins one as soon as the last is answered.
    pub(crate) pace: Option<f64>,
    pub(crate) readers: usize,
    /// A second, of all readers together.
    pub(crate) reads: f64,
    pub(crate) warm_up_seconds: f64,
    pub(crate) seconds: f64,
    /// Tokens by eID, one a line.
    pub(crate) tokens: PathBuf,
    /// The service's process.
    pub(crate) server: u32,
}

/// Requests of one kind within the measured time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
}

/// What a run gave.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// Signatures that became confirmed; by mailbox, the latency is of the confirming request.
    pub(crate) confirmed: Measured,
    /// By mailbox: from the first request sent to the confirmation answered, the mail between them included.
    pub(crate) whole: Measured,
    pub(crate) reads: Measured,
    pub(crate) errors: u64,
    pub(crate) first_error: Option<String>,
    /// Confirmed in the whole run.
    pub(crate) answered: u64,
    /// What the service counted more at the end than at the beginning.
    pub(crate) counted: u64,
    /// Of all cores together, 1 = all of them.
    pub(crate) generator_share: f64,
    pub(crate) service_share: f64,
    /// No token was left before the time was over.
    pub(crate) ran_dry: bool,
}
