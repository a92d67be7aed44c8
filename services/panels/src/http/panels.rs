//! Panels as everybody sees them, and how they are made up, as officials see it.

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
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{
        api::{Asking, Reading, seen, sees_all},
        dto,
    },
    panel::Panel,
    projections::{id as id_value, lists},
    questions::Question,
    shell::Office,
};

const LIST: Query = lists::PANELS;
const STANDINGS: Query = lists::STANDINGS;

/// A panel, in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Listed {
    id: String,
    /// `planned`, `decided`, `recruiting`, `active`, `resting` or `ended`.
    phase: String,
    name: Option<String>,
    /// Members it is to have.
    size: i64,
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
}

/// How many of a panel have a feature.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(super) struct Share {
    category: String,
    /// Nothing: not known.
    feature: Option<String>,
    population: u64,
    min: Option<u32>,
    max: Option<u32>,
    wanted: bool,
    /// By where they stand.
    standings: BTreeMap<String, i64>,
    /// (share of active members - share of the population) / standard error; nothing where the population isn't known or nobody
    /// is active.
    gap: Option<f64>,
}

/// Panels, those last changed first: public ones, and for officials those that are planned.
#[utoipa::path(get, path = "/api/v1/{tenant}/panels", tag = "panels", operation_id = "list_panels",
    params(("tenant" = String, Path)), responses((status = 200, body = Vec<Listed>)))]
pub(super) async fn list(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    page: Page,
) -> Result<Response, Problem> {
    let offset = i64::try_from(page.offset()).unwrap_or(i64::MAX);
    let all = i64::from(sees_all(&api, who.as_ref()));
    let values = [Value::Int(all), Value::Int(i64::from(page.per_page)), Value::Int(offset)];
    let rows = office.panels.store.query(&LIST, &values).await?;
    let mut listed = Vec::with_capacity(rows.len());
    for row in &rows {
        listed.push(Listed {
            id: AggregateId::from_slice(row.bytes("panel")?).unwrap_or_default().to_string(),
            phase: row.text("phase")?.to_owned(),
            name: row.opt_text("name")?.map(str::to_owned),
            size: row.int("size")?,
        });
    }
    Ok(Json(listed).into_response())
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

async fn standings(office: &Office, id: AggregateId) -> Result<BTreeMap<String, i64>, Problem> {
    let rows = office.panels.store.query(&STANDINGS, &[id_value(id)]).await?;
    let mut counts = BTreeMap::new();
    for row in rows.iter() {
        counts.insert(row.text("value")?.to_owned(), row.int("rows")?);
    }
    counts.retain(|_, rows| *rows > 0);
    Ok(counts)
}

/// How a panel is made up, beside the population. For officials: in a small panel, who came last would show in it.
#[utoipa::path(get, path = "/api/v1/{tenant}/panels/{panel}/representativeness", tag = "panels",
    operation_id = "read_representativeness", params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 200, body = Vec<Share>)), security(("token" = [])))]
pub(super) async fn representativeness(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
) -> Result<Response, Problem> {
    asking.permit("panels.read")?;
    let (_, panel) = asking.office.panel(id)?.ok_or_else(Problem::not_found)?;
    let mut shares = Vec::new();
    let categories = panel.strata().map(|strata| strata.categories.as_slice()).unwrap_or_default();
    for (category, query) in categories.iter().zip(&lists::FEATURES) {
        let mut counted: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
        for row in asking.office.panels.store.query(query, &[id_value(id)]).await?.iter() {
            let of = counted.entry(row.text("value")?.to_owned()).or_default();
            of.insert(row.text("standing")?.to_owned(), row.int("rows")?);
        }
        counted.values_mut().for_each(|standings| standings.retain(|_, rows| *rows > 0));
        let active = |standings: &BTreeMap<String, i64>| standings.get("active").copied().unwrap_or(0);
        let (all, people) = (
            counted.iter().filter(|(place, _)| !place.is_empty()).map(|(_, of)| active(of)).sum(),
            category.features.iter().map(|feature| feature.population).sum(),
        );
        for (place, feature) in category.features.iter().enumerate() {
            let standings = counted.remove(&place.to_string()).unwrap_or_default();
            let gap = gap((active(&standings), all), (feature.population, people));
            shares.push(Share {
                category: category.key.clone(),
                feature: Some(feature.key.clone()),
                population: feature.population,
                min: feature.min,
                max: feature.max,
                wanted: feature.wanted,
                standings,
                gap,
            });
        }
        let standings = counted.remove("").unwrap_or_default();
        let (feature, population, wanted, gap) = (None, 0, false, None);
        let category = category.key.clone();
        shares.push(Share { category, feature, population, min: None, max: None, wanted, standings, gap });
    }
    Ok(Json(shares).into_response())
}

/// How many standard errors a share of the active is from that of the population.
fn gap((active, all): (i64, i64), (people, of): (u64, u64)) -> Option<f64> {
    if all == 0 || people == 0 || people >= of {
        return None;
    }
    let (share, expected) = (active as f64 / all as f64, people as f64 / of as f64);
    Some((share - expected) / (expected * (1.0 - expected) / all as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_the_difference_of_shares_in_standard_errors() {
        // 20 of 100 where half are expected: 0.3 below, a standard error is 0.05.
        assert!((gap((20, 100), (500, 1_000)).unwrap() + 6.0).abs() < 1e-12);
        assert_eq!(gap((50, 100), (500, 1_000)), Some(0.0));
        assert_eq!((gap((0, 0), (1, 2)), gap((1, 2), (0, 2)), gap((1, 2), (2, 2))), (None, None, None));
    }
}
