//! What staff see of abuse and do against it: what is set aside, where submissions come from, and the lists.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Instant, ItemId, Opened};
use radslag_readmodel::{Query, Row, Value};
use radslag_runtime::{
    Principal, Problem,
    http::{JsonBody, Page, PathId, QueryOf},
    service::Failure,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    catalogue::Catalogue,
    http::{
        answer,
        asking::{Asking, Reading},
        dto,
        lists::{Label, moment},
        petitions::known,
    },
    lists::{Effect, Kind},
    mailbox,
    projections::{id, lists as sql, number},
    shell::{Office, lists::Wanted, petition::Staff},
};

const SUSPECTED: Query = sql::SUSPECTED;
const SUSPECTED_TOTAL: Query = sql::SUSPECTED_TOTAL;
const TOP_NETWORKS: Query = sql::TOP_NETWORKS;
const TOP_DOMAINS: Query = sql::TOP_DOMAINS;
const OF_DOMAIN: Query = sql::OF_DOMAIN;
/// Fields of the events that are opened here.
const MAILBOX: u32 = 2;
const PUBLIC_NAME: u32 = 4;
const RULE: u32 = 7;
const GROUND: u32 = 1;
/// Rows of an hour.
const TOP: u64 = 10;
/// Hours looked back, unless something is said.
const HOURS: u64 = 24;
/// Events looked at for the name of a domain: some signers may be erased.
const NAMED_BY: u64 = 5;

/// A signature that is set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Suspected {
    petition: String,
    item: String,
    /// As everybody would see it.
    name: Option<String>,
    /// `eid`, `mailbox` or `paper`.
    method: String,
    signed_at: Option<String>,
    /// The rule that set it aside; `official` if somebody did.
    rule: String,
    /// The same for people.
    label: Label,
    /// Why, if an official did.
    ground: Option<String>,
}

/// A page of what is set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct SuspectedPage {
    signatures: Vec<Suspected>,
    total: u64,
    page: u32,
    pages: u64,
}

/// The signatures that wait for somebody to clear or strike them out, longest first.
#[utoipa::path(get, path = "/api/v1/{tenant}/suspected", tag = "officials",
    params(("tenant" = String, Path), ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = SuspectedPage)), security(("token" = [])))]
pub(super) async fn suspected(
    who: Principal,
    Reading { api, office }: Reading,
    page: Page,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.read-suspected")?;
    let values = vec![number(u64::from(page.per_page)), number(page.offset())];
    let asked = [(&SUSPECTED, values), (&SUSPECTED_TOTAL, Vec::new())];
    let [rows, total] = office.petitions.store.query_all(asked).await?;
    let total = total.first().and_then(|row| row.int("total").ok()).unwrap_or(0).unsigned_abs();
    let signatures = rows.iter().map(|row| set_aside(&office, row)).collect::<Result<Vec<_>, Failure>>()?;
    let page = SuspectedPage { signatures, total, page: page.page, pages: page.last(total) };
    Ok(Json(page).into_response())
}

fn set_aside(office: &Office, row: &Row) -> Result<Suspected, Failure> {
    let opened = |column: &str, field: u32| -> Result<(String, Option<String>), Failure> {
        let Some(position) = row.opt_int(column)? else { return Ok((String::new(), None)) };
        let record = office.log.read_at(position.unsigned_abs())?;
        let kind = record.header.r#type.clone();
        let value = match record.open(field, office.log.vault())? {
            Opened::Known(bytes) => String::from_utf8(bytes).ok(),
            Opened::Gone => None,
        };
        Ok((kind, value))
    };
    let (_, name) = opened("name_position", PUBLIC_NAME)?;
    let position = row.opt_int("reason_position")?.unwrap_or(0).unsigned_abs();
    let official = office.log.read_at(position)?.header.r#type == "signature.set_aside";
    let (_, said) = opened("reason_position", if official { GROUND } else { RULE })?;
    let (rule, ground) =
        if official { ("official".to_owned(), said) } else { (said.unwrap_or_default(), None) };
    let label = Catalogue::shipped().suspicion(&rule);
    Ok(Suspected {
        petition: AggregateId::from_slice(row.bytes("petition")?).unwrap_or_default().to_string(),
        item: ItemId::from_slice(row.bytes("item")?).unwrap_or_default().to_string(),
        name: name.filter(|name| !name.is_empty()),
        method: row.text("method")?.to_owned(),
        signed_at: row.opt_int("signed_at")?.map(moment),
        label: label.map(|label| Label { sv: label.sv.clone(), en: label.en.clone() }).unwrap_or_default(),
        rule,
        ground,
    })
}

/// How far back.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Back {
    /// Hours; 24 if nothing is said.
    hours: Option<u64>,
}

/// An hour's submissions by where they come from, most first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Hour {
    /// When it began.
    hour: String,
    /// Networks, a /24 or a /48 each, as tags: what a bulk invalidation takes as `network`.
    networks: Vec<Origin>,
    /// Mail domains.
    domains: Vec<Origin>,
}

/// One of the ten that handed in most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Origin {
    /// Of this petition only: another petition has another for the same.
    tag: String,
    /// Of a domain, while a signer who has it isn't erased.
    name: Option<String>,
    /// Requests and signatures that hour, whatever came of them.
    submissions: i64,
}

/// Where a petition's signatures come from, hour by hour, newest first.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/origins", tag = "officials",
    params(("tenant" = String, Path), ("id" = String, Path), Back),
    responses((status = 200, body = Vec<Hour>)), security(("token" = [])))]
pub(super) async fn origins(
    who: Principal,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
    QueryOf(back): QueryOf<Back>,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.read-origins")?;
    known(&office, petition)?;
    let now = office.now().millis() / 3_600_000;
    let from = (now + 1).saturating_sub(back.hours.unwrap_or(HOURS));
    let values = [id(petition), number(from), number(TOP)];
    let store = &office.persons.store;
    let mut hours: Vec<Hour> = Vec::new();
    for row in store.query(&TOP_NETWORKS, &values).await? {
        let origin = origin(&row, None)?;
        at_hour(&mut hours, &row)?.networks.push(origin);
    }
    for row in store.query(&TOP_DOMAINS, &values).await? {
        let name = domain(&office, row.text("tag")?).await?;
        let origin = origin(&row, name)?;
        at_hour(&mut hours, &row)?.domains.push(origin);
    }
    hours.sort_by(|a, b| b.hour.cmp(&a.hour));
    Ok(Json(hours).into_response())
}

fn origin(row: &Row, name: Option<String>) -> Result<Origin, radslag_readmodel::Error> {
    Ok(Origin { tag: row.text("tag")?.to_owned(), name, submissions: row.int("submissions")? })
}

fn at_hour<'a>(hours: &'a mut Vec<Hour>, row: &Row) -> Result<&'a mut Hour, radslag_readmodel::Error> {
    let began = Instant::from_millis(row.int("hour")?.unsigned_abs() * 3_600_000).to_string();
    let at = hours.iter().position(|hour| hour.hour == began).unwrap_or(hours.len());
    if at == hours.len() {
        hours.push(Hour { hour: began, ..Hour::default() });
    }
    Ok(&mut hours[at])
}

/// The name behind a domain's tag stands in no table: it is opened from a mailbox that has it.
async fn domain(office: &Office, tag: &str) -> Result<Option<String>, Failure> {
    let values = [Value::Text(tag.to_owned()), number(NAMED_BY)];
    for row in office.persons.store.query(&OF_DOMAIN, &values).await? {
        let record = office.log.read_at(row.int("position")?.unsigned_abs())?;
        if let Opened::Known(typed) = record.open(MAILBOX, office.log.vault())? {
            return Ok(String::from_utf8(typed).ok().as_deref().and_then(mailbox::domain));
        }
    }
    Ok(None)
}

/// An entry of the lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Listed {
    item: String,
    /// `block` or `allow`.
    effect: &'static str,
    /// `network`, `domain` or `mailbox`.
    kind: &'static str,
    /// Whom it is about.
    pattern: Option<String>,
    /// Why.
    ground: Option<String>,
    /// Who added it, as this service's log knows them.
    by: String,
    at: String,
}

/// The block and allow lists, oldest entry first.
#[utoipa::path(get, path = "/api/v1/{tenant}/lists", tag = "officials", operation_id = "lists",
    params(("tenant" = String, Path)), responses((status = 200, body = Vec<Listed>)), security(("token" = [])))]
pub(super) async fn lists(who: Principal, Reading { api, office }: Reading) -> Result<Response, Problem> {
    api.permit(&who, "petitions.keep-lists")?;
    let (_, lists) = office.lists()?;
    let listed = lists.entries.iter().map(|entry| Listed {
        item: entry.item.to_string(),
        effect: entry.effect.word(),
        kind: entry.kind.word(),
        pattern: entry.pattern.known().map(ToString::to_string),
        ground: entry.ground.known().cloned(),
        by: entry.by.to_string(),
        at: entry.at.to_string(),
    });
    Ok(Json(listed.collect::<Vec<_>>()).into_response())
}

/// Blocks or allows a network, a mail domain or a mailbox.
#[utoipa::path(post, path = "/api/v1/{tenant}/lists", tag = "officials", operation_id = "add_to_lists",
    request_body = dto::AddToLists, params(("tenant" = String, Path)),
    responses((status = 201, body = dto::Entered)), security(("token" = [])))]
pub(super) async fn add(
    asking: Asking,
    JsonBody(body): JsonBody<dto::AddToLists>,
) -> Result<Response, Problem> {
    let effect = Effect::of(&body.effect);
    let effect = effect.ok_or_else(|| Problem::invalid("/effect", "expected `block` or `allow`"))?;
    let kind = Kind::of(&body.kind);
    let kind = kind.ok_or_else(|| Problem::invalid("/kind", "expected `network`, `domain` or `mailbox`"))?;
    let role = asking.permit("petitions.keep-lists")?;
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let asked = asking.asked("POST lists", &body);
    let wanted = Wanted::Add { effect, kind, pattern: body.pattern.clone() };
    let (item, done) = asking.office.keep_lists(&asked, &staff, &wanted).await?;
    let receipt = answer::receipt_of(&asking.office, &done);
    let entered = dto::Entered { item: item.to_string(), version: done.version, receipt };
    Ok((StatusCode::CREATED, Json(entered)).into_response())
}

/// Takes an entry off the lists.
#[utoipa::path(post, path = "/api/v1/{tenant}/lists/{item}/remove", tag = "officials",
    operation_id = "remove_from_lists", request_body = dto::Ground,
    params(("tenant" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn remove(
    asking: Asking,
    PathId(item): PathId<ItemId>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let role = asking.permit("petitions.keep-lists")?;
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let asked = asking.asked(&format!("POST lists/{item}/remove"), &body);
    let (_, done) = asking.office.keep_lists(&asked, &staff, &Wanted::Remove(item)).await?;
    Ok(answer::written(&asking.office, &done))
}
