//! Meetings: planned, told of, held, and what was said and raised there.

use std::collections::BTreeMap;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Instant, Opened};
use radslag_readmodel::Value;
use radslag_runtime::{
    Principal, Problem,
    http::{JsonBody, PathId, PathIds, Written},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::api::{Asking, Reading, seen, sees_all},
    meeting::{Act, Attended, Meeting, Texts},
    projections::{id as id_value, lists},
    representing::grouped,
};

/// The command that the table of roles knows.
const COMMAND: &str = "panels.meet";
/// Meetings listed at most.
const MOST: i64 = 200;

/// What a meeting is about, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MeetingPlan)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    /// Whose it is; nothing: of an area.
    #[serde(default)]
    panel: Option<String>,
    /// RFC 3339.
    starts_at: String,
    title: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    agenda: String,
    #[serde(default)]
    area: String,
}

/// One that is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MeetingPlanned)]
pub(super) struct Planned {
    meeting: String,
    #[serde(flatten)]
    written: Written,
}

/// Something that is typed about one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MeetingText)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    text: String,
}

/// Who came, as they were counted at the door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MeetingHeld)]
#[serde(deny_unknown_fields)]
pub(super) struct Held {
    attended: u64,
    /// By category and feature.
    #[serde(default)]
    features: BTreeMap<String, BTreeMap<String, u32>>,
}

/// A document, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MeetingDocument)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    title: String,
    /// `https://...`
    address: String,
}

/// An answer to a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MeetingAnswered)]
#[serde(deny_unknown_fields)]
pub(super) struct Answered {
    answer: String,
    /// Who answers.
    who: String,
}

/// A point that was raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MeetingPoint)]
pub(super) struct Point {
    number: usize,
    point: Option<String>,
    answer: Option<String>,
    /// Who answered.
    who: Option<String>,
}

/// A meeting as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MeetingShown)]
pub(super) struct Shown {
    meeting: String,
    version: u64,
    panel: Option<String>,
    /// `planned`, `cancelled` or `held`.
    phase: &'static str,
    starts_at: String,
    title: String,
    place: String,
    agenda: String,
    area: String,
    /// Why it is cancelled.
    reason: Option<String>,
    /// Members who were told.
    invited: Option<u64>,
    attended: Option<u64>,
    /// By category and feature; but for officials groups of less than five are together, as `a+b`.
    features: BTreeMap<String, BTreeMap<String, u64>>,
    notes: Option<String>,
    documents: Vec<Document>,
    points: Vec<Point>,
}

/// A meeting in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MeetingListed)]
pub(super) struct Listed {
    meeting: String,
    phase: String,
    starts_at: String,
    title: Option<String>,
    place: Option<String>,
    attended: i64,
}

impl Plan {
    fn texts(&self) -> Texts {
        let Self { title, place, agenda, area, .. } = self.clone();
        Texts { title, place, agenda, area }
    }

    fn starts_at(&self) -> Result<Instant, Problem> {
        let at = self.starts_at.parse::<jiff::Timestamp>().ok();
        let millis = at.and_then(|at| u64::try_from(at.as_millisecond()).ok());
        millis
            .map(Instant::from_millis)
            .ok_or_else(|| Problem::invalid("/starts_at", "a moment as RFC 3339 says"))
    }
}

impl Shown {
    /// `all`: also who is of a small group.
    fn of(id: AggregateId, version: u64, meeting: &Meeting, all: bool) -> Self {
        let text = |text: &Opened<String>| text.known().cloned();
        let texts = meeting.texts.known().cloned().unwrap_or_default();
        let held = meeting.phase == crate::meeting::Phase::Held;
        let document = |one: &crate::meeting::state::Document| Document {
            title: text(&one.title).unwrap_or_default(),
            address: text(&one.address).unwrap_or_default(),
        };
        let point = |(at, one): (usize, &crate::meeting::state::Point)| Point {
            number: at + 1,
            point: text(&one.point),
            answer: one.answer.as_ref().and_then(|(answer, _)| text(answer)),
            who: one.answer.as_ref().and_then(|(_, who)| text(who)),
        };
        Self {
            meeting: id.to_string(),
            version,
            panel: meeting.panel.map(|panel| panel.to_string()),
            phase: meeting.phase.word(),
            starts_at: meeting.starts_at.to_string(),
            title: texts.title,
            place: texts.place,
            agenda: texts.agenda,
            area: texts.area,
            reason: meeting.reason.as_ref().and_then(text),
            invited: meeting.invited,
            attended: held.then_some(meeting.attended),
            features: features(meeting, all),
            notes: meeting.notes.as_ref().and_then(text),
            documents: meeting.documents.iter().map(document).collect(),
            points: meeting.points.iter().enumerate().map(point).collect(),
        }
    }
}

/// Who came by category and feature; in public groups of less than five are together, under both their keys.
fn features(meeting: &Meeting, all: bool) -> BTreeMap<String, BTreeMap<String, u64>> {
    let mut by_category: BTreeMap<String, Vec<(&str, u64)>> = BTreeMap::new();
    for row in meeting.rows.known().into_iter().flatten() {
        by_category.entry(row.category.clone()).or_default().push((&row.feature, row.attended.into()));
    }
    let shown = by_category.into_iter().map(|(category, rows)| {
        let counts: Vec<u64> = rows.iter().map(|(_, attended)| *attended).collect();
        let alone = || counts.iter().enumerate().map(|(at, count)| (vec![at], *count)).collect();
        let groups = if all { alone() } else { grouped(&counts).unwrap_or_default() };
        let keys = |places: &[usize]| places.iter().map(|at| rows[*at].0).collect::<Vec<_>>().join("+");
        (category, groups.into_iter().map(|(places, count)| (keys(&places), count)).collect())
    });
    shown.collect()
}

/// Plans a meeting.
#[utoipa::path(post, path = "/api/v1/{tenant}/meetings", tag = "meetings", operation_id = "plan_meeting",
    request_body = Plan, params(("tenant" = String, Path)),
    responses((status = 201, body = Planned)), security(("token" = [])))]
pub(super) async fn plan(asking: Asking, JsonBody(body): JsonBody<Plan>) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let panel = body.panel.as_ref().map(|panel| panel.parse()).transpose();
    let panel = panel.map_err(|_| Problem::invalid("/panel", "the id of a panel"))?;
    let (asked, starts_at) = (asking.asked("POST meetings", &body), body.starts_at()?);
    let id = asking.office.commands.aggregate(asked.command);
    let who = (asking.who.subject.as_str(), role);
    let done = asking.office.plan_meeting(&asked, who, id, (panel, starts_at, &body.texts())).await?;
    let planned = Planned { meeting: id.to_string(), written: Written::of(&asking.office, &done) };
    Ok((StatusCode::CREATED, Json(planned)).into_response())
}

/// A meeting as it stands.
#[utoipa::path(get, path = "/api/v1/{tenant}/meetings/{meeting}", tag = "meetings", operation_id = "read_meeting",
    params(("tenant" = String, Path), ("meeting" = String, Path)), responses((status = 200, body = Shown)))]
pub(super) async fn one(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(id): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let (version, meeting) = office.meeting(id)?.ok_or_else(Problem::not_found)?;
    if let Some(panel) = meeting.panel {
        seen(&api, &office, who.as_ref(), panel)?;
    }
    let all = sees_all(&api, who.as_ref());
    Ok(Json(Shown::of(id, office.seen(version), &meeting, all)).into_response())
}

/// Meetings of a panel, the latest first.
#[utoipa::path(get, path = "/api/v1/{tenant}/panels/{panel}/meetings", tag = "meetings", operation_id = "list_meetings",
    params(("tenant" = String, Path), ("panel" = String, Path)), responses((status = 200, body = Vec<Listed>)))]
pub(super) async fn list(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(id): PathId<AggregateId>,
) -> Result<Response, Problem> {
    seen(&api, &office, who.as_ref(), id)?;
    let values = [id_value(id), Value::Int(MOST), Value::Int(0)];
    let rows = office.panels.store.query(&lists::MEETINGS, &values).await?;
    let mut listed = Vec::new();
    for row in rows.iter() {
        listed.push(Listed {
            meeting: AggregateId::from_slice(row.bytes("meeting")?).unwrap_or_default().to_string(),
            phase: row.text("phase")?.to_owned(),
            starts_at: Instant::from_millis(row.int("starts_at")?.unsigned_abs()).to_string(),
            title: row.opt_text("title")?.map(str::to_owned),
            place: row.opt_text("place")?.map(str::to_owned),
            attended: row.int("attended")?,
        });
    }
    Ok(Json(listed).into_response())
}

/// Changes what it is about, when or where.
#[utoipa::path(put, path = "/api/v1/{tenant}/meetings/{meeting}", tag = "meetings", operation_id = "change_meeting",
    request_body = Plan, params(("tenant" = String, Path), ("meeting" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn change(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<Plan>,
) -> Result<Response, Problem> {
    let act = Act::Change { starts_at: body.starts_at()?, texts: body.texts() };
    done(&asking, (id, "change"), &body, act).await
}

/// Cancels it; the reason is public.
#[utoipa::path(post, path = "/api/v1/{tenant}/meetings/{meeting}/cancellation", tag = "meetings",
    operation_id = "cancel_meeting", request_body = Text,
    params(("tenant" = String, Path), ("meeting" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn cancel(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<Text>,
) -> Result<Response, Problem> {
    done(&asking, (id, "cancellation"), &body, Act::Cancel { reason: body.text.clone() }).await
}

/// Tells the panel's members of it: letters go out step by step.
#[utoipa::path(post, path = "/api/v1/{tenant}/meetings/{meeting}/invitation", tag = "meetings",
    operation_id = "invite_to_meeting", params(("tenant" = String, Path), ("meeting" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn invite(asking: Asking, PathId(id): PathId<AggregateId>) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let asked = asking.changing(&format!("meetings {id} invitation"), &())?;
    let done = asking.office.invite_to_meeting(&asked, (asking.who.subject.as_str(), role), id).await?;
    Ok(Written::answer(&asking.office, &done))
}

/// Enters that it was held, and how many came.
#[utoipa::path(post, path = "/api/v1/{tenant}/meetings/{meeting}/held", tag = "meetings", operation_id = "hold_meeting",
    request_body = Held, params(("tenant" = String, Path), ("meeting" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn hold(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<Held>,
) -> Result<Response, Problem> {
    let rows = body.features.iter().flat_map(|(category, features)| {
        features.iter().map(|(feature, attended)| Attended {
            category: category.clone(),
            feature: feature.clone(),
            attended: *attended,
        })
    });
    let act = Act::Hold { attended: body.attended, rows: rows.collect() };
    done(&asking, (id, "held"), &body, act).await
}

/// Enters what was said.
#[utoipa::path(put, path = "/api/v1/{tenant}/meetings/{meeting}/notes", tag = "meetings", operation_id = "note_meeting",
    request_body = Text, params(("tenant" = String, Path), ("meeting" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn note(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<Text>,
) -> Result<Response, Problem> {
    done(&asking, (id, "notes"), &body, Act::Note { notes: body.text.clone() }).await
}

/// Adds a document by its address.
#[utoipa::path(post, path = "/api/v1/{tenant}/meetings/{meeting}/documents", tag = "meetings",
    operation_id = "add_meeting_document", request_body = Document,
    params(("tenant" = String, Path), ("meeting" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn document(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<Document>,
) -> Result<Response, Problem> {
    let Document { title, address } = body.clone();
    done(&asking, (id, "documents"), &body, Act::AddDocument { title, address }).await
}

/// Enters a point that was raised.
#[utoipa::path(post, path = "/api/v1/{tenant}/meetings/{meeting}/points", tag = "meetings", operation_id = "raise_point",
    request_body = Text, params(("tenant" = String, Path), ("meeting" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn raise(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<Text>,
) -> Result<Response, Problem> {
    done(&asking, (id, "points"), &body, Act::RaisePoint { point: body.text.clone() }).await
}

/// Answers a point by its number; a newer answer takes the place of an older.
#[utoipa::path(post, path = "/api/v1/{tenant}/meetings/{meeting}/points/{number}/answer", tag = "meetings",
    operation_id = "answer_point", request_body = Answered,
    params(("tenant" = String, Path), ("meeting" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn answer(
    asking: Asking,
    PathIds(id, number): PathIds<AggregateId, u32>,
    JsonBody(body): JsonBody<Answered>,
) -> Result<Response, Problem> {
    let Answered { answer, who } = body.clone();
    let act = Act::AnswerPoint { number, answer, who };
    done(&asking, (id, &format!("points {number} answer")), &body, act).await
}

async fn done(
    asking: &Asking,
    (id, route): (AggregateId, &str),
    body: &(impl Serialize + Sync),
    act: Act,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let asked = asking.changing(&format!("meetings {id} {route}"), body)?;
    let who = (asking.who.subject.as_str(), role);
    let done = asking.office.on_meeting(&asked, who, id, &act).await?;
    Ok(Written::answer(&asking.office, &done))
}
