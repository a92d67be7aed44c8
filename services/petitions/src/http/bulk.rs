//! Bulk invalidation: prepared with a count, started, watched, cancelled, undone; and what everybody is told of it.

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Instant};
use radslag_readmodel::{Query, Row};
use radslag_runtime::{
    Principal, Problem,
    execute::Undone,
    http::{JsonBody, Page, PathId},
    service::Failure,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    bulk::{ALONE, Bulk, Conditions},
    http::{
        answer,
        asking::{Asking, Reading},
        dto,
        lists::moment,
        officials::second_official,
        petitions::by_id,
    },
    projections::{id, lists as sql, number},
    shell::{
        Office, Wrong,
        bulk::{Wanted, counting::Soon},
        petition::Staff,
    },
};

const COMMAND: &str = "petitions.bulk-invalidate";
const BULKS: Query = sql::BULKS;
const CORRECTIONS: Query = sql::CORRECTIONS;
const CORRECTIONS_OF: Query = sql::CORRECTIONS_OF;

/// A count, and what came with it. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Prepared {
    bulk: String,
    /// Counted signatures that meet the conditions.
    matched: u64,
    /// It takes a second official to start it.
    takes_two: bool,
    /// The first of them.
    sample: Vec<Sampled>,
    /// Of those counted below this position.
    up_to: u64,
    version: u64,
    /// Address of its receipt.
    receipt: Option<String>,
}

/// A signature that meets the conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Sampled {
    petition: String,
    item: String,
    signed_at: String,
}

/// Counts what meets conditions, and changes nothing. Refused without a condition. A count that takes longer than two
/// seconds goes on, and stands at the bulk's own address when it is done.
#[utoipa::path(post, path = "/api/v1/{tenant}/bulk", tag = "officials", operation_id = "prepare_bulk",
    request_body = dto::PrepareBulk, params(("tenant" = String, Path)),
    responses((status = 201, body = Prepared), (status = 202, body = Progress)), security(("token" = [])))]
pub(super) async fn prepare(
    asking: Asking,
    JsonBody(body): JsonBody<dto::PrepareBulk>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let asked = asking.asked("POST bulk", &body);
    let wanted = Wanted { conditions: conditions(&body)?, notice: body.notice.clone() };
    wanted.conditions.check().map_err(|rule| Undone::Refused(Wrong::from(rule)))?;
    let bulk = asking.office.commands.aggregate(asked.command);
    let (office, subject) = (asking.office.clone(), asking.who.subject.clone());
    let count = async move {
        let staff = Staff { role, subject: &subject, ground: body.ground };
        office.prepare_bulk(&asked, &staff, &wanted).await
    };
    let Soon::Done((bulk, matched, done)) = asking.office.counting.run(bulk, count).await? else {
        return Ok((StatusCode::ACCEPTED, Json(Progress::counting(bulk))).into_response());
    };
    let sample = matched.sample.iter().map(|(petition, position)| {
        let record = asking.office.log.read_at(*position)?;
        let item = radslag_kernel::ItemId::from_slice(&record.header.item).unwrap_or_default();
        let signed_at = Instant::from_millis(record.header.occurred_at).to_string();
        Ok(Sampled { petition: petition.to_string(), item: item.to_string(), signed_at })
    });
    let sample = sample.collect::<Result<Vec<_>, Failure>>()?;
    let prepared = Prepared {
        bulk: bulk.to_string(),
        matched: matched.number,
        takes_two: matched.number > ALONE,
        sample,
        up_to: matched.up_to,
        version: done.version,
        receipt: answer::receipt_of(&asking.office, &done),
    };
    Ok((StatusCode::CREATED, Json(prepared)).into_response())
}

fn conditions(body: &dto::PrepareBulk) -> Result<Conditions, Problem> {
    let when = |at: &str, pointer: &'static str| {
        let parsed = (!at.is_empty()).then(|| at.parse::<jiff::Timestamp>()).transpose();
        let parsed =
            parsed.map_err(|_| Problem::invalid(pointer, "expected a moment, 2026-01-31T12:00:00Z"))?;
        Ok::<_, Problem>(
            parsed.map(|at| Instant::from_millis(u64::try_from(at.as_millisecond()).unwrap_or_default())),
        )
    };
    let petition = (!body.petition.is_empty()).then(|| body.petition.parse::<AggregateId>()).transpose();
    Ok(Conditions {
        petition: petition.map_err(|_| Problem::invalid("/petition", "expected 32 hexadecimal digits"))?,
        name: body.name.clone(),
        mailbox: body.mailbox.clone(),
        domain: body.domain.clone(),
        network: body.network.clone(),
        postcode: body.postcode.clone(),
        area: body.area.clone(),
        from: when(&body.from, "/from")?,
        until: when(&body.until, "/until")?,
    })
}

/// Runs it over what meets the conditions now, counted again first. More than a hundred take a second official, whose
/// token stands in `Second-Authorization`.
#[utoipa::path(post, path = "/api/v1/{tenant}/bulk/{bulk}/start", tag = "officials", operation_id = "start_bulk",
    params(("tenant" = String, Path), ("bulk" = String, Path)),
    responses((status = 200, body = answer::Written), (status = 202, body = Progress)), security(("token" = [])))]
pub(super) async fn start(
    asking: Asking,
    PathId(bulk): PathId<AggregateId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let second = second(&asking, &headers)?;
    let asked = asking.asked(&format!("POST bulk/{bulk}/start"), &());
    let (office, subject) = (asking.office.clone(), asking.who.subject.clone());
    let count = async move {
        let of = |subject| Staff { role, subject, ground: String::new() };
        let second = second.as_ref().map(|second| of(&second.subject));
        office.start_bulk(bulk, &asked, &of(&subject), second.as_ref()).await
    };
    Ok(match asking.office.counting.run(bulk, count).await? {
        Soon::Done(done) => answer::written(&asking.office, &done),
        Soon::Later => (StatusCode::ACCEPTED, Json(Progress::counting(bulk))).into_response(),
    })
}

/// Goes no further; what was struck out stays so until it is undone.
#[utoipa::path(post, path = "/api/v1/{tenant}/bulk/{bulk}/cancel", tag = "officials", operation_id = "cancel_bulk",
    request_body = dto::Ground, params(("tenant" = String, Path), ("bulk" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn cancel(
    asking: Asking,
    PathId(bulk): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let asked = asking.asked(&format!("POST bulk/{bulk}/cancel"), &body);
    Ok(answer::written(&asking.office, &asking.office.cancel_bulk(bulk, &asked, &staff).await?))
}

/// Restores what it struck out and nobody has touched since. More than a hundred take a second official.
#[utoipa::path(post, path = "/api/v1/{tenant}/bulk/{bulk}/undo", tag = "officials", operation_id = "undo_bulk",
    request_body = dto::Ground, params(("tenant" = String, Path), ("bulk" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn undo(
    asking: Asking,
    PathId(bulk): PathId<AggregateId>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let second = second(&asking, &headers)?;
    let second =
        second.as_ref().map(|second| Staff { role, subject: &second.subject, ground: String::new() });
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let asked = asking.asked(&format!("POST bulk/{bulk}/undo"), &body);
    Ok(answer::written(
        &asking.office,
        &asking.office.undo_bulk(bulk, &asked, &staff, second.as_ref()).await?,
    ))
}

/// The second official, if their token is there.
fn second(asking: &Asking, headers: &HeaderMap) -> Result<Option<Principal>, Problem> {
    if headers.contains_key("second-authorization") {
        second_official(asking, headers, COMMAND).map(Some)
    } else {
        Ok(None)
    }
}

/// How far a bulk invalidation is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Progress {
    bulk: String,
    /// `counting`, `prepared`, `dropped`, `running`, `cancelling`, `finished`, `undoing` or `undone`.
    state: String,
    /// Signatures that met the conditions when it was prepared or started.
    matched: u64,
    /// Struck out by it.
    struck: u64,
    /// Of those, restored by its undoing.
    restored: u64,
    /// Changed by others meanwhile, and left.
    skipped: u64,
}

impl Progress {
    fn counting(id: AggregateId) -> Self {
        let (bulk, state) = (id.to_string(), "counting".to_owned());
        Self { bulk, state, matched: 0, struck: 0, restored: 0, skipped: 0 }
    }

    fn of(id: AggregateId, bulk: &Bulk) -> Self {
        Self {
            bulk: id.to_string(),
            state: bulk.phase.word().to_owned(),
            matched: bulk.matched,
            struck: bulk.total(),
            restored: bulk.restored.values().sum(),
            skipped: bulk.skipped,
        }
    }

    fn read(row: &Row) -> Result<Self, radslag_readmodel::Error> {
        let number = |column: &str| Ok::<_, radslag_readmodel::Error>(row.int(column)?.unsigned_abs());
        Ok(Self {
            bulk: AggregateId::from_slice(row.bytes("bulk")?).unwrap_or_default().to_string(),
            state: row.text("state")?.to_owned(),
            matched: number("matched")?,
            struck: number("struck")?,
            restored: number("restored")?,
            skipped: number("skipped")?,
        })
    }
}

/// Bulk invalidations, newest first.
#[utoipa::path(get, path = "/api/v1/{tenant}/bulk", tag = "officials", operation_id = "bulks",
    params(("tenant" = String, Path), ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Vec<Progress>)), security(("token" = [])))]
pub(super) async fn list(
    who: Principal,
    Reading { api, office }: Reading,
    page: Page,
) -> Result<Response, Problem> {
    api.permit(&who, COMMAND)?;
    let values = [number(u64::from(page.per_page)), number(page.offset())];
    let rows = office.bulks.store.query(&BULKS, &values).await?;
    Ok(Json(rows.iter().map(Progress::read).collect::<Result<Vec<_>, _>>()?).into_response())
}

/// How far one is.
#[utoipa::path(get, path = "/api/v1/{tenant}/bulk/{bulk}", tag = "officials", operation_id = "bulk",
    params(("tenant" = String, Path), ("bulk" = String, Path)),
    responses((status = 200, body = Progress)), security(("token" = [])))]
pub(super) async fn one(
    who: Principal,
    Reading { api, office }: Reading,
    PathId(bulk): PathId<AggregateId>,
) -> Result<Response, Problem> {
    api.permit(&who, COMMAND)?;
    match office.counting.of(bulk) {
        Some(None) => return Ok(Json(Progress::counting(bulk)).into_response()),
        Some(Some(refused)) => return Err(refused.into()),
        None => {}
    }
    let known = office.bulk(bulk)?.0.ok_or_else(Problem::not_found)?;
    Ok(Json(Progress::of(bulk, &known)).into_response())
}

/// What everybody is told of a change of counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Correction {
    petition: String,
    /// The batch that stands on each signature in the log.
    batch: String,
    /// `struck_out` or `restored`.
    kind: String,
    at: String,
    /// The role of who decided.
    decided_by: String,
    /// Votes against: `before` and `after` count these.
    against: bool,
    /// Signatures struck out or restored.
    number: u64,
    /// What the count at `position` would be without it.
    before: u64,
    /// The count at `position`.
    after: u64,
    /// Of the log.
    position: String,
    /// Why.
    notice: Option<String>,
}

fn correction(office: &Office, row: &Row) -> Result<Correction, radslag_readmodel::Error> {
    let number = |column: &str| Ok::<_, radslag_readmodel::Error>(row.int(column)?.unsigned_abs());
    let named = |column: &str| {
        Ok::<_, radslag_readmodel::Error>(AggregateId::from_slice(row.bytes(column)?).unwrap_or_default())
    };
    Ok(Correction {
        petition: named("petition")?.to_string(),
        batch: named("bulk")?.to_string(),
        kind: row.text("kind")?.to_owned(),
        at: moment(row.int("at")?),
        decided_by: row.text("role")?.to_owned(),
        against: number("against")? == 1,
        number: number("number")?,
        before: number("before")?,
        after: number("after")?,
        position: format!("{}.{}", office.log.origin(), number("count_position")?),
        notice: row.opt_text("notice")?.map(str::to_owned),
    })
}

/// How a petition's count was corrected.
pub(super) async fn page_of(
    office: &Office,
    petition: AggregateId,
    page: Page,
) -> Result<Vec<Correction>, Problem> {
    let values = [id(petition), number(u64::from(page.per_page)), number(page.offset())];
    told(office, &office.bulks.store.query(&CORRECTIONS_OF, &values).await?)
}

fn told(office: &Office, rows: &[Row]) -> Result<Vec<Correction>, Problem> {
    let told = rows.iter().map(|row| correction(office, row)).collect::<Result<Vec<_>, _>>()?;
    Ok(told)
}

/// How a petition's count was corrected, newest first. Public.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/corrections", tag = "petitions",
    operation_id = "corrections_of_petition", params(("tenant" = String, Path), ("id" = String, Path),
        ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Vec<Correction>)))]
pub(super) async fn corrections_of(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
    page: Page,
) -> Result<Response, Problem> {
    by_id(&api, &office, petition, who.as_ref()).await?;
    Ok(Json(page_of(&office, petition, page).await?).into_response())
}

/// How counts were corrected, newest first. Public.
#[utoipa::path(get, path = "/api/v1/{tenant}/corrections", tag = "petitions",
    params(("tenant" = String, Path), ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Vec<Correction>)))]
pub(super) async fn corrections(Reading { office, .. }: Reading, page: Page) -> Result<Response, Problem> {
    let values = [number(u64::from(page.per_page)), number(page.offset())];
    Ok(Json(told(&office, &office.bulks.store.query(&CORRECTIONS, &values).await?)?).into_response())
}
