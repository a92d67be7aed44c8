//! What officials do with a panel: plan it, answer the eleven questions, decide, and lead it.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use radslag_kernel::AggregateId;
use radslag_runtime::{
    Problem,
    http::{JsonBody, PathId, PathIds, Written},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{api::Asking, dto},
    panel::{Act, Replacement, Texts, state::Recruiting},
    questions::Question,
};

const PLAN: &str = "panels.plan";
const DECIDE: &str = "panels.decide";
const LEAD: &str = "panels.lead";

/// What a panel is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PanelTexts {
    name: String,
    purpose: String,
    /// What is promised to who takes part.
    #[serde(default)]
    promises: String,
}

impl From<&PanelTexts> for Texts {
    fn from(body: &PanelTexts) -> Self {
        let PanelTexts { name, purpose, promises } = body.clone();
        Self { name, purpose, promises }
    }
}

/// A panel that was planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Planned {
    id: String,
    version: u64,
}

/// An answer to one of the eleven questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Answered {
    #[serde(default)]
    text: String,
    /// Who is to decide it, where it isn't decided.
    #[serde(default)]
    undecided_by: String,
}

/// The decision, from which on its texts are public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// Members it is to have.
    size: u32,
    /// People drawn from a register are invited.
    #[serde(default)]
    invites: bool,
    /// Whoever the form takes may come by themselves.
    #[serde(default)]
    enrols: bool,
    /// Whoever comes is a volunteer; members are drawn from them.
    #[serde(default)]
    drawn: bool,
    /// 0: as long as the panel.
    #[serde(default)]
    term_months: u32,
    /// `none`, `asked` or `automatic`.
    replacement: String,
    /// Who decided.
    who: String,
    #[serde(default)]
    ground: String,
}

/// Where it goes from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Course {
    /// `recruiting`, `active`, `resting` or `ended`.
    to: String,
    /// Why; of an end it is public.
    #[serde(default)]
    ground: String,
}

/// Who is wanted more, in an official's words; empty in both languages: in those of what the panel lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedWords {
    #[serde(default)]
    sv: String,
    #[serde(default)]
    en: String,
}

/// Plans a panel: private until it is decided.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels", tag = "panels", operation_id = "plan_panel",
    request_body = PanelTexts, params(("tenant" = String, Path)),
    responses((status = 201, body = Planned)), security(("token" = [])))]
pub(super) async fn plan(asking: Asking, JsonBody(body): JsonBody<PanelTexts>) -> Result<Response, Problem> {
    let role = asking.permit(PLAN)?;
    let asked = asking.asked("POST panels", &body);
    let id = asking.office.commands.aggregate(asked.command);
    let done = asking.office.plan(&asked, (&asking.who.subject, role), id, &Texts::from(&body)).await?;
    let planned = Planned { id: id.to_string(), version: asking.office.seen(done.version) };
    Ok((StatusCode::CREATED, Json(planned)).into_response())
}

/// Changes what it is for.
#[utoipa::path(put, path = "/api/v1/{tenant}/panels/{panel}", tag = "panels", operation_id = "change_panel",
    request_body = PanelTexts, params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn change(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<PanelTexts>,
) -> Result<Response, Problem> {
    let act = Act::Change { texts: Texts::from(&body) };
    done(&asking, (PLAN, "texts"), id, &body, ("", act)).await
}

/// Answers one of the eleven questions, or says who is to decide it.
#[utoipa::path(put, path = "/api/v1/{tenant}/panels/{panel}/questions/{number}", tag = "panels",
    operation_id = "answer_question", request_body = Answered,
    params(("tenant" = String, Path), ("panel" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn answer(
    asking: Asking,
    PathIds(id, number): PathIds<AggregateId, u32>,
    JsonBody(body): JsonBody<Answered>,
) -> Result<Response, Problem> {
    let question = Question::numbered(number).ok_or_else(Problem::not_found)?;
    let Answered { text, undecided_by } = body.clone();
    let act = Act::Answer { question, text, undecided_by };
    done(&asking, (PLAN, &format!("questions {number}")), id, &body, ("", act)).await
}

/// Says whom it takes and what it asks of them.
#[utoipa::path(put, path = "/api/v1/{tenant}/panels/{panel}/form", tag = "panels", operation_id = "set_form",
    request_body = dto::Form, params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn set_form(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Form>,
) -> Result<Response, Problem> {
    let act = Act::SetForm { form: body.form()? };
    done(&asking, (PLAN, "form"), id, &body, ("", act)).await
}

/// Says what it is to look like.
#[utoipa::path(put, path = "/api/v1/{tenant}/panels/{panel}/strata", tag = "panels", operation_id = "set_strata",
    request_body = dto::Strata, params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn set_strata(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Strata>,
) -> Result<Response, Problem> {
    let act = Act::SetStrata { strata: body.strata()? };
    done(&asking, (PLAN, "strata"), id, &body, ("", act)).await
}

/// Says who is wanted more, for the page where people join.
#[utoipa::path(put, path = "/api/v1/{tenant}/panels/{panel}/wanted", tag = "panels", operation_id = "set_panel_wanted",
    request_body = WantedWords, params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn set_wanted(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<WantedWords>,
) -> Result<Response, Problem> {
    let act = Act::SetWanted { sv: body.sv.clone(), en: body.en.clone() };
    done(&asking, (PLAN, "wanted"), id, &body, ("", act)).await
}

/// Enters that it was decided: from here on it is public.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/decision", tag = "panels",
    operation_id = "decide_panel", request_body = Decision,
    params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn decide(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<Decision>,
) -> Result<Response, Problem> {
    let words = || Replacement::ALL.iter().map(|one| one.word()).collect::<Vec<_>>().join(", ");
    let replacement = Replacement::of(&body.replacement)
        .ok_or_else(|| Problem::invalid("/replacement", format!("one of {}", words())))?;
    let Decision { size, invites, enrols, drawn, term_months, who, ground, .. } = body.clone();
    let recruiting = Recruiting { invites, enrols, drawn };
    let act = Act::Decide { size, recruiting, term_months, replacement, who };
    done(&asking, (DECIDE, "decision"), id, &body, (&ground, act)).await
}

/// Starts it, puts it to work or to rest, or ends it.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/course", tag = "panels", operation_id = "lead_panel",
    request_body = Course, params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn course(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<Course>,
) -> Result<Response, Problem> {
    asking.permit(LEAD)?;
    let rests =
        asking.office.panel(id)?.is_some_and(|(_, panel)| panel.phase == crate::panel::Phase::Resting);
    let act = match body.to.as_str() {
        "recruiting" => Act::Start,
        "active" if rests => Act::Resume,
        "active" => Act::Activate,
        "resting" => Act::Rest,
        "ended" => Act::End { reason: body.ground.clone() },
        _ => return Err(Problem::invalid("/to", "one of recruiting, active, resting, ended")),
    };
    done(&asking, (LEAD, "course"), id, &body, (&body.ground, act)).await
}

async fn done(
    asking: &Asking,
    (command, route): (&str, &str),
    id: AggregateId,
    body: &impl Serialize,
    (ground, act): (&str, Act),
) -> Result<Response, Problem> {
    let role = asking.permit(command)?;
    let asked = asking.changing(&format!("panels {id} {route}"), body)?;
    let who = (asking.who.subject.as_str(), role);
    let done = asking.office.on_panel(&asked, who, id, (ground, act)).await?;
    Ok(Written::answer(&asking.office, &done))
}
