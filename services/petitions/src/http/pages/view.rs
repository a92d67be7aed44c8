//! Pages of this service, as they are asked for and shown: their fields, and what the frame says of a tenant.

use radslag_runtime::{config::Tenant, pages};
use serde_json::{Value, json};

pub(in crate::http) use radslag_runtime::pages::Wrong;

use crate::{http::api::Own, policy::Policies, shell::Office, terms::Terms};

/// A page that somebody asked for.
pub(in crate::http) type View = pages::View<Office, Own>;

/// What the frame and the forms say.
pub(super) const WORDS: pages::Words = pages::Words { field, label, frame };

/// The terms of new comments and inquiries.
pub(super) fn terms(office: &Office) -> &'static Terms {
    terms_of(&office.tenant)
}

fn terms_of(tenant: &Tenant) -> &'static Terms {
    let policy = Policies::shipped().newest(&tenant.policy);
    policy.map_or_else(|| Terms::of("", 0), |policy| Terms::of(&policy.id, policy.version))
}

/// Questions and tips stand in the navigation where the tenant's policy takes them.
fn frame(tenant: &Tenant) -> Value {
    let terms = terms_of(tenant);
    json!({ "asks": terms.tips || terms.questions })
}

/// This page's own address: what is sent to a part of it is answered by the whole.
pub(super) fn here(view: &View) -> &str {
    view.path().trim_end_matches("/attachments")
}

/// The feed of the same list.
pub(super) fn feed(view: &View) -> String {
    let query = view.query_without(&["page", "per_page", "sort", "list", "lang"]);
    format!("/{}/feed.atom?{}", view.office.tenant.id, query.trim_end_matches('&'))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_points_at_the_field_it_is_about() {
        assert_eq!(field("text-not-allowed", "publicname", ""), Some("public_name"));
        assert_eq!(field("invalid", "", "/texts/length/until"), Some("until"));
        assert_eq!(field("url-key-taken", "", ""), Some("url_key"));
        assert_eq!(field("not-open", "", ""), None);
    }
}
