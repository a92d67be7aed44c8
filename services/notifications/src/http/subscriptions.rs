//! Asking for letters: always the same answer, whoever is named.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_runtime::{
    Problem,
    http::{IdempotencyKey, JsonBody},
    limits::Admitted,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{
        answer,
        asking::{Reading, asked},
    },
    shell::words::language,
    subscription::NEWSLETTER,
};

/// Who wants what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Subscribe {
    /// As typed.
    mailbox: String,
    /// `sv` or `en`: of the letters.
    #[serde(default)]
    language: String,
    /// `newsletter`, or a petition's id.
    #[serde(default)]
    list: String,
}

/// What becomes of it stands in a letter to that mailbox, and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Asked {
    status: &'static str,
}

/// Asks for letters to a mailbox, which then confirms: always the same 202.
#[utoipa::path(post, path = "/api/v1/{tenant}/notifications/subscriptions", tag = "notifications",
    operation_id = "subscribe", request_body = Subscribe, params(("tenant" = String, Path)),
    responses((status = 202, body = Asked)))]
pub(super) async fn ask(
    Reading { office, .. }: Reading,
    key: IdempotencyKey,
    _: Admitted,
    JsonBody(body): JsonBody<Subscribe>,
) -> Result<Response, Problem> {
    let asked = asked(&*office, None, &key, "POST subscriptions", &body);
    let wanted = if body.language.is_empty() { office.tenant.language().tag() } else { &body.language };
    let list = if body.list.is_empty() { NEWSLETTER } else { &body.list };
    office.subscribe(&asked, &body.mailbox, language(wanted), list).await.map_err(answer::undone)?;
    Ok((StatusCode::ACCEPTED, Json(Asked { status: "check_your_mailbox" })).into_response())
}
