//! How a page is asked for and shown: in which language, with which links, and what a person sees of a problem.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Pages, words};
use crate::{
    Problem,
    config::{Offer, Tenant},
    http::{Api, Language, Reading},
    office::Office,
};

/// A page that somebody asked for.
pub struct View<O, X> {
    /// The state of the routes.
    pub api: Api<O, X>,
    /// The tenant's office.
    pub office: Arc<O>,
    /// `sv` or `en`: what `?lang=` says, else the tenant's.
    pub lang: &'static str,
    uri: Uri,
}

impl<O, X> FromRequestParts<Api<O, X>> for View<O, X>
where
    O: Office,
    X: Clone + Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api<O, X>) -> Result<Self, Problem> {
        let Reading { api, office } = Reading::from_request_parts(parts, api).await?;
        let lang = asked_for(&parts.uri).unwrap_or_else(|| words(&office.tenant));
        Ok(Self { api, office, lang, uri: parts.uri.clone() })
    }
}

/// The language that an address names.
fn asked_for(uri: &Uri) -> Option<&'static str> {
    let named = uri.query()?.split('&').rev().find_map(|pair| pair.strip_prefix("lang="))?;
    ["sv", "en"].into_iter().find(|lang| *lang == named)
}

/// The query of an address without some parameters, to be followed by more.
fn query_without(uri: &Uri, names: &[&str]) -> String {
    let named = |pair: &&str| !names.contains(&pair.split('=').next().unwrap_or_default());
    let kept = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()).filter(named);
    kept.map(|pair| format!("{pair}&")).collect()
}

fn other(uri: &Uri, lang: &str) -> Value {
    let (lang, label) = if lang == "sv" { ("en", "In English") } else { ("sv", "På svenska") };
    json!({ "lang": lang, "label": label, "href": format!("?{}lang={lang}", query_without(uri, &["lang"])) })
}

/// What every page has: `q` and `amp` carry a chosen language on, as the whole query or as one more parameter.
fn frame(pages: &Pages, tenant: Option<&Tenant>, lang: &str, uri: &Uri) -> Value {
    let own = tenant.map(words);
    let chosen = if tenant.is_some() { own != Some(lang) } else { asked_for(uri).is_some() };
    let (q, amp) = if chosen {
        (format!("?lang={lang}"), format!("&lang={lang}"))
    } else {
        (String::new(), String::new())
    };
    let offers = |offer| tenant.is_some_and(|tenant| tenant.offers.contains(&offer));
    let frame = json!({
        "lang": lang, "q": q, "amp": amp, "css": pages.stylesheet, "other": other(uri, lang),
        "id": tenant.map(|tenant| &tenant.id), "name": tenant.map(|tenant| &tenant.name),
        "offers": {
            "petitions": offers(Offer::Petitions), "inquiries": offers(Offer::Inquiries),
            "panels": offers(Offer::Panels), "polls": offers(Offer::Polls),
        },
    });
    merged(frame, tenant.map_or(Value::Null, pages.words.frame))
}

fn merged(mut frame: Value, values: Value) -> Value {
    if let (Value::Object(frame), Value::Object(values)) = (&mut frame, values) {
        frame.extend(values);
    }
    frame
}

impl Pages {
    /// A page that belongs to no tenant.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn without_tenant(
        &self,
        name: &str,
        lang: &str,
        uri: &Uri,
        values: Value,
    ) -> Result<Response, Problem> {
        self.show(name, &merged(frame(self, None, lang, uri), values))
    }
}

/// What is wrong with a form.
pub struct Wrong {
    status: StatusCode,
    errors: Vec<Value>,
    by_field: BTreeMap<String, String>,
}

impl Wrong {
    /// One field of a form that differs from one page to the next: which, what it is called there, and why it can't be taken.
    #[must_use]
    pub fn at(field: &str, label: &str, why: &str) -> Self {
        let listed = json!({ "field": field, "text": format!("{label}: {why}") });
        let by_field = BTreeMap::from([(field.to_owned(), why.to_owned())]);
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, errors: vec![listed], by_field }
    }
}

impl<O, X> View<O, X>
where
    O: Office,
    X: AsRef<Pages>,
{
    /// Whether it is in Swedish.
    pub const fn sv(&self) -> bool {
        matches!(self.lang.as_bytes(), b"sv")
    }

    /// The query of this page without its page's number, for links to other pages of the list.
    pub fn paging(&self) -> String {
        query_without(&self.uri, &["page", "reply_to"])
    }

    /// This page's own path.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Its query, with the mark before it.
    pub fn query(&self) -> String {
        let query = self.uri.query().filter(|query| !query.is_empty());
        query.map(|query| format!("?{query}")).unwrap_or_default()
    }

    /// The query without some parameters, to be followed by more.
    pub fn query_without(&self, names: &[&str]) -> String {
        query_without(&self.uri, names)
    }

    /// A page with its values.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn show(&self, name: &str, values: Value) -> Result<Response, Problem> {
        let pages = self.pages();
        let frame = frame(pages, Some(&self.office.tenant), self.lang, &self.uri);
        pages.show(name, &merged(frame, values))
    }

    fn pages(&self) -> &Pages {
        self.api.own.as_ref()
    }

    /// A form as it was typed, with what is wrong listed above it. It has a moment of its own, so nobody keeps it.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn form(
        &self,
        name: &str,
        typed: &(impl Serialize + Sync),
        wrong: Option<&Wrong>,
        values: Value,
    ) -> Result<Response, Problem> {
        let values = merged(json!({ "typed": typed, "errors": [], "wrong": {} }), values);
        let values = match wrong {
            Some(wrong) => merged(values, json!({ "errors": wrong.errors, "wrong": wrong.by_field })),
            None => values,
        };
        let mut page = self.show(name, values)?;
        page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wrong) = wrong {
            *page.status_mut() = wrong.status;
        }
        Ok(page)
    }

    /// To the page that says what comes next: the same whatever came of it.
    pub fn sent(&self, what: &str) -> Response {
        (StatusCode::SEE_OTHER, [(header::LOCATION, self.address(&format!("sent/{what}")))]).into_response()
    }

    /// To another page of the tenant: loading it again doesn't send the form again.
    ///
    /// # Errors
    /// If there is no such address.
    pub fn see(&self, what: &str) -> Result<Response, Problem> {
        Ok((StatusCode::SEE_OTHER, [(header::LOCATION, self.at(what)?)]).into_response())
    }

    /// The address of another page of the tenant, in the language that was chosen.
    ///
    /// # Errors
    /// If it is none.
    pub fn at(&self, what: &str) -> Result<HeaderValue, Problem> {
        HeaderValue::try_from(self.address(what)).map_err(|_| Problem::internal())
    }

    fn address(&self, what: &str) -> String {
        let own = words(&self.office.tenant) == self.lang;
        let lang = if own { String::new() } else { format!("?lang={}", self.lang) };
        format!("/{}/{what}", self.office.tenant.id).trim_end_matches('/').to_owned() + &lang
    }

    /// What a person can correct; anything else is a page of its own.
    ///
    /// # Errors
    /// Any other problem.
    pub fn wrong(&self, problem: Problem) -> Result<Wrong, Problem> {
        let status = problem.status();
        let correctable = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT, StatusCode::FORBIDDEN];
        let words = self.pages().words;
        if !correctable.contains(&status) && (words.field)(problem.code(), "", "") != Some("file") {
            return Err(problem);
        }
        let said = problem.to_json(Some(self.api.kit().catalogue()), language(self.lang), None);
        let text = |name: &str| said[name].as_str().unwrap_or_default();
        let field = (words.field)(problem.code(), text("field"), text("pointer"));
        let text = if problem.code() == "text-not-allowed" {
            fault(text("detail"), self.sv()).to_owned()
        } else {
            [text("title"), text("hint")].join(". ").trim_end_matches(". ").to_owned()
        };
        let label = field.map(|field| (words.label)(field, self.sv()));
        let listed = label.map_or_else(|| text.clone(), |label| format!("{label}: {text}"));
        let by_field = field.map(|field| (field.to_owned(), text)).into_iter().collect();
        Ok(Wrong { status, errors: vec![json!({ "field": field, "text": listed })], by_field })
    }
}

fn language(lang: &str) -> Language {
    if lang == "sv" { Language::Swedish } else { Language::English }
}

/// Why a text is refused, for people.
#[must_use]
pub fn fault(code: &str, sv: bool) -> &'static str {
    let (swedish, english) = match code {
        "missing" => ("fyll i det här", "fill this in"),
        "too-long" => ("för långt", "too long"),
        "formula" => ("får inte börja med = + - eller @", "may not begin with = + - or @"),
        "url-in-name" => ("får inte innehålla en webbadress", "may not have a web address in it"),
        "control-characters" => ("har tecken som inte går att visa", "has characters that can't be shown"),
        _ => ("går inte att använda", "can't be used"),
    };
    if sv { swedish } else { english }
}

/// Problems of pages as pages, for whoever asks for one; a program still gets JSON.
pub async fn for_people<O, X>(State(api): State<Api<O, X>>, request: Request, next: Next) -> Response
where
    O: Office,
    X: AsRef<Pages> + Clone + Send + Sync + 'static,
{
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let a_page = accepts.is_some_and(|kinds| kinds.contains("text/html"));
    let uri = request.uri().clone();
    let answer = next.run(request).await;
    let Some(problem) = answer.extensions().get::<Problem>().filter(|_| a_page) else { return answer };
    let tenant = api.kit().tenant(uri.path().split('/').nth(1).unwrap_or_default());
    let lang = asked_for(&uri).or_else(|| tenant.as_deref().map(words)).unwrap_or("en");
    let said = problem.to_json(Some(api.kit().catalogue()), language(lang), None);
    let pages: &Pages = api.own.as_ref();
    let frame = frame(pages, tenant.as_deref(), lang, &uri);
    let Ok(page) = pages.render("error.html", &merged(frame, json!({ "problem": said }))) else {
        return answer;
    };
    let mut shown = (answer.status(), Html(page)).into_response();
    for (name, value) in answer.headers() {
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name) {
            shown.headers_mut().insert(name.clone(), value.clone());
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_to_the_other_language_keeps_the_rest_of_the_address() {
        let uri: Uri = "/malmo/petitions?q=b%C3%A4nk&lang=en&page=2".parse().unwrap();
        assert_eq!(other(&uri, "en")["href"], "?q=b%C3%A4nk&page=2&lang=sv");
        assert_eq!(asked_for(&uri), Some("en"));
        let bare: Uri = "/malmo?lang=de".parse().unwrap();
        assert_eq!((other(&bare, "sv")["href"].as_str(), asked_for(&bare)), (Some("?lang=en"), None));
    }
}
