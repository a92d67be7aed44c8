//! The pages: plain HTML that needs no JavaScript, in Swedish and English.

pub(super) mod attaching;
mod chart;
pub(super) mod figures;
pub(super) mod linked;
pub(super) mod own;
pub(super) mod reading;
pub(super) mod reporting;
mod texts;
pub(super) mod view;
mod web;
pub(super) mod writing;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use radslag_runtime::{
    Problem,
    config::{Offer, Tenant},
    http::{Language, Page, QueryOf},
    pages::Pages,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::http::{
    Api, listing,
    lists::{self, List, Wanted},
    petitions,
};

/// The templates of this service.
pub(super) fn shipped() -> Result<Pages, minijinja::Error> {
    let own = [
        ("start.html", include_str!("../../pages/start.html")),
        ("tenant.html", include_str!("../../pages/tenant.html")),
        ("petition.html", include_str!("../../pages/petition.html")),
        ("figures.html", include_str!("../../pages/figures.html")),
        ("report.html", include_str!("../../pages/report.html")),
        ("link.html", include_str!("../../pages/link.html")),
        ("session.html", include_str!("../../pages/session.html")),
        ("session_link.html", include_str!("../../pages/session_link.html")),
        ("mine.html", include_str!("../../pages/mine.html")),
        ("macros.html", include_str!("../../pages/macros.html")),
        ("all.html", include_str!("../../pages/all.html")),
        ("signatures.html", include_str!("../../pages/signatures.html")),
        ("sign.html", include_str!("../../pages/sign.html")),
        ("support.html", include_str!("../../pages/support.html")),
        ("comments.html", include_str!("../../pages/comments.html")),
        ("new.html", include_str!("../../pages/new.html")),
        ("inquiries.html", include_str!("../../pages/inquiries.html")),
        ("inquiry.html", include_str!("../../pages/inquiry.html")),
        ("ask.html", include_str!("../../pages/ask.html")),
        ("sent.html", include_str!("../../pages/sent.html")),
        ("text.html", include_str!("../../pages/text.html")),
        ("politicians.html", include_str!("../../pages/politicians.html")),
        ("politician.html", include_str!("../../pages/politician.html")),
        ("own_text.html", include_str!("../../pages/own_text.html")),
        ("feed.xml", include_str!("../../pages/feed.xml")),
        ("embed_list.html", include_str!("../../pages/embed_list.html")),
        ("embed_count.html", include_str!("../../pages/embed_count.html")),
    ];
    Pages::new(&own, view::WORDS)
}

#[derive(Serialize)]
struct Served<'a> {
    id: &'a str,
    name: &'a str,
    newest: Vec<lists::Listed>,
    popular: Vec<lists::Listed>,
    total: u64,
    offers: &'a [Offer],
    ready: bool,
}

impl<'a> Served<'a> {
    fn of(tenant: &'a Tenant, ready: bool) -> Self {
        let (id, name, offers) = (&tenant.id, &tenant.name, &tenant.offers);
        Self { id, name, newest: Vec::new(), popular: Vec::new(), total: 0, offers, ready }
    }
}

/// In which language.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Spoken {
    #[serde(default)]
    lang: String,
}

/// Every tenant with its newest and most popular petitions, and where programs find things.
pub(super) async fn start(
    State(api): State<Api>,
    language: Option<Language>,
    OriginalUri(uri): OriginalUri,
    QueryOf(spoken): QueryOf<Spoken>,
) -> Result<Response, Problem> {
    let mut tenants = Vec::new();
    for tenant in api.kit().tenants() {
        let Ok(office) = api.office(&tenant.id) else {
            tenants.push(Served::of(tenant, false));
            continue;
        };
        if !tenant.offers.contains(&Offer::Petitions) {
            tenants.push(Served::of(tenant, true));
            continue;
        }
        let wanted = Wanted { list: List::Newest, ..Wanted::default() };
        let newest = listing::rows(&api, office, &wanted, Page { page: 1, per_page: 5 }).await?;
        let popular = petitions::five(&api, office, List::Popular, &Wanted::default()).await?;
        let (total, newest) = (newest.total, newest.petitions);
        tenants.push(Served { newest, popular, total, ..Served::of(tenant, true) });
    }
    let lang = match (spoken.lang.as_str(), language) {
        ("sv", _) => "sv",
        ("en", _) => "en",
        (_, Some(Language::Swedish)) => "sv",
        (_, Some(Language::English) | None) => "en",
    };
    api.own.pages.without_tenant("start.html", lang, &uri, json!({ "tenants": tenants }))
}
