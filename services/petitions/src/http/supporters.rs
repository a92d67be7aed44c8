//! Supporters before review. Whoever has the petition's id may support it: its initiator sends it to them.

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, ItemId};
use radslag_runtime::{
    Principal, Problem,
    http::{Client, JsonBody, PathId},
    limits::Admitted,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{
        answer,
        asking::{Asking, Reading},
        dto,
        officials::{decide, second},
    },
    petition::{Act, Official, Supporter, state::Life},
    shell::{Asked, Office, petition::Found, rates::Handed},
};

/// A petition that gathers supporters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Gathering {
    pub(super) title: Option<String>,
    body: Option<String>,
    /// Who support it, besides who started it.
    supporters: u32,
    /// So many are needed.
    needed: u32,
}

/// What those are asked to support who got the petition's id from its initiator.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/supporters", tag = "petitions",
    params(("tenant" = String, Path), ("id" = String, Path)), responses((status = 200, body = Gathering)))]
pub(super) async fn gathering(
    Reading { office, .. }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    Ok(Json(sought(&office, petition)?).into_response())
}

/// What is supported, and how far it has come; nothing of a petition that seeks no supporters.
pub(super) fn sought(office: &Office, petition: AggregateId) -> Result<Gathering, Problem> {
    let (_, state) = office.petition(petition)?;
    let found =
        state.0.as_ref().filter(|found| matches!(found.life, Life::Gathering { .. } | Life::InReview));
    let found = found.ok_or_else(Problem::not_found)?;
    let policy = found.filed.as_ref().map(|filed| &filed.policy).filter(|policy| policy.supporters > 0);
    let needed = policy.ok_or_else(Problem::not_found)?.supporters;
    let content = found.content.known();
    let (title, body) = (content.map(|it| it.title.clone()), content.map(|it| it.body.clone()));
    Ok(Gathering { title, body, supporters: found.supporters(), needed })
}

/// Supports a petition before its review: by eID with a token, else by mailbox (always the same 202, and a mail).
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/supporters", tag = "petitions",
    request_body = dto::Support, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 201, body = answer::Written), (status = 202, body = dto::MailSent)))]
pub(super) async fn support(
    asking: Asking<Option<Principal>>,
    PathId(petition): PathId<AggregateId>,
    client: Client,
    _: Admitted,
    JsonBody(body): JsonBody<dto::Support>,
) -> Result<Response, Problem> {
    let who = asking.who.as_ref();
    who.map(|who| asking.api.permit(who, "petitions.support")).transpose()?;
    let asked = asking.asked(&format!("POST {petition}/supporters"), &body);
    let supporter = Supporter {
        name: who.and_then(|who| who.name.clone()).unwrap_or(body.name),
        mailbox: body.mailbox,
        language: if body.language.is_empty() { "sv".into() } else { body.language },
    };
    if let Some(who) = who {
        let done = asking.office.support(petition, &asked, &supporter, Some(&who.subject), false).await?;
        return Ok((StatusCode::CREATED, answer::written(&asking.office, &done)).into_response());
    }
    by_mailbox(&asking.office, petition, &asked, client, &supporter).await?;
    Ok((StatusCode::ACCEPTED, Json(dto::MailSent { status: "check_your_mailbox" })).into_response())
}

/// Supports by mailbox: the API and the form do the same. Over the rate of its network it isn't taken.
pub(super) async fn by_mailbox(
    office: &Office,
    petition: AggregateId,
    asked: &Asked,
    client: Client,
    supporter: &Supporter,
) -> Result<(), Problem> {
    office.admit(client.address, Handed::Support)?;
    let blocked = office.forbids(client.address, &supporter.mailbox)?;
    let done = office.support(petition, asked, supporter, None, blocked).await?;
    if !done.repeated {
        office.rates.handed(client.address, Handed::Support, office.now());
    }
    Ok(())
}

/// A supporter, as officials who may know them do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Named {
    item: String,
    /// Gone once erased.
    name: Option<String>,
    /// Struck out.
    struck: bool,
}

/// Who supports a petition before its review.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/supporters/named", tag = "officials",
    operation_id = "named_supporters", params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Vec<Named>)), security(("token" = [])))]
pub(super) async fn named(
    who: Principal,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.read-signatures-private")?;
    let (_, state) = office.petition(petition)?;
    let found = state.0.as_ref().ok_or_else(Problem::not_found)?;
    let named = found.joined.iter().map(|joined| Named {
        item: joined.item.to_string(),
        name: joined.name.known().cloned(),
        struck: joined.struck,
    });
    Ok(Json(named.collect::<Vec<_>>()).into_response())
}

/// Destroys what a supporter left. Two officials: the second one's token stands in `Second-Authorization`.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/supporters/{item}/erase", tag = "officials",
    operation_id = "erase_supporter", request_body = dto::Ground,
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn erase(
    asking: Asking,
    axum::extract::Path((_tenant, petition, item)): axum::extract::Path<(String, String, String)>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let petition: AggregateId = petition.parse().map_err(|_| Problem::not_found())?;
    let item: ItemId = item.parse().map_err(|_| Problem::not_found())?;
    let role = asking.permit("petitions.erase")?;
    let second = second(&asking, &headers, "petitions.erase")?;
    let act = |by: Official, _: &Found| Ok(Act::EraseSupporter { by, second, item });
    decide(&asking, petition, (&format!("supporters/{item}/erase"), role), &body, &body.ground, &act).await
}

/// Strikes a supporter out; with too few left the petition gathers again.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/supporters/{item}/invalidate", tag = "officials",
    request_body = dto::Ground,
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn strike(
    asking: Asking,
    axum::extract::Path((_tenant, petition, item)): axum::extract::Path<(String, String, String)>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let petition: AggregateId = petition.parse().map_err(|_| Problem::not_found())?;
    let item: ItemId = item.parse().map_err(|_| Problem::not_found())?;
    let role = asking.permit("petitions.invalidate")?;
    let act = |by: Official, _: &Found| Ok(Act::StrikeSupporter { by, item });
    decide(&asking, petition, (&format!("supporters/{item}"), role), &body, &body.ground, &act).await
}
