//! The page behind a link in a mail: what became of it, and a form for each thing that can be done.

use axum::{http::StatusCode, response::Response};
use radslag_runtime::{
    Problem,
    http::{FormBody, PathId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    catalogue::Catalogue,
    http::{
        asking::{Asking, Holder},
        attachments, dto, links, mine,
        pages::{
            view::{View, Wrong, here},
            web,
            writing::{asks, length, lengths, shown},
        },
    },
    petition::{Content, Petition, state::Life},
    policy,
    shell::links::{Link, Purpose},
};

/// The forms of a link's page. Each sends what it asks, and `act`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Form {
    act: String,
    text: String,
    reason: String,
    name: String,
    mailbox: String,
    public_name: String,
    shown: String,
    alias: String,
    title: String,
    body: String,
    background: String,
    url_key: String,
    length: String,
    until: String,
    links: String,
    item: String,
    /// What a session's form carries.
    pub(super) form: String,
}

impl Form {
    /// As the texts stand now.
    fn of(content: &Content) -> Self {
        let (length, until) = match &content.length {
            policy::Length::Months(months) => (format!("months:{months}"), String::new()),
            policy::Length::Days(days) => (format!("days:{days}"), String::new()),
            policy::Length::Until(date) => (String::new(), date.to_string()),
        };
        let Content { title, body, background, url_key, links, .. } = content.clone();
        let links = web::typed(&links);
        Self { title, body, background, url_key, length, until, links, ..Self::default() }
    }

    /// `lang`: the page's, of the mail to who is named.
    pub(super) fn act(&self, lang: &str) -> Result<links::Act, Problem> {
        let texts = || dto::Texts {
            title: self.title.clone(),
            body: self.body.clone(),
            background: self.background.clone(),
            url_key: self.url_key.clone(),
            length: length(&self.length, &self.until),
            links: web::links(&self.links),
        };
        Ok(match self.act.as_str() {
            "confirm" => links::Act::Confirm,
            "accept_redirect" => links::Act::AcceptRedirect,
            "decline_redirect" => links::Act::DeclineRedirect,
            "name_coinitiator" => links::Act::NameCoinitiator {
                name: self.name.clone(),
                mailbox: self.mailbox.clone(),
                language: lang.into(),
            },
            "revoke_coinitiator" => links::Act::RevokeCoinitiator,
            "accept" => links::Act::Accept { public_name: self.public_name.clone() },
            "decline" => links::Act::Decline,
            "take_over" => links::Act::TakeOver,
            "object" => links::Act::Object { reason: self.reason.clone() },
            "withdraw" => links::Act::Withdraw { reason: self.reason.clone() },
            "reply" => links::Act::Reply { text: self.text.clone() },
            "change_name" => links::Act::ChangeName { shown: shown(&self.shown, &self.alias) },
            "detach" => links::Act::Detach { item: self.item.clone() },
            "resubmit" => links::Act::Resubmit { texts: texts() },
            _ => return Err(Problem::new(StatusCode::BAD_REQUEST, "bad-form")),
        })
    }
}

/// What a link is for.
pub(in crate::http) async fn link(view: View, PathId(token): PathId<String>) -> Result<Response, Problem> {
    page(&view, &links::read(&view.office, &token)?, Told::default())
}

/// Does what the button says and shows the page again.
pub(in crate::http) async fn follow(
    view: View,
    asking: Asking<Holder>,
    PathId(token): PathId<String>,
    FormBody(form): FormBody<Form>,
) -> Result<Response, Problem> {
    match links::follow(&asking, &token, &form.act(view.lang)?).await {
        Ok((link, known)) => page(&view, &link, Told { known: known.as_ref(), ..Told::default() }),
        Err(problem) => {
            let wrong = view.wrong(problem)?;
            let told = Told { typed: Some(form), wrong: Some(&wrong), ..Told::default() };
            page(&view, &links::read(&view.office, &token)?, told)
        }
    }
}

/// What a link's page says besides where the thing stands.
#[derive(Default)]
pub(super) struct Told<'a> {
    /// What was just written.
    pub(super) known: Option<&'a links::Followed>,
    /// What was typed, and what is wrong with it.
    pub(super) typed: Option<Form>,
    pub(super) wrong: Option<&'a Wrong>,
    /// What the forms of a session carry.
    pub(super) form: Option<String>,
}

pub(super) fn page(view: &View, link: &Link, told: Told<'_>) -> Result<Response, Problem> {
    let Told { known, typed, wrong, form } = told;
    let shown = links::shown(&view.office, link, known)?;
    let became = became(shown.purpose, &shown.state, view.lang);
    let (typed, more) = match link.purpose {
        Purpose::Initiator => returned(view, link, typed)?,
        Purpose::Signature => {
            let (policy, public_name) =
                (asks(&view.office, link.petition)?, mine::public_name(&view.office, link)?);
            (typed.unwrap_or_default(), json!({ "policy": policy, "public_name": public_name }))
        }
        Purpose::Supporter | Purpose::Coinitiator | Purpose::Comment | Purpose::Inquiry => {
            (typed.unwrap_or_default(), json!({}))
        }
    };
    let objection = shown.objection.as_ref().map(|own| format!("objection_{}", own.state));
    let objection = objection.and_then(|word| Catalogue::shipped().became(&word));
    let objection = objection.map(|label| label.lang(view.lang));
    let scanned = attachments::is_ready(&view.api, &view.office);
    let values = json!({
        "shown": shown, "became": became, "objection": objection, "more": more, "form": form,
        "scanned": scanned, "here": here(view), "query": view.query(),
    });
    view.form("link.html", &typed, wrong, values)
}

/// A state in words. Comments, inquiries and co-initiators have words of their own for the same states.
pub(super) fn became(purpose: &str, state: &str, lang: &str) -> Option<String> {
    let word = match purpose {
        "comment" | "inquiry" | "coinitiator" => format!("{purpose}_{state}"),
        _ => state.to_owned(),
    };
    Catalogue::shipped().became(&word).map(|label| label.lang(lang).to_owned())
}

/// Why a petition came back, and its texts to be changed; `typed` if they were already.
fn returned(view: &View, link: &Link, typed: Option<Form>) -> Result<(Form, Value), Problem> {
    let (_, state) = view.office.petition(link.petition)?;
    let Some(Petition { life: Life::Returned { .. }, content, decision, filed: Some(filed), .. }) = &state.0
    else {
        return Ok((typed.unwrap_or_default(), json!({})));
    };
    let policy = &filed.policy;
    let decision = decision.known();
    let codes = decision.map(|decision| decision.codes.as_slice()).unwrap_or_default();
    let label = |code: &String| {
        let known = Catalogue::shipped().code(code);
        known.map_or_else(|| code.clone(), |known| known.label.lang(view.lang).to_owned())
    };
    let more = json!({
        "codes": codes.iter().map(label).collect::<Vec<_>>(), "why": decision.map(|decision| &decision.text),
        "lengths": lengths(policy, view.sv()),
        "policy": {
            "title_max": policy.title_max, "body_max": policy.body_max,
            "background_max": policy.background_max, "until_months": policy.until_months,
            "links": policy.links,
        },
    });
    let typed = typed.unwrap_or_default();
    if typed.act == "resubmit" {
        return Ok((typed, more));
    }
    let Form { name, mailbox, .. } = typed;
    Ok((Form { name, mailbox, ..content.known().map(Form::of).unwrap_or_default() }, more))
}
