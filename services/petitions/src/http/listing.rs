//! Finds the rows of a list: the five newest or most popular, a numbered page, or what comes after a cursor; with a search
//! or without.

use axum::http::StatusCode;
use radslag_kernel::AggregateId;
use radslag_readmodel::{Query, Row, Search, Value, words::SEARCHED};
use radslag_runtime::{Problem, http::Page, service::Failure};

use crate::{
    catalogue::Catalogue,
    http::{
        Api,
        lists::{List, Petitions, Sort, Wanted, listed_row},
    },
    petition::Phase,
    projections::{id, lists, number},
    shell::Office,
};

macro_rules! queries {
    ($($name:ident),*) => { $(const $name: Query = lists::$name;)* };
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
    TOTAL,
    CLASS_TOTAL,
    FEW,
    FEW_AFTER,
    FEW_BY_DEADLINE,
    FEW_AFTER_DEADLINE
);

/// Characters of a search.
const LONGEST_SEARCH: usize = 200;

/// What a list is narrowed to; what isn't said is empty.
#[derive(Default)]
struct Narrowed {
    policy: String,
    state: String,
    area: String,
    committee: String,
    /// A pattern: a row's topics stand between commas.
    topic: String,
    /// `,open/none,open/due,`: the pairs of states that are the word of Malmöinitiativet.
    pairs: String,
}

impl Narrowed {
    fn of(wanted: &Wanted) -> Result<Self, Problem> {
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let (state, word) = (said(&wanted.state), said(&wanted.word));
        if !state.is_empty() && Phase::of(&state).is_none() {
            return Err(bad("state", "no such state"));
        }
        let pairs = match word.as_str() {
            "" => String::new(),
            word => Catalogue::shipped().pairs(word).ok_or_else(|| bad("word", "no such word"))?,
        };
        // Nobody's topic has a wildcard in it.
        let topic = said(&wanted.topic);
        let topic = match topic.as_str() {
            "" => String::new(),
            topic if topic.contains(['%', '_', ',']) => return Err(bad("topic", "no such topic")),
            topic => format!("%,{topic},%"),
        };
        let (policy, area, committee) = (said(&wanted.policy), said(&wanted.area), said(&wanted.committee));
        Ok(Self { policy, state, area, committee, topic, pairs })
    }

    /// By more than policy and state, which have counts of their own.
    const fn by_class(&self) -> bool {
        !(self.area.is_empty() && self.committee.is_empty() && self.topic.is_empty() && self.pairs.is_empty())
    }

    /// The last four parameters of every list.
    fn classes(&self) -> [Value; 4] {
        [&self.area, &self.committee, &self.topic, &self.pairs].map(|text| Value::Text(text.clone()))
    }

    /// How many there are, from kept counts.
    async fn total(&self, office: &Office, listed: i64) -> Result<u64, Failure> {
        let mut values =
            vec![Value::Int(listed), Value::Text(self.policy.clone()), Value::Text(self.state.clone())];
        let query = if self.by_class() { CLASS_TOTAL } else { TOTAL };
        if self.by_class() {
            values.extend(self.classes());
        }
        let rows = office.petitions.store.query(&query, &values).await?;
        Ok(rows.first().map(|row| row.int("total")).transpose()?.unwrap_or(0).unsigned_abs())
    }
}

fn bad(field: &str, why: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad-query").field(field).detail(why)
}

/// A list, checked.
struct Asked {
    listed: i64,
    sort: Sort,
    narrowed: Narrowed,
    search: Option<Search>,
    per_page: u64,
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
        return Ok(whole(&rows, Narrowed::default().total(office, 1).await?));
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
    let Wanted { q, state, policy, area, committee, topic, word, .. } = wanted;
    let narrowed = [state, policy, area, committee, topic, word, q].map(said).join("-");
    format!("{}-{:?}-{sort:?}-{narrowed}", office.tenant.id, wanted.list)
}

async fn asked(office: &Office, wanted: &Wanted, page: Page) -> Result<Asked, Problem> {
    let narrowed = Narrowed::of(wanted)?;
    let search = match wanted.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) if text.chars().count() > LONGEST_SEARCH => {
            return Err(bad("q", "at most 200 characters"));
        }
        text => text.map(Search::all),
    };
    let mut listed = if wanted.list == List::Inactive { 2 } else { 1 };
    let both = !narrowed.pairs.is_empty() && listed == 1;
    if !narrowed.state.is_empty() || both {
        // A state is active or inactive, whatever list was named; a word can be both, and is where there are any.
        listed = if narrowed.total(office, 1).await? > 0 { 1 } else { 2 };
    }
    let unsaid = if search.is_some() { Sort::Relevance } else { Sort::Start };
    let sort = wanted.sort.unwrap_or(unsaid);
    let sort = if search.is_none() && sort == Sort::Relevance { Sort::Start } else { sort };
    Ok(Asked { listed, sort, narrowed, search, per_page: u64::from(page.per_page) })
}

impl Asked {
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
        let total = self.narrowed.total(office, self.listed).await?;
        // Kept counts know that there is nothing; looking for it would walk the whole list.
        if matches!(from, From::Row(before) if *before >= total) || total == 0 {
            return Ok((Vec::new(), total));
        }
        if self.narrowed.by_class() && self.finds_few(office, from, total).await? {
            return Ok((self.few(office, from).await?, total));
        }
        let (listed, policy) = (Value::Int(self.listed), Value::Text(self.narrowed.policy.clone()));
        let limit = number(self.per_page);
        let state = Some(&self.narrowed.state).filter(|state| !state.is_empty());
        let (query, mut values) = match from {
            From::Row(before) => (self.numbered(), vec![listed, policy, limit, number(*before)]),
            From::After(key, petition) => {
                (self.after(), vec![listed, Value::Int(*key), id(*petition), limit, policy])
            }
        };
        values.extend(state.map(|state| Value::Text(state.clone())));
        values.extend(self.narrowed.classes());
        Ok((office.petitions.store.query(&query, &values).await?, total))
    }

    /// Whether finding and sorting all that are wanted costs less than walking the list up to the page's last row, which
    /// passes by all that aren't.
    async fn finds_few(&self, office: &Office, from: &From, total: u64) -> Result<bool, Failure> {
        let listed = Narrowed::default().total(office, self.listed).await?;
        let wanted = match from {
            From::Row(before) => before + self.per_page,
            From::After(..) => self.per_page,
        };
        Ok(total.saturating_mul(total) <= wanted.saturating_mul(listed))
    }

    /// A page of all that are wanted, found by their classes: in the order of the walk.
    async fn few(&self, office: &Office, from: &From) -> Result<Vec<Row>, Failure> {
        let text = |text: &String| Value::Text(text.clone());
        let mut values =
            vec![Value::Int(self.listed), text(&self.narrowed.policy), text(&self.narrowed.state)];
        values.extend(self.narrowed.classes());
        values.push(number(self.per_page));
        match from {
            From::Row(before) => values.push(number(*before)),
            From::After(key, petition) => values.extend([Value::Int(*key), id(*petition)]),
        }
        let by_deadline = self.sort == Sort::Deadline;
        if !by_deadline {
            values.push(Value::Int(if self.sort == Sort::Signatures { 3 } else { 1 }));
        }
        let query = match (from, by_deadline) {
            (From::Row(_), false) => FEW,
            (From::After(..), false) => FEW_AFTER,
            (From::Row(_), true) => FEW_BY_DEADLINE,
            (From::After(..), true) => FEW_AFTER_DEADLINE,
        };
        Ok(office.petitions.store.query(&query, &values).await?)
    }

    const fn numbered(&self) -> Query {
        match (self.sort, self.narrowed.state.is_empty()) {
            (Sort::Start | Sort::Relevance, true) => BY_START,
            (Sort::Deadline, true) => BY_DEADLINE,
            (Sort::Signatures, true) => BY_SIGNATURES,
            (Sort::Start | Sort::Relevance, false) => STATE_BY_START,
            (Sort::Deadline, false) => STATE_BY_DEADLINE,
            (Sort::Signatures, false) => STATE_BY_SIGNATURES,
        }
    }

    const fn after(&self) -> Query {
        match (self.sort, self.narrowed.state.is_empty()) {
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
        let Narrowed { policy, state, .. } = &self.narrowed;
        let text = |text: &String| Value::Text(text.clone());
        let values = |limit: Value, rest: Vec<Value>| {
            let first = vec![Value::Int(self.listed), text(policy), text(state), Value::Int(sort), limit];
            [first, rest, self.narrowed.classes().to_vec()].concat()
        };
        let (query, rest) = match from {
            From::Row(before) => (SEARCH, vec![number(*before)]),
            From::After(key, petition) => (SEARCH_AFTER, vec![Value::Int(*key), id(*petition)]),
        };
        let store = &office.petitions.store;
        let rows = store.search(&query, search, &values(number(self.per_page), rest)).await?;
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
