//! Inquiries as they are read: what is answered in public, one's own, and what waits for whom.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Opened, SubjectId};
use radslag_readmodel::{Query, Row, Value};
use radslag_runtime::{
    Principal, Problem,
    http::{AtLeast, Page, PathId, QueryOf},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    catalogue::Catalogue,
    http::{
        answer as reply,
        asking::{Asking, Reading},
        lists::{Label, caught_up, moment},
    },
    inquiry::{Act, Inquiry, Kind, Life, Outcome},
    petition::Decision,
    projections::{id, lists as sql, number},
    shell::{Office, links::Link},
};

const LISTED: Query = sql::INQUIRIES_LISTED;
const TOTAL: Query = sql::INQUIRIES_TOTAL;
const ONE: Query = sql::INQUIRY;
const ANSWERS: Query = sql::INQUIRY_ANSWERS;
const QUEUE: Query = sql::INQUIRIES_QUEUE;
const OF_POLITICIAN: Query = sql::INQUIRIES_OF_POLITICIAN;

/// An inquiry: as everybody sees it, or as it waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Inquiry)]
pub(super) struct Shown {
    /// Its id.
    id: String,
    /// `tip` or `question`.
    pub(super) kind: String,
    /// Where it stands.
    state: String,
    /// The same for people.
    label: Label,
    /// Its number as a received document.
    register: Option<String>,
    /// One line.
    title: Option<String>,
    /// What is asked.
    text: Option<String>,
    /// Who asked, as they chose to be shown.
    asker: Option<String>,
    /// Who has it.
    politician: Option<Who>,
    /// When it came.
    received_at: Option<String>,
    /// Moderation is overdue after this date.
    review_by: Option<String>,
    /// The answer is overdue after this date.
    due: Option<String>,
    /// When it was answered.
    answered_at: Option<String>,
    /// The answer in public; to its asker also one in private.
    answer: Option<String>,
    /// Of one inquiry: answers in public that were given before it was opened again, newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    older: Vec<Older>,
    /// To officials: whom the asker would like to hear from.
    #[serde(skip_serializing_if = "Option::is_none")]
    wished: Option<Who>,
    /// To its asker and officials: why it was refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<Reason>,
}

/// An answer that another one took the place of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OlderAnswer)]
pub(super) struct Older {
    answered_at: Option<String>,
    answer: Option<String>,
}

/// A code of a refusal, as people read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Reason {
    pub(super) code: String,
    pub(super) label: Label,
}

/// The codes of a decision with their labels.
pub(super) fn reasons(decision: &Opened<Decision>) -> Vec<Reason> {
    let label = |code: &String| {
        let known = Catalogue::shipped().code(code).map(|code| Label::from(&code.label));
        Reason { code: code.clone(), label: known.unwrap_or_default() }
    };
    decision.known().map(|decision| decision.codes.iter().map(label).collect()).unwrap_or_default()
}

/// An elected representative.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Politician)]
pub(super) struct Who {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) party: Option<String>,
}

pub(super) fn shown(row: &Row) -> Shown {
    let text = |column: &str| row.opt_text(column).ok().flatten().map(str::to_owned);
    let time = |column: &str| row.opt_int(column).ok().flatten().map(moment);
    let politician = row.bytes("politician").ok().and_then(SubjectId::from_slice);
    Shown {
        id: row.bytes("inquiry").ok().and_then(AggregateId::from_slice).unwrap_or_default().to_string(),
        kind: text("kind").unwrap_or_default(),
        label: inquiry_label(&text("state").unwrap_or_default()),
        state: text("state").unwrap_or_default(),
        register: text("register"),
        title: text("title"),
        text: text("words"),
        asker: text("public_name").filter(|name| !name.is_empty()),
        politician: politician.map(|id| Who { id: id.to_string(), name: text("name"), party: text("party") }),
        received_at: time("received_at"),
        review_by: text("review_by"),
        due: text("due"),
        answered_at: time("answered_at"),
        answer: text("answer"),
        ..Shown::default()
    }
}

fn inquiry_label(state: &str) -> Label {
    Catalogue::shipped().inquiry(state).map(Label::from).unwrap_or_default()
}

/// Which inquiries.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// `tip` or `question`.
    kind: Option<String>,
    /// For officials: `in_review`, `accepted` or `assigned`.
    state: Option<String>,
    #[serde(default, rename = "page")]
    _page: Option<String>,
    #[serde(default, rename = "per_page")]
    _per_page: Option<String>,
    #[serde(default, rename = "at_least")]
    _at_least: Option<String>,
}

/// A page of inquiries answered in public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Inquiries {
    /// The rows.
    inquiries: Vec<Shown>,
    /// All rows.
    total: u64,
    /// This page.
    page: u32,
    /// How many pages there are.
    pages: u64,
}

pub(super) fn politician_of(office: &Office, text: &str) -> Result<SubjectId, Problem> {
    let unknown = || Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown-politician");
    let found = text.parse::<SubjectId>().ok().filter(|id| office.politician(*id).is_some());
    found.ok_or_else(unknown)
}

pub(super) fn kind_of(word: &str) -> Result<Kind, Problem> {
    let found = Kind::ALL.into_iter().find(|kind| kind.word() == word);
    found.ok_or_else(|| Problem::invalid("/kind", "expected `tip` or `question`"))
}

pub(super) async fn read_as_far(office: &Office, at_least: AtLeast) -> Result<(), Problem> {
    caught_up(office, at_least).await?;
    if let Some(wanted) = at_least.0 {
        office.inquiries.wait_for(wanted.position.saturating_add(1)).await?;
    }
    Ok(())
}

/// What is answered in public, newest answers first.
#[utoipa::path(get, path = "/api/v1/{tenant}/inquiries", tag = "inquiries", operation_id = "list_inquiries",
    params(("tenant" = String, Path), Wanted, ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Inquiries)))]
pub(super) async fn list(
    Reading { office, .. }: Reading,
    at_least: AtLeast,
    page: Page,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, Problem> {
    read_as_far(&office, at_least).await?;
    let kind = kind_of(wanted.kind.as_deref().unwrap_or("question"))?;
    Ok(Json(page_of(&office, kind, page).await?).into_response())
}

/// A page of what is answered in public.
pub(super) async fn page_of(office: &Office, kind: Kind, page: Page) -> Result<Inquiries, Problem> {
    let kind = Value::Text(kind.word().into());
    let values = vec![kind.clone(), number(u64::from(page.per_page)), number(page.offset())];
    let asked = [(&LISTED, values), (&TOTAL, vec![kind])];
    let [rows, total] = office.inquiries.store.query_all(asked).await?;
    let total = total.first().and_then(|row| row.int("total").ok()).unwrap_or(0).unsigned_abs();
    let inquiries = rows.iter().map(shown).collect();
    Ok(Inquiries { inquiries, total, page: page.page, pages: page.last(total) })
}

/// One that is answered in public.
pub(super) async fn public(office: &Office, inquiry: AggregateId) -> Result<Shown, Problem> {
    let rows = office.inquiries.store.query(&ONE, &[id(inquiry)]).await?;
    let row = rows.first().ok_or_else(Problem::not_found)?;
    if is_public(row) {
        return with_older(office, inquiry, shown(row)).await;
    }
    // Who got its address by mail sees where it stands and nothing else.
    let whole = shown(row);
    let waits = ["accepted", "assigned"].contains(&whole.state.as_str());
    let Shown { id, kind, state, label, due, .. } = whole;
    let waiting = Shown { id, kind, state, label, due, ..Shown::default() };
    waits.then_some(waiting).ok_or_else(Problem::not_found)
}

fn is_public(row: &Row) -> bool {
    row.opt_int("listed").ok().flatten() == Some(1)
}

/// With the answers that were given before the newest.
async fn with_older(office: &Office, inquiry: AggregateId, found: Shown) -> Result<Shown, Problem> {
    let rows = office.inquiries.store.query(&ANSWERS, &[id(inquiry)]).await?;
    let older = rows.iter().skip(1).map(|row| Older {
        answered_at: row.opt_int("at").ok().flatten().map(moment),
        answer: row.opt_text("answer").ok().flatten().map(str::to_owned),
    });
    Ok(Shown { older: older.collect(), ..found })
}

/// One inquiry: answered in public, one's own by eID, or for officials.
#[utoipa::path(get, path = "/api/v1/{tenant}/inquiries/{inquiry}", tag = "inquiries", operation_id = "inquiry",
    params(("tenant" = String, Path), ("inquiry" = String, Path)), responses((status = 200, body = Shown)))]
pub(super) async fn one(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(inquiry): PathId<AggregateId>,
    at_least: AtLeast,
) -> Result<Response, Problem> {
    read_as_far(&office, at_least).await?;
    let rows = office.inquiries.store.query(&ONE, &[id(inquiry)]).await?;
    let row = rows.first().ok_or_else(Problem::not_found)?;
    let mut found = shown(row);
    let public = is_public(row);
    if public {
        found = with_older(&office, inquiry, found).await?;
    }
    let Some(who) = who else {
        return if public { Ok(Json(found).into_response()) } else { Err(Problem::not_found()) };
    };
    let state = office.inquiry(inquiry)?.0.ok_or_else(Problem::not_found)?;
    let own = state.facts.known().is_some_and(|facts| facts.proof == office.asker(&who.subject));
    let theirs = matches!(state.life, Life::Assigned { to } if to == office.staff(&who.subject));
    let staff = api.permit(&who, "petitions.read-queue").is_ok();
    if !own && !theirs && !staff && !public {
        return Err(Problem::not_found());
    }
    if own {
        found.answer = state.answer.known().cloned().or(found.answer);
    }
    if own || staff {
        found.reasons = reasons(&state.decision);
    }
    found.wished = if staff { wished(&office, &state) } else { None };
    Ok(Json(found).into_response())
}

/// Takes one's own inquiry by eID back, until it is answered.
#[utoipa::path(delete, path = "/api/v1/{tenant}/inquiries/{inquiry}", tag = "inquiries",
    operation_id = "withdraw_inquiry", params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn withdraw(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
) -> Result<Response, Problem> {
    asking.permit("petitions.withdraw-inquiry")?;
    let asked = asking.asked(&format!("DELETE {inquiry}"), &());
    let act = Act::Withdraw { proof: asking.office.asker(&asking.who.subject), reason: String::new() };
    Ok(reply::written(&asking.office, &asking.office.as_asker(inquiry, &asked, act).await?))
}

/// Whom the asker would like to hear from, as long as they can be asked.
fn wished(office: &Office, inquiry: &Inquiry) -> Option<Who> {
    let id = inquiry.facts.known()?.wished?;
    let politician = office.politician(id)?;
    let (name, party) = (Some(politician.name.clone()), Some(politician.party.clone()));
    Some(Who { id: id.to_string(), name, party })
}

/// What waits for officials: `?state=in_review`, `accepted` or `assigned`; oldest first.
#[utoipa::path(get, path = "/api/v1/{tenant}/inquiries/queue", tag = "officials", operation_id = "inquiries_queue",
    params(("tenant" = String, Path), Wanted, ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Vec<Shown>)), security(("token" = [])))]
pub(super) async fn queue(
    who: Principal,
    Reading { api, office }: Reading,
    page: Page,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.read-queue")?;
    let state = wanted.state.unwrap_or_else(|| "in_review".into());
    if !["in_review", "accepted", "assigned", "answered"].contains(&state.as_str()) {
        return Err(Problem::invalid("/state", "expected `in_review`, `accepted`, `assigned` or `answered`"));
    }
    let values = [Value::Text(state), number(u64::from(page.per_page)), number(page.offset())];
    let rows = office.inquiries.store.query(&QUEUE, &values).await?;
    let mut waiting = Vec::with_capacity(rows.len());
    for row in &rows {
        let id = row.bytes("inquiry").ok().and_then(AggregateId::from_slice).unwrap_or_default();
        let wished = office.inquiry(id)?.0.and_then(|inquiry| wished(&office, &inquiry));
        waiting.push(Shown { wished, ..shown(row) });
    }
    Ok(Json(waiting).into_response())
}

/// What waits for the politician who asks, the most urgent first.
#[utoipa::path(get, path = "/api/v1/{tenant}/inquiries/assigned", tag = "officials", operation_id = "inquiries_assigned",
    params(("tenant" = String, Path), ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Vec<Shown>)), security(("token" = [])))]
pub(super) async fn assigned(
    who: Principal,
    Reading { api, office }: Reading,
    page: Page,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.answer-inquiry")?;
    let own = Value::Bytes(office.staff(&who.subject).as_bytes().to_vec());
    let values = [own, number(u64::from(page.per_page)), number(page.offset())];
    let rows = office.inquiries.store.query(&OF_POLITICIAN, &values).await?;
    Ok(Json(rows.iter().map(shown).collect::<Vec<_>>()).into_response())
}

/// What an inquiry's link shows to its asker, and what can be done.
pub(super) fn linked(
    office: &Office,
    link: &Link,
) -> Result<(Option<String>, String, Vec<&'static str>), Problem> {
    let state = office.inquiry(link.petition)?;
    let inquiry: Inquiry = state.0.ok_or_else(Problem::not_found)?;
    let own = inquiry.facts.known().filter(|facts| facts.proof == link.tag);
    let facts = own.ok_or_else(Problem::not_found)?;
    let title = inquiry.asked.known().map(|asked| asked.title.clone());
    let (state, acts) = match inquiry.life {
        Life::Received { .. } | Life::Expired if facts.outcome == Outcome::Blocked => ("set_aside", vec![]),
        Life::Received { expires_at } if office.now() < expires_at && facts.outcome == Outcome::New => {
            ("received", vec!["confirm"])
        }
        Life::Received { .. } | Life::Expired => ("expired", vec![]),
        life @ (Life::InReview | Life::Accepted | Life::Assigned { .. }) if inquiry.answers == 0 => {
            (life.word(), vec!["withdraw"])
        }
        life @ (Life::InReview | Life::Accepted | Life::Assigned { .. }) => (life.word(), vec![]),
        life @ (Life::Answered { .. } | Life::Closed | Life::Refused | Life::Withdrawn) => {
            (life.word(), vec![])
        }
    };
    Ok((title, state.to_owned(), acts))
}
