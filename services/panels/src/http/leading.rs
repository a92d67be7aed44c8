//! What a panel's leader does with all its members at once: terms, reminders, and how many more to invite.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, ItemId};
use radslag_runtime::{
    Problem,
    http::{JsonBody, PathId, PathIds, Written},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::api::Asking,
    panel::{Act, Told},
    waves::{Asked, Expected, Group, expected},
};

/// The commands that the table of roles knows.
const LEAD: &str = "panels.lead";
const MEMBERS: &str = "panels.members";

/// A term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PanelTerm)]
#[serde(deny_unknown_fields)]
pub(super) struct Term {
    /// Its last day.
    ends_on: String,
    /// The last day on which members of the term before can say that they stay; of the first term nothing.
    #[serde(default)]
    renew_by: Option<String>,
    #[serde(default)]
    ground: String,
}

/// What came of the invitations so far, and how many more would fill the panel.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PanelWave)]
pub(super) struct Wave {
    /// Places that are free, but for who has still to answer.
    free: u32,
    /// Of those asked who have answered, or had the time to: which part accepted. Nothing before anybody has.
    rate: Option<f64>,
    /// Of those who have still to answer, so many are expected to accept.
    expected: f64,
    /// So many more invitations would fill the panel.
    invite: u64,
    /// By category and feature.
    groups: Vec<OfGroup>,
}

/// The same of a group.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PanelOfGroup)]
pub(super) struct OfGroup {
    category: String,
    feature: String,
    asked: u64,
    accepted: u64,
    /// Who have still to answer.
    open: u64,
    /// Between what the group and what everybody did: the fewer were asked, the more of the latter.
    rate: Option<f64>,
    expected: f64,
}

/// Begins a term: members of the one before are asked whether they stay.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/terms", tag = "panels", operation_id = "begin_term",
    request_body = Term, params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn term(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<Term>,
) -> Result<Response, Problem> {
    let role = asking.permit(LEAD)?;
    let office = &asking.office;
    let end = |pointer: &'static str, date: &str| {
        let date = date.parse::<jiff::civil::Date>();
        date.map(|date| office.calendar.end_of(date))
            .map_err(|_| Problem::invalid(pointer, "a date: 2008-12-31"))
    };
    let ends_at = end("/ends_on", &body.ends_on)?;
    let renew_by = body.renew_by.as_deref().map_or(Ok(office.now()), |date| end("/renew_by", date))?;
    let asked = asking.changing(&format!("panels {id} terms"), &body)?;
    let who = (asking.who.subject.as_str(), role);
    let act = Act::BeginTerm { ends_at, renew_by };
    let done = office.on_panel(&asked, who, id, (&body.ground, act)).await?;
    let asks = office.panel(id)?.and_then(|(_, panel)| panel.term?.renew_by).is_some();
    if asks {
        // Said twice, it is told once.
        let _ = office.begin_telling(id, Told::Term).await;
    }
    Ok(Written::answer(office, &done))
}

/// Reminds everybody whom a draw invited and who hasn't answered.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/draws/{draw}/reminder", tag = "panels",
    operation_id = "remind_invited",
    params(("tenant" = String, Path), ("panel" = String, Path), ("draw" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn remind(
    asking: Asking,
    PathIds(id, draw): PathIds<AggregateId, ItemId>,
) -> Result<Response, Problem> {
    asking.permit(MEMBERS)?;
    let (_, panel) = asking.office.panel(id)?.ok_or_else(Problem::not_found)?;
    panel.draw(draw).map_err(|_| Problem::not_found())?;
    let done = asking.office.begin_telling(id, Told::Reminder(draw)).await?;
    Ok(Written::answer(&asking.office, &done))
}

/// How many more to invite, by what those who were asked did.
#[utoipa::path(get, path = "/api/v1/{tenant}/panels/{panel}/waves", tag = "panels", operation_id = "read_waves",
    params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 200, body = Wave)), security(("token" = [])))]
pub(super) async fn waves(asking: Asking, PathId(id): PathId<AggregateId>) -> Result<Response, Problem> {
    asking.permit(MEMBERS)?;
    let office = &asking.office;
    let (_, panel) = office.panel(id)?.ok_or_else(Problem::not_found)?;
    let here = office.here(id, office.log.watermark()).await?;
    let asked: Vec<Asked> = here.iter().filter_map(|one| Asked::of(&one.membership)).collect();
    let members = here.iter().filter(|one| one.membership.standing.is_member()).count() as u32;
    let size = panel.decided.as_ref().map_or(0, |decided| decided.size);
    let strata = panel.strata().cloned().unwrap_or_default();
    let Expected { rate, expected, invite, groups } = expected(&strata, size.saturating_sub(members), &asked);
    let group = |Group { category, feature, asked, accepted, open, rate, expected }| OfGroup {
        category,
        feature,
        asked,
        accepted,
        open,
        rate,
        expected,
    };
    let groups = groups.into_iter().map(group).collect();
    let free = size.saturating_sub(members);
    Ok(Json(Wave { free, rate, expected, invite, groups }).into_response())
}
