//! What everybody reads of answers and hearings, and what officials read of the work on them.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use radslag_kernel::AggregateId;
use radslag_readmodel::{Query, Row, Value};
use radslag_runtime::{
    Principal, Problem,
    http::{Page, PathId, PathIds},
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::{
    catalogue::Catalogue,
    http::{
        asking::Reading,
        lists::{Label, moment},
        petitions::known,
    },
    petition::{Hearing, answer},
    policy,
    projections::{id, lists as sql, number},
    shell::Office,
};

const PARTS: Query = sql::ANSWER_PARTS;
const ANSWERS: Query = sql::ANSWERS;
const REPLIES: Query = sql::ANSWER_REPLIES;
const WAITING: Query = sql::ANSWERS_WAITING;
const FOLLOW_UPS: Query = sql::FOLLOW_UPS;
const WITHDRAWAL: Query = sql::WITHDRAWAL;
const HEARING: Query = sql::HEARING;
const DOCUMENTS: Query = sql::HEARING_DOCUMENTS;
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

/// What everybody may read of a petition's answer and hearing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Answering {
    /// Who has a part of it.
    committees: Vec<Committee>,
    /// Every version of every answer, in order of parts and versions.
    answers: Vec<Answer>,
    /// What came of it.
    follow_ups: Vec<FollowUp>,
    /// The hearing, once somebody acted on it.
    debate: Option<Debate>,
    /// What became of the initiator's wish to have it back, if they asked after handover.
    withdrawal: Option<TakingBack>,
}

/// A wish to have a petition back after handover, as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct TakingBack {
    /// `requested`, `granted` or `declined`.
    state: Option<String>,
    label: Label,
    /// Since when.
    at: Option<String>,
}

/// A committee with a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Committee {
    part: i64,
    committee: Option<String>,
    case_number: Option<String>,
    /// `handed_over`, `refused`, `in_process`, `awaiting_initiator`, `answered`, `referred` or `withdrawn`.
    state: String,
    label: Label,
    /// By when an answer is wanted.
    answer_by: Option<String>,
}

/// A version of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CommitteesAnswer)]
struct Answer {
    part: i64,
    committee: Option<String>,
    case_number: Option<String>,
    /// From 1.
    version: i64,
    /// The newest of its part.
    newest: bool,
    /// `accepted`, `partly`, `declined` or `noted`.
    outcome: String,
    label: Label,
    text: Option<String>,
    link: Option<String>,
    given_at: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ToldFollowUp)]
struct FollowUp {
    number: i64,
    on: Option<String>,
    text: Option<String>,
}

/// A hearing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Debate {
    label: Label,
    starts_at: Option<String>,
    place: Option<String>,
    /// Where it can be followed.
    link: Option<String>,
    recording: Option<String>,
    /// Why it isn't held.
    why: Option<String>,
    documents: Vec<Link>,
}

/// A document of a hearing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HearingDocument)]
struct Link {
    title: Option<String>,
    link: Option<String>,
}

/// A part, as officials read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Part {
    #[serde(flatten)]
    committee: Committee,
    /// SHA-256 of what was sent, hexadecimal.
    package: Option<String>,
    /// Signatures when it was sent.
    signatures: Option<i64>,
    sent_at: Option<String>,
    /// No receipt came by then.
    overdue: bool,
    overdue_at: Option<String>,
    received_at: Option<String>,
    /// Why the case system wouldn't have it.
    refused_because: Option<String>,
    /// What the initiator was asked last.
    question: Option<String>,
    reply_by: Option<String>,
    /// No reply came by then.
    reply_missing: bool,
    /// What the initiator replied, oldest first.
    replies: Vec<String>,
    /// Why it was opened again, last.
    reopened: Option<Label>,
}

/// The work on a petition's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Work {
    parts: Vec<Part>,
    /// The initiator's request to have it back.
    withdrawal: Option<Withdrawal>,
}

/// A request to have a petition back after handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WithdrawalRequest)]
struct Withdrawal {
    /// `requested`, `granted` or `declined`.
    state: Option<String>,
    reason: Option<String>,
    ground: Option<String>,
    requested_at: Option<String>,
    decided_at: Option<String>,
}

/// A petition, or a part of one, that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WaitingAnswer)]
pub(super) struct Waiting {
    id: String,
    register: Option<String>,
    title: Option<String>,
    /// Of the whole answer.
    answer: Option<String>,
    due_since: Option<String>,
    signatures: i64,
    /// Nothing before it is handed over.
    part: Option<i64>,
    state: Option<String>,
    committee: Option<String>,
    case_number: Option<String>,
    refused_because: Option<String>,
    sent_at: Option<String>,
    /// The case system didn't acknowledge it in time.
    overdue: bool,
    answer_by: Option<String>,
    reply_by: Option<String>,
    reply_missing: bool,
    /// `requested`, if the initiator wants it back.
    withdrawal: Option<String>,
}

/// A column that isn't there, is empty or was blanked is nothing.
fn text(row: &Row, column: &str) -> Option<String> {
    row.opt_text(column).ok().flatten().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn int(row: &Row, column: &str) -> Option<i64> {
    row.opt_int(column).ok().flatten()
}

fn time(row: &Row, column: &str) -> Option<String> {
    int(row, column).map(moment)
}

fn label(known: Option<&policy::Label>) -> Label {
    known.map(|label| Label { sv: label.sv.clone(), en: label.en.clone() }).unwrap_or_default()
}

fn committee(row: &Row) -> Committee {
    let state = text(row, "state").unwrap_or_default();
    Committee {
        part: int(row, "part").unwrap_or(0),
        committee: text(row, "committee"),
        case_number: text(row, "case_number"),
        label: label(Catalogue::shipped().part(&state)),
        state,
        answer_by: text(row, "answer_by"),
    }
}

fn given(row: &Row) -> Answer {
    let outcome = text(row, "outcome").unwrap_or_default();
    let known = answer::Outcome::of(&outcome).and_then(|outcome| Catalogue::shipped().outcome(outcome));
    Answer {
        part: int(row, "part").unwrap_or(0),
        committee: text(row, "committee"),
        case_number: text(row, "case_number"),
        version: int(row, "version").unwrap_or(0),
        newest: false,
        label: label(known),
        outcome,
        text: text(row, "text"),
        link: text(row, "link"),
        given_at: time(row, "given_at"),
    }
}

/// What everybody may read; nothing is looked up while there is nothing.
pub(super) async fn of(office: &Office, petition: &Row) -> Result<Answering, Problem> {
    let is = |column: &str| text(petition, column).is_some_and(|word| word != "none");
    let mut answering = Answering::default();
    let store = &office.petitions.store;
    let key = || vec![Value::Bytes(petition.bytes("petition").unwrap_or_default().to_vec())];
    // A petition that was taken back keeps what was answered before.
    if is("answer") || text(petition, "state").as_deref() == Some("withdrawn") {
        let asked = [(&PARTS, key()), (&ANSWERS, key()), (&FOLLOW_UPS, key()), (&WITHDRAWAL, key())];
        let [parts, answers, follow_ups, withdrawals] = store.query_all(asked).await?;
        answering.withdrawal = withdrawals.first().map(taking_back);
        answering.committees = parts.iter().map(committee).collect();
        answering.answers = answers.iter().map(given).collect();
        let told = |row: &Row| FollowUp {
            number: int(row, "number").unwrap_or(0),
            on: text(row, "on_date"),
            text: text(row, "text"),
        };
        answering.follow_ups = follow_ups.iter().map(told).collect();
        let parts: Vec<i64> = answering.answers.iter().skip(1).map(|answer| answer.part).chain([0]).collect();
        for (answer, next) in answering.answers.iter_mut().zip(parts) {
            answer.newest = answer.part != next;
        }
    }
    if is("hearing") {
        let asked = [(&DOCUMENTS, key()), (&HEARING, key())];
        let [documents, rows] = store.query_all(asked).await?;
        let document = |row: &Row| Link { title: text(row, "title"), link: text(row, "link") };
        let word = text(petition, "hearing").and_then(|word| Hearing::of(&word));
        answering.debate = rows.first().map(|row| Debate {
            label: label(word.and_then(|word| Catalogue::shipped().hearing(word))),
            starts_at: time(row, "starts_at"),
            place: text(row, "place"),
            link: text(row, "link"),
            recording: text(row, "recording"),
            why: text(row, "why"),
            documents: documents.iter().map(document).collect(),
        });
    }
    Ok(answering)
}

fn taking_back(row: &Row) -> TakingBack {
    let state = text(row, "state");
    TakingBack {
        label: label(state.as_deref().and_then(|word| Catalogue::shipped().withdrawal(word))),
        state,
        at: time(row, "decided_at").or_else(|| time(row, "requested_at")),
    }
}

fn part(row: &Row, replies: &[Row]) -> Part {
    let committee = committee(row);
    let of_part = |reply: &&Row| int(reply, "part") == Some(committee.part);
    let why = text(row, "reopened").and_then(|why| answer::Why::of(&why));
    Part {
        package: text(row, "package"),
        signatures: int(row, "signatures"),
        sent_at: time(row, "sent_at"),
        overdue: int(row, "overdue") == Some(1),
        overdue_at: time(row, "overdue_at"),
        received_at: time(row, "received_at"),
        refused_because: text(row, "reason"),
        question: text(row, "question"),
        reply_by: text(row, "reply_by"),
        reply_missing: int(row, "reply_missing") == Some(1),
        replies: replies.iter().filter(of_part).filter_map(|reply| text(reply, "reply")).collect(),
        reopened: why.map(|why| label(Catalogue::shipped().reopened(why))),
        committee,
    }
}

/// The work on a petition's answer: handovers, questions and replies, and whether the initiator wants it back.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/parts", tag = "answers",
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Work)), security(("token" = [])))]
pub(super) async fn parts(
    who: Principal,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.read-queue")?;
    known(&office, petition)?;
    let store = &office.petitions.store;
    let one = || vec![id(petition)];
    let asked = [(&REPLIES, one()), (&PARTS, one()), (&WITHDRAWAL, one())];
    let [replies, rows, withdrawals] = store.query_all(asked).await?;
    let withdrawal = withdrawals.first().map(|row| Withdrawal {
        state: text(row, "state"),
        reason: text(row, "reason"),
        ground: text(row, "ground"),
        requested_at: time(row, "requested_at"),
        decided_at: time(row, "decided_at"),
    });
    Ok(Json(Work { parts: rows.iter().map(|row| part(row, &replies)).collect(), withdrawal }).into_response())
}

/// What went to a committee's case system: the same bytes each time. `Content-Digest` is of these bytes, `ETag` the hash
/// that was sent, which differs once the initiator was erased.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/parts/{part}/package", tag = "answers",
    params(("tenant" = String, Path), ("id" = String, Path), ("part" = u32, Path)),
    responses((status = 200, content_type = "application/json")), security(("token" = [])))]
pub(super) async fn package(
    who: Principal,
    Reading { api, office }: Reading,
    PathIds(petition, part): PathIds<AggregateId, u32>,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.read-package")?;
    let package = office.package(petition, part)?.ok_or_else(Problem::not_found)?;
    let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&package.document)));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::ETAG, value(format!("\"{}\"", package.sent.unwrap_or_default()))),
        (CONTENT_DIGEST, value(digest)),
    ];
    Ok((headers, package.document).into_response())
}

fn value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

/// Petitions whose answer is due, and parts that aren't answered; those that no case system acknowledged in time first.
#[utoipa::path(get, path = "/api/v1/{tenant}/answers", tag = "answers",
    params(("tenant" = String, Path), ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Vec<Waiting>)), security(("token" = [])))]
pub(super) async fn waiting(
    who: Principal,
    Reading { api, office }: Reading,
    page: Page,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.read-queue")?;
    let values = [number(u64::from(page.per_page)), number(page.offset())];
    let rows = office.petitions.store.query(&WAITING, &values).await?;
    let waiting = rows.iter().map(|row| Waiting {
        id: row.bytes("petition").ok().and_then(AggregateId::from_slice).unwrap_or_default().to_string(),
        register: text(row, "register"),
        title: text(row, "title"),
        answer: text(row, "answer"),
        due_since: time(row, "answer_due_at"),
        signatures: int(row, "signatures").unwrap_or(0),
        part: int(row, "part"),
        state: text(row, "state"),
        committee: text(row, "committee"),
        case_number: text(row, "case_number"),
        refused_because: text(row, "reason"),
        sent_at: time(row, "sent_at"),
        overdue: int(row, "overdue") == Some(1),
        answer_by: text(row, "answer_by"),
        reply_by: text(row, "reply_by"),
        reply_missing: int(row, "reply_missing") == Some(1),
        withdrawal: text(row, "withdrawal"),
    });
    Ok(Json(waiting.collect::<Vec<_>>()).into_response())
}
