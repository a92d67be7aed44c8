//! Objections: whoever a decision hit asks for another one, and another official decides.

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, ItemId};
use radslag_readmodel::{Query, Row};
use radslag_runtime::{
    Principal, Problem,
    http::{JsonBody, Page, PathId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    catalogue::Catalogue,
    http::{
        answer,
        asking::{Asking, Reading},
        lists::{Label, moment},
        officials::due,
        signatures,
    },
    objection::Outcome,
    petition::Now,
    projections::{lists as sql, number},
    shell::{
        Asked, Office,
        comment::stream as comment_stream,
        links::{Link, Purpose},
        objection::Place,
        petition::{Proof, Staff},
        signature::mailbox_stream,
    },
};

const OBJECTIONS: Query = sql::OBJECTIONS;

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Objecting {
    /// Why.
    pub(super) reason: String,
}

/// The decision on an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideObjection {
    /// `upheld` or `changed`.
    pub(super) outcome: String,
    /// For who objected.
    #[serde(default)]
    pub(super) text: String,
    /// Why, for the record.
    pub(super) ground: String,
}

/// What became of an objection, for who raised it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OwnObjection)]
pub(super) struct Own {
    /// `waiting`, `upheld` or `changed`.
    pub(super) state: &'static str,
    /// By when somebody decides.
    pub(super) decide_by: String,
    /// What they were told.
    pub(super) text: Option<String>,
}

/// What the holder of a link may object to.
fn place<'a>(link: &Link, stream: &'a str) -> Option<Place<'a>> {
    match link.purpose {
        Purpose::Initiator => Some(Place::Petition(Proof::Mailbox(link.tag))),
        Purpose::Signature => Some(Place::Signature(stream, link.item)),
        Purpose::Comment => Some(Place::Comment(stream, link.item)),
        Purpose::Supporter | Purpose::Coinitiator | Purpose::Inquiry => None,
    }
}

fn stream(link: &Link) -> String {
    match link.purpose {
        Purpose::Comment => comment_stream(link.petition, link.tag),
        _ => mailbox_stream(link.petition, link.tag),
    }
}

/// Whether the decision behind a link can be objected to, and what came of it if it was.
pub(super) fn linked(office: &Office, link: &Link) -> Result<(bool, Option<Own>), Problem> {
    let stream = stream(link);
    let Some(place) = place(link, &stream) else { return Ok((false, None)) };
    let Some(standing) = office.standing(link.petition, place)? else { return Ok((false, None)) };
    let own = office.objection(standing.contested.id)?.map(|raised| {
        let told = raised.told();
        Own {
            state: told.map_or("waiting", |(outcome, _)| outcome.word()),
            decide_by: raised.objection.decide_by.to_string(),
            text: told.and_then(|(_, text)| text).filter(|text| !text.is_empty()).map(str::to_owned),
        }
    });
    let now = Now { at: office.now(), calendar: office.calendar.clone(), signing: Default::default() };
    Ok((own.is_none() && standing.contested.is_open(&now), own))
}

/// Objects behind a link.
pub(super) async fn follow(office: &Office, link: &Link, asked: &Asked, reason: &str) -> Result<(), Problem> {
    let stream = stream(link);
    let place = place(link, &stream).ok_or_else(super::links::something_else)?;
    office.object(link.petition, asked, place, reason).await?;
    Ok(())
}

async fn object(
    asking: &Asking,
    petition: AggregateId,
    place: Place<'_>,
    body: &Objecting,
) -> Result<Response, Problem> {
    asking.permit("petitions.object")?;
    let asked = asking.asked(&format!("POST {petition}/objection {place:?}"), body);
    Ok(answer::written(&asking.office, &asking.office.object(petition, &asked, place, &body.reason).await?))
}

/// Objects, as its initiator by eID, to the refusal of a petition.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/objection", tag = "petitions",
    operation_id = "object_to_refusal", request_body = Objecting,
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn to_refusal(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<Objecting>,
) -> Result<Response, Problem> {
    let place = Place::Petition(Proof::Eid(&asking.who.subject));
    object(&asking, petition, place, &body).await
}

/// Objects to one's own signature by eID being struck out or set aside.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/signatures/mine/objection", tag = "signatures",
    operation_id = "object_to_invalidation", request_body = Objecting,
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn to_invalidation(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<Objecting>,
) -> Result<Response, Problem> {
    let (stream, item) = signatures::own(&asking.office, petition, &asking.who).await?;
    object(&asking, petition, Place::Signature(&stream, item), &body).await
}

/// Objects to one's own comment by eID not being shown.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/comments/{item}/objection", tag = "comments",
    operation_id = "object_to_comment_refusal", request_body = Objecting,
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn to_comment_refusal(
    asking: Asking,
    Path((_tenant, petition, item)): Path<(String, String, String)>,
    JsonBody(body): JsonBody<Objecting>,
) -> Result<Response, Problem> {
    let petition: AggregateId = petition.parse().map_err(|_| Problem::not_found())?;
    let item: ItemId = item.parse().map_err(|_| Problem::not_found())?;
    let author = asking.office.tags(petition)?.eid(&asking.who.subject);
    let stream = comment_stream(petition, author);
    object(&asking, petition, Place::Comment(&stream, item), &body).await
}

/// An objection that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WaitingObjection)]
pub(super) struct Waiting {
    id: String,
    petition: String,
    title: Option<String>,
    /// `petition`, `signature`, `comment`, or `submission` for what a list keeps out.
    about: String,
    label: Label,
    /// The signature or comment.
    item: Option<String>,
    /// Gone once they were erased.
    reason: Option<String>,
    raised_at: Option<String>,
    decide_by: Option<String>,
    /// `on_time`, `near` or `overdue`.
    due: &'static str,
    /// Whoever asks decided first, so somebody else decides now.
    own_decision: bool,
}

/// The objections that wait to be decided, oldest first.
#[utoipa::path(get, path = "/api/v1/{tenant}/objections", tag = "officials", operation_id = "objections",
    params(("tenant" = String, Path), ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Vec<Waiting>)), security(("token" = [])))]
pub(super) async fn queue(
    who: Principal,
    Reading { api, office }: Reading,
    page: Page,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.decide-objection")?;
    let values = [number(u64::from(page.per_page)), number(page.offset())];
    let rows = office.objections.store.query(&OBJECTIONS, &values).await?;
    let waiting = rows.iter().map(|row| waiting(&office, &who, row)).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(waiting).into_response())
}

fn waiting(office: &Office, who: &Principal, row: &Row) -> Result<Waiting, Problem> {
    let text = |column: &str| row.opt_text(column).ok().flatten().map(str::to_owned);
    let petition = row.bytes("petition").ok().and_then(AggregateId::from_slice).unwrap_or_default();
    let id = row.bytes("objection").ok().and_then(ItemId::from_slice).unwrap_or_default();
    let item = row.opt_bytes("item").ok().flatten().and_then(ItemId::from_slice);
    let (_, state) = office.petition(petition)?;
    let content = state.0.as_ref().and_then(|petition| petition.content.known());
    let raised = office.objection(id)?;
    let staff = office.staff(&who.subject);
    let about = text("about").unwrap_or_default();
    let words = Catalogue::shipped().objection(&about);
    let decide_by = text("decide_by");
    Ok(Waiting {
        id: id.to_string(),
        petition: petition.to_string(),
        title: content.map(|content| content.title.clone()),
        label: words.map(|label| Label { sv: label.sv.clone(), en: label.en.clone() }).unwrap_or_default(),
        about,
        item: item.map(|item| item.to_string()),
        reason: raised.as_ref().and_then(|raised| raised.reason()).map(str::to_owned),
        raised_at: row.opt_int("raised_at").ok().flatten().map(moment),
        due: due(decide_by.as_deref().and_then(|date| date.parse().ok()), office.calendar.date(office.now())),
        decide_by,
        own_decision: raised.is_some_and(|raised| raised.objection.decided_by.contains(&staff)),
    })
}

/// Decides an objection: somebody else than who decided first. What is changed goes back to review, counts or is shown again.
#[utoipa::path(post, path = "/api/v1/{tenant}/objections/{objection}/decide", tag = "officials",
    operation_id = "decide_objection", request_body = DecideObjection,
    params(("tenant" = String, Path), ("objection" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn decide(
    asking: Asking,
    PathId(objection): PathId<ItemId>,
    JsonBody(body): JsonBody<DecideObjection>,
) -> Result<Response, Problem> {
    let role = asking.permit("petitions.decide-objection")?;
    let outcome = Outcome::of(&body.outcome)
        .ok_or_else(|| Problem::invalid("/outcome", "expected `upheld` or `changed`"))?;
    let asked = asking.asked(&format!("POST objections/{objection}/decide"), &body);
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let office = &asking.office;
    Ok(answer::written(
        office,
        &office.decide_objection(objection, &asked, &staff, (outcome, &body.text)).await?,
    ))
}
