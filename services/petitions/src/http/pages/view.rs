//! How a page is asked for and shown: in which language, with which links, and what a person sees of a problem.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use radslag_runtime::{Problem, http::Language};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    http::{Api, asking::Reading, pages::words},
    shell::Office,
    terms::Terms,
};

/// A page that somebody asked for.
pub(in crate::http) struct View {
    pub(in crate::http) api: Api,
    pub(in crate::http) office: Arc<Office>,
    /// `sv` or `en`: what `?lang=` says, else the tenant's.
    pub(in crate::http) lang: &'static str,
    uri: Uri,
}

impl FromRequestParts<Api> for View {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
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
fn frame(api: &Api, office: Option<&Office>, lang: &str, uri: &Uri) -> Value {
    let own = office.map(|office| words(&office.tenant));
    let chosen = if office.is_some() { own != Some(lang) } else { asked_for(uri).is_some() };
    let (q, amp) = if chosen {
        (format!("?lang={lang}"), format!("&lang={lang}"))
    } else {
        (String::new(), String::new())
    };
    let terms = office.map(terms);
    json!({
        "lang": lang, "q": q, "amp": amp, "css": api.own.pages.stylesheet(), "other": other(uri, lang),
        "id": office.map(|office| &office.tenant.id), "name": office.map(|office| &office.tenant.name),
        "asks": terms.is_some_and(|terms| terms.tips || terms.questions),
    })
}

fn merged(mut frame: Value, values: Value) -> Value {
    if let (Value::Object(frame), Value::Object(values)) = (&mut frame, values) {
        frame.extend(values);
    }
    frame
}

/// The terms of new comments and inquiries.
pub(super) fn terms(office: &Office) -> &'static Terms {
    office.policy().map_or_else(|| Terms::of("", 0), |policy| Terms::of(&policy.id, policy.version))
}

/// A page that belongs to no tenant.
pub(super) fn without_tenant(
    api: &Api,
    name: &str,
    lang: &str,
    uri: &Uri,
    values: Value,
) -> Result<Response, Problem> {
    api.own.pages.show(name, &merged(frame(api, None, lang, uri), values))
}

/// What is wrong with a form.
pub(super) struct Wrong {
    status: StatusCode,
    errors: Vec<Value>,
    by_field: BTreeMap<String, String>,
}

impl View {
    pub(super) const fn sv(&self) -> bool {
        matches!(self.lang.as_bytes(), b"sv")
    }

    /// The query of this page without its page's number, for links to other pages of the list.
    pub(super) fn paging(&self) -> String {
        query_without(&self.uri, &["page", "reply_to"])
    }

    /// This page's own address: what is sent to a part of it is answered by the whole.
    pub(super) fn here(&self) -> &str {
        self.uri.path().trim_end_matches("/attachments")
    }

    /// Its query, with the mark before it.
    pub(super) fn query(&self) -> String {
        let query = self.uri.query().filter(|query| !query.is_empty());
        query.map(|query| format!("?{query}")).unwrap_or_default()
    }

    /// The feed of the same list.
    pub(super) fn feed(&self) -> String {
        let query = query_without(&self.uri, &["page", "per_page", "sort", "list", "lang"]);
        format!("/{}/feed.atom?{}", self.office.tenant.id, query.trim_end_matches('&'))
    }

    pub(super) fn show(&self, name: &str, values: Value) -> Result<Response, Problem> {
        let frame = frame(&self.api, Some(&self.office), self.lang, &self.uri);
        self.api.own.pages.show(name, &merged(frame, values))
    }

    /// A form as it was typed, with what is wrong listed above it. It has a moment of its own, so nobody keeps it.
    pub(super) fn form(
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
    pub(super) fn sent(&self, what: &str) -> Response {
        (StatusCode::SEE_OTHER, [(header::LOCATION, self.address(&format!("sent/{what}")))]).into_response()
    }

    /// The address of another page of the tenant, in the language that was chosen.
    pub(super) fn at(&self, what: &str) -> Result<HeaderValue, Problem> {
        HeaderValue::try_from(self.address(what)).map_err(|_| Problem::internal())
    }

    fn address(&self, what: &str) -> String {
        let own = words(&self.office.tenant) == self.lang;
        let lang = if own { String::new() } else { format!("?lang={}", self.lang) };
        format!("/{}/{what}", self.office.tenant.id).trim_end_matches('/').to_owned() + &lang
    }

    /// What a person can correct; anything else is a page of its own.
    pub(super) fn wrong(&self, problem: Problem) -> Result<Wrong, Problem> {
        let status = problem.status();
        let correctable = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT, StatusCode::FORBIDDEN];
        if !correctable.contains(&status) && field(problem.code(), "", "") != Some("file") {
            return Err(problem);
        }
        let said = problem.to_json(Some(self.api.kit().catalogue()), language(self.lang), None);
        let text = |name: &str| said[name].as_str().unwrap_or_default();
        let field = field(problem.code(), text("field"), text("pointer"));
        let text = if problem.code() == "text-not-allowed" {
            fault(text("detail"), self.sv()).to_owned()
        } else {
            [text("title"), text("hint")].join(". ").trim_end_matches(". ").to_owned()
        };
        let label = field.map(|field| label(field, self.sv()));
        let listed = label.map_or_else(|| text.clone(), |label| format!("{label}: {text}"));
        let by_field = field.map(|field| (field.to_owned(), text)).into_iter().collect();
        Ok(Wrong { status, errors: vec![json!({ "field": field, "text": listed })], by_field })
    }
}

fn language(lang: &str) -> Language {
    if lang == "sv" { Language::Swedish } else { Language::English }
}

/// The id of the field that a problem is about.
fn field(code: &str, field: &str, pointer: &str) -> Option<&'static str> {
    const TYPED: [&str; 10] = [
        "title",
        "body",
        "background",
        "name",
        "alias",
        "mailbox",
        "postcode",
        "text",
        "public_name",
        "reason",
    ];
    match code {
        "length-not-allowed" => return Some("length"),
        "url-key-malformed" | "url-key-taken" => return Some("url_key"),
        "alias-not-allowed" | "anonymous-not-allowed" => return Some("shown"),
        // A question's only text.
        _ if field == "reply" => return Some("text"),
        "no-way-to-reach" => return Some("mailbox"),
        "unknown-politician" => return Some("politician"),
        "links-not-allowed" | "too-many-links" | "link-not-allowed" => return Some("links"),
        "too-many-attachments" | "file-missing" => return Some("file"),
        code if code.starts_with("attachment") => return Some("file"),
        // Of an official's link nothing is typed here.
        _ if field == "link" => return Some("links"),
        _ => {}
    }
    if pointer.ends_with("/until") {
        return Some("until");
    }
    let plain = |name: &str| name.replace('_', "");
    TYPED.into_iter().find(|typed| plain(typed) == field)
}

fn label(field: &str, sv: bool) -> &'static str {
    let (swedish, english) = match field {
        "title" => ("Rubrik", "Title"),
        "body" => ("Vad du vill", "What you ask for"),
        "background" => ("Bakgrund", "Background"),
        "name" => ("Namn", "Name"),
        "alias" => ("Alias", "Alias"),
        "mailbox" => ("E-postadress", "E-mail address"),
        "postcode" => ("Postnummer", "Postcode"),
        "text" => ("Text", "Text"),
        "reason" => ("Varför", "Why"),
        "public_name" => ("Namn som visas", "Name that is shown"),
        "length" => ("Hur länge det ska vara öppet", "How long it is to be open"),
        "until" => ("Sista dag att skriva under", "Last day to sign"),
        "url_key" => ("Önskad webbadress", "Wished web address"),
        "links" => ("Länkar", "Links"),
        "file" => ("Fil", "File"),
        "politician" => ("Vem du helst vill ha svar av", "Whom you would like to hear from"),
        _ => ("Vad andra ser av dig", "What others see of you"),
    };
    if sv { swedish } else { english }
}

/// Why a text is refused, for people.
fn fault(code: &str, sv: bool) -> &'static str {
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
pub(in crate::http) async fn for_people(State(api): State<Api>, request: Request, next: Next) -> Response {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let a_page = accepts.is_some_and(|kinds| kinds.contains("text/html"));
    let uri = request.uri().clone();
    let answer = next.run(request).await;
    let Some(problem) = answer.extensions().get::<Problem>().filter(|_| a_page) else { return answer };
    let tenant = uri.path().split('/').nth(1).unwrap_or_default();
    let office = api.office(tenant).ok();
    let lang = asked_for(&uri).or_else(|| office.map(|office| words(&office.tenant))).unwrap_or("en");
    let said = problem.to_json(Some(api.kit().catalogue()), language(lang), None);
    let frame = frame(&api, office.map(AsRef::as_ref), lang, &uri);
    let Ok(page) = api.own.pages.render("error.html", &merged(frame, json!({ "problem": said }))) else {
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

    #[test]
    fn a_problem_points_at_the_field_it_is_about() {
        assert_eq!(field("text-not-allowed", "publicname", ""), Some("public_name"));
        assert_eq!(field("invalid", "", "/texts/length/until"), Some("until"));
        assert_eq!(field("url-key-taken", "", ""), Some("url_key"));
        assert_eq!(field("not-open", "", ""), None);
    }
}
