//! Inquiries: what is answered in public, handing in, one's own, and what waits for whom.

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Role, SubjectId};
use radslag_readmodel::{Query, Row, Value};
use radslag_runtime::{
    Principal, Problem,
    http::{AtLeast, JsonBody, Page, PathId, QueryOf},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::{
        answer as reply,
        asking::{Asking, Reading},
        dto,
        lists::{caught_up, moment},
        officials::second,
    },
    inquiry::{Act, Erasable, Inquiry, Kind, Life, Outcome, Verdict},
    petition::Official,
    projections::{id, lists as sql, number},
    shell::{Office, links::Link, petition::Staff},
};

const LISTED: Query = Query::new("inquiries listed", sql::INQUIRIES_LISTED);
const TOTAL: Query = Query::new("inquiries total", sql::INQUIRIES_TOTAL);
const ONE: Query = Query::new("inquiry", sql::INQUIRY);
const QUEUE: Query = Query::new("inquiries queue", sql::INQUIRIES_QUEUE);
const OF_POLITICIAN: Query = Query::new("inquiries of politician", sql::INQUIRIES_OF_POLITICIAN);

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
}

/// An elected representative.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Politician)]
pub(super) struct Who {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) party: Option<String>,
}

fn shown(row: &Row) -> Shown {
    let text = |column: &str| row.opt_text(column).ok().flatten().map(str::to_owned);
    let time = |column: &str| row.opt_int(column).ok().flatten().map(moment);
    let politician = row.bytes("politician").ok().and_then(SubjectId::from_slice);
    Shown {
        id: row.bytes("inquiry").ok().and_then(AggregateId::from_slice).unwrap_or_default().to_string(),
        kind: text("kind").unwrap_or_default(),
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
    }
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
    let row = rows.iter().find(|row| row.opt_int("listed").ok().flatten() == Some(1));
    row.map(shown).ok_or_else(Problem::not_found)
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
    if row.opt_int("listed").ok().flatten() == Some(1) {
        return Ok(Json(found).into_response());
    }
    let who = who.ok_or_else(Problem::not_found)?;
    let state = office.inquiry(inquiry)?.0.ok_or_else(Problem::not_found)?;
    let own = state.facts.known().is_some_and(|facts| facts.proof == office.asker(&who.subject));
    let theirs = matches!(state.life, Life::Assigned { to } if to == office.staff(&who.subject));
    if !own && !theirs && api.permit(&who, "petitions.read-queue").is_err() {
        return Err(Problem::not_found());
    }
    if own {
        found.answer = state.answer.known().cloned();
    }
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
    Ok(reply::written(&asking.office.as_asker(inquiry, &asked, act).await?))
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
    Ok(Json(rows.iter().map(shown).collect::<Vec<_>>()).into_response())
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

async fn decide(
    asking: &Asking,
    inquiry: AggregateId,
    (command, act): (&str, &str),
    body: &(impl Serialize + Sync),
    ground: &str,
    make: &(dyn Fn(Official, Role) -> Act + Sync),
) -> Result<Response, Problem> {
    let role = asking.permit(command)?;
    let asked = asking.changing(&format!("POST {inquiry}/{act}"), body)?;
    let staff = Staff { role, subject: &asking.who.subject, ground: ground.to_owned() };
    let make = |by| make(by, role);
    Ok(reply::written(&asking.office.on_inquiry(inquiry, &asked, &staff, &make).await?))
}

/// Lets an inquiry through.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/accept", tag = "officials",
    operation_id = "accept_inquiry", request_body = dto::Ground,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn accept(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let command = ("petitions.moderate-inquiry", "accept");
    decide(&asking, inquiry, command, &body, &body.ground, &|by, _| Act::Accept { by }).await
}

/// Refuses an inquiry, with codes; the asker is told why.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/refuse", tag = "officials",
    operation_id = "refuse_inquiry", request_body = dto::Verdict,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn refuse(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Verdict>,
) -> Result<Response, Problem> {
    let make = |by, _: Role| Act::Refuse(Verdict { by, codes: body.codes.clone(), text: body.text.clone() });
    let command = ("petitions.moderate-inquiry", "refuse");
    decide(&asking, inquiry, command, &body, &body.ground, &make).await
}

/// To whom a question goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Assign {
    /// Of the list of politicians.
    politician: String,
    /// Why, for the record.
    ground: String,
}

/// Gives an inquiry to a politician, or to another one; their clock begins.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/assign", tag = "officials",
    operation_id = "assign_inquiry", request_body = Assign,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn assign(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    JsonBody(body): JsonBody<Assign>,
) -> Result<Response, Problem> {
    asking.permit("petitions.assign-inquiry")?;
    let politician = politician_of(&asking.office, &body.politician)?;
    let to = asking.office.representative(politician).ok_or_else(Problem::not_found)?;
    let make = |by, _: Role| Act::Assign { by, to: to.clone() };
    let command = ("petitions.assign-inquiry", "assign");
    decide(&asking, inquiry, command, &body, &body.ground, &make).await
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    /// The answer.
    text: String,
    /// Only the asker gets it.
    #[serde(default)]
    private: bool,
    /// Why, for the record; needed of an official.
    #[serde(default)]
    ground: String,
}

/// Answers: a politician what is assigned to them, an official a tip or on a politician's behalf.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/answer", tag = "officials",
    operation_id = "answer_inquiry", request_body = Answer,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn answer(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    JsonBody(body): JsonBody<Answer>,
) -> Result<Response, Problem> {
    let make = |by, role: Role| Act::Answer {
        by,
        own: role == Role::Politician,
        text: body.text.clone(),
        public: !body.private,
    };
    let command = ("petitions.answer-inquiry", "answer");
    decide(&asking, inquiry, command, &body, &body.ground, &make).await
}

/// Closes what is answered.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/close", tag = "officials",
    operation_id = "close_inquiry", request_body = dto::Ground,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn close(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let command = ("petitions.close-inquiry", "close");
    decide(&asking, inquiry, command, &body, &body.ground, &|by, _| Act::Close { by }).await
}

/// Destroys a key of an inquiry on a legal ground: of what was asked (`document`), or of who asked (`asker`). Takes two
/// officials.
#[utoipa::path(post, path = "/api/v1/{tenant}/inquiries/{inquiry}/erase", tag = "officials",
    operation_id = "erase_inquiry", request_body = dto::Erase,
    params(("tenant" = String, Path), ("inquiry" = String, Path)),
    responses((status = 200, body = reply::Written)), security(("token" = [])))]
pub(super) async fn erase(
    asking: Asking,
    PathId(inquiry): PathId<AggregateId>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<dto::Erase>,
) -> Result<Response, Problem> {
    asking.permit("petitions.erase")?;
    let second = second(&asking, &headers, "petitions.erase")?;
    let what = match body.what.as_str() {
        "document" => Erasable::Document,
        "asker" => Erasable::Asker,
        _ => return Err(Problem::invalid("/what", "expected `document` or `asker`")),
    };
    let make = |by, _: Role| Act::Erase { by, second, what };
    decide(&asking, inquiry, ("petitions.erase", "erase"), &body, &body.ground, &make).await
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
        life @ (Life::InReview | Life::Accepted | Life::Assigned { .. }) => (life.word(), vec!["withdraw"]),
        life @ (Life::Answered { .. } | Life::Closed | Life::Refused | Life::Withdrawn) => {
            (life.word(), vec![])
        }
    };
    Ok((title, state.to_owned(), acts))
}
