//! What is decided about an inquiry: let through or refused, assigned, answered, opened again, closed, erased.

use axum::{http::HeaderMap, response::Response};
use radslag_kernel::{AggregateId, Role};
use radslag_runtime::{
    Problem,
    http::{JsonBody, PathId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{answer as reply, asking::Asking, dto, inquiries::politician_of, officials::second},
    inquiry::{Act, Erasable, Verdict},
    petition::Official,
    shell::petition::Staff,
};

async fn decide(
    asking: &Asking,
    inquiry: AggregateId,
    (command, act): (&str, &str),
    body: &(impl Serialize + Sync),
    ground: &str,
    make: &(dyn Fn(Official, Role) -> Act + Sync),
) -> Result<Response, Problem> {
    let role = asking.permit(command)?;
    let asked = asking.changing(&format!("POST {inquiry}/{act}"), body)?;
    let staff = Staff { role, subject: &asking.who.subject, ground: ground.to_owned() };
    let make = |by| make(by, role);
    Ok(reply::written(&asking.office, &asking.office.on_inquiry(inquiry, &asked, &staff, &make).await?))
}

/// Lets an inquiry through.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/accept", tag = "officials",
    operation_id = "accept_inquiry", request_body = dto::Ground,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn accept(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let command = ("petitions.moderate-inquiry", "accept");
    decide(&asking, inquiry, command, &body, &body.ground, &|by, _| Act::Accept { by }).await
}

/// Refuses an inquiry, with codes; the asker is told why.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/refuse", tag = "officials",
    operation_id = "refuse_inquiry", request_body = dto::Verdict,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn refuse(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Verdict>,
) -> Result<Response, Problem> {
    let make = |by, _: Role| Act::Refuse(Verdict { by, codes: body.codes.clone(), text: body.text.clone() });
    let command = ("petitions.moderate-inquiry", "refuse");
    decide(&asking, inquiry, command, &body, &body.ground, &make).await
}

/// To whom a question goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Assign {
    /// Of the list of politicians.
    politician: String,
    /// Why, for the record.
    ground: String,
}

/// Gives an inquiry to a politician, or to another one; their clock begins.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/assign", tag = "officials",
    operation_id = "assign_inquiry", request_body = Assign,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn assign(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    JsonBody(body): JsonBody<Assign>,
) -> Result<Response, Problem> {
    asking.permit("petitions.assign-inquiry")?;
    let politician = politician_of(&asking.office, &body.politician)?;
    let to = asking.office.representative(politician).ok_or_else(Problem::not_found)?;
    let make = |by, _: Role| Act::Assign { by, to: to.clone() };
    let command = ("petitions.assign-inquiry", "assign");
    decide(&asking, inquiry, command, &body, &body.ground, &make).await
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    /// The answer.
    text: String,
    /// Only the asker gets it.
    #[serde(default)]
    private: bool,
    /// Why, for the record; needed of an official.
    #[serde(default)]
    ground: String,
}

/// Answers: a politician what is assigned to them, an official a tip or on a politician's behalf.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/answer", tag = "officials",
    operation_id = "answer_inquiry", request_body = Answer,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn answer(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    JsonBody(body): JsonBody<Answer>,
) -> Result<Response, Problem> {
    let make = |by, role: Role| Act::Answer {
        by,
        own: role == Role::Politician,
        text: body.text.clone(),
        public: !body.private,
    };
    let command = ("petitions.answer-inquiry", "answer");
    decide(&asking, inquiry, command, &body, &body.ground, &make).await
}

/// Has an inquiry answered again; the answers that were given stay, and its politician has the whole time once more.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/reopen", tag = "officials",
    operation_id = "reopen_inquiry", request_body = dto::Ground,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn reopen(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let command = ("petitions.reopen-inquiry", "reopen");
    decide(&asking, inquiry, command, &body, &body.ground, &|by, _| Act::Reopen { by }).await
}

/// Closes what is answered.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/close", tag = "officials",
    operation_id = "close_inquiry", request_body = dto::Ground,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn close(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let command = ("petitions.close-inquiry", "close");
    decide(&asking, inquiry, command, &body, &body.ground, &|by, _| Act::Close { by }).await
}

/// Destroys a key of an inquiry on a legal ground: of what was asked (`document`), or of who asked (`asker`). Takes two
/// officials.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/erase", tag = "officials",
    operation_id = "erase_inquiry", request_body = dto::Erase,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn erase(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<dto::Erase>,
) -> Result<Response, Problem> {
    asking.permit("petitions.erase")?;
    let second = second(&asking, &headers, "petitions.erase")?;
    let what = match body.what.as_str() {
        "document" => Erasable::Document,
        "asker" => Erasable::Asker,
        _ => return Err(Problem::invalid("/what", "expected `document` or `asker`")),
    };
    let make = |by, _: Role| Act::Erase { by, second, what };
    decide(&asking, inquiry, ("petitions.erase", "erase"), &body, &body.ground, &make).await
}
