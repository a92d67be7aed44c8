//! What broke while a request was answered, as a problem. It is logged here, once: the client hears only that it broke.

use std::error::Error as _;
use std::time::Duration;

use axum::http::StatusCode;

use super::Problem;
use crate::execute::Undone;
use crate::service::Failure;

impl From<Failure> for Problem {
    /// 503 where somebody has to mend something first, else 500.
    fn from(failure: Failure) -> Self {
        let cause = failure.source().map(ToString::to_string).unwrap_or_default();
        tracing::error!(error = %failure, cause, "a request failed");
        match failure {
            Failure::Log(_)
            | Failure::Vault(_)
            | Failure::File { .. }
            | Failure::NotServed(_)
            | Failure::Elsewhere(_)
            | Failure::Stopped => Self::unavailable(Duration::from_secs(60)),
            Failure::Readmodel(_)
            | Failure::Malformed { .. }
            | Failure::Append(_)
            | Failure::Overtaken { .. } => Self::internal(),
        }
    }
}

impl From<radslag_readmodel::Error> for Problem {
    fn from(error: radslag_readmodel::Error) -> Self {
        Failure::from(error).into()
    }
}

impl<R: Into<Self>> From<Undone<R>> for Problem {
    /// A refusal in the service's own words; what may be tried again as 503.
    fn from(undone: Undone<R>) -> Self {
        match undone {
            Undone::Refused(rule) => rule.into(),
            Undone::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused"),
            Undone::VersionChanged => Self::version_changed(),
            Undone::Busy => Self::unavailable(Duration::from_secs(1)),
            Undone::ReadOnly(reason) => {
                tracing::warn!(reason, "a command was turned away: the log is read-only");
                Self::unavailable(Duration::from_secs(5))
            }
            Undone::Failed(failure) => failure.into(),
        }
    }
}
