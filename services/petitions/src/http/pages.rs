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
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use minijinja::{Environment, value::Serde};
use radslag_runtime::{
    Problem,
    config::Tenant as Configured,
    http::{Language, Page, QueryOf},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::http::{
    Api, listing,
    lists::{self, List, Wanted},
    petitions,
};

const STYLE: &str = include_str!("../../pages/style.css");

/// The templates, and the address of the style sheet.
pub(super) struct Pages(Environment<'static>, String);

impl Pages {
    pub(super) fn shipped() -> Result<Self, minijinja::Error> {
        let mut pages = Environment::new();
        for (name, text) in [
            ("base.html", include_str!("../../pages/base.html")),
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
            ("error.html", include_str!("../../pages/error.html")),
            ("feed.xml", include_str!("../../pages/feed.xml")),
            ("embed_list.html", include_str!("../../pages/embed_list.html")),
            ("embed_count.html", include_str!("../../pages/embed_count.html")),
        ] {
            pages.add_template(name, text)?;
        }
        pages.add_filter("number", number);
        pages.add_filter("size", size);
        // Kept for a year by browsers: what changes it changes its address.
        let hash = Sha256::digest(STYLE);
        let version: String = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self(pages, format!("/style.css?v={version}")))
    }

    pub(super) fn stylesheet(&self) -> &str {
        &self.1
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

/// A number as it is written in a language: `6 103 056`, with spaces that don't break, and `6,103,056`.
fn number(number: i64, lang: &str) -> String {
    let mark = if lang == "sv" { '\u{a0}' } else { ',' };
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "\u{2212}" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

/// A file's size as people say it: `512 bytes`, `340 kB`, `1,2 MB` and `1.2 MB`.
fn size(bytes: u64, lang: &str) -> String {
    let mark = if lang == "sv" { ',' } else { '.' };
    match bytes {
        ..1_000 => format!("{bytes} {}", if lang == "sv" { "byte" } else { "bytes" }),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000.. => {
            let tenths = bytes.div_ceil(100_000);
            let rest =
                if tenths.is_multiple_of(10) { String::new() } else { format!("{mark}{}", tenths % 10) };
            format!("{}{rest} MB", tenths / 10)
        }
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

/// The one style sheet.
pub(super) async fn style() -> Response {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    let cache = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    ([kind, cache], STYLE).into_response()
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
        let popular = petitions::five(&api, office, List::Popular, &Wanted::default()).await?;
        let (total, newest) = (newest.total, newest.petitions);
        tenants.push(Served { id: &tenant.id, name: &tenant.name, newest, popular, total, ready: true });
    }
    let lang = match (spoken.lang.as_str(), language) {
        ("sv", _) => "sv",
        ("en", _) => "en",
        (_, Some(Language::Swedish)) => "sv",
        (_, Some(Language::English) | None) => "en",
    };
    view::without_tenant(&api, "start.html", lang, &uri, json!({ "tenants": tenants }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_few_digits() {
        let told = [0, 999, 1_000, 339_001, 999_999, 1_150_000, 5_000_000].map(|size_of| size(size_of, "sv"));
        assert_eq!(told, ["0 byte", "999 byte", "1 kB", "340 kB", "1000 kB", "1,2 MB", "5 MB"]);
        assert_eq!(size(1_150_000, "en"), "1.2 MB");
    }

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        let told = [0, 999, 1_000, 6_103_056, -1_234].map(|n| (number(n, "sv"), number(n, "en")));
        let told = told.map(|(sv, en)| format!("{sv} {en}").replace('\u{a0}', "_"));
        assert_eq!(
            told,
            ["0 0", "999 999", "1_000 1,000", "6_103_056 6,103,056", "\u{2212}1_234 \u{2212}1,234"]
        );
    }
}
