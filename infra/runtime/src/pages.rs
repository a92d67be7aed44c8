//! Pages: plain HTML that needs no JavaScript, in Swedish and English. What all of them share stands here: the frame with
//! its navigation, forms and what is wrong with them, and the one style sheet. A service brings its own templates.

mod number;
mod view;

pub use view::{View, Wrong, fault, for_people};

use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use minijinja::{Environment, value::Serde};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{Problem, config::Tenant, http::Language};

const STYLE: &str = include_str!("../pages/style.css");
const SHARED: [(&str, &str); 3] = [
    ("base.html", include_str!("../pages/base.html")),
    ("form.html", include_str!("../pages/form.html")),
    ("error.html", include_str!("../pages/error.html")),
];

/// What a service says of its own forms and of the frame around its pages.
#[derive(Clone, Copy)]
pub struct Words {
    /// The id of the field that a problem is about: by its code, its field and its pointer.
    pub field: fn(&str, &str, &str) -> Option<&'static str>,
    /// What a field is called; Swedish or not.
    pub label: fn(&str, bool) -> &'static str,
    /// Values of the frame that this service knows better of a tenant.
    pub frame: fn(&Tenant) -> Value,
}

/// The templates, and the address of the style sheet.
pub struct Pages {
    templates: Environment<'static>,
    stylesheet: String,
    words: Words,
}

impl Pages {
    /// The shared ones and a service's own.
    ///
    /// # Errors
    /// If a template can't be read.
    pub fn new(own: &[(&'static str, &'static str)], words: Words) -> Result<Self, minijinja::Error> {
        let mut templates = Environment::new();
        for (name, text) in SHARED.iter().chain(own) {
            templates.add_template(name, text)?;
        }
        templates.add_filter("number", number::number);
        templates.add_filter("decimal", number::decimal);
        templates.add_filter("size", number::size);
        Ok(Self { templates, stylesheet: stylesheet(), words })
    }

    /// A page with its values.
    ///
    /// # Errors
    /// If it can't be written, which is told nobody but the log.
    pub fn render(&self, name: &str, values: &Value) -> Result<String, Problem> {
        let rendered = self.templates.get_template(name).and_then(|template| template.render(Serde(values)));
        rendered.map_err(|error| {
            tracing::error!(page = name, %error, "a page can't be written");
            Problem::internal()
        })
    }

    /// The same as an answer.
    ///
    /// # Errors
    /// As `render`.
    pub fn show(&self, name: &str, values: &Value) -> Result<Response, Problem> {
        let html = self.render(name, values)?;
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        Ok((StatusCode::OK, [(header::CONTENT_TYPE, kind)], html).into_response())
    }
}

/// Kept for a year by browsers: what changes it changes its address.
fn stylesheet() -> String {
    let version: String = Sha256::digest(STYLE).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("/style.css?v={version}")
}

/// `/style.css`.
pub(crate) fn routes() -> Router {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    let cache = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    Router::new().route("/style.css", get(move || async move { ([kind, cache], STYLE) }))
}

/// The language of a tenant's pages, as templates know it.
#[must_use]
pub fn words(tenant: &Tenant) -> &'static str {
    match tenant.language() {
        Language::Swedish => "sv",
        Language::English => "en",
    }
}
