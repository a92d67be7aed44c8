//! A draw as everybody sees it: what it follows from, the value that decided it, and how to check it.

use axum::response::Response;
use radslag_kernel::{AggregateId, ItemId};
use radslag_runtime::{Problem, http::PathIds};
use serde_json::{Value, json};

use crate::{
    http::{
        api::seen,
        pages::{View, reading::head, words},
    },
    panel::draw::{Draw, Standing},
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A draw, in a panel's list.
pub(super) fn listed(view: &View, draw: &Draw) -> Value {
    json!({
        "id": draw.id.to_string(), "number": draw.number, "on": view.office.calendar.date(draw.committed_at),
        "kind": words::of("kind", draw.terms.kind.word(), view.lang),
        "state": words::of("drawing", draw.standing.word(), view.lang),
    })
}

/// One draw.
pub(in crate::http) async fn draw(
    view: View,
    PathIds(id, draw): PathIds<AggregateId, ItemId>,
) -> Result<Response, Problem> {
    let (_, panel) = seen(&view.api, &view.office, None, id)?;
    let draw = panel.draws.iter().find(|one| one.id == draw).ok_or_else(Problem::not_found)?;
    let (terms, date) = (&draw.terms, |at| view.office.calendar.date(at));
    let made = draw.made.as_ref().map(|made| {
        json!({
            "value": made.value.known(), "bundle": hex(&made.bundle_hash), "chosen": made.chosen,
            "reserved": made.reserved, "panels": made.panels, "lottery": made.lottery,
            // Told with the result, so that anybody can compare it with the commitment.
            "secret": terms.secret.known().map(|secret| hex(secret)),
        })
    });
    let objection = draw.objection.as_ref().map(|objection| json!({ "upheld": objection.upheld }));
    let quotas = terms.quotas.known().filter(|quotas| !quotas.is_empty());
    let values = json!({
        "panel": head(&view, id, &panel), "draw": listed(&view, draw), "made": made, "objection": objection,
        "cancelled": draw.standing == Standing::Cancelled, "finished": draw.finished_at.map(date),
        "done": draw.done, "passed": draw.passed,
        "terms": {
            "algorithm": terms.algorithm, "input": hex(&terms.input_hash), "commitment": hex(&terms.commitment),
            "source": terms.source.known(), "quotas": quotas, "places": terms.places,
            "reserves": terms.reserves, "candidates": terms.candidates, "days": terms.reply_days,
            "register": terms.frame.is_some(),
        },
    });
    view.show("draw.html", values)
}
