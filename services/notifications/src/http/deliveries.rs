//! How many letters stand where, by day: counts and nothing else, since which letter went to whom is nobody's to read.

use std::collections::BTreeMap;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use radslag_kernel::{Calendar, Date};
use radslag_readmodel::{Query, Value};
use radslag_runtime::{Problem, http::QueryOf};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{http::asking::Asking, projections::lists};

const STATES: Query = lists::DELIVERY_STATES;
const DAY_MS: u64 = 86_400_000;
/// Days shown unless others are asked for.
const DAYS: u32 = 30;

/// Which days.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Days {
    /// The first, `yyyy-mm-dd`; thirty days before the last unless said.
    from: Option<String>,
    /// The last; today unless said.
    to: Option<String>,
}

/// Letters that were planned on a day (in UTC).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Day {
    date: String,
    planned: i64,
    attempting: i64,
    sent: i64,
    failed: i64,
    bounced: i64,
    skipped: i64,
    in_doubt: i64,
    /// Their addresses were erased, and with them what became of them.
    erased: i64,
}

/// How many letters were planned each day, and where they stand.
#[utoipa::path(get, path = "/api/v1/{tenant}/notifications/deliveries", tag = "notifications",
    operation_id = "count_deliveries", params(("tenant" = String, Path), Days),
    responses((status = 200, body = Vec<Day>)), security(("token" = [])))]
pub(super) async fn counts(asking: Asking, QueryOf(days): QueryOf<Days>) -> Result<Response, Problem> {
    asking.permit("notifications.read-deliveries")?;
    let office = &asking.office;
    let today = Calendar::utc().date(office.now());
    let to = date(days.to.as_deref(), "to")?.unwrap_or(today);
    let from = date(days.from.as_deref(), "from")?.unwrap_or_else(|| earlier(to));
    let rows = office.deliveries.store.query(&STATES, &[number(from), number(to)]).await?;
    let mut counted: BTreeMap<i64, Day> = BTreeMap::new();
    for row in &rows {
        let day = row.int("day")?;
        add(counted.entry(day).or_default(), row.text("value")?, row.int("rows")?);
    }
    let days = counted.into_iter().map(|(number, day)| Day { date: shown(number), ..day });
    Ok(Json(days.collect::<Vec<_>>()).into_response())
}

fn add(day: &mut Day, state: &str, rows: i64) {
    let counted = match state {
        "planned" => &mut day.planned,
        "attempting" => &mut day.attempting,
        "sent" => &mut day.sent,
        "failed" => &mut day.failed,
        "bounced" => &mut day.bounced,
        "skipped" => &mut day.skipped,
        "in-doubt" => &mut day.in_doubt,
        "" => &mut day.erased,
        // That there was nothing to write is as secret as why.
        _ => return,
    };
    *counted += rows;
}

fn date(text: Option<&str>, field: &'static str) -> Result<Option<Date>, Problem> {
    let bad = |_| Problem::new(axum::http::StatusCode::BAD_REQUEST, "bad-query").field(field);
    text.map(|text| text.parse().map_err(bad)).transpose()
}

fn earlier(to: Date) -> Date {
    to.checked_sub(jiff::ToSpan::days(i64::from(DAYS))).unwrap_or(to)
}

/// Days since 1970.
fn number(date: Date) -> Value {
    let days = Calendar::utc().start_of(date).millis() / DAY_MS;
    Value::Int(i64::try_from(days).unwrap_or(i64::MAX))
}

fn shown(day: i64) -> String {
    let at = radslag_kernel::Instant::from_millis(day.unsigned_abs() * DAY_MS);
    Calendar::utc().date(at).to_string()
}
