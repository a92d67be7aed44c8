//! Panels as everybody sees them.

use std::collections::BTreeMap;

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use radslag_kernel::AggregateId;
use radslag_readmodel::{Query, Value};
use radslag_runtime::{
    Principal, Problem,
    http::{Page, PathId},
    service::Failure,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{
        api::{Reading, seen, sees_all},
        dto,
        representing::{WantedMore, read_public},
    },
    panel::Panel,
    projections::{id as id_value, lists},
    questions::Question,
    shell::Office,
};

const LIST: Query = lists::PANELS;
const TOTAL: Query = lists::PANELS_TOTAL;
const STANDINGS: Query = lists::STANDINGS;

/// A panel, in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Listed {
    pub(super) id: String,
    /// `planned`, `decided`, `recruiting`, `active`, `resting` or `ended`.
    pub(super) phase: String,
    pub(super) name: Option<String>,
    /// Members it is to have.
    pub(super) size: i64,
}

/// One of the eleven questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Question11 {
    number: u8,
    /// What it asks for.
    question: String,
    /// Nothing while it is open.
    answer: Option<String>,
    /// Who is to decide it, where it isn't decided.
    undecided_by: Option<String>,
}

/// A panel as it stands. Texts that were erased are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Panel)]
pub(super) struct Shown {
    id: String,
    version: u64,
    phase: String,
    name: String,
    purpose: String,
    promises: String,
    size: u32,
    questions: Vec<Question11>,
    form: Option<dto::Form>,
    /// Members, and others in its hands, by where they stand.
    standings: BTreeMap<String, i64>,
    /// Who is wanted more, in words; nothing where that is nobody.
    wanted: Option<WantedMore>,
}

/// Panels, those last changed first: public ones, and for officials those that are planned.
#[utoipa::path(get, path = "/api/v1/{tenant}/panels", tag = "panels", operation_id = "list_panels",
    params(("tenant" = String, Path)), responses((status = 200, body = Vec<Listed>)))]
pub(super) async fn list(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    page: Page,
) -> Result<Response, Problem> {
    let (listed, _) = page_of(&office, page, sees_all(&api, who.as_ref())).await?;
    Ok(Json(listed).into_response())
}

/// A page of the list, and how many there are; `all`: also those that aren't public.
pub(super) async fn page_of(office: &Office, page: Page, all: bool) -> Result<(Vec<Listed>, u64), Failure> {
    let offset = i64::try_from(page.offset()).unwrap_or(i64::MAX);
    let all = Value::Int(all.into());
    let (total, rows) = (
        office.panels.store.query(&TOTAL, std::slice::from_ref(&all)).await?,
        office
            .panels
            .store
            .query(&LIST, &[all, Value::Int(i64::from(page.per_page)), Value::Int(offset)])
            .await?,
    );
    let mut listed = Vec::with_capacity(rows.len());
    for row in &rows {
        listed.push(Listed {
            id: AggregateId::from_slice(row.bytes("panel")?).unwrap_or_default().to_string(),
            phase: row.text("phase")?.to_owned(),
            name: row.opt_text("name")?.map(str::to_owned),
            size: row.int("size")?,
        });
    }
    let total = total.first().map(|row| row.int("total")).transpose()?.unwrap_or(0);
    Ok((listed, total.unsigned_abs()))
}

/// A panel as it stands.
#[utoipa::path(get, path = "/api/v1/{tenant}/panels/{panel}", tag = "panels", operation_id = "read_panel",
    params(("tenant" = String, Path), ("panel" = String, Path)), responses((status = 200, body = Shown)))]
pub(super) async fn one(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(id): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let (version, panel) = seen(&api, &office, who.as_ref(), id)?;
    let texts = panel.texts.known().cloned().unwrap_or_default();
    let wanted = read_public(&api.own.figures, &office, id, &panel).await?.wanted;
    Ok(Json(Shown {
        id: id.to_string(),
        version: office.seen(version),
        phase: panel.phase.word().into(),
        name: texts.name,
        purpose: texts.purpose,
        promises: texts.promises,
        size: panel.decided.as_ref().map_or(0, |decided| decided.size),
        questions: Question::ALL.iter().map(|question| asked(&panel, *question)).collect(),
        form: panel.form().map(dto::Form::of),
        standings: standings(&office, id).await?,
        wanted,
    })
    .into_response())
}

fn asked(panel: &Panel, question: Question) -> Question11 {
    let answer = panel.answers.get(&question).and_then(radslag_kernel::Opened::known);
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Question11 {
        number: question.number(),
        question: question.word().into(),
        answer: answer.map(|answer| answer.text.clone()),
        undecided_by: answer.and_then(|answer| said(&answer.undecided_by)),
    }
}

pub(super) async fn standings(office: &Office, id: AggregateId) -> Result<BTreeMap<String, i64>, Failure> {
    let rows = office.panels.store.query(&STANDINGS, &[id_value(id)]).await?;
    let mut counts = BTreeMap::new();
    for row in rows.iter() {
        counts.insert(row.text("value")?.to_owned(), row.int("rows")?);
    }
    counts.retain(|_, rows| *rows > 0);
    Ok(counts)
}
