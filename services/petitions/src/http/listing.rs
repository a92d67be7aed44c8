//! Finds the rows of a list: the five newest or most popular, a numbered page, or what comes after a cursor; with a search
//! or without.

use axum::http::StatusCode;
use radslag_kernel::AggregateId;
use radslag_readmodel::{Query, Row, Search, Value, words::SEARCHED};
use radslag_runtime::{Problem, http::Page, service::Failure};

use crate::{
    http::{
        Api,
        lists::{List, Petitions, Sort, Wanted, listed_row},
    },
    petition::Phase,
    projections::{id, lists, number},
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
    STATE_BY_START,
    STATE_BY_DEADLINE,
    STATE_BY_SIGNATURES,
    STATE_AFTER_START,
    STATE_AFTER_DEADLINE,
    STATE_AFTER_SIGNATURES,
    SEARCH,
    SEARCH_AFTER,
    TOTAL
);

/// Characters of a search.
const LONGEST_SEARCH: usize = 200;

/// A list, checked.
struct Asked<'a> {
    listed: i64,
    sort: Sort,
    state: &'a str,
    policy: &'a str,
    search: Option<Search>,
    limit: Value,
}

/// Where a page begins.
enum From {
    Row(u64),
    After(i64, AggregateId),
}

pub(super) async fn rows(
    api: &Api,
    office: &Office,
    wanted: &Wanted,
    page: Page,
) -> Result<Petitions, Problem> {
    let five = match wanted.list {
        List::Newest => Some(NEWEST_FIVE),
        List::Popular => Some(POPULAR_FIVE),
        List::Active | List::Inactive => None,
    };
    if let Some(query) = five {
        let rows = office.petitions.store.query(&query, &[]).await?;
        return Ok(whole(&rows, total(office, 1, "", "").await?));
    }
    let asked = asked(office, wanted, page).await?;
    let scope = scope(office, wanted, asked.sort);
    let cursor = wanted.cursor.as_deref();
    let from = match cursor {
        Some(cursor) if !cursor.is_empty() => {
            let bad = |_| Problem::new(StatusCode::BAD_REQUEST, "bad-cursor");
            let (value, id): (i64, String) = api.kit().cursors().decode(&scope, cursor).map_err(bad)?;
            From::After(value, id.parse().unwrap_or_default())
        }
        Some(_) => From::Row(0),
        None => From::Row(page.offset()),
    };
    let (rows, total) = asked.rows(office, &from).await?;
    let full = rows.len() == page.per_page as usize;
    let next = rows.last().filter(|_| full).and_then(|row| {
        let id = AggregateId::from_slice(row.bytes("petition").ok()?)?;
        let key = row.opt_int(asked.key()).ok()??;
        api.kit().cursors().encode(&scope, &(key, id.to_string())).ok()
    });
    let numbered = cursor.is_none();
    let (first, last) = page.rows(total).unzip();
    Ok(Petitions {
        petitions: rows.iter().map(listed_row).collect(),
        total,
        more: asked.search.is_some() && total >= SEARCHED,
        first: first.filter(|_| numbered),
        last: last.filter(|_| numbered),
        page: numbered.then_some(page.page),
        pages: numbered.then(|| page.last(total)),
        next,
    })
}

/// A cursor is of one list, however it was narrowed and sorted.
fn scope(office: &Office, wanted: &Wanted, sort: Sort) -> String {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let (q, state, policy) = (said(&wanted.q), said(&wanted.state), said(&wanted.policy));
    format!("{}-{:?}-{sort:?}-{state}-{policy}-{q}", office.tenant.id, wanted.list)
}

async fn asked<'a>(office: &Office, wanted: &'a Wanted, page: Page) -> Result<Asked<'a>, Problem> {
    let state = wanted.state.as_deref().unwrap_or_default();
    let policy = wanted.policy.as_deref().unwrap_or_default();
    if !state.is_empty() && Phase::of(state).is_none() {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad-query")
            .field("state")
            .detail("no such state"));
    }
    let search = match wanted.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) if text.chars().count() > LONGEST_SEARCH => {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "bad-query")
                .field("q")
                .detail("at most 200 characters"));
        }
        text => text.map(Search::all),
    };
    let mut listed = if wanted.list == List::Inactive { 2 } else { 1 };
    if !state.is_empty() {
        // A state is active or inactive, whatever list was named.
        listed = if total(office, 1, "", state).await? > 0 { 1 } else { 2 };
    }
    let unsaid = if search.is_some() { Sort::Relevance } else { Sort::Start };
    let sort = wanted.sort.unwrap_or(unsaid);
    let sort = if search.is_none() && sort == Sort::Relevance { Sort::Start } else { sort };
    let limit = number(u64::from(page.per_page));
    Ok(Asked { listed, sort, state, policy, search, limit })
}

impl Asked<'_> {
    /// The column that a cursor remembers.
    const fn key(&self) -> &'static str {
        match (&self.search, self.sort) {
            (Some(_), _) => "sort_key",
            (None, Sort::Start | Sort::Relevance) => "sort_start",
            (None, Sort::Deadline) => "sort_end",
            (None, Sort::Signatures) => "signatures",
        }
    }

    async fn rows(&self, office: &Office, from: &From) -> Result<(Vec<Row>, u64), Problem> {
        if let Some(search) = &self.search {
            return Ok(self.found(office, search, from).await?);
        }
        let (listed, policy) = (Value::Int(self.listed), Value::Text(self.policy.into()));
        let state = (!self.state.is_empty()).then(|| Value::Text(self.state.into()));
        let (query, mut values) = match from {
            From::Row(before) => (self.numbered(), vec![listed, policy, self.limit.clone(), number(*before)]),
            From::After(key, petition) => {
                (self.after(), vec![listed, Value::Int(*key), id(*petition), self.limit.clone(), policy])
            }
        };
        values.extend(state);
        let rows = office.petitions.store.query(&query, &values).await?;
        Ok((rows, total(office, self.listed, self.policy, self.state).await?))
    }

    const fn numbered(&self) -> Query {
        match (self.sort, self.state.is_empty()) {
            (Sort::Start | Sort::Relevance, true) => BY_START,
            (Sort::Deadline, true) => BY_DEADLINE,
            (Sort::Signatures, true) => BY_SIGNATURES,
            (Sort::Start | Sort::Relevance, false) => STATE_BY_START,
            (Sort::Deadline, false) => STATE_BY_DEADLINE,
            (Sort::Signatures, false) => STATE_BY_SIGNATURES,
        }
    }

    const fn after(&self) -> Query {
        match (self.sort, self.state.is_empty()) {
            (Sort::Start | Sort::Relevance, true) => AFTER_START,
            (Sort::Deadline, true) => AFTER_DEADLINE,
            (Sort::Signatures, true) => AFTER_SIGNATURES,
            (Sort::Start | Sort::Relevance, false) => STATE_AFTER_START,
            (Sort::Deadline, false) => STATE_AFTER_DEADLINE,
            (Sort::Signatures, false) => STATE_AFTER_SIGNATURES,
        }
    }

    /// What a search finds. Its rows say how many there are; past the last one there is nobody to say it.
    async fn found(&self, office: &Office, search: &Search, from: &From) -> Result<(Vec<Row>, u64), Failure> {
        let sort = match self.sort {
            Sort::Start => 1,
            Sort::Deadline => 2,
            Sort::Signatures => 3,
            Sort::Relevance => 0,
        };
        let text = |text: &str| Value::Text(text.into());
        let values = |limit: Value, rest: Vec<Value>| {
            let first =
                vec![Value::Int(self.listed), text(self.policy), text(self.state), Value::Int(sort), limit];
            [first, rest].concat()
        };
        let (query, rest) = match from {
            From::Row(before) => (SEARCH, vec![number(*before)]),
            From::After(key, petition) => (SEARCH_AFTER, vec![Value::Int(*key), id(*petition)]),
        };
        let store = &office.petitions.store;
        let rows = store.search(&query, search, &values(self.limit.clone(), rest)).await?;
        if let Some(row) = rows.first() {
            let total = row.int("total")?.unsigned_abs();
            return Ok((rows, total));
        }
        let first = store.search(&SEARCH, search, &values(Value::Int(1), vec![Value::Int(0)])).await?;
        let total = first.first().map(|row| row.int("total")).transpose()?.unwrap_or(0);
        Ok((rows, total.unsigned_abs()))
    }
}

fn whole(rows: &[Row], total: u64) -> Petitions {
    let petitions = rows.iter().map(listed_row).collect();
    Petitions { petitions, total, more: false, first: None, last: None, page: None, pages: None, next: None }
}

async fn total(office: &Office, listed: i64, policy: &str, state: &str) -> Result<u64, Failure> {
    let values = [Value::Int(listed), Value::Text(policy.into()), Value::Text(state.into())];
    let rows = office.petitions.store.query(&TOTAL, &values).await?;
    Ok(rows.first().map(|row| row.int("total")).transpose()?.unwrap_or(0).unsigned_abs())
}
