//! The form that reports a comment. Nobody has to say who they are: from each network a comment is reported once.

use axum::response::Response;
use radslag_kernel::{AggregateId, ItemId};
use radslag_runtime::{
    Problem,
    http::{Client, FormBody, PathIds},
    limits::Admitted,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::http::{
    asking::{Asking, Holder},
    comments,
    lists::listed_row,
    pages::view::{View, Wrong},
    petitions,
};

/// What is wrong with it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Report {
    reason: String,
}

/// Where a comment is reported.
pub(in crate::http) async fn form(
    view: View,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
) -> Result<Response, Problem> {
    page(&view, (petition, item), &Report::default(), None).await
}

async fn page(
    view: &View,
    (petition, item): (AggregateId, ItemId),
    typed: &Report,
    wrong: Option<&Wrong>,
) -> Result<Response, Problem> {
    let row = petitions::by_id(&view.api, &view.office, petition, None).await?;
    let comment = comments::one(&view.office, petition, item).await?;
    let values = json!({ "petition": listed_row(&row), "comment": comment });
    view.form("report.html", typed, wrong, values)
}

/// Reports it; somebody looks at it again. Who reports twice is thanked twice.
pub(in crate::http) async fn report(
    view: View,
    asking: Asking<Holder>,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
    client: Client,
    _: Admitted,
    FormBody(typed): FormBody<Report>,
) -> Result<Response, Problem> {
    let office = &view.office;
    petitions::by_id(&view.api, office, petition, None).await?;
    comments::one(office, petition, item).await?;
    let who = office.tags(petition)?.network(client.address);
    let asked = asking.asked(&format!("POST {petition}/{item}/report"), &typed);
    let problem = match office.report(petition, item, &asked, who, &typed.reason).await {
        Ok(_) => return Ok(view.sent("report")),
        Err(undone) => Problem::from(undone),
    };
    if problem.code() == "already-reported" {
        return Ok(view.sent("report"));
    }
    page(&view, (petition, item), &typed, Some(&view.wrong(problem)?)).await
}
