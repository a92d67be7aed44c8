//! What an official's act is answered with: where in the log it stands, and the address of its receipt.

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Seen;
use crate::{asked::Done, office::Desk, service::Service};

/// What an official's act wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Written {
    /// Position of its last event, `origin.position`; nothing if there was nothing to write.
    pub position: Option<String>,
    /// The stream's version after it, for `If-Match`.
    pub version: u64,
    /// It had been done before by the same `Idempotency-Key`.
    pub repeated: bool,
    /// Address of the receipt of its last event, which is there within two seconds; nothing if there was nothing to write.
    pub receipt: Option<String>,
}

impl Written {
    /// Of what was done.
    #[must_use]
    pub fn of<S: Service>(desk: &Desk<S>, done: &Done) -> Self {
        Self {
            position: done.at.map(|(origin, position)| format!("{origin}.{position}")),
            version: desk.seen(done.version),
            repeated: done.repeated,
            receipt: done.at.map(|at| desk.receipt(at)),
        }
    }

    /// The same as an answer.
    #[must_use]
    pub fn answer<S: Service>(desk: &Desk<S>, done: &Done) -> Response {
        Json(Self::of(desk, done)).into_response()
    }
}

impl<S: Service> Desk<S> {
    /// A stream's version as clients send it back in `If-Match`.
    #[must_use]
    pub fn seen(&self, version: u64) -> u64 {
        Seen { origin: self.log.origin(), version }.number()
    }

    /// Where the receipt of an event is. It names the life of the log, so that it never becomes that of another event.
    #[must_use]
    pub fn receipt(&self, (origin, position): (u32, u64)) -> String {
        format!("/{}/log/{}/receipt/{origin}.{position}", self.tenant.id, S::NAME)
    }
}
