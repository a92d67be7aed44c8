//! The pages: plain HTML that needs no JavaScript, in the tenant's language.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use minijinja::{Environment, value::Serde};
use radslag_kernel::AggregateId;
use radslag_runtime::{
    Problem,
    config::Tenant as Configured,
    http::{FormBody, Language, Page, PathId, QueryOf},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    catalogue::Catalogue,
    http::{
        Api,
        asking::{Asking, Holder, Reading},
        links, listing,
        lists::{self, List, Wanted},
        petitions, signatures,
    },
    shell::{Office, links::Link},
    signature,
};

/// The templates.
pub(super) struct Pages(Environment<'static>);

impl Pages {
    pub(super) fn shipped() -> Result<Self, minijinja::Error> {
        let mut pages = Environment::new();
        for (name, text) in [
            ("base.html", include_str!("../../pages/base.html")),
            ("start.html", include_str!("../../pages/start.html")),
            ("tenant.html", include_str!("../../pages/tenant.html")),
            ("petition.html", include_str!("../../pages/petition.html")),
            ("link.html", include_str!("../../pages/link.html")),
            ("feed.xml", include_str!("../../pages/feed.xml")),
            ("embed_list.html", include_str!("../../pages/embed_list.html")),
            ("embed_count.html", include_str!("../../pages/embed_count.html")),
        ] {
            pages.add_template(name, text)?;
        }
        Ok(Self(pages))
    }

    pub(super) fn render(&self, name: &str, values: &serde_json::Value) -> Result<String, Problem> {
        let rendered = self.0.get_template(name).and_then(|template| template.render(Serde(values)));
        rendered.map_err(|error| {
            tracing::error!(page = name, %error, "a page can't be written");
            Problem::internal()
        })
    }

    pub(super) fn show(&self, name: &str, values: &serde_json::Value) -> Result<Response, Problem> {
        let html = self.render(name, values)?;
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        Ok((StatusCode::OK, [(header::CONTENT_TYPE, kind)], html).into_response())
    }
}

pub(super) fn words(tenant: &Configured) -> &'static str {
    match tenant.language() {
        Language::Swedish => "sv",
        Language::English => "en",
    }
}

#[derive(Serialize)]
struct Served<'a> {
    id: &'a str,
    name: &'a str,
    newest: Vec<lists::Listed>,
    popular: Vec<lists::Listed>,
    total: u64,
    ready: bool,
}

/// Every tenant with its newest and most popular petitions, and where programs find things.
pub(super) async fn start(State(api): State<Api>, language: Option<Language>) -> Result<Response, Problem> {
    let mut tenants = Vec::new();
    for tenant in api.kit().tenants() {
        let Ok(office) = api.office(&tenant.id) else {
            let (newest, popular) = (Vec::new(), Vec::new());
            tenants.push(Served {
                id: &tenant.id,
                name: &tenant.name,
                newest,
                popular,
                total: 0,
                ready: false,
            });
            continue;
        };
        let wanted = Wanted { list: List::Newest, ..Wanted::default() };
        let newest = listing::rows(&api, office, &wanted, Page { page: 1, per_page: 5 }).await?;
        let popular = petitions::five(&api, office, List::Popular).await?;
        let (total, newest) = (newest.total, newest.petitions);
        tenants.push(Served { id: &tenant.id, name: &tenant.name, newest, popular, total, ready: true });
    }
    let lang = if language == Some(Language::Swedish) { "sv" } else { "en" };
    api.pages.show("start.html", &json!({ "lang": lang, "tenants": tenants }))
}

/// Which list a page shows.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Listing {
    #[serde(default)]
    list: List,
    #[serde(default)]
    sort: lists::Sort,
    #[serde(default, rename = "page")]
    _page: Option<String>,
    #[serde(default, rename = "per_page")]
    _per_page: Option<String>,
}

/// A tenant's petitions.
pub(super) async fn tenant(
    Reading { api, office }: Reading,
    page: Page,
    QueryOf(asked): QueryOf<Listing>,
) -> Result<Response, Problem> {
    let wanted = Wanted { list: asked.list, sort: Some(asked.sort), ..Wanted::default() };
    let found = listing::rows(&api, &office, &wanted, page).await?;
    let newest = petitions::five(&api, &office, List::Newest).await?;
    let popular = petitions::five(&api, &office, List::Popular).await?;
    let tenant = &office.tenant;
    let (lang, inactive) = (words(tenant), asked.list == List::Inactive);
    let values = json!({
        "lang": lang, "id": tenant.id, "name": tenant.name, "found": found, "newest": newest, "popular": popular,
        "inactive": inactive, "sort": asked.sort,
    });
    api.pages.show("tenant.html", &values)
}

/// One petition with its ten latest signatures.
pub(super) async fn petition(
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let row = petitions::by_id(&api, &office, petition, None).await?;
    let (latest, _) = signatures::page_of(&office, petition, Page { page: 1, per_page: 10 }).await?;
    let detail = petitions::detail(&office, &row).await?;
    let tenant = &office.tenant;
    let values = json!({
        "lang": words(tenant), "id": tenant.id, "name": tenant.name, "petition": detail, "latest": latest,
    });
    api.pages.show("petition.html", &values)
}

/// The page behind a link in a mail.
pub(super) async fn link(
    Reading { api, office }: Reading,
    PathId(token): PathId<String>,
) -> Result<Response, Problem> {
    linked(&api, &office, &links::read(&office, &token)?, None)
}

fn linked(
    api: &Api,
    office: &Office,
    link: &Link,
    page: Option<&signature::State>,
) -> Result<Response, Problem> {
    let (shown, tenant) = (links::shown(office, link, page)?, &office.tenant);
    let lang = words(tenant);
    // Comments and inquiries have words of their own for the same states.
    let word = match shown.purpose {
        "comment" | "inquiry" => format!("{}_{}", shown.purpose, shown.state),
        _ => shown.state.clone(),
    };
    let became = Catalogue::shipped().became(&word).map(|label| label.lang(lang).to_owned());
    let values = json!({
        "lang": lang, "id": tenant.id, "name": tenant.name, "shown": shown, "became": became,
    });
    api.pages.show("link.html", &values)
}

/// The form of a link's page.
#[derive(Deserialize)]
pub(super) struct Form {
    act: String,
    #[serde(default)]
    text: String,
}

/// Does what the button says and shows the page again.
pub(super) async fn follow(
    asking: Asking<Holder>,
    PathId(token): PathId<String>,
    FormBody(form): FormBody<Form>,
) -> Result<Response, Problem> {
    let act = match form.act.as_str() {
        "confirm" => links::Act::Confirm,
        "accept_redirect" => links::Act::AcceptRedirect,
        "decline_redirect" => links::Act::DeclineRedirect,
        "withdraw" => links::Act::Withdraw { reason: String::new() },
        "reply" => links::Act::Reply { text: form.text },
        _ => return Err(Problem::new(StatusCode::BAD_REQUEST, "bad-form")),
    };
    let (link, page) = links::follow(&asking, &token, &act).await?;
    linked(&asking.api, &asking.office, &link, page.as_ref())
}
