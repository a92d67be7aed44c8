//! Members as officials see them, and what officials do for them: nobody under protected identity is named here.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_kernel::{Actor, AggregateId, ItemId, Role};
use radslag_readmodel::Value;
use radslag_runtime::{
    Problem,
    http::{JsonBody, PathId, PathIds, QueryOf, Written},
    service::Failure,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::{api::Asking, members::Submission},
    member::{self, Channel, Membership, Reason, Standing},
    projections::{id as id_value, lists},
    shell::{
        Office,
        helping::{Help, Helping},
    },
};

/// The commands that the table of roles knows.
const COMMAND: &str = "panels.members";
const ERASE: &str = "panels.erase";
/// Members of a page at most.
const MOST: i64 = 200;

/// Which members.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only of a standing: `invited`, `volunteered`, `drawn`, `reserved`, `active`, `paused`, `declined`, `expired`, `left` or
    /// `replaced`.
    standing: Option<String>,
    /// Behind this one: `next` of the page before.
    after: Option<i64>,
}

/// A page of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Members)]
pub(super) struct Members {
    members: Vec<Listed>,
    /// Of the next page, if there is one.
    next: Option<i64>,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MemberListed)]
pub(super) struct Listed {
    member: String,
    standing: &'static str,
    since: String,
    /// Of the invitations, of the draw, or in line.
    number: Option<u32>,
    /// Until when the answer can be given.
    expires_at: Option<String>,
    /// Protected identity: nothing of them is shown, and letters go through the authority that forwards them.
    protected: bool,
    name: Option<String>,
    mailbox: Option<String>,
    street: Option<String>,
    postcode: Option<String>,
    town: Option<String>,
    phone: Option<String>,
    birth_year: Option<u16>,
    term: u32,
}

/// Somebody joins at a counter or by phone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MemberAssisted)]
#[serde(deny_unknown_fields)]
pub(super) struct Assisted {
    person: Submission,
    /// `counter`, `phone`, `paper` or `mail`.
    channel: String,
    ground: String,
}

/// An act for a member.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MemberAct)]
#[serde(deny_unknown_fields)]
pub(super) struct Act {
    /// `accept`, `decline`, `pause`, `resume`, `leave` or `renew`.
    act: String,
    /// Of `leave`: `own-wish`, `moved`, `died` or `aged-out`.
    #[serde(default)]
    reason: String,
    /// Of `accept`: what they said of themselves beside it.
    person: Option<Submission>,
    /// `counter`, `phone`, `paper` or `mail`.
    channel: String,
    ground: String,
}

/// Why something is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MemberWithGround)]
#[serde(deny_unknown_fields)]
pub(super) struct WithGround {
    #[serde(default)]
    ground: String,
}

/// Who joined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MemberJoined)]
pub(super) struct Joined {
    member: String,
    #[serde(flatten)]
    written: Written,
}

/// Members of a panel, in the order in which they came.
#[utoipa::path(get, path = "/api/v1/{tenant}/panels/{panel}/members", tag = "panels", operation_id = "list_members",
    params(("tenant" = String, Path), ("panel" = String, Path), Which),
    responses((status = 200, body = Members)), security(("token" = [])))]
pub(super) async fn list(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    QueryOf(which): QueryOf<Which>,
) -> Result<Response, Problem> {
    asking.permit(COMMAND)?;
    let office = &asking.office;
    office.panel(id)?.ok_or_else(Problem::not_found)?;
    let standing = which.standing.unwrap_or_default();
    if !standing.is_empty() && Standing::of(&standing).is_none() {
        return Err(Problem::invalid("/standing", "a member's standing"));
    }
    let values =
        [id_value(id), Value::Text(standing), Value::Int(which.after.unwrap_or(-1)), Value::Int(MOST)];
    let rows = office.panels.store.query(&lists::MEMBERS, &values).await?;
    let (mut members, mut next) = (Vec::new(), None);
    for row in rows.iter() {
        let position = row.int("position")?;
        next = Some(position);
        let item = ItemId::from_slice(row.bytes("item")?).unwrap_or_default();
        let stream =
            office.log.read_at(position.unsigned_abs()).map_err(Failure::from)?.private.stream.clone();
        let (_, state) = office.state::<member::Decider>(&stream)?;
        // Who only named a mailbox isn't anybody yet.
        let known = state.of(item).filter(|one| one.standing != Standing::Submitted);
        members.extend(known.map(Listed::of));
    }
    let next = next.filter(|_| rows.len() as i64 == MOST);
    Ok(Json(Members { members, next }).into_response())
}

impl Listed {
    fn of(one: &Membership) -> Self {
        let person = one.person.known();
        let protected = person.is_some_and(|person| person.protected);
        let shown = person.filter(|_| !protected);
        let text = |of: fn(&crate::person::Person) -> &String| {
            shown.map(of).filter(|text| !text.is_empty()).cloned()
        };
        Self {
            member: one.item.to_string(),
            standing: one.standing.word(),
            since: one.at.to_string(),
            number: one.offer.map(|offer| offer.number),
            expires_at: one.offer.and_then(|offer| offer.expires_at).map(|at| at.to_string()),
            protected,
            name: text(|person| &person.name),
            mailbox: text(|person| &person.mailbox),
            street: text(|person| &person.street),
            postcode: text(|person| &person.postcode),
            town: text(|person| &person.town),
            phone: text(|person| &person.phone),
            birth_year: shown.map(|person| person.birth_year).filter(|year| *year > 0),
            term: one.term,
        }
    }
}

fn channel(typed: &str) -> Result<Channel, Problem> {
    Channel::of(typed).ok_or_else(|| Problem::invalid("/channel", "one of counter, phone, paper, mail"))
}

/// Somebody joins with an official's help.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/members/assisted", tag = "panels",
    operation_id = "join_assisted", request_body = Assisted,
    params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 201, body = Joined)), security(("token" = [])))]
pub(super) async fn join(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    JsonBody(body): JsonBody<Assisted>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let channel = channel(&body.channel)?;
    let asked = asking.asked(&format!("POST panels {id} members assisted"), &body);
    let helping = Helping { who: &asking.who.subject, role, channel, ground: &body.ground };
    let person = body.person.clone().person(&asking.office.tenant);
    let (item, done) = asking.office.join(&asked, helping, id, &person).await?;
    let joined = Joined { member: item.to_string(), written: Written::of(&asking.office, &done) };
    Ok((StatusCode::CREATED, Json(joined)).into_response())
}

/// Acts for a member: types in an answer from paper, or does what they asked for at a counter or by phone.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/members/{member}/acts", tag = "panels",
    operation_id = "act_for_member", request_body = Act,
    params(("tenant" = String, Path), ("panel" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn act(
    asking: Asking,
    PathIds(id, item): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<Act>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let channel = channel(&body.channel)?;
    let said = || body.person.clone().map(|said| Box::new(said.person(&asking.office.tenant)));
    let help = match body.act.as_str() {
        "accept" => Help::Answer(true, said()),
        "decline" => Help::Answer(false, None),
        "pause" => Help::Pause,
        "resume" => Help::Resume,
        "renew" => Help::Renew,
        "leave" => {
            let reason = Reason::of(&body.reason).filter(|reason| {
                matches!(reason, Reason::OwnWish | Reason::Moved | Reason::Died | Reason::AgedOut)
            });
            Help::Leave(
                reason
                    .ok_or_else(|| Problem::invalid("/reason", "one of own-wish, moved, died, aged-out"))?,
            )
        }
        _ => return Err(Problem::invalid("/act", "one of accept, decline, pause, resume, leave, renew")),
    };
    let helping = Helping { who: &asking.who.subject, role, channel, ground: &body.ground };
    done(&asking, (id, item), "acts", &body, (helping, help)).await
}

/// Corrects what is known of a member; what is left out stays.
#[utoipa::path(patch, path = "/api/v1/{tenant}/panels/{panel}/members/{member}", tag = "panels",
    operation_id = "correct_member", request_body = Submission,
    params(("tenant" = String, Path), ("panel" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn correct(
    asking: Asking,
    PathIds(id, item): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<Submission>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let help = Help::Correct(Box::new(body.clone().person(&asking.office.tenant)));
    done(&asking, (id, item), "correction", &body, (by(&asking, role, ""), help)).await
}

/// Takes a member out: they aren't taken again.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/members/{member}/removal", tag = "panels",
    operation_id = "remove_member", request_body = WithGround,
    params(("tenant" = String, Path), ("panel" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn remove(
    asking: Asking,
    PathIds(id, item): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<WithGround>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    done(&asking, (id, item), "removal", &body, (by(&asking, role, &body.ground), Help::Remove)).await
}

/// Destroys what is known of a member.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/members/{member}/erasure", tag = "panels",
    operation_id = "erase_member", request_body = WithGround,
    params(("tenant" = String, Path), ("panel" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn erase(
    asking: Asking,
    PathIds(id, item): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<WithGround>,
) -> Result<Response, Problem> {
    let role = asking.permit(ERASE)?;
    done(&asking, (id, item), "erasure", &body, (by(&asking, role, &body.ground), Help::Erase)).await
}

/// Gives the place of a member who left to whoever comes next.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/members/{member}/replacement", tag = "panels",
    operation_id = "replace_member",
    params(("tenant" = String, Path), ("panel" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = Joined)), security(("token" = [])))]
pub(super) async fn replace(
    asking: Asking,
    PathIds(id, item): PathIds<AggregateId, ItemId>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let asked = asking.changing(&format!("panels {id} members {item} replacement"), &())?;
    let actor = Actor { role, subject: asking.office.staff(&asking.who.subject) };
    let (member, done) = asking.office.replace(&asked, actor, (id, item)).await?;
    let joined = Joined { member: member.to_string(), written: Written::of(&asking.office, &done) };
    Ok(Json(joined).into_response())
}

fn by<'a>(asking: &'a Asking, role: Role, ground: &'a str) -> Helping<'a> {
    Helping { who: &asking.who.subject, role, channel: Channel::Counter, ground }
}

async fn done(
    asking: &Asking,
    (id, item): (AggregateId, ItemId),
    route: &str,
    body: &(impl Serialize + Sync),
    (helping, help): (Helping<'_>, Help),
) -> Result<Response, Problem> {
    let office: &Office = &asking.office;
    let asked = asking.changing(&format!("panels {id} members {item} {route}"), body)?;
    let done = office.help(&asked, helping, (id, item), &help).await?;
    Ok(Written::answer(office, &done))
}
