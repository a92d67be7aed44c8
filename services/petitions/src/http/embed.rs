//! What other sites may show: a list and a counter as small pages for a frame, and a list as JSON for their scripts.
//! Nobody is recognised by them: no cookies, no token is asked for.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use radslag_kernel::AggregateId;
use radslag_runtime::{
    Problem,
    http::{PathId, QueryOf},
    pages::words,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::http::{
    asking::Reading,
    lists::{List, Listed, Wanted, listed_row},
    petitions,
};

/// Any page may show these, and only these, in a frame.
const FRAMED: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *";
/// Scripts of any site may read an answer, without telling who asks.
pub(super) const ANY_SITE: (HeaderName, HeaderValue) =
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
const CACHE: (HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=10"));

/// The two lists of a start page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Embedded {
    /// The five opened last.
    newest: Vec<Listed>,
    /// The five with most signatures.
    popular: Vec<Listed>,
}

/// The newest and the most popular petitions, all or narrowed as lists are, for scripts of any site.
#[utoipa::path(get, path = "/api/v1/{tenant}/embed", tag = "petitions", operation_id = "embedded_lists",
    params(("tenant" = String, Path), Wanted), responses((status = 200, body = Embedded)))]
pub(super) async fn json(
    Reading { api, office }: Reading,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, Problem> {
    let newest = petitions::five(&api, &office, List::Newest, &wanted).await?;
    let popular = petitions::five(&api, &office, List::Popular, &wanted).await?;
    Ok(([ANY_SITE, CACHE], Json(Embedded { newest, popular })).into_response())
}

/// The same as a page for a frame.
pub(super) async fn list(
    Reading { api, office }: Reading,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, Problem> {
    let newest = petitions::five(&api, &office, List::Newest, &wanted).await?;
    let popular = petitions::five(&api, &office, List::Popular, &wanted).await?;
    let tenant = &office.tenant;
    let values = json!({
        "lang": words(tenant), "id": tenant.id, "name": tenant.name, "newest": newest, "popular": popular,
    });
    Ok(framed(api.own.pages.show("embed_list.html", &values)?))
}

/// A petition's counter as a page for a frame; it asks again every minute.
pub(super) async fn counter(
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let row = petitions::by_id(&api, &office, petition, None).await?;
    let tenant = &office.tenant;
    let values = json!({ "lang": words(tenant), "id": tenant.id, "petition": listed_row(&row) });
    Ok(framed(api.own.pages.show("embed_count.html", &values)?))
}

fn framed(mut page: Response) -> Response {
    let headers = page.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAMED));
    headers.insert(CACHE.0, CACHE.1);
    page
}
