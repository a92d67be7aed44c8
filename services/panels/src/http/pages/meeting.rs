//! A panel's meetings as everybody sees them: when and where, who came, what was said, and what was answered.

use std::collections::BTreeMap;

use axum::response::Response;
use radslag_kernel::{AggregateId, Instant, Opened};
use radslag_readmodel::{Query, Value as Cell};
use radslag_runtime::{
    Problem,
    http::{Page, PathId, PathIds},
    service::Failure,
};
use serde_json::{Value, json};

use crate::{
    http::{
        api::seen,
        pages::{View, reading::head, words},
    },
    meeting::{Attended, Meeting, Phase},
    panel::Panel,
    projections::{id as id_value, lists},
    representing::{grouped, listed},
    shell::Office,
};

const LIST: Query = lists::MEETINGS;
const TOTAL: Query = lists::MEETINGS_TOTAL;

/// How many meetings a panel has.
pub(super) async fn total(office: &Office, panel: AggregateId) -> Result<u64, Failure> {
    let rows = office.panels.store.query(&TOTAL, &[id_value(panel)]).await?;
    let total = rows.first().map(|row| row.int("total")).transpose()?;
    Ok(total.unwrap_or(0).unsigned_abs())
}

/// Day and time in the tenant's zone.
fn when(view: &View, at: Instant) -> Value {
    json!({ "on": view.office.calendar.date(at), "at": view.office.calendar.time(at) })
}

/// Meetings of a panel, the latest first.
pub(in crate::http) async fn list(
    view: View,
    PathId(id): PathId<AggregateId>,
    page: Page,
) -> Result<Response, Problem> {
    let (_, panel) = seen(&view.api, &view.office, None, id)?;
    let offset = i64::try_from(page.offset()).unwrap_or(i64::MAX);
    let values = [id_value(id), Cell::Int(page.per_page.into()), Cell::Int(offset)];
    let rows = view.office.panels.store.query(&LIST, &values).await?;
    let mut meetings = Vec::with_capacity(rows.len());
    for row in &rows {
        let starts_at = Instant::from_millis(row.int("starts_at")?.unsigned_abs());
        let held = row.text("phase")? == Phase::Held.word();
        meetings.push(json!({
            "id": AggregateId::from_slice(row.bytes("meeting")?).unwrap_or_default().to_string(),
            "title": row.opt_text("title")?, "place": row.opt_text("place")?, "when": when(&view, starts_at),
            "state": words::of("meeting", row.text("phase")?, view.lang),
            "attended": if held { Some(row.int("attended")?) } else { None },
        }));
    }
    let pages = page.last(total(&view.office, id).await?);
    let found = json!({ "meetings": meetings, "page": page.page, "pages": pages });
    let values = json!({ "panel": head(&view, id, &panel), "found": found, "query": view.paging() });
    view.show("meetings.html", values)
}

/// One of them.
pub(in crate::http) async fn one(
    view: View,
    PathIds(id, meeting): PathIds<AggregateId, AggregateId>,
) -> Result<Response, Problem> {
    let (_, panel) = seen(&view.api, &view.office, None, id)?;
    let known = view.office.meeting(meeting)?.map(|(_, meeting)| meeting);
    let known = known.filter(|meeting| meeting.panel == Some(id)).ok_or_else(Problem::not_found)?;
    let texts = known.texts.known().cloned().unwrap_or_default();
    let points = known.points.iter().map(|point| {
        let answer = point.answer.as_ref();
        json!({
            "point": point.point.known(), "answer": answer.and_then(|(answer, _)| answer.known()),
            "who": answer.and_then(|(_, who)| who.known()),
        })
    });
    let documents = known.documents.iter().filter_map(|document| {
        Some(json!({ "title": document.title.known()?, "address": document.address.known()? }))
    });
    let values = json!({
        "panel": head(&view, id, &panel), "when": when(&view, known.starts_at),
        "state": words::of("meeting", known.phase.word(), view.lang),
        "meeting": {
            "title": texts.title, "place": texts.place, "agenda": texts.agenda, "invited": known.invited,
            "attended": (known.phase == Phase::Held).then_some(known.attended),
            "reason": known.reason.as_ref().and_then(Opened::known),
            "notes": known.notes.as_ref().and_then(Opened::known),
            "documents": documents.collect::<Vec<_>>(), "points": points.collect::<Vec<_>>(),
        },
        "groups": groups(&known, &panel, view.lang),
    });
    view.show("meeting.html", values)
}

/// Who came, by category: groups of less than five together.
fn groups(meeting: &Meeting, panel: &Panel, lang: &str) -> Vec<Value> {
    let mut by_category: BTreeMap<&str, Vec<&Attended>> = BTreeMap::new();
    for row in meeting.rows.known().into_iter().flatten() {
        by_category.entry(&row.category).or_default().push(row);
    }
    let told = by_category.into_iter().filter_map(|(category, rows)| {
        let counts: Vec<u64> = rows.iter().map(|row| row.attended.into()).collect();
        let groups = grouped(&counts)?.into_iter().map(|(places, attended)| {
            let labels: Vec<&str> = places.iter().map(|at| label(panel, rows[*at], lang)).collect();
            json!({ "label": listed(&labels, lang == "sv"), "attended": attended })
        });
        Some(json!({ "label": named(panel, category, lang), "groups": groups.collect::<Vec<_>>() }))
    });
    told.collect()
}

/// A category as the panel's strata call it, or as it was written.
fn named<'a>(panel: &'a Panel, key: &'a str, lang: &str) -> &'a str {
    let known = panel.strata().and_then(|strata| strata.categories.iter().find(|one| one.key == key));
    known.map_or(key, |category| if lang == "sv" { &category.label_sv } else { &category.label_en })
}

/// The same of a feature.
fn label<'a>(panel: &'a Panel, row: &'a Attended, lang: &str) -> &'a str {
    let strata = panel.strata();
    let category = strata.and_then(|strata| strata.categories.iter().find(|one| one.key == row.category));
    let known = category.and_then(|category| category.features.iter().find(|one| one.key == row.feature));
    known.map_or(&row.feature, |feature| if lang == "sv" { &feature.label_sv } else { &feature.label_en })
}
