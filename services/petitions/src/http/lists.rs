//! Lists of petitions, for people in numbered pages and for programs by cursor.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Instant};
use radslag_readmodel::{Query, Row, Value};
use radslag_runtime::{
    Problem,
    http::{AtLeast, Page, QueryOf},
    service::Failure,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    catalogue::Catalogue,
    http::{Api, asking::Reading},
    petition::{Answer, Phase},
    projections::{lists, number},
    shell::Office,
};

macro_rules! queries {
    ($($name:ident),*) => { $(const $name: Query = Query::new(stringify!($name), lists::$name);)* };
}

queries!(
    NEWEST_FIVE,
    POPULAR_FIVE,
    BY_START,
    BY_DEADLINE,
    BY_SIGNATURES,
    AFTER_START,
    AFTER_DEADLINE,
    AFTER_SIGNATURES,
    TOTAL
);

/// Which list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum List {
    /// Open for signatures, or counted.
    #[default]
    Active,
    /// Over, withdrawn or refused.
    Inactive,
    /// The five opened last.
    Newest,
    /// The five with most signatures.
    Popular,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Sort {
    /// Opened last first.
    #[default]
    Start,
    /// Ending first first.
    Deadline,
    /// Most first.
    Signatures,
}

/// Which list, how sorted, from where.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// `active`, `inactive`, `newest` or `popular`.
    #[serde(default)]
    pub(super) list: List,
    /// `start`, `deadline` or `signatures`.
    #[serde(default)]
    pub(super) sort: Sort,
    /// For programs: `next` of the page before, or empty for the first; then `page` says nothing.
    pub(super) cursor: Option<String>,
    #[serde(default, rename = "page")]
    pub(super) _page: Option<String>,
    #[serde(default, rename = "per_page")]
    pub(super) _per_page: Option<String>,
    #[serde(default, rename = "at_least")]
    pub(super) _at_least: Option<String>,
}

/// A petition in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Listed {
    /// Its id.
    pub(super) id: String,
    /// Gone once erased.
    pub(super) title: Option<String>,
    /// Of its page.
    pub(super) url_key: Option<String>,
    /// Who started it, as they chose to be shown.
    pub(super) initiator: Option<String>,
    /// Of its life.
    pub(super) state: String,
    /// The same for people: `sv` and `en`.
    pub(super) label: Label,
    /// Of its answer.
    pub(super) answer: String,
    /// The word of Malmöinitiativet for both.
    pub(super) word: Label,
    /// When it opened.
    pub(super) opened_at: Option<String>,
    /// The last day to sign.
    pub(super) deadline: Option<String>,
    /// Counted.
    pub(super) signatures: i64,
    /// Signatures for an answer; 0 = no threshold.
    pub(super) answer_at: i64,
}

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Label {
    /// Swedish.
    pub(super) sv: String,
    /// English.
    pub(super) en: String,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Petitions {
    /// The rows.
    pub(super) petitions: Vec<Listed>,
    /// Rows of the whole list.
    pub(super) total: u64,
    /// First row of this page, from 1.
    pub(super) first: Option<u64>,
    /// Last row of this page.
    pub(super) last: Option<u64>,
    /// Number of this page; nothing with a cursor.
    pub(super) page: Option<u32>,
    /// How many pages there are.
    pub(super) pages: Option<u64>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
}

/// Lists petitions.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions", tag = "petitions",
    params(("tenant" = String, Path), Wanted, ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Petitions)))]
pub(super) async fn list(
    Reading { api, office }: Reading,
    at_least: AtLeast,
    page: Page,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, Problem> {
    caught_up(&office, at_least).await?;
    Ok(Json(rows(&api, &office, &wanted, page).await?).into_response())
}

/// Waits, for a while, until the tables have read as far as the reader wants.
pub(super) async fn caught_up(office: &Office, at_least: AtLeast) -> Result<(), Problem> {
    let Some(wanted) = at_least.0 else { return Ok(()) };
    let end = wanted.position.saturating_add(1);
    if wanted.origin.is_some_and(|origin| origin != office.log.origin()) || end > office.log.watermark() {
        return Err(Problem::invalid("at_least", "the log hasn't got that position"));
    }
    let waiting = office.petitions.wait_for(end);
    match tokio::time::timeout(std::time::Duration::from_secs(5), waiting).await {
        Ok(waited) => Ok(waited?),
        Err(_) => Err(Problem::unavailable(std::time::Duration::from_secs(1))),
    }
}

pub(super) async fn rows(
    api: &Api,
    office: &Office,
    wanted: &Wanted,
    page: Page,
) -> Result<Petitions, Problem> {
    let listed = if wanted.list == List::Inactive { 2 } else { 1 };
    let five = match wanted.list {
        List::Newest => Some(NEWEST_FIVE),
        List::Popular => Some(POPULAR_FIVE),
        List::Active | List::Inactive => None,
    };
    let total = total(office, listed).await?;
    let store = &office.petitions.store;
    if let Some(query) = five {
        let rows = store.query(&query, &[]).await?;
        return Ok(whole(&rows, total));
    }
    let scope = format!("{}-{:?}-{:?}", office.tenant.id, wanted.list, wanted.sort);
    let limit = number(u64::from(page.per_page));
    let (rows, by_cursor) = match wanted.cursor.as_deref() {
        Some(cursor) if !cursor.is_empty() => {
            let bad = |_| Problem::new(axum::http::StatusCode::BAD_REQUEST, "bad-cursor");
            let (value, id): (i64, String) = api.kit().cursors().decode(&scope, cursor).map_err(bad)?;
            let id: AggregateId = id.parse().unwrap_or_default();
            let values = [Value::Int(listed), Value::Int(value), crate::projections::id(id), limit];
            let query = match wanted.sort {
                Sort::Start => AFTER_START,
                Sort::Deadline => AFTER_DEADLINE,
                Sort::Signatures => AFTER_SIGNATURES,
            };
            (store.query(&query, &values).await?, true)
        }
        cursor => {
            let query = match wanted.sort {
                Sort::Start => BY_START,
                Sort::Deadline => BY_DEADLINE,
                Sort::Signatures => BY_SIGNATURES,
            };
            let values = [Value::Int(listed), limit, number(page.offset())];
            (store.query(&query, &values).await?, cursor.is_some())
        }
    };
    let full = rows.len() == page.per_page as usize;
    let next = rows.last().filter(|_| full).and_then(|row| {
        let column = match wanted.sort {
            Sort::Start => "opened_at",
            Sort::Deadline => "closes_at",
            Sort::Signatures => "signatures",
        };
        let id = AggregateId::from_slice(row.bytes("petition").ok()?)?;
        api.kit().cursors().encode(&scope, &(row.opt_int(column).ok()??, id.to_string())).ok()
    });
    let (first, last) = page.rows(total).unzip();
    Ok(Petitions {
        petitions: rows.iter().map(listed_row).collect(),
        total,
        first: first.filter(|_| !by_cursor),
        last: last.filter(|_| !by_cursor),
        page: (!by_cursor).then_some(page.page),
        pages: (!by_cursor).then(|| page.last(total)),
        next,
    })
}

fn whole(rows: &[Row], total: u64) -> Petitions {
    let petitions: Vec<Listed> = rows.iter().map(listed_row).collect();
    Petitions { petitions, total, first: None, last: None, page: None, pages: None, next: None }
}

async fn total(office: &Office, listed: i64) -> Result<u64, Failure> {
    let rows = office.petitions.store.query(&TOTAL, &[Value::Int(listed)]).await?;
    Ok(rows.first().map(|row| row.int("total")).transpose()?.unwrap_or(0).unsigned_abs())
}

/// A row for everybody. A column that isn't there, or was blanked, is nothing.
pub(super) fn listed_row(row: &Row) -> Listed {
    let text = |column: &str| row.opt_text(column).ok().flatten().map(str::to_owned);
    let number = |column: &str| row.opt_int(column).ok().flatten();
    let state = text("state").unwrap_or_default();
    Listed {
        id: row.bytes("petition").ok().and_then(AggregateId::from_slice).unwrap_or_default().to_string(),
        title: text("title"),
        url_key: text("url_key"),
        initiator: text("public_name"),
        label: label(&state, &text("answer").unwrap_or_default()),
        word: word(&state, &text("answer").unwrap_or_default()),
        state,
        answer: text("answer").unwrap_or_default(),
        opened_at: number("opened_at").map(moment),
        deadline: text("deadline"),
        signatures: number("signatures").unwrap_or(0),
        answer_at: number("answer_at").unwrap_or(0),
    }
}

/// Milliseconds as RFC 3339.
pub(super) fn moment(millis: i64) -> String {
    Instant::from_millis(millis.unsigned_abs()).to_string()
}

fn word(state: &str, answer: &str) -> Label {
    let (phase, answer) = (Phase::of(state), Answer::of(answer));
    let word = phase.zip(answer).and_then(|(phase, answer)| Catalogue::shipped().malmo(phase, answer));
    word.map(|word| Label { sv: word.sv.clone(), en: word.en.clone() }).unwrap_or_default()
}

fn label(state: &str, answer: &str) -> Label {
    let phase = Phase::ALL.iter().copied().find(|phase| phase.word() == state);
    let answer = Answer::ALL.iter().copied().find(|known| known.word() == answer);
    let of = |phase| match answer {
        Some(answer) if answer != Answer::None => Catalogue::shipped().answer(answer),
        _ => Catalogue::shipped().state(phase),
    };
    let label = phase.and_then(of);
    label.map(|label| Label { sv: label.sv.clone(), en: label.en.clone() }).unwrap_or_default()
}
