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
    http::{AtLeast, Client, JsonBody, Page, PathId, QueryOf},
    limits::Admitted,
    service::Failure,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{
        answer,
        asking::{Asking, Reading},
        dto,
        lists::{caught_up, moment},
        petitions::by_id,
    },
    projections::{id, lists as sql, number, signatures::SPAN},
    shell::{
        Asked, Office,
        signature::{Given, eid_stream},
        watching::Noticed,
    },
    signature::Act,
};

const SIGNATURES: Query = sql::SIGNATURES;
const AFTER: Query = sql::SIGNATURES_AFTER;
const TOTAL: Query = sql::SIGNATURES_TOTAL;
const SPANS: Query = sql::SIGNATURE_SPANS;
/// Rows that are walked over without asking where they stand.
const NEAR: u64 = 2_000;
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
    /// A vote against.
    pub(super) against: bool,
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
    /// This page; nothing with a cursor.
    pub(super) page: Option<u32>,
    /// How many pages there are; nothing with a cursor.
    pub(super) pages: Option<u64>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
}

/// From where.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Wanted {
    /// For programs: `next` of the page before, or empty for the first; then `page` says nothing.
    cursor: Option<String>,
    #[serde(default, rename = "page")]
    _page: Option<String>,
    #[serde(default, rename = "per_page")]
    _per_page: Option<String>,
    #[serde(default, rename = "at_least")]
    _at_least: Option<String>,
}

/// Signatures, latest first: `?per_page=10` are the ten latest.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/signatures", tag = "signatures",
    operation_id = "list_signatures", params(("tenant" = String, Path), ("id" = String, Path), ("page" = Option<u32>, Query),
        ("per_page" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Signatures)))]
pub(super) async fn list(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
    at_least: AtLeast,
    page: Page,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, Problem> {
    caught_up(&office, at_least).await?;
    by_id(&api, &office, petition, who.as_ref()).await?;
    let scope = format!("{}-{petition}-signatures", office.tenant.id);
    let mut found = match wanted.cursor.as_deref() {
        None => page_of(&office, petition, page).await?,
        Some(cursor) => {
            let after = match cursor {
                "" => u64::MAX,
                cursor => api.kit().cursors().decode(&scope, cursor)?,
            };
            after_position(&office, petition, after, page).await?
        }
    };
    found.0.next = found.1.and_then(|last| api.kit().cursors().encode(&scope, &last).ok());
    Ok(Json(found.0).into_response())
}

/// The ones before a position; where the next page begins.
async fn after_position(
    office: &Office,
    petition: AggregateId,
    position: u64,
    page: Page,
) -> Result<(Signatures, Option<u64>), Problem> {
    let values = vec![id(petition), number(position), number(u64::from(page.per_page))];
    let asked = [(&AFTER, values), (&TOTAL, vec![id(petition)])];
    let [rows, total] = office.petitions.store.query_all(asked).await?;
    Ok(signatures(office, &rows, &total, page, None)?)
}

/// Below which position a page is looked for, and how many rows it then leaves out: a few thousand at most, however deep
/// the page lies.
async fn beginning(office: &Office, petition: AggregateId, offset: u64) -> Result<(u64, u64), Failure> {
    if offset <= NEAR {
        return Ok((u64::MAX, offset));
    }
    let rows = office.petitions.store.query(&SPANS, &[id(petition)]).await?;
    let span =
        |row: &Row| Ok::<_, Failure>((row.int("span")?.unsigned_abs(), row.int("total")?.unsigned_abs()));
    Ok(within(&rows.iter().map(span).collect::<Result<Vec<_>, _>>()?, offset))
}

/// In which span, newest first, a row stands that has so many before it: below which position, and after how many rows.
fn within(spans: &[(u64, u64)], offset: u64) -> (u64, u64) {
    let mut before = 0;
    for (span, rows) in spans {
        if before + rows > offset {
            return ((span + 1) * SPAN, offset - before);
        }
        before += rows;
    }
    (0, 0)
}

fn signatures(
    office: &Office,
    rows: &[Row],
    total: &[Row],
    page: Page,
    number: Option<u32>,
) -> Result<(Signatures, Option<u64>), Failure> {
    // From kept counts.
    let total =
        total.iter().map(|row| Ok::<_, Failure>(row.int("total")?.unsigned_abs())).sum::<Result<u64, _>>()?;
    let signatures = rows.iter().map(|row| shown(office, row)).collect::<Result<Vec<_>, Failure>>()?;
    let last = rows.last().filter(|_| rows.len() == page.per_page as usize);
    let last = last.map(|row| row.int("position")).transpose()?.map(i64::unsigned_abs);
    let pages = number.map(|_| page.last(total));
    Ok((Signatures { signatures, total, page: number, pages, next: None }, last))
}

/// A numbered page, and the position of its last row if there may be more.
pub(super) async fn page_of(
    office: &Office,
    petition: AggregateId,
    page: Page,
) -> Result<(Signatures, Option<u64>), Problem> {
    let (below, offset) = beginning(office, petition, page.offset()).await?;
    let values = vec![id(petition), number(below), number(u64::from(page.per_page)), number(offset)];
    let asked = [(&SIGNATURES, values), (&TOTAL, vec![id(petition)])];
    let [rows, total] = office.petitions.store.query_all(asked).await?;
    Ok(signatures(office, &rows, &total, page, Some(page.page))?)
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
        against: row.opt_int("against")? == Some(1),
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
        against: body.stance == dto::Stance::Against,
        language: if body.language.is_empty() { "sv".into() } else { body.language.clone() },
        suspicion: noticed.and_then(|noticed| noticed.suspicion),
        blocked: noticed.is_some_and(|noticed| noticed.blocked),
        from: Some(client.address),
    }
}

/// Asks to sign by mailbox: the API and the form do the same.
pub(super) async fn by_mailbox(
    office: &Office,
    petition: AggregateId,
    asked: &Asked,
    client: Client,
    body: &dto::Sign,
) -> Result<(), Problem> {
    let form = Some(body.form.as_str()).filter(|form| !form.is_empty());
    let noticed = office.notice(client.address, petition, &body.mailbox, form)?;
    office.request(petition, asked, &given(body, None, client, Some(noticed))).await?;
    Ok(())
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
    if let Some(behalf) = &body.on_behalf_of {
        let behalf = behalf.of(&asking.api, office, asking.who.as_ref())?;
        let typed = given(&dto::Sign { mailbox: String::new(), ..body.clone() }, None, client, None);
        // Where the official sits says nothing of the signer.
        let typed = Given { from: None, ..typed };
        let signed = office.sign_for(petition, &asked, &behalf.number, &typed, Some(&behalf.helped)).await?;
        return Ok(answer::received(office, signed.item, &signed.done));
    }
    let Some(who) = &asking.who else {
        by_mailbox(office, petition, &asked, client, &body).await?;
        let same = dto::MailSent { status: "check_your_mailbox" };
        return Ok((StatusCode::ACCEPTED, Json(same)).into_response());
    };
    asking.api.permit(who, "petitions.sign")?;
    let given = given(&dto::Sign { mailbox: String::new(), ..body }, Some(who), client, None);
    let signed = office.sign(petition, &asked, &who.subject, &given).await?;
    Ok(answer::received(office, signed.item, &signed.done))
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
    /// A vote against.
    against: bool,
}

/// One's own signature, by eID or on paper with one's personal number.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/signatures/mine", tag = "signatures",
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Mine)), security(("token" = [])))]
pub(super) async fn mine(
    who: Principal,
    Reading { office, .. }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let (stream, item) = own(&office, petition, &who).await?;
    let page = office.page(petition, &stream)?;
    let slot = page.state.slot_of(item).ok_or_else(Problem::not_found)?;
    let shown = slot.public.name.known().cloned();
    let mine =
        Mine { item: item.to_string(), state: slot.standing.word().into(), shown, against: slot.against };
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
    let (stream, item) = own(&asking.office, petition, &asking.who).await?;
    let asked = asking.asked(&format!("DELETE {stream}"), &());
    let (done, _) = asking.office.own(petition, &stream, &asked, Act::Withdraw { item }).await?;
    Ok(answer::written(&asking.office, &done))
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
    let (stream, item) = own(&asking.office, petition, &asking.who).await?;
    let asked = asking.asked(&format!("PUT {stream}/name"), &body);
    let act = Act::ChangeName { item, shown: body.shown.domain() };
    let (done, _) = asking.office.own(petition, &stream, &asked, act).await?;
    Ok(answer::written(&asking.office, &done))
}

/// The stream and item of somebody's own signature: by eID, or else a line on paper with their personal number.
pub(super) async fn own(
    office: &Office,
    petition: AggregateId,
    who: &Principal,
) -> Result<(String, ItemId), Problem> {
    let tag = office.tags(petition)?.eid(&who.subject);
    let stream = eid_stream(petition, tag);
    let page = office.page(petition, &stream)?;
    if let Some(item) = page.state.slots.first().and_then(|slot| slot.item) {
        return Ok((stream, item));
    }
    office.lines_of(petition, tag).await?.into_iter().next().ok_or_else(Problem::not_found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deep_page_begins_in_the_span_that_holds_its_first_row() {
        let spans = [(9, 100), (8, 4_096), (3, 1)];
        assert_eq!(within(&spans, 0), (10 * SPAN, 0));
        assert_eq!(within(&spans, 99), (10 * SPAN, 99));
        assert_eq!(within(&spans, 100), (9 * SPAN, 0));
        assert_eq!(within(&spans, 4_195), (9 * SPAN, 4_095));
        assert_eq!(within(&spans, 4_196), (4 * SPAN, 0));
        // Past the last row there is nothing below any position.
        assert_eq!(within(&spans, 4_197), (0, 0));
    }
}
