//! Moderators among themselves: locks, private notes, and how long petitions waited.

use axum::{
    Json,
    extract::Query,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Date, Instant};
use radslag_runtime::{
    Principal, Problem,
    http::{JsonBody, PathId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::{
        answer,
        asking::{Asking, Reading},
        dto,
        lists::moment,
        petitions::known,
    },
    moderation::{Act, report::Period},
    shell::petition::Staff,
};

const COMMAND: &str = "petitions.moderate";
const READ: &str = "petitions.read-queue";

/// Who holds a petition, and its notes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Kept {
    /// Who holds it, as the log knows them.
    locked_by: Option<String>,
    /// Until when.
    locked_until: Option<String>,
    /// It is the asker who holds it.
    yours: bool,
    /// Oldest first.
    notes: Vec<Note>,
}

/// A private note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Note {
    at: String,
    by: String,
    text: String,
}

/// Decisions of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Decided {
    /// `2008-W42` or `2008-10`.
    period: String,
    decided: u64,
    within_7_days: u64,
    /// In thousandths.
    share_per_mille: u64,
}

/// Moderation times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Times {
    weeks: Vec<Decided>,
    months: Vec<Decided>,
}

/// From when.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Since {
    /// A date; without one, everything.
    since: Option<String>,
}

fn text(at: Instant) -> String {
    moment(i64::try_from(at.millis()).unwrap_or(i64::MAX))
}

/// Who holds a petition, and what moderators noted.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/moderation", tag = "officials",
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Kept)), security(("token" = [])))]
pub(super) async fn kept(
    who: Principal,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    api.permit(&who, READ)?;
    known(&office, petition)?;
    let (_, kept) = office.moderation(petition)?;
    let lock = kept.lock(office.now());
    let note = |note: &crate::moderation::Note| Note {
        at: text(note.at),
        by: note.by.to_string(),
        text: note.text.clone(),
    };
    Ok(Json(Kept {
        locked_by: lock.map(|lock| lock.by.to_string()),
        locked_until: lock.map(|lock| text(lock.until)),
        yours: lock.is_some_and(|lock| lock.by == office.staff(&who.subject)),
        notes: kept.notes.iter().map(note).collect(),
    })
    .into_response())
}

async fn moderate(
    asking: &Asking,
    petition: AggregateId,
    (route, body): (&str, &(impl Serialize + Sync)),
    act: &Act,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let asked = asking.asked(&format!("{route} {petition}"), body);
    let staff = Staff { role, subject: &asking.who.subject, ground: String::new() };
    Ok(answer::written(&asking.office, &asking.office.moderate(petition, &asked, &staff, act).await?))
}

/// Holds a petition for half an hour, so that nobody else decides it meanwhile.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/lock", tag = "officials", request_body = dto::Lock,
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn lock(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Lock>,
) -> Result<Response, Problem> {
    let act = match body.take_over_ground.as_str() {
        "" => Act::Lock,
        ground => Act::TakeOver { ground: ground.to_owned() },
    };
    moderate(&asking, petition, ("lock", &body), &act).await
}

/// Gives a petition back.
#[utoipa::path(delete, path = "/api/v1/{tenant}/petitions/{id}/lock", tag = "officials",
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn release(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    moderate(&asking, petition, ("release", &()), &Act::Release).await
}

/// Adds a note that only those who read the queue see. It can't be changed.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/notes", tag = "officials", request_body = dto::NewNote,
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn note(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::NewNote>,
) -> Result<Response, Problem> {
    let act = Act::Note { text: body.text.clone() };
    moderate(&asking, petition, ("note", &body), &act).await
}

/// How many petitions were decided within seven days, by week and by month.
#[utoipa::path(get, path = "/api/v1/{tenant}/moderation/times", tag = "officials",
    params(("tenant" = String, Path), Since),
    responses((status = 200, body = Times)), security(("token" = [])))]
pub(super) async fn times(
    who: Principal,
    Reading { api, office }: Reading,
    Query(Since { since }): Query<Since>,
) -> Result<Response, Problem> {
    api.permit(&who, READ)?;
    let since = since.as_deref().map(str::parse::<Date>).transpose();
    let since = since.map_err(|_| Problem::invalid("/since", "expected a date such as 2009-02-22"))?;
    let since = since.map_or(Instant::default(), |date| office.calendar.start_of(date));
    let (weeks, months) = office.moderation_times(since).await?;
    let decided = |periods: Vec<Period>| {
        let decided = |Period { name, decided, within_7_days }| Decided {
            period: name,
            decided,
            within_7_days,
            share_per_mille: within_7_days * 1_000 / u64::max(decided, 1),
        };
        periods.into_iter().map(decided).collect()
    };
    Ok(Json(Times { weeks: decided(weeks), months: decided(months) }).into_response())
}
