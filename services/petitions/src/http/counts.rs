//! The exact count of a petition, now or as of any moment.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use radslag_kernel::AggregateId;
use radslag_runtime::{
    Problem,
    http::{AtLeast, PathId, QueryOf},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{
    answer,
    asking::Reading,
    embed::ANY_SITE,
    history::counted_at,
    lists::caught_up,
    petitions::{As, as_of, place},
};

/// An exact count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Count {
    /// Signatures.
    count: i64,
    /// Votes against, where they are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<i64>,
    /// The event that changed it last, `origin.position`: the count holds from there to the next change.
    position: Option<String>,
}

/// The exact count of a petition, now or as of a date or position. Made for ten thousand polls a second.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/count", tag = "petitions",
    params(("tenant" = String, Path), ("id" = String, Path), ("as_of" = Option<String>, Query),
        ("position" = Option<u64>, Query)),
    responses((status = 200, body = Count), (status = 304, description = "As it was")))]
pub(super) async fn count(
    Reading { office, .. }: Reading,
    PathId(petition): PathId<AggregateId>,
    at_least: AtLeast,
    QueryOf(wanted): QueryOf<As>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caught_up(&office, at_least).await?;
    let known = office.counts.get(petition).filter(|count| count.public).ok_or_else(Problem::not_found)?;
    if let Some(as_of) = as_of(&office, &wanted)? {
        let found = counted_at(&office, petition, as_of).await?;
        let count = Count { count: found.count, against: found.against, position: found.position.map(place) };
        return Ok(([ANY_SITE], Json(count)).into_response());
    }
    let tag = answer::tag(&office, petition);
    if tag.is_known_by(&headers) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag.header())]).into_response());
    }
    let cache = HeaderValue::from_static("public, max-age=1");
    let (count, against) = (known.count, known.against);
    let count = Count { count, against, position: known.position.map(place) };
    Ok(([(header::ETAG, tag.header()), (header::CACHE_CONTROL, cache), ANY_SITE], Json(count))
        .into_response())
}
