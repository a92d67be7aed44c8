//! Atom feeds (RFC 4287): a tenant's newest petitions, and what happened to one.

use axum::{
    extract::OriginalUri,
    http::{HeaderMap, HeaderValue, StatusCode, header},
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

use crate::{
    http::{
        Api, answer,
        asking::Reading,
        lists::{List, Listed, Wanted, label},
        petitions,
    },
    shell::past,
};

const ATOM: HeaderValue = HeaderValue::from_static("application/atom+xml; charset=utf-8");
/// Readers ask again and again; a minute is new enough.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=60");

#[derive(Serialize)]
struct Entry {
    id: String,
    title: String,
    updated: String,
    link: String,
    author: Option<String>,
    text: String,
}

/// Where this installation is reached; readers of feeds want whole addresses.
fn base(api: &Api) -> String {
    api.kit().http().public_url.clone().unwrap_or_default().trim_end_matches('/').to_owned()
}

fn answer(api: &Api, values: &serde_json::Value) -> Result<Response, Problem> {
    let xml = api.own.pages.render("feed.xml", values)?;
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, ATOM), (header::CACHE_CONTROL, CACHE)], xml).into_response())
}

/// Who started it, with the party of an elected representative.
fn author(petition: &Listed) -> Option<String> {
    let name = petition.initiator.as_ref()?;
    Some(match &petition.party {
        Some(party) => format!("{name} ({party})"),
        None => name.clone(),
    })
}

/// A tenant's newest petitions, or the newest of a narrowed list.
pub(super) async fn newest(
    Reading { api, office }: Reading,
    OriginalUri(uri): OriginalUri,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, Problem> {
    let (base, tenant) = (base(&api), &office.tenant);
    let lang = words(tenant);
    let newest = petitions::five(&api, &office, List::Newest, &wanted).await?;
    let entry = |petition: &Listed| Entry {
        id: format!("urn:radslag:{}:petition:{}", tenant.id, petition.id),
        title: petition.title.clone().unwrap_or_else(|| "–".into()),
        updated: petition.opened_at.clone().unwrap_or_default(),
        link: format!("{base}/{}/petitions/{}", tenant.id, petition.id),
        author: author(petition),
        text: if lang == "sv" { petition.label.sv.clone() } else { petition.label.en.clone() },
    };
    let entries: Vec<Entry> = newest.iter().map(entry).collect();
    let updated =
        entries.first().map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |entry| entry.updated.clone());
    // Another selection is another feed.
    let asked = uri.query().filter(|_| wanted.narrows()).map(|query| format!("?{query}")).unwrap_or_default();
    let own = format!("{base}/{}/feed.atom{asked}", tenant.id);
    let id = format!("urn:radslag:{}:petitions{asked}", tenant.id);
    answer(
        &api,
        &json!({
            "lang": lang, "title": tenant.name, "id": id, "own": own,
            "link": format!("{base}/{}", tenant.id), "updated": updated, "author": tenant.name, "entries": entries,
        }),
    )
}

/// What happened to a petition since it was first shown, newest first.
pub(super) async fn changes(
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let row = petitions::by_id(&api, &office, petition, None).await?;
    let tag = answer::tag(&office, petition);
    if tag.is_known_by(&headers) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag.header())]).into_response());
    }
    let (base, tenant) = (base(&api), &office.tenant);
    let lang = words(tenant);
    let title = row.opt_text("title").ok().flatten().unwrap_or("–").to_owned();
    let link = format!("{base}/{}/petitions/{petition}", tenant.id);
    let past = office.past(petition)?;
    let entry = |moment: &past::Moment| {
        let label = label(moment.phase.word(), moment.answer.word());
        Entry {
            id: format!(
                "urn:radslag:{}:petition:{petition}:{}.{}",
                tenant.id, moment.position.0, moment.position.1
            ),
            title: if lang == "sv" { label.sv } else { label.en },
            updated: moment.at.to_string(),
            link: link.clone(),
            author: None,
            text: title.clone(),
        }
    };
    let entries: Vec<Entry> = past::public(&past).iter().rev().map(entry).collect();
    let updated = entries.first().map(|entry| entry.updated.clone()).unwrap_or_default();
    let mut answer = answer(
        &api,
        &json!({
            "lang": lang, "title": title, "id": format!("urn:radslag:{}:petition:{petition}", tenant.id),
            "own": format!("{link}/feed.atom"), "link": link, "updated": updated, "author": tenant.name,
            "entries": entries,
        }),
    )?;
    answer.headers_mut().insert(header::ETAG, tag.header());
    Ok(answer)
}
