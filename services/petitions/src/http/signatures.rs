//! Signatures of a petition: the latest, all of them, and one's own.

use axum::{
    Json,
    http::{StatusCode, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, ItemId, Opened};
use radslag_readmodel::{Query, Row};
use radslag_runtime::{
    Principal, Problem,
    http::{AtLeast, Client, JsonBody, Page, PathId},
    limits::Admitted,
    service::Failure,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{
        answer,
        asking::{Asking, Reading},
        dto,
        lists::{caught_up, moment},
        petitions::by_id,
    },
    projections::{id, lists as sql, number},
    shell::{
        Office,
        signature::{Given, eid_stream},
        watching::Noticed,
    },
    signature::Act,
};

const SIGNATURES: Query = Query::new("signatures", sql::SIGNATURES);
const TOTAL: Query = Query::new("signatures total", sql::SIGNATURES_TOTAL);
/// The field of the public name in the events that say it.
const PUBLIC_NAME: u32 = 4;

/// A counted signature as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Signature)]
pub(super) struct Shown {
    /// Its item ref in the log.
    pub(super) item: String,
    /// Name or alias; nothing if the signer chose so, or was erased.
    pub(super) name: Option<String>,
    /// `eid`, `mailbox` or `paper`.
    pub(super) method: String,
    /// When.
    pub(super) signed_at: Option<String>,
}

/// A page of signatures, latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Signatures {
    /// The rows.
    pub(super) signatures: Vec<Shown>,
    /// All rows; an initiator who counts without signing has none.
    pub(super) total: u64,
    /// This page.
    pub(super) page: u32,
    /// How many pages there are.
    pub(super) pages: u64,
}

/// Signatures, latest first: `?per_page=10` are the ten latest.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/signatures", tag = "signatures",
    operation_id = "list_signatures", params(("tenant" = String, Path), ("id" = String, Path), ("page" = Option<u32>, Query),
        ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Signatures)))]
pub(super) async fn list(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
    at_least: AtLeast,
    page: Page,
) -> Result<Response, Problem> {
    caught_up(&office, at_least).await?;
    by_id(&api, &office, petition, who.as_ref()).await?;
    Ok(Json(page_of(&office, petition, page).await?).into_response())
}

pub(super) async fn page_of(
    office: &Office,
    petition: AggregateId,
    page: Page,
) -> Result<Signatures, Problem> {
    let store = &office.petitions.store;
    let values = [id(petition), number(u64::from(page.per_page)), number(page.offset())];
    let rows = store.query(&SIGNATURES, &values).await?;
    let total = store.query(&TOTAL, &[id(petition)]).await?;
    let total = total.first().and_then(|row| row.int("total").ok()).unwrap_or(0).unsigned_abs();
    let signatures = rows.iter().map(|row| shown(office, row)).collect::<Result<Vec<_>, Failure>>();
    let signatures = signatures?;
    Ok(Signatures { signatures, total, page: page.page, pages: page.last(total) })
}

/// A name stands in no table: it is opened from its event, if its key is still there.
fn shown(office: &Office, row: &Row) -> Result<Shown, Failure> {
    let record = office.log.read_at(row.int("name_position")?.unsigned_abs())?;
    let name = match record.open(PUBLIC_NAME, office.log.vault())? {
        Opened::Known(name) => String::from_utf8(name).ok().filter(|name| !name.is_empty()),
        Opened::Gone => None,
    };
    Ok(Shown {
        item: ItemId::from_slice(row.bytes("item")?).unwrap_or_default().to_string(),
        name,
        method: row.text("method")?.to_owned(),
        signed_at: row.opt_int("signed_at")?.map(moment),
    })
}

fn given(body: &dto::Sign, who: Option<&Principal>, client: Client, noticed: Option<Noticed>) -> Given {
    Given {
        name: who.and_then(|who| who.name.clone()).unwrap_or_else(|| body.name.clone()),
        mailbox: body.mailbox.clone(),
        postcode: body.postcode.clone(),
        shown: body.shown.domain(),
        language: if body.language.is_empty() { "sv".into() } else { body.language.clone() },
        suspicion: noticed.and_then(|noticed| noticed.suspicion),
        blocked: noticed.is_some_and(|noticed| noticed.blocked),
        from: Some(client.address),
    }
}

/// Signs: by eID with a token (counted at once, 201), else by mailbox (always the same 202, and a mail).
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/signatures", tag = "signatures",
    request_body = dto::Sign, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 201, body = dto::Receipt), (status = 202, body = dto::MailSent)))]
pub(super) async fn sign(
    asking: Asking<Option<Principal>>,
    PathId(petition): PathId<AggregateId>,
    client: Client,
    _: Admitted,
    JsonBody(body): JsonBody<dto::Sign>,
) -> Result<Response, Problem> {
    let office = &asking.office;
    if !office.counts.get(petition).is_some_and(|count| count.public) {
        return Err(Problem::not_found());
    }
    let asked = asking.asked(&format!("POST {petition}/signatures"), &body);
    let Some(who) = &asking.who else {
        let form = Some(body.form.as_str()).filter(|form| !form.is_empty());
        let noticed = office.notice(client.address, petition, &body.mailbox, form)?;
        office.request(petition, &asked, &given(&body, None, client, Some(noticed))).await?;
        let same = dto::MailSent { status: "check_your_mailbox" };
        return Ok((StatusCode::ACCEPTED, Json(same)).into_response());
    };
    asking.api.permit(who, "petitions.sign")?;
    let given = given(&dto::Sign { mailbox: String::new(), ..body }, Some(who), client, None);
    let signed = office.sign(petition, &asked, &who.subject, &given).await?;
    let receipt = dto::Receipt { item: signed.item.to_string(), watermark: office.log.watermark() };
    Ok((StatusCode::CREATED, Json(receipt)).into_response())
}

/// What a form to sign carries: it is handed back as `form`. One filled in faster than a person types is looked at.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/signatures/form", tag = "signatures",
    params(("tenant" = String, Path), ("id" = String, Path)), responses((status = 200, body = dto::Form)))]
pub(super) async fn form(
    Reading { office, .. }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let public = office.counts.get(petition).is_some_and(|count| count.public);
    let form = public.then(|| office.form(petition)).ok_or_else(Problem::not_found)?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(dto::Form { form })).into_response())
}

/// One's own signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Mine {
    /// Its item ref.
    item: String,
    /// Where it stands.
    state: String,
    /// What everybody sees of it.
    shown: Option<String>,
}

/// One's own signature by eID.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/signatures/mine", tag = "signatures",
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Mine)), security(("token" = [])))]
pub(super) async fn mine(
    who: Principal,
    Reading { office, .. }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let (stream, item) = own(&office, petition, &who)?;
    let page = office.page(petition, &stream)?;
    let slot = page.state.slot_of(item).ok_or_else(Problem::not_found)?;
    let shown = slot.public.name.known().cloned();
    let mine = Mine { item: item.to_string(), state: slot.standing.word().into(), shown };
    Ok(Json(mine).into_response())
}

/// Takes one's own signature back.
#[utoipa::path(delete, path = "/api/v1/{tenant}/petitions/{id}/signatures/mine", tag = "signatures",
    operation_id = "withdraw_signature", params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn withdraw(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    asking.permit("petitions.withdraw-signature")?;
    let (stream, item) = own(&asking.office, petition, &asking.who)?;
    let asked = asking.asked(&format!("DELETE {stream}"), &());
    let (done, _) = asking.office.own(petition, &stream, &asked, Act::Withdraw { item }).await?;
    Ok(answer::written(&done))
}

/// Chooses what everybody sees of one's own signature.
#[utoipa::path(put, path = "/api/v1/{tenant}/petitions/{id}/signatures/mine/name", tag = "signatures",
    request_body = dto::ChangeName, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn name(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::ChangeName>,
) -> Result<Response, Problem> {
    asking.permit("petitions.change-public-name")?;
    let (stream, item) = own(&asking.office, petition, &asking.who)?;
    let asked = asking.asked(&format!("PUT {stream}/name"), &body);
    let act = Act::ChangeName { item, shown: body.shown.domain() };
    let (done, _) = asking.office.own(petition, &stream, &asked, act).await?;
    Ok(answer::written(&done))
}

/// The stream and item of somebody's own signature by eID.
fn own(office: &Office, petition: AggregateId, who: &Principal) -> Result<(String, ItemId), Problem> {
    let tags = office.tags(petition)?;
    let stream = eid_stream(petition, tags.eid(&who.subject));
    let page = office.page(petition, &stream)?;
    let item = page.state.slots.first().and_then(|slot| slot.item).ok_or_else(Problem::not_found)?;
    Ok((stream, item))
}
