//! Acting for a named citizen: at a counter, by phone, or in a municipality's e-service. A refusal is told at once.

use axum::{http::StatusCode, response::Response};
use radslag_kernel::{AggregateId, ItemId, SubjectId};
use radslag_readmodel::Query;
use radslag_runtime::{
    Principal, Problem,
    http::{JsonBody, PathIds},
    limits::Admitted,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    assisted::{Assisted, Assurance, Channel, Helper, Identified},
    http::{Api, answer, asking::Asking, dto},
    paper::typed::number,
    projections::{id, item as item_value, lists as sql},
    shell::{
        Asked, Office, Wrong,
        petition::{Helped, Staff},
    },
    signature::Act,
    tag::Tag,
};

const SIGNATURE: Query = sql::SIGNATURE;

/// For whom somebody acts; the name stands where it stands when they act themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnBehalfOf {
    /// Their personal number, ten or twelve digits.
    number: String,
    /// `counter`, `phone` or `e-service`.
    channel: String,
    /// How they were identified: `id-document`, `eid`, `known` or `questions`.
    identified: String,
    /// How surely: `low`, `substantial` or `high`, as eIDAS has it.
    assurance: String,
    /// They were looked up in the population register.
    #[serde(default)]
    register: bool,
}

/// For whom, and by whom, once it is known that they may.
pub(super) struct Behalf<'a> {
    /// As twelve digits.
    pub(super) number: String,
    /// Who acts, and how.
    pub(super) helped: Helped<'a>,
}

impl OnBehalfOf {
    /// # Errors
    /// Without a token, without the permission, or where it can't be so.
    pub(super) fn of<'a>(
        &self,
        api: &Api,
        office: &Office,
        who: Option<&'a Principal>,
    ) -> Result<Behalf<'a>, Problem> {
        let who = who.ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "token-missing"))?;
        let role = api.permit(who, "petitions.assist")?;
        let year = office.calendar.date(office.now()).year();
        let number = number(&self.number, year).ok_or_else(|| expected("number", "a personal number"))?;
        let how = Assisted {
            // The office knows them by another id.
            by: SubjectId::default(),
            role,
            channel: Channel::of(&self.channel)
                .ok_or_else(|| expected("channel", "counter, phone or e-service"))?,
            identified: Identified::of(&self.identified)
                .ok_or_else(|| expected("identified", "id-document, eid, known or questions"))?,
            assurance: Assurance::of(&self.assurance)
                .ok_or_else(|| expected("assurance", "low, substantial or high"))?,
            register: self.register,
        };
        how.check().map_err(Wrong::Assisted)?;
        let staff = Staff { role, subject: &who.subject, ground: String::new() };
        Ok(Behalf { number, helped: Helped { staff, how } })
    }
}

fn expected(field: &str, what: &str) -> Problem {
    Problem::invalid(format!("/on_behalf_of/{field}"), format!("expected {what}"))
}

/// A signature or a comment that whose it is wants back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawFor {
    /// As they signed it.
    name: String,
    /// Who they are.
    on_behalf_of: OnBehalfOf,
}

/// Takes a petition back for who started it. It takes more than what somebody says of themselves.
pub(super) async fn withdraw_petition(
    asking: &Asking,
    petition: AggregateId,
    asked: &Asked,
    (body, behalf): (&dto::Withdraw, &OnBehalfOf),
) -> Result<Response, Problem> {
    let office = &asking.office;
    let Behalf { number, helped } = behalf.of(&asking.api, office, Some(&asking.who))?;
    helped.how.check_withdrawal().map_err(Wrong::Assisted)?;
    let named = (number.as_str(), body.name.as_str());
    let done = office.withdraw_petition_for(petition, asked, named, &helped, &body.reason).await?;
    Ok(answer::written(office, &done))
}

/// Takes a signature back for its signer, however it was made. It takes more than what somebody says of themselves.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/signatures/{item}/withdraw", tag = "officials",
    operation_id = "withdraw_signature_for", request_body = WithdrawFor,
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn withdraw_signature(
    asking: Asking,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
    _: Admitted,
    JsonBody(body): JsonBody<WithdrawFor>,
) -> Result<Response, Problem> {
    let asked = asking.asked(&format!("POST {petition}/{item}/withdraw"), &body);
    let act = |name, helper| Act::WithdrawFor { item, name, helper };
    for_signer(&asking, (petition, item), &asked, (&body.name, &body.on_behalf_of), &act).await
}

/// What everybody is to see of a signer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeNameFor {
    /// As they signed.
    name: String,
    /// What everybody is to see.
    shown: dto::Shown,
    /// Who they are.
    on_behalf_of: OnBehalfOf,
}

/// Changes what everybody sees of a signature, for its signer.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/signatures/{item}/name", tag = "officials",
    operation_id = "change_public_name_for", request_body = ChangeNameFor,
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn change_name(
    asking: Asking,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
    _: Admitted,
    JsonBody(body): JsonBody<ChangeNameFor>,
) -> Result<Response, Problem> {
    let asked = asking.asked(&format!("POST {petition}/{item}/name"), &body);
    let act = |name, helper| Act::ChangeNameFor { item, name, shown: body.shown.domain(), helper };
    for_signer(&asking, (petition, item), &asked, (&body.name, &body.on_behalf_of), &act).await
}

async fn for_signer(
    asking: &Asking,
    (petition, item): (AggregateId, ItemId),
    asked: &Asked,
    (name, behalf): (&str, &OnBehalfOf),
    act: &(dyn Fn(Tag, Box<Helper>) -> Act + Sync),
) -> Result<Response, Problem> {
    let office = &asking.office;
    let Behalf { number, helped } = behalf.of(&asking.api, office, Some(&asking.who))?;
    helped.how.check_withdrawal().map_err(Wrong::Assisted)?;
    let rows = office.petitions.store.query(&SIGNATURE, &[id(petition), item_value(item)]).await?;
    let position = rows.first().and_then(|row| row.int("position").ok()).ok_or_else(Problem::not_found)?;
    let stream = office.stream_at(position.unsigned_abs())?;
    let signer = ((number.as_str(), name), &helped);
    Ok(answer::written(office, &office.for_signer(petition, &stream, asked, signer, act).await?))
}

/// Takes a comment back for its author.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/comments/{item}/withdraw", tag = "officials",
    operation_id = "withdraw_comment_for", request_body = WithdrawFor,
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn withdraw_comment(
    asking: Asking,
    PathIds(petition, item): PathIds<AggregateId, ItemId>,
    _: Admitted,
    JsonBody(body): JsonBody<WithdrawFor>,
) -> Result<Response, Problem> {
    let office = &asking.office;
    let asked = asking.asked(&format!("POST {petition}/{item}/comment-withdraw"), &body);
    let Behalf { number, helped } = body.on_behalf_of.of(&asking.api, office, Some(&asking.who))?;
    helped.how.check_withdrawal().map_err(Wrong::Assisted)?;
    let named = (number.as_str(), body.name.as_str());
    let done = office.withdraw_comment_for((petition, item), &asked, named, &helped).await?;
    Ok(answer::written(office, &done))
}
