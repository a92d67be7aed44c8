//! A petition's figures for people: how its count grew by day, its milestones, its signatures by area, and what corrected
//! it; as a picture and as tables.

use axum::response::Response;
use radslag_kernel::{AggregateId, Instant};
use radslag_readmodel::Row;
use radslag_runtime::{
    Problem,
    http::{Page, PathId},
    service::Failure,
};
use serde_json::json;

use crate::{
    http::{
        bulk, history,
        pages::{
            chart::{Chart, Day},
            view::View,
        },
        petitions,
    },
    shell::Office,
};

const HOUR: u64 = 3_600_000;

/// The figures of one petition.
pub(in crate::http) async fn figures(
    view: View,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let office = &view.office;
    let row = petitions::by_id(&view.api, office, petition, None).await?;
    let detail = petitions::detail(office, &row).await?;
    let (from, to) = shown(office, &row);
    let days = by_day(office, petition, from).await?;
    let dates = (office.calendar.date(from), office.calendar.date(to));
    let chart = Chart::of(&days, dates, detail.listed.answer_at);
    let corrections = bulk::page_of(office, petition, Page { page: 1, per_page: 100 }).await?;
    let milestones = history::milestones_of(office, petition, &row).await?;
    let areas = history::areas_of(office, petition, &row, false).await?;
    let values = json!({
        "petition": detail, "days": days, "chart": chart, "corrections": corrections, "milestones": milestones,
        "areas": areas,
    });
    view.show("figures.html", values)
}

/// From the opening until signing ended, or until now.
fn shown(office: &Office, row: &Row) -> (Instant, Instant) {
    let at = |column| row.opt_int(column).ok().flatten().map(|at| Instant::from_millis(at.unsigned_abs()));
    let now = office.now();
    let opened = at("opened_at").or_else(|| at("submitted_at")).unwrap_or(now);
    (opened, at("closed_at").unwrap_or(now).max(opened))
}

/// Days of the tenant's calendar on which the count changed; what was corrected after the end too.
async fn by_day(office: &Office, petition: AggregateId, from: Instant) -> Result<Vec<Day>, Failure> {
    // Whole hours: a zone's days begin at one, or at half of one, where nobody signs.
    let from = Instant::from_millis(from.millis() - from.millis() % HOUR);
    let hours =
        office.petitions.store.count_history(petition, HOUR, from, office.now().plus_millis(1)).await?;
    let mut days: Vec<Day> = Vec::new();
    for hour in hours {
        let date = office.calendar.date(hour.from);
        match days.last_mut().filter(|day| day.date == date) {
            Some(day) => (day.change, day.count) = (day.change + hour.delta, hour.count),
            None => days.push(Day { date, change: hour.delta, count: hour.count }),
        }
    }
    Ok(days)
}
