//! Reports of letters that came back, from the system that takes the tenant's mail.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use radslag_runtime::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{http::asking::Asking, shell::bounces::Intake};

/// Which address the report was for, if the mail server says.
const ENVELOPE: &str = "envelope-to";

/// What was made of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Taken {
    /// Whether a letter was struck off; a letter that is only late isn't.
    bounced: bool,
}

/// A report as it came.
pub(super) struct Report(Bytes);

impl<S: Send + Sync> FromRequest<S> for Report {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let too_large = |_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large");
        Bytes::from_request(request, state).await.map(Self).map_err(too_large)
    }
}

/// Takes a report in (RFC 3464), as it came: `Content-Type: message/rfc822`.
#[utoipa::path(post, path = "/api/v1/{tenant}/notifications/bounces", tag = "notifications",
    operation_id = "take_bounce", params(("tenant" = String, Path)),
    responses((status = 200, body = Taken)), security(("token" = [])))]
pub(super) async fn take(
    asking: Asking,
    headers: HeaderMap,
    Report(body): Report,
) -> Result<Response, Problem> {
    asking.permit("notifications.take-bounces")?;
    let envelope = headers.get(ENVELOPE).and_then(|value| value.to_str().ok());
    match asking.office.bounced(&body, envelope).await? {
        Intake::Bounced(_) => Ok(Json(Taken { bounced: true }).into_response()),
        Intake::Noted => Ok(Json(Taken { bounced: false }).into_response()),
        Intake::NotOurs => Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bounce-not-ours")),
    }
}
