//! Draws: announced, made by a second person, objected to; and what anybody needs to check one.

use std::time::Duration;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use radslag_draw::bundle::hex;
use radslag_kernel::{AggregateId, ItemId};
use radslag_runtime::{
    Principal, Problem,
    http::{JsonBody, PathId, PathIds, Written},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    http::api::{Asking, Reading, seen},
    panel::{
        Act,
        draw::{self, Draw, Kind},
    },
    shell::{
        Office,
        drawing::{Announcing, Conflict, NoDraw, Progress},
    },
};

/// The command that the table of roles knows.
const COMMAND: &str = "panels.draw";
/// How long an answer waits for a draw's preparation.
const WAIT: Duration = Duration::from_secs(4);

/// A draw that is announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DrawAnnouncement)]
#[serde(deny_unknown_fields)]
pub(super) struct Announcement {
    /// `invitation`: a stratified sample of the register. `sortition`: members from volunteers, under the quotas of the strata.
    /// `replacement`: the same for empty places, given who is there.
    kind: String,
    /// How many are drawn.
    places: u32,
    /// How many come next, in order.
    #[serde(default)]
    reserves: u32,
    /// How long whoever is drawn has to answer; the last day counts.
    #[serde(default = "fortnight")]
    reply_days: u32,
    /// Which register; the newest if nothing is said.
    frame: Option<String>,
    /// Where the value will come from that decides it: nobody can know it yet.
    source: String,
}

const fn fortnight() -> u32 {
    14
}

/// A draw that is being prepared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DrawPreparing)]
pub(super) struct Preparing {
    draw: String,
    /// `preparing`: ask for it again under its address.
    standing: &'static str,
}

/// A draw as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DrawShown)]
pub(super) struct Shown {
    draw: String,
    /// Of the panel's draws, from 1.
    number: u32,
    /// `invitation`, `sortition` or `replacement`.
    kind: &'static str,
    /// `committed`, `made`, `finished` or `cancelled`.
    standing: &'static str,
    /// With its version.
    algorithm: String,
    committed_at: String,
    /// SHA-256 of all that was announced.
    announced: String,
    /// SHA-256 of the secret half of the seed.
    commitment: String,
    /// Where the value comes from.
    source: Option<String>,
    places: u32,
    reserves: u32,
    candidates: u64,
    reply_days: u32,
    /// Once it was made.
    made: Option<Made>,
    /// Somebody objected: whether it stands, once that was decided.
    objection: Option<Objection>,
}

/// What came of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DrawMade)]
pub(super) struct Made {
    value: Option<String>,
    chosen: u32,
    reserved: u32,
    /// Panels of the lottery; nothing if there was none.
    panels: Option<u32>,
    /// Which of them was drawn, from 0.
    lottery: Option<u32>,
    /// SHA-256 of the whole bundle.
    bundle: String,
    /// Of those drawn: invited, or passed over.
    done: u32,
    /// Of them, who weren't there any more.
    passed: u32,
}

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DrawObjection)]
pub(super) struct Objection {
    upheld: Option<bool>,
}

/// The value that became public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DrawValue)]
#[serde(deny_unknown_fields)]
pub(super) struct Value {
    text: String,
}

/// Why something is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DrawWithGround)]
#[serde(deny_unknown_fields)]
pub(super) struct WithGround {
    ground: String,
}

/// A decision about an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DrawDecision)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// Whether the draw stands.
    upheld: bool,
    ground: String,
}

impl Shown {
    /// Of a draw.
    pub(super) fn of(draw: &Draw) -> Self {
        let made = draw.made.as_ref().map(|made| Made {
            value: made.value.known().cloned(),
            chosen: made.chosen,
            reserved: made.reserved,
            panels: (made.panels > 0).then_some(made.panels),
            lottery: (made.panels > 0).then_some(made.lottery),
            bundle: hex(&made.bundle_hash),
            done: draw.done,
            passed: draw.passed,
        });
        Self {
            draw: draw.id.to_string(),
            number: draw.number,
            kind: draw.terms.kind.word(),
            standing: draw.standing.word(),
            algorithm: draw.terms.algorithm.clone(),
            committed_at: draw.committed_at.to_string(),
            announced: hex(&draw.terms.input_hash),
            commitment: hex(&draw.terms.commitment),
            source: draw.terms.source.known().cloned(),
            places: draw.terms.places,
            reserves: draw.terms.reserves,
            candidates: draw.terms.candidates,
            reply_days: draw.terms.reply_days,
            made,
            objection: draw.objection.as_ref().map(|one| Objection { upheld: one.upheld }),
        }
    }
}

/// Announces a draw: everything it follows from is fixed and public but for a value that becomes known later. Where the lottery
/// takes long to find it answers 202: ask for the draw again.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/draws", tag = "panels", operation_id = "announce_draw",
    request_body = Announcement, params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 201, body = Shown), (status = 202, body = Preparing)), security(("token" = [])))]
pub(super) async fn announce(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<Announcement>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let kind = Kind::of(&body.kind)
        .ok_or_else(|| Problem::invalid("/kind", "one of invitation, sortition, replacement"))?;
    let frame = body.frame.as_ref().map(|frame| frame.parse::<ItemId>()).transpose();
    let frame = frame.map_err(|_| Problem::invalid("/frame", "the id of an import"))?;
    let asked = asking.asked(&format!("POST panels {id} draws"), &body);
    let office = &asking.office;
    let draw = ItemId::from_bytes(*office.commands.aggregate(asked.command).as_bytes());
    if let Some(known) = office.panel(id)?.and_then(|(_, panel)| panel.draw(draw).ok().cloned()) {
        return Ok((StatusCode::CREATED, Json(Shown::of(&known))).into_response());
    }
    let Announcement { places, reserves, reply_days, source, .. } = body;
    let announcing = Announcing { kind, places, reserves, reply_days, frame, source };
    let who = (asking.who.subject.as_str(), role);
    let mut progress = office
        .announce(&asked, who, (id, draw), announcing)
        .map_err(|rule| Problem::from(crate::shell::Wrong::Panel(rule)))?;
    let over = progress.wait_for(|progress| !matches!(progress, Progress::Preparing));
    // Whoever asks too early is told to ask again.
    let told = match tokio::time::timeout(WAIT, over).await {
        Ok(Ok(told)) => told.clone(),
        Ok(Err(_)) | Err(_) => Progress::Preparing,
    };
    answer(office, (id, draw), told)
}

fn answer(office: &Office, (id, draw): (AggregateId, ItemId), told: Progress) -> Result<Response, Problem> {
    match told {
        Progress::Preparing => {
            let preparing = Preparing { draw: draw.to_string(), standing: "preparing" };
            Ok((StatusCode::ACCEPTED, Json(preparing)).into_response())
        }
        Progress::Refused(why) => Err(refused(why)),
        Progress::Announced(_) => {
            let known = office.panel(id)?.and_then(|(_, panel)| panel.draw(draw).ok().cloned());
            let known = known.ok_or_else(Problem::not_found)?;
            Ok((StatusCode::CREATED, Json(Shown::of(&known))).into_response())
        }
    }
}

fn refused(why: NoDraw) -> Problem {
    match why {
        NoDraw::Wrong(wrong) => wrong.into(),
        NoDraw::Busy => Problem::unavailable(Duration::from_secs(1)),
        NoDraw::Failed => Problem::internal(),
        NoDraw::TooHard => Problem::new(StatusCode::CONFLICT, "draw-too-hard"),
        NoDraw::Conflict(Conflict { bounds, relaxed }) => {
            let bounds = bounds.iter().map(
                |(category, feature, side)| json!({ "category": category, "feature": feature, "side": side }),
            );
            let relaxed = relaxed.iter().map(|(category, feature, min, max)| {
                json!({ "category": category, "feature": feature, "min": min, "max": max })
            });
            Problem::new(StatusCode::CONFLICT, "quotas-conflict")
                .value("conflict", bounds.collect::<Vec<_>>())
                .value("relaxed", relaxed.collect::<Vec<_>>())
        }
    }
}

/// The draws of a panel, oldest first.
#[utoipa::path(get, path = "/api/v1/{tenant}/panels/{panel}/draws", tag = "panels", operation_id = "list_draws",
    params(("tenant" = String, Path), ("panel" = String, Path)), responses((status = 200, body = Vec<Shown>)))]
pub(super) async fn list(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(id): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let (_, panel) = seen(&api, &office, who.as_ref(), id)?;
    Ok(Json(panel.draws.iter().map(Shown::of).collect::<Vec<_>>()).into_response())
}

/// A draw; one that is being prepared for whoever may announce it.
#[utoipa::path(get, path = "/api/v1/{tenant}/panels/{panel}/draws/{draw}", tag = "panels", operation_id = "read_draw",
    params(("tenant" = String, Path), ("panel" = String, Path), ("draw" = String, Path)),
    responses((status = 200, body = Shown), (status = 202, body = Preparing)))]
pub(super) async fn one(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathIds(id, draw): PathIds<AggregateId, ItemId>,
) -> Result<Response, Problem> {
    let (_, panel) = seen(&api, &office, who.as_ref(), id)?;
    if let Ok(known) = panel.draw(draw) {
        return Ok(Json(Shown::of(known)).into_response());
    }
    let may = who.is_some_and(|who| api.permit(&who, COMMAND).is_ok());
    let progress = office.preparing.of(id, draw).filter(|_| may).ok_or_else(Problem::not_found)?;
    let told = progress.borrow().clone();
    answer(&office, (id, draw), told)
}

/// The bundle of a draw, for `radslag draw verify`: nothing of a person stands in it.
#[utoipa::path(get, path = "/api/v1/{tenant}/panels/{panel}/draws/{draw}/bundle", tag = "panels",
    operation_id = "read_bundle",
    params(("tenant" = String, Path), ("panel" = String, Path), ("draw" = String, Path)),
    responses((status = 200, body = String, content_type = "application/json")))]
pub(super) async fn bundle(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathIds(id, draw): PathIds<AggregateId, ItemId>,
) -> Result<Response, Problem> {
    let (_, panel) = seen(&api, &office, who.as_ref(), id)?;
    let known = panel.draw(draw).map_err(|_| Problem::not_found())?.clone();
    let made = tokio::task::spawn_blocking(move || office.bundle(id, &known)).await;
    let bundle = made.map_err(|_| Problem::internal())??.ok_or_else(Problem::not_found)?;
    let kind = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, kind)], bundle).into_response())
}

/// Enters the value that became public since, by somebody else than who announced the draw: its result follows.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/draws/{draw}/value", tag = "panels",
    operation_id = "make_draw", request_body = Value,
    params(("tenant" = String, Path), ("panel" = String, Path), ("draw" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn make(
    asking: Asking,
    PathIds(id, draw): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<Value>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let asked = asking.changing(&format!("panels {id} draws {draw} value"), &body)?;
    let who = (asking.who.subject.as_str(), role);
    let done = asking.office.make_draw(&asked, who, (id, draw), &body.text).await?;
    Ok(Written::answer(&asking.office, &done))
}

/// Cancels a draw before its value was entered.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/draws/{draw}/cancellation", tag = "panels",
    operation_id = "cancel_draw", request_body = WithGround,
    params(("tenant" = String, Path), ("panel" = String, Path), ("draw" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn cancel(
    asking: Asking,
    PathIds(id, draw): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<WithGround>,
) -> Result<Response, Problem> {
    done(&asking, (id, draw), "cancellation", (&body, &body.ground), draw::Act::Cancel { draw }).await
}

/// Enters that somebody objects to a draw.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/draws/{draw}/objection", tag = "panels",
    operation_id = "object_to_draw", request_body = WithGround,
    params(("tenant" = String, Path), ("panel" = String, Path), ("draw" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn object(
    asking: Asking,
    PathIds(id, draw): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<WithGround>,
) -> Result<Response, Problem> {
    done(&asking, (id, draw), "objection", (&body, &body.ground), draw::Act::Object { draw }).await
}

/// Decides an objection: by somebody who had no part in the draw.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/draws/{draw}/objection/decision", tag = "panels",
    operation_id = "decide_objection_to_draw", request_body = Decision,
    params(("tenant" = String, Path), ("panel" = String, Path), ("draw" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn decide(
    asking: Asking,
    PathIds(id, draw): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<Decision>,
) -> Result<Response, Problem> {
    let act = draw::Act::DecideObjection { draw, upheld: body.upheld };
    done(&asking, (id, draw), "objection decision", (&body, &body.ground), act).await
}

async fn done(
    asking: &Asking,
    (id, draw): (AggregateId, ItemId),
    route: &str,
    (body, ground): (&(impl Serialize + Sync), &str),
    act: draw::Act,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let asked = asking.changing(&format!("panels {id} draws {draw} {route}"), body)?;
    let who = (asking.who.subject.as_str(), role);
    let done = asking.office.on_panel(&asked, who, id, (ground, Act::Draw(act))).await?;
    Ok(Written::answer(&asking.office, &done))
}
