//! Petitions of the last 24 months that resemble a title: for whoever drafts one, and for whoever decides about it.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use radslag_kernel::AggregateId;
use radslag_readmodel::{Query, Row, Search, words::likeness};
use radslag_runtime::{
    Principal, Problem,
    http::{PathId, QueryOf},
    service::Failure,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{
        asking::Reading,
        lists::{Listed, listed_row},
        petitions::by_id,
    },
    projections::{id, lists as sql, number},
    shell::Office,
};

const SIMILAR: Query = sql::SIMILAR;
const MONTHS: i32 = 24;
/// Rows that are looked at.
const LOOKED_AT: u64 = 500;
/// Rows that are compared word by word: those that share most words.
const COMPARED: usize = 50;
/// Rows that are told.
const TOLD: usize = 5;
/// Words in common, of a hundred, from which titles are similar.
const ALIKE: u32 = 30;

/// A petition that resembles a title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Similar {
    /// As in a list.
    #[serde(flatten)]
    pub(super) listed: Listed,
    /// Words in common, of a hundred words of either title.
    pub(super) likeness: u32,
}

/// Which title.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Titled {
    #[serde(default)]
    title: String,
}

/// Petitions of the last 24 months whose titles resemble one: to be shown while somebody drafts theirs.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/similar", tag = "petitions", operation_id = "similar_to_title",
    params(("tenant" = String, Path), ("title" = String, Query)), responses((status = 200, body = Vec<Similar>)))]
pub(super) async fn to_title(
    Reading { office, .. }: Reading,
    QueryOf(wanted): QueryOf<Titled>,
) -> Result<Response, Problem> {
    Ok(Json(similar(&office, &wanted.title, AggregateId::default()).await?).into_response())
}

/// Petitions of the 24 months before now whose titles resemble this one's.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/similar", tag = "petitions",
    operation_id = "similar_to_petition", params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Vec<Similar>)))]
pub(super) async fn to_petition(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let row = by_id(&api, &office, petition, who.as_ref()).await?;
    let title = row.opt_text("title").ok().flatten().unwrap_or_default();
    Ok(Json(similar(&office, title, petition).await?).into_response())
}

/// The public petitions that resemble a title most, but for one.
pub(super) async fn similar(office: &Office, title: &str, but: AggregateId) -> Result<Vec<Similar>, Failure> {
    let title: String = title.chars().take(300).collect();
    let today = office.calendar.date(office.now());
    let since = office.calendar.start_of(today.saturating_sub(jiff::Span::new().months(MONTHS)));
    let values = [number(since.millis()), id(but), number(LOOKED_AT)];
    let search = Search::like(&title, ALIKE);
    let mut rows = office.petitions.store.search(&SIMILAR, &search, &values).await?;
    let shared = |row: &Row| search.shared(row.opt_text("title_words").ok().flatten().unwrap_or_default());
    rows.sort_by_cached_key(|row| std::cmp::Reverse(shared(row)));
    rows.truncate(COMPARED);
    let mut found: Vec<Similar> = rows
        .iter()
        .map(|row| {
            let listed = listed_row(row);
            let likeness = likeness(&title, listed.title.as_deref().unwrap_or_default());
            Similar { listed, likeness }
        })
        .filter(|similar| similar.likeness >= ALIKE)
        .collect();
    found.sort_by_key(|similar| std::cmp::Reverse(similar.likeness));
    found.truncate(TOLD);
    Ok(found)
}
