//! A petition's history: where it stood then, signatures by hour and by area, milestones; and what is trending.

use std::collections::BTreeMap;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Instant};
use radslag_readmodel::{AsOf, Query, Row};
use radslag_runtime::{
    Principal, Problem,
    http::{PathId, QueryOf},
    service::Failure,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    breakdown::{Cell, suppressed},
    http::{
        asking::Reading,
        lists::{Label, Listed, label, listed_row},
        petitions::{As, as_of, by_id, moment_of, place},
    },
    projections::{id, lists as sql, signatures::votes_against},
    shell::{Office, counts::Count, past},
};

const AREAS: Query = sql::AREAS;
const PETITION: Query = sql::PETITION;
const HOUR: u64 = 3_600_000;
/// Hours of one answer: a leap year and a day.
const MOST_HOURS: u64 = 24 * 367;
/// Petitions that are trending.
const TRENDING: usize = 5;

/// Both counts of a petition as of then; those against only where they are taken.
pub(super) async fn counted_at(office: &Office, petition: AggregateId, when: AsOf) -> Result<Count, Problem> {
    let store = &office.petitions.store;
    let found = store.count_at(petition, when).await?;
    let known = office.counts.get(petition).unwrap_or_default();
    let mut count = Count { count: found.count, position: found.position, against: None, ..known };
    if known.against.is_some() {
        let against = store.count_at(votes_against(petition), when).await?;
        (count.against, count.position) = (Some(against.count), found.position.max(against.position));
    }
    Ok(count)
}

/// Where a petition stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Stood {
    /// Of its life.
    state: &'static str,
    /// The same for people: `sv` and `en`.
    label: Label,
    /// Of its answer.
    answer: &'static str,
    /// Of its debate.
    hearing: &'static str,
    /// When it came to stand so.
    since: String,
    /// The event that brought it there, `origin.position`.
    position: String,
    /// Signatures then.
    signatures: i64,
    /// Votes against then, where they are taken.
    against: Option<i64>,
    /// The event that had changed the count last.
    count_position: Option<String>,
}

/// State and count of a petition as of a date, a moment or a log position. Before it was shown to anybody there is nothing.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/state", tag = "petitions", operation_id = "state_as_of",
    params(("tenant" = String, Path), ("id" = String, Path), ("as_of" = Option<String>, Query),
        ("position" = Option<u64>, Query)),
    responses((status = 200, body = Stood)))]
pub(super) async fn state(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
    QueryOf(wanted): QueryOf<As>,
) -> Result<Response, Problem> {
    by_id(&api, &office, petition, who.as_ref()).await?;
    let when = as_of(&office, &wanted)?.unwrap_or(AsOf::Now);
    let past = office.past(petition)?;
    let staff = who.is_some_and(|who| api.permit(&who, "petitions.read-queue").is_ok());
    let seen = if staff { &past[..] } else { past::public(&past) };
    let moment = past::as_of(seen, when).ok_or_else(Problem::not_found)?;
    let count = counted_at(&office, petition, when).await?;
    let stood = Stood {
        state: moment.phase.word(),
        label: label(moment.phase.word(), moment.answer.word()),
        answer: moment.answer.word(),
        hearing: moment.hearing.word(),
        since: moment.at.to_string(),
        position: place(moment.position),
        signatures: count.count,
        against: count.against,
        count_position: count.position.map(place),
    };
    Ok(Json(stood).into_response())
}

/// Which hours.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Hours {
    /// A date or a moment; the opening, if nothing is said.
    from: Option<String>,
    /// A date (its end) or a moment; now, if nothing is said.
    to: Option<String>,
}

/// An hour in which the count changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Hour {
    /// Where it begins.
    from: String,
    /// By how much the count changed.
    change: i64,
    /// The count at its end.
    count: i64,
    /// The same of votes against, where they are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    change_against: Option<i64>,
    /// Votes against at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<i64>,
}

/// A petition's signatures by hour; hours without a change are left out.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/history", tag = "petitions", operation_id = "count_by_hour",
    params(("tenant" = String, Path), ("id" = String, Path), ("from" = Option<String>, Query),
        ("to" = Option<String>, Query)),
    responses((status = 200, body = Vec<Hour>)))]
pub(super) async fn hours(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
    QueryOf(wanted): QueryOf<Hours>,
) -> Result<Response, Problem> {
    let row = by_id(&api, &office, petition, who.as_ref()).await?;
    let opened = row.opt_int("opened_at").ok().flatten().map(i64::unsigned_abs);
    let to = match &wanted.to {
        Some(text) => moment_of(&office, "to", text)?.plus_millis(1),
        None => office.now().plus_millis(1),
    };
    let from = match &wanted.from {
        Some(text) => begin_of(&office, text)?.millis(),
        None => opened.unwrap_or_else(|| to.millis().saturating_sub(MOST_HOURS * HOUR)),
    };
    let from = Instant::from_millis(from - from % HOUR);
    if to.millis_since(from) > MOST_HOURS * HOUR {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "bad-query").field("from");
        return Err(problem.detail("at most a year at once"));
    }
    Ok(Json(by_hour(&office, petition, from, to).await?).into_response())
}

/// Hours in which one of the counts changed, with both at their ends.
async fn by_hour(
    office: &Office,
    petition: AggregateId,
    from: Instant,
    to: Instant,
) -> Result<Vec<Hour>, Problem> {
    let store = &office.petitions.store;
    let before = AsOf::Recorded(Instant::from_millis(from.millis().saturating_sub(1)));
    let mut counts = counted_at(office, petition, before).await?;
    let takes_against = counts.against.is_some();
    let mut changes: BTreeMap<Instant, (i64, i64)> = BTreeMap::new();
    for bucket in store.count_history(petition, HOUR, from, to).await? {
        changes.entry(bucket.from).or_default().0 = bucket.delta;
    }
    if takes_against {
        for bucket in store.count_history(votes_against(petition), HOUR, from, to).await? {
            changes.entry(bucket.from).or_default().1 = bucket.delta;
        }
    }
    let hours = changes.into_iter().map(|(from, (change, change_against))| {
        counts.count += change;
        counts.against = counts.against.map(|against| against + change_against);
        Hour {
            from: from.to_string(),
            change,
            count: counts.count,
            change_against: takes_against.then_some(change_against),
            against: counts.against,
        }
    });
    Ok(hours.collect())
}

/// A date's first instant, or a moment.
fn begin_of(office: &Office, text: &str) -> Result<Instant, Problem> {
    match text.parse::<radslag_kernel::Date>() {
        Ok(date) if text.len() == 10 => Ok(office.calendar.start_of(date)),
        _ => moment_of(office, "from", text),
    }
}

/// Signatures of one area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Area {
    /// Nothing: not known.
    area: Option<String>,
    /// Nothing: fewer than 5, or hidden so that another can't be computed.
    signatures: Option<u64>,
}

/// A breakdown by area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Areas {
    /// Most first. With the unknown ones they sum to the total. Empty where what is to be hidden can't be.
    areas: Vec<Area>,
    /// All of them.
    total: u64,
    /// Something is hidden.
    suppressed: bool,
}

/// A petition's signatures by area. In public a cell under 5 is suppressed, and others so that it can't be computed.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/areas", tag = "petitions", operation_id = "signatures_by_area",
    params(("tenant" = String, Path), ("id" = String, Path)), responses((status = 200, body = Areas)))]
pub(super) async fn areas(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let row = by_id(&api, &office, petition, who.as_ref()).await?;
    let staff = who.is_some_and(|who| api.permit(&who, "petitions.read-queue").is_ok());
    Ok(Json(areas_of(&office, petition, &row, staff).await?).into_response())
}

/// A petition's signatures by area, whole for staff.
pub(super) async fn areas_of(
    office: &Office,
    petition: AggregateId,
    row: &Row,
    staff: bool,
) -> Result<Areas, Failure> {
    let rows = office.petitions.store.query(&AREAS, &[id(petition)]).await?;
    let cell = |row: &Row| {
        Ok::<_, radslag_readmodel::Error>((
            row.text("area")?.to_owned(),
            row.int("signatures")?.unsigned_abs(),
        ))
    };
    let mut cells = rows.iter().map(cell).collect::<Result<Vec<_>, _>>()?;
    // An initiator who counts without signing has no row: from nowhere that is known.
    let counted = |column: &str| row.opt_int(column).ok().flatten().unwrap_or(0).unsigned_abs();
    let total = counted("signatures") + counted("against");
    let rest = total.saturating_sub(cells.iter().map(|(_, count)| count).sum());
    match cells.iter_mut().find(|(area, _)| area.is_empty()) {
        Some((_, unknown)) => *unknown += rest,
        None if rest > 0 => cells.push((String::new(), rest)),
        None => {}
    }
    let whole = |(name, count): (String, u64)| Cell { name, count: Some(count) };
    let shown = if staff { Some(cells.into_iter().map(whole).collect()) } else { suppressed(&cells) };
    let hidden = shown.as_ref().is_none_or(|cells: &Vec<Cell>| cells.iter().any(|cell| cell.count.is_none()));
    let area =
        |cell: Cell| Area { area: Some(cell.name).filter(|name| !name.is_empty()), signatures: cell.count };
    let areas = shown.unwrap_or_default().into_iter().map(area).collect();
    Ok(Areas { areas, total, suppressed: hidden })
}

/// A round number of signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Milestone {
    /// 10, 100, 1,000, ...
    signatures: i64,
    /// When the count first came to it.
    reached_at: String,
    /// The event that brought it there, `origin.position`.
    position: String,
}

/// When a petition's count first came to 10, 100, 1,000 and so on.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/milestones", tag = "petitions",
    params(("tenant" = String, Path), ("id" = String, Path)), responses((status = 200, body = Vec<Milestone>)))]
pub(super) async fn milestones(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let row = by_id(&api, &office, petition, who.as_ref()).await?;
    Ok(Json(milestones_of(&office, petition, &row).await?).into_response())
}

/// A petition's milestones, oldest first.
pub(super) async fn milestones_of(
    office: &Office,
    petition: AggregateId,
    row: &Row,
) -> Result<Vec<Milestone>, Failure> {
    // The count may have been higher than it is; one level more is looked for, not all there are.
    let count = row.opt_int("signatures").ok().flatten().unwrap_or(0);
    let mut levels: Vec<i64> = (1..=9).map(|power| 10_i64.pow(power)).collect();
    let above = levels.iter().position(|level| *level > count).map_or(levels.len(), |at| at + 1);
    levels.truncate(above);
    let reached = office.petitions.store.count_reached(petition, &levels).await?;
    let milestone = |reached: &radslag_readmodel::Reached| Milestone {
        signatures: reached.level,
        reached_at: reached.recorded_at.to_string(),
        position: place(reached.position),
    };
    Ok(reached.iter().map(milestone).collect())
}

/// A petition that many signed just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Trending {
    /// As in a list.
    #[serde(flatten)]
    listed: Listed,
    /// What the last hour added to its count.
    last_hour: i64,
}

/// The open petitions whose count grew most in the last hour.
#[utoipa::path(get, path = "/api/v1/{tenant}/trending", tag = "petitions", params(("tenant" = String, Path)),
    responses((status = 200, body = Vec<Trending>)))]
pub(super) async fn trending(Reading { office, .. }: Reading) -> Result<Response, Problem> {
    Ok(Json(trending_now(&office).await?).into_response())
}

/// The open petitions whose count grew most in the last hour, most first.
pub(super) async fn trending_now(office: &Office) -> Result<Vec<Trending>, Failure> {
    // Some may have closed within the hour.
    let most = office.counts.trend.most(office.now(), TRENDING * 4);
    let ids = most.iter().map(|(petition, _)| vec![id(*petition)]).collect();
    let found = office.petitions.store.query_each(&PETITION, ids).await?;
    let rows = found.iter().zip(&most).filter_map(|(rows, (_, last_hour))| {
        let row = rows.first().filter(|row| row.opt_int("listed").ok().flatten() == Some(1))?;
        Some(Trending { listed: listed_row(row), last_hour: *last_hour })
    });
    Ok(rows.take(TRENDING).collect())
}
