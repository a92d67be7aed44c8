//! What officials do to what was published: take it down, take it back to review; and to all signing of the tenant.

use axum::{
    Json,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use radslag_kernel::AggregateId;
use radslag_readmodel::Query;
use radslag_runtime::{
    Principal, Problem,
    http::{JsonBody, Page, PathId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{
        answer,
        asking::{Asking, Reading},
        dto,
        officials::{decide, second},
        petitions::initiator,
    },
    petition::{
        Act, Fate, Official, Verdict,
        course::{Classes, Instead},
    },
    projections::{lists as sql, number},
    shell::petition::{Found, Staff},
    signing::What,
};

const UNFINISHED: Query = sql::UNFINISHED;

/// Takes a petition down. Two officials: the second one's token stands in `Second-Authorization`.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/take-down", tag = "officials",
    request_body = dto::TakeDown, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn take_down(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<dto::TakeDown>,
) -> Result<Response, Problem> {
    let (fate, command) = match body.fate.as_str() {
        "rejected" => (Fate::Rejected, "petitions.take-down"),
        "hidden" => (Fate::Hidden, "petitions.take-down"),
        "removed" => (Fate::Removed, "petitions.remove"),
        _ => return Err(Problem::invalid("/fate", "expected `rejected`, `hidden` or `removed`")),
    };
    let role = asking.permit(command)?;
    let second = second(&asking, &headers, "petitions.take-down")?;
    let act = |by: Official, _: &Found| {
        let verdict = Verdict { by, codes: body.codes.clone(), text: body.text.clone() };
        Ok(Act::TakeDown { verdict, role, second, fate })
    };
    decide(&asking, petition, ("petitions.take-down", role), &body, &body.ground, &act).await
}

/// Takes what was refused or taken down back to review: another person, in a higher role.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/restore", tag = "officials",
    request_body = dto::Ground, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn restore(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let role = asking.permit("petitions.restore")?;
    let act = |by: Official, _: &Found| Ok(Act::Restore { by, role });
    decide(&asking, petition, ("petitions.restore", role), &body, &body.ground, &act).await
}

/// Whether petitions can be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Signing {
    /// All signing is paused.
    paused: bool,
}

/// Whether all signing of the tenant is paused.
#[utoipa::path(get, path = "/api/v1/{tenant}/signing", tag = "petitions", params(("tenant" = String, Path)),
    responses((status = 200, body = Signing)))]
pub(super) async fn signing(Reading { office, .. }: Reading) -> Result<Response, Problem> {
    let (_, signing) = office.signing()?;
    Ok(Json(Signing { paused: signing.is_paused(office.now()) }).into_response())
}

/// Pauses all signing (`pause`), lets it go on (`resume`), or closes everything early (`close-early`).
#[utoipa::path(post, path = "/api/v1/{tenant}/signing/{act}", tag = "officials", request_body = dto::Ground,
    params(("tenant" = String, Path), ("act" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn act_on_signing(
    asking: Asking,
    axum::extract::Path((_tenant, act)): axum::extract::Path<(String, String)>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let (what, command) = match act.as_str() {
        "pause" => (What::Paused, "petitions.pause"),
        "resume" => (What::Resumed, "petitions.pause"),
        "close-early" => (What::ClosedEarly, "petitions.close-early"),
        _ => return Err(Problem::not_found()),
    };
    let role = asking.permit(command)?;
    let asked = asking.asked(&format!("POST signing/{act}"), &body);
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground };
    Ok(answer::written(&asking.office, &asking.office.act_on_signing(&asked, &staff, what).await?))
}

/// What a petition is about, in names of the tenant's lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Classify {
    /// One of the areas; empty: none.
    #[serde(default)]
    pub(super) area: String,
    /// One of the committees; empty: none.
    #[serde(default)]
    pub(super) committee: String,
    /// Three at most.
    #[serde(default)]
    pub(super) topics: Vec<String>,
    /// Why, for the record.
    pub(super) ground: String,
}

/// Says what a published petition is about: lists are narrowed by it. What was said before no longer holds.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/classify", tag = "officials",
    request_body = Classify, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn classify(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<Classify>,
) -> Result<Response, Problem> {
    let role = asking.permit("petitions.classify")?;
    let tenant = &asking.office.tenant;
    let has = |names: &[String], name: &String| name.is_empty() || names.contains(name);
    let known = (body.area.is_empty() || tenant.area_names().contains(&body.area.as_str()))
        && has(&tenant.committees, &body.committee)
        && body.topics.iter().all(|topic| tenant.topics.contains(topic));
    let classes =
        Classes { area: body.area.clone(), committee: body.committee.clone(), topics: body.topics.clone() };
    let act = |by: Official, _: &Found| Ok(Act::Classify { by, classes: classes.clone(), unknown: !known });
    decide(&asking, petition, ("petitions.classify", role), &body, &body.ground, &act).await
}

/// Enters how many may vote: an answer takes a share of it.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/electorate", tag = "officials",
    request_body = dto::Electorate, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn electorate(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Electorate>,
) -> Result<Response, Problem> {
    let role = asking.permit("petitions.fix-electorate")?;
    let act = |by: Official, _: &Found| Ok(Act::FixElectorate { by, voters: body.voters });
    decide(&asking, petition, ("petitions.fix-electorate", role), &body, &body.ground, &act).await
}

/// A petition that is to be decided and isn't yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Unfinished {
    id: String,
    register: Option<String>,
    title: Option<String>,
    initiator: Option<String>,
    /// Of an elected representative.
    party: Option<String>,
    /// A date.
    decide_by: Option<String>,
    answer: Option<String>,
}

/// What is to be decided and isn't yet, the oldest first: the list the assembly gets twice a year.
#[utoipa::path(get, path = "/api/v1/{tenant}/unfinished", tag = "officials", params(("tenant" = String, Path)),
    responses((status = 200, body = Vec<Unfinished>)), security(("token" = [])))]
pub(super) async fn unfinished(
    who: Principal,
    Reading { api, office }: Reading,
    page: Page,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.read-queue")?;
    let values = [number(u64::from(page.per_page)), number(page.offset())];
    let rows = office.petitions.store.query(&UNFINISHED, &values).await?;
    let unfinished = rows.iter().map(|row| {
        let text = |column: &str| row.opt_text(column).ok().flatten().map(str::to_owned);
        Unfinished {
            id: row.bytes("petition").ok().and_then(AggregateId::from_slice).unwrap_or_default().to_string(),
            register: text("register"),
            title: text("title"),
            initiator: text("public_name"),
            party: text("party").filter(|party| !party.is_empty()),
            decide_by: text("decide_by"),
            answer: text("answer"),
        }
    });
    Ok(Json(unfinished.collect::<Vec<_>>()).into_response())
}

/// Asks the initiator whether a petition should go elsewhere.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/redirect", tag = "officials",
    request_body = dto::Redirect, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn redirect(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Redirect>,
) -> Result<Response, Problem> {
    let role = asking.permit("petitions.redirect")?;
    let instead = match body.instead.as_str() {
        "authority" => Instead::Authority,
        "fault_report" => Instead::FaultReport,
        "comment" => Instead::Comment,
        _ => return Err(Problem::invalid("/instead", "expected `authority`, `fault_report` or `comment`")),
    };
    let act = |by: Official, _: &Found| Ok(Act::ProposeRedirect { by, instead, to: body.to.clone() });
    decide(&asking, petition, ("petitions.redirect", role), &body, &body.ground, &act).await
}

/// The initiator, by eID, lets it go there (`accept`), or the review go on (`decline`).
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/redirect/{act}", tag = "petitions",
    params(("tenant" = String, Path), ("id" = String, Path), ("act" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn answer_redirect(
    asking: Asking,
    axum::extract::Path((_tenant, petition, act)): axum::extract::Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let petition: AggregateId = petition.parse().map_err(|_| Problem::not_found())?;
    let accept = match act.as_str() {
        "accept" => true,
        "decline" => false,
        _ => return Err(Problem::not_found()),
    };
    let asked = asking.changing(&format!("POST {petition}/redirect/{act}"), &())?;
    let answered = |proof| Act::AnswerRedirect { proof, accept };
    initiator(&asking, petition, &asked, &answered).await
}
