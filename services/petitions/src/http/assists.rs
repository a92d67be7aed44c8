//! Who acted for whom: for auditors, who look after those who act for citizens.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use radslag_kernel::Happens as _;
use radslag_readmodel::{Query, Row};
use radslag_runtime::{
    Principal, Problem,
    http::{Page, QueryOf},
    service::{Failure, everything, understand},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{asking::Reading, lists::moment},
    projections::{lists as sql, number},
    shell::{Office, Petitions},
};

const COMMAND: &str = "petitions.read-assisted";
const SIGNATURES: Query = sql::ASSISTED_SIGNATURES;
const ACTS: Query = sql::ASSISTED_ACTS;

/// Something done for a citizen. Who that is, isn't told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Assist {
    at: String,
    /// Its type in the log: `signature.signed`, `petition.submitted`, `comment.withdrawn`.
    what: String,
    petition: String,
    /// Of the signature or comment.
    item: Option<String>,
    /// Its place in the log, `origin.position`.
    position: String,
    /// Who acted, as the log knows them.
    by: String,
    role: &'static str,
    /// `counter`, `phone` or `e-service`.
    channel: &'static str,
    /// How the citizen was identified.
    identified: &'static str,
    /// How surely: `low`, `substantial` or `high`.
    assurance: &'static str,
    /// They were looked up in the population register.
    register: bool,
}

/// A page of what was done for citizens, latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Assists {
    assisted: Vec<Assist>,
    /// Cursor of the next page.
    next: Option<String>,
}

/// From where.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Wanted {
    cursor: Option<String>,
}

/// What officials and e-services did for named citizens, latest first: who, where, and how surely they knew them.
#[utoipa::path(get, path = "/api/v1/{tenant}/assisted", tag = "officials", operation_id = "list_assisted",
    params(("tenant" = String, Path), ("per_page" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Assists)), security(("token" = [])))]
pub(super) async fn list(
    who: Principal,
    Reading { api, office }: Reading,
    page: Page,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, Problem> {
    api.permit(&who, COMMAND)?;
    let (scope, cursors) = (format!("{}-assisted", office.tenant.id), api.kit().cursors());
    let after = match wanted.cursor.as_deref() {
        None | Some("") => u64::MAX,
        Some(cursor) => cursors.decode(&scope, cursor)?,
    };
    let values = vec![number(after), number(u64::from(page.per_page))];
    let [signatures, acts] =
        office.persons.store.query_all([(&SIGNATURES, values.clone()), (&ACTS, values)]).await?;
    let position = |row: &Row| Ok::<_, Failure>(row.int("assisted")?.unsigned_abs());
    let mut positions = signatures.iter().chain(&acts).map(position).collect::<Result<Vec<_>, _>>()?;
    positions.sort_unstable_by(|a, b| b.cmp(a));
    positions.truncate(page.per_page as usize);
    let full = positions.len() == page.per_page as usize;
    let next = positions.last().filter(|_| full).and_then(|last| cursors.encode(&scope, last).ok());
    let mut assisted = Vec::with_capacity(positions.len());
    for position in positions {
        assisted.extend(assist(&office, position)?);
    }
    Ok(Json(Assists { assisted, next }).into_response())
}

/// Opened from its event; nothing once that is erased.
fn assist(office: &Office, position: u64) -> Result<Option<Assist>, Failure> {
    let record = office.log.read_at(position)?;
    let recorded = understand::<Petitions>(&record, office.log.vault(), everything)?;
    let how = recorded.event.assisted();
    Ok(how.map(|how| Assist {
        at: moment(i64::try_from(recorded.occurred_at.millis()).unwrap_or(i64::MAX)),
        what: record.header.r#type.clone(),
        petition: recorded.aggregate.to_string(),
        item: recorded.event.item().map(|item| item.to_string()),
        position: format!("{}.{position}", recorded.origin),
        by: how.by.to_string(),
        role: how.role.word(),
        channel: how.channel.word(),
        identified: how.identified.word(),
        assurance: how.assurance.word(),
        register: how.register,
    }))
}
