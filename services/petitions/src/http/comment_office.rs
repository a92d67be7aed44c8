//! What moderators do with comments: their queue, and what they publish, refuse, restore and erase.

use axum::{
    Json,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, ItemId};
use radslag_readmodel::Query;
use radslag_runtime::{
    Principal, Problem,
    http::{JsonBody, Page, PathIds},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    comment::{Act, Verdict},
    http::{
        answer,
        asking::{Asking, Reading},
        comments::label,
        dto,
        lists::{Label, moment},
        officials::second,
    },
    petition::Official,
    projections::{lists as sql, number},
    shell::petition::Staff,
};

const QUEUE: Query = sql::COMMENTS_QUEUE;

/// A comment that a moderator has to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WaitingComment)]
pub(super) struct Waiting {
    petition: String,
    item: String,
    /// `waiting`, or `published` and not looked at or reported.
    state: String,
    /// The same for people.
    label: Label,
    name: Option<String>,
    party: Option<String>,
    text: Option<String>,
    written_at: Option<String>,
    /// Overdue after this date.
    review_by: Option<String>,
    /// How often it was reported.
    reports: i64,
}

/// Comments that wait for a moderator, and shown ones that nobody has looked at or that were reported; oldest first.
#[utoipa::path(get, path = "/api/v1/{tenant}/comments/queue", tag = "officials", operation_id = "comments_queue",
    params(("tenant" = String, Path), ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Vec<Waiting>)), security(("token" = [])))]
pub(super) async fn queue(
    who: Principal,
    Reading { api, office }: Reading,
    page: Page,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.read-queue")?;
    let values = [number(u64::from(page.per_page)), number(page.offset())];
    let rows = office.comments.store.query(&QUEUE, &values).await?;
    let waiting = rows.iter().map(|row| {
        let text = |column: &str| row.opt_text(column).ok().flatten().map(str::to_owned);
        let id = row.bytes("petition").ok().and_then(AggregateId::from_slice).unwrap_or_default();
        Waiting {
            petition: id.to_string(),
            item: row.bytes("item").ok().and_then(ItemId::from_slice).unwrap_or_default().to_string(),
            label: label(&text("state").unwrap_or_default()),
            state: text("state").unwrap_or_default(),
            name: text("public_name"),
            party: text("party").filter(|party| !party.is_empty()),
            text: text("words"),
            written_at: row.opt_int("written_at").ok().flatten().map(moment),
            review_by: text("review_by"),
            reports: row.opt_int("reports").ok().flatten().unwrap_or(0),
        }
    });
    Ok(Json(waiting.collect::<Vec<_>>()).into_response())
}

async fn moderate(
    asking: &Asking,
    (petition, item): (AggregateId, ItemId),
    (command, act): (&str, &str),
    body: &(impl Serialize + Sync),
    ground: &str,
    make: &(dyn Fn(Official) -> Act + Sync),
) -> Result<Response, Problem> {
    let role = asking.permit(command)?;
    let asked = asking.asked(&format!("POST {petition}/{item}/{act}"), body);
    let staff = Staff { role, subject: &asking.who.subject, ground: ground.to_owned() };
    Ok(answer::written(
        &asking.office,
        &asking.office.on_comment(petition, item, &asked, &staff, make).await?,
    ))
}

/// Publishes a comment that waits, or lets a shown one stand.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/comments/{item}/approve", tag = "officials",
    operation_id = "approve_comment", request_body = dto::Ground,
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn approve(
    asking: Asking,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let make = |by| Act::Approve { item, by };
    let command = ("petitions.moderate-comment", "comment-approve");
    moderate(&asking, (petition, item), command, &body, &body.ground, &make).await
}

/// Doesn't publish a comment, or no longer; codes and reasons are kept.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/comments/{item}/refuse", tag = "officials",
    operation_id = "refuse_comment", request_body = dto::Verdict,
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn refuse(
    asking: Asking,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<dto::Verdict>,
) -> Result<Response, Problem> {
    let make = |by| {
        let verdict = Verdict { by, codes: body.codes.clone(), text: body.text.clone() };
        Act::Refuse { item, verdict }
    };
    let command = ("petitions.moderate-comment", "comment-refuse");
    moderate(&asking, (petition, item), command, &body, &body.ground, &make).await
}

/// Publishes a comment that another moderator refused.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/comments/{item}/restore", tag = "officials",
    operation_id = "restore_comment", request_body = dto::Ground,
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn restore(
    asking: Asking,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let make = |by| Act::Restore { item, by };
    let command = ("petitions.restore-comment", "comment-restore");
    moderate(&asking, (petition, item), command, &body, &body.ground, &make).await
}

/// Destroys the key of a comment on a legal ground; takes two officials. It keeps its place.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/comments/{item}/erase", tag = "officials",
    operation_id = "erase_comment", request_body = dto::Ground,
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn erase(
    asking: Asking,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    asking.permit("petitions.erase")?;
    let second = second(&asking, &headers, "petitions.erase")?;
    let make = |by| Act::Erase { item, by, second };
    let command = ("petitions.erase", "comment-erase");
    moderate(&asking, (petition, item), command, &body, &body.ground, &make).await
}
