//! What officials do: review, strike out, erase. Each act has a ground; each reply tells the position it was written at.

use axum::{
    Json,
    http::{HeaderMap, HeaderName},
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Date, ItemId, Role, SubjectId, time};
use radslag_readmodel::{Query, Value};
use radslag_runtime::{
    Principal, Problem,
    http::{JsonBody, Page, PathId},
    service::Failure,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{
        answer,
        asking::{Asking, Reading},
        dto,
        lists::moment,
        similar::{Similar, similar},
    },
    petition::{self, Act, Erasable, Official, Verdict},
    projections::{id, item as item_value, lists as sql, number},
    shell::{
        Office,
        petition::{Found, Staff},
    },
    signature,
};

const QUEUE: Query = sql::TO_REVIEW;
const BY_URL_KEY: Query = sql::PETITION_BY_URL_KEY;
const SIGNATURE: Query = sql::SIGNATURE;
/// The token of the second official, where it takes four eyes.
const SECOND: HeaderName = HeaderName::from_static("second-authorization");

/// A petition that waits for review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Waiting {
    id: String,
    register: Option<String>,
    title: Option<String>,
    initiator: Option<String>,
    /// Of an elected representative.
    party: Option<String>,
    submitted_at: Option<String>,
    /// Overdue after this date.
    review_by: Option<String>,
    /// `on_time`, `near` from three days before, `overdue`.
    due: &'static str,
    /// Somebody is at work on it until then.
    locked_until: Option<String>,
    /// How many private notes it has.
    notes: usize,
    policy: Option<String>,
    /// Who support it besides who started it, where the policy asks for supporters.
    supporters: Option<u32>,
    /// Public ones of the last 24 months whose titles resemble this one's.
    similar: Vec<Similar>,
}

/// The petitions that wait for review, oldest first.
#[utoipa::path(get, path = "/api/v1/{tenant}/queue", tag = "officials", params(("tenant" = String, Path)),
    responses((status = 200, body = Vec<Waiting>)), security(("token" = [])))]
pub(super) async fn queue(
    who: Principal,
    Reading { api, office }: Reading,
    page: Page,
) -> Result<Response, Problem> {
    api.permit(&who, "petitions.read-queue")?;
    let values = [number(u64::from(page.per_page)), number(page.offset())];
    let rows = office.petitions.store.query(&QUEUE, &values).await?;
    let (now, today) = (office.now(), office.calendar.date(office.now()));
    let mut waiting = Vec::with_capacity(rows.len());
    for row in &rows {
        let text = |column: &str| row.opt_text(column).ok().flatten().map(str::to_owned);
        let petition = row.bytes("petition").ok().and_then(AggregateId::from_slice).unwrap_or_default();
        let (_, kept) = office.moderation(petition)?;
        let until = kept.lock(now).and_then(|lock| i64::try_from(lock.until.millis()).ok());
        let (_, state) = office.petition(petition)?;
        let sought = state
            .0
            .as_ref()
            .filter(|found| found.filed.as_ref().is_some_and(|filed| filed.policy.supporters > 0));
        waiting.push(Waiting {
            supporters: sought.map(petition::Petition::supporters),
            id: petition.to_string(),
            due: due(text("review_by").and_then(|date| date.parse().ok()), today),
            locked_until: until.map(moment),
            notes: kept.notes.len(),
            similar: similar(&office, &text("title").unwrap_or_default(), petition).await?,
            register: text("register"),
            title: text("title"),
            initiator: text("public_name"),
            party: text("party").filter(|party| !party.is_empty()),
            submitted_at: row.opt_int("submitted_at").ok().flatten().map(moment),
            review_by: text("review_by"),
            policy: text("policy"),
        });
    }
    Ok(Json(waiting).into_response())
}

/// Days before the last one on which a review is nearly overdue: of fourteen, from the eleventh.
const NEAR_DAYS: u32 = 3;

pub(super) fn due(review_by: Option<Date>, today: Date) -> &'static str {
    match review_by {
        Some(by) if today > by => "overdue",
        Some(by) if time::plus_days(today, NEAR_DAYS) >= by => "near",
        Some(_) | None => "on_time",
    }
}

/// Does what an official decided of a petition, once it is known that they may.
pub(super) async fn decide(
    asking: &Asking,
    petition: AggregateId,
    (command, role): (&str, Role),
    body: &(impl Serialize + Sync),
    ground: &str,
    act: &(dyn Fn(Official, &Found) -> Result<Act, Failure> + Sync),
) -> Result<Response, Problem> {
    let asked = asking.changing(&format!("POST {petition}/{command}"), body)?;
    let staff = Staff { role, subject: &asking.who.subject, ground: ground.to_owned() };
    Ok(answer::written(&asking.office, &asking.office.as_official(petition, &asked, &staff, act).await?))
}

macro_rules! refusing {
    ($name:ident, $path:literal, $command:literal, $act:ident, $doc:literal) => {
        #[doc = $doc]
        #[utoipa::path(post, path = $path, tag = "officials", request_body = dto::Verdict,
                            params(("tenant" = String, Path), ("id" = String, Path)),
                            responses((status = 200, body = answer::Written)), security(("token" = [])))]
        pub(super) async fn $name(
            asking: Asking,
            PathId(petition): PathId<AggregateId>,
            JsonBody(body): JsonBody<dto::Verdict>,
        ) -> Result<Response, Problem> {
            let role = asking.permit($command)?;
            let act = |by: Official, _: &Found| {
                Ok(Act::$act(Verdict { by, codes: body.codes.clone(), text: body.text.clone() }))
            };
            decide(&asking, petition, ($command, role), &body, &body.ground, &act).await
        }
    };
}

refusing!(
    return_it,
    "/api/v1/{tenant}/petitions/{id}/return",
    "petitions.return",
    Return,
    "Refuses a petition once, so that it can be changed."
);
refusing!(
    reject,
    "/api/v1/{tenant}/petitions/{id}/reject",
    "petitions.reject",
    Reject,
    "Refuses a petition for good; it stays readable."
);
refusing!(
    hide,
    "/api/v1/{tenant}/petitions/{id}/hide",
    "petitions.hide",
    Hide,
    "Refuses a petition and never shows it."
);

/// Lets a petition open, at once or on a date.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/approve", tag = "officials", request_body = dto::Approve,
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn approve(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<dto::Approve>,
) -> Result<Response, Problem> {
    let role = asking.permit("petitions.approve")?;
    let opens_on = body.opens_on.as_deref().map(str::parse::<Date>).transpose();
    let opens_on =
        opens_on.map_err(|_| Problem::invalid("/opens_on", "expected a date such as 2009-02-22"))?;
    let taken = taken(&asking.office, petition, body.url_key.as_deref()).await?;
    let act =
        |by: Official, _: &Found| Ok(Act::Approve { by, opens_on, url_key: body.url_key.clone(), taken });
    decide(&asking, petition, ("petitions.approve", role), &body, &body.ground, &act).await
}

/// Whether another petition has the key that this one would get.
async fn taken(office: &Office, petition: AggregateId, chosen: Option<&str>) -> Result<bool, Problem> {
    let (_, state) = office.petition(petition)?;
    let content = state.0.as_ref().and_then(|found| found.content.known());
    let wished = chosen.or(content.map(|content| content.url_key.as_str())).unwrap_or_default();
    let rows = office.petitions.store.query(&BY_URL_KEY, &[Value::Text(wished.into())]).await?;
    Ok(rows.iter().any(|row| row.bytes("petition").is_ok_and(|other| other != petition.as_bytes())))
}

/// Destroys what is personal in a petition. Two officials: the second one's token stands in `Second-Authorization`.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/erase", tag = "officials", request_body = dto::Erase,
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn erase(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<dto::Erase>,
) -> Result<Response, Problem> {
    let role = asking.permit("petitions.erase")?;
    let second = second(&asking, &headers, "petitions.erase")?;
    let what = match body.what.as_str() {
        "document" => Erasable::Document,
        "initiator" => Erasable::Initiator,
        "coinitiator" => Erasable::Coinitiator,
        "former_initiators" => Erasable::FormerInitiators,
        _ => {
            let expected = "expected `document`, `initiator`, `coinitiator` or `former_initiators`";
            return Err(Problem::invalid("/what", expected));
        }
    };
    let act = |by: Official, _: &Found| Ok(Act::Erase { by, second, what });
    decide(&asking, petition, ("petitions.erase", role), &body, &body.ground, &act).await
}

/// The second of two officials, who may do the same, as the log knows them.
pub(super) fn second(asking: &Asking, headers: &HeaderMap, command: &str) -> Result<SubjectId, Problem> {
    let second = second_official(asking, headers, command)?;
    Ok(asking.office.staff(&second.subject))
}

/// The second of two officials, who may do the same.
pub(super) fn second_official(
    asking: &Asking,
    headers: &HeaderMap,
    command: &str,
) -> Result<Principal, Problem> {
    let missing = || Problem::new(axum::http::StatusCode::FORBIDDEN, "second-official-missing");
    let value = headers.get(SECOND).and_then(|value| value.to_str().ok()).ok_or_else(missing)?;
    let token = value.strip_prefix("Bearer ").ok_or_else(missing)?;
    let Asking { api, office, .. } = asking;
    let second = api.kit().verifier().verify(token, &office.tenant.id).map_err(|_| missing())?;
    api.permit(&second, command)?;
    Ok(second)
}

/// Sets a signature aside (`suspect`), strikes it out (`invalidate`), counts it again (`restore`), clears a suspicion (`clear`), or destroys its
/// keys (`erase`, two officials).
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/signatures/{item}/{act}", tag = "officials",
    request_body = dto::Ground,
    params(("tenant" = String, Path), ("id" = String, Path), ("item" = String, Path), ("act" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn on_signature(
    asking: Asking,
    axum::extract::Path((_tenant, petition, item, act)): axum::extract::Path<(
        String,
        String,
        String,
        String,
    )>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<dto::Ground>,
) -> Result<Response, Problem> {
    let office = &asking.office;
    let (petition, item) = (parse::<AggregateId>(&petition)?, parse::<ItemId>(&item)?);
    let command = match act.as_str() {
        "suspect" => "petitions.suspect",
        "invalidate" => "petitions.invalidate",
        "restore" | "clear" => "petitions.restore-signature",
        "erase" => "petitions.erase",
        _ => return Err(Problem::not_found()),
    };
    let role = asking.permit(command)?;
    let second = if act == "erase" { Some(second(&asking, &headers, "petitions.erase")?) } else { None };
    let rows = office.petitions.store.query(&SIGNATURE, &[id(petition), item_value(item)]).await?;
    let position = rows.first().and_then(|row| row.int("position").ok()).ok_or_else(Problem::not_found)?;
    let stream = office.stream_at(position.unsigned_abs())?;
    let asked = asking.changing(&format!("POST {petition}/{item}/{act}"), &body)?;
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let make = |by: Official| match (act.as_str(), second) {
        ("suspect", _) => signature::Act::Suspect { item, by },
        ("invalidate", _) => signature::Act::Invalidate { item, by, batch: None },
        ("restore", _) => signature::Act::Restore { item, by, batch: None },
        ("erase", Some(second)) => signature::Act::Erase { item, by, second },
        _ => signature::Act::Clear { item, by },
    };
    let done = office.on_signature(petition, &stream, &asked, &staff, &make).await?;
    Ok(answer::written(&asking.office, &done))
}

fn parse<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[cfg(test)]
mod tests {
    use super::due;

    #[test]
    fn a_review_is_near_overdue_at_11_days_and_overdue_after_14() {
        let day = |text: &str| text.parse().unwrap();
        // Handed in on the first, to be decided by the fifteenth.
        for (today, word) in [
            ("2008-10-11", "on_time"),
            ("2008-10-12", "near"),
            ("2008-10-15", "near"),
            ("2008-10-16", "overdue"),
        ] {
            assert_eq!(due(Some(day("2008-10-15")), day(today)), word, "{today}");
        }
        assert_eq!(due(None, day("2008-10-16")), "on_time");
    }
}
