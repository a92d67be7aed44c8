//! The form of a panel, as it was configured. It does what the API does; a form that can't be taken comes back as it was typed,
//! and one that can leads to the same page whoever is named.

use std::collections::BTreeMap;

use axum::response::Response;
use radslag_kernel::{AggregateId, text::MAILBOX_MAX};
use radslag_runtime::{
    Problem,
    config::Tenant,
    execute::Undone,
    http::{FormBody, PathId},
    limits::Admitted,
    pages::{Wrong, fault},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    form::{Ask, Asked, Field, Form, Lacking, WORDS_MAX},
    http::{
        api::{Holding, seen},
        pages::{View, reading, words},
        representing::read_public,
    },
    member::Refusal,
    panel::Panel,
    person::Person,
    shell,
};

/// What was typed, by the id of its field.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::http) struct Typed(BTreeMap<String, String>);

impl Typed {
    fn get(&self, id: &str) -> String {
        self.0.get(id).map(|typed| typed.trim().to_owned()).unwrap_or_default()
    }

    /// `lang`: of letters, as of the page.
    fn person(&self, form: &Form, tenant: &Tenant, lang: &str) -> Person {
        // What is no year is in no year's age.
        let year = |typed: String| if typed.is_empty() { 0 } else { typed.parse().unwrap_or(u16::MAX) };
        let asked = |ask: Ask| if form.asks(ask) { self.get(ask.word()) } else { String::new() };
        let others = form.fields.iter().filter(|field| field.ask == Ask::Other);
        let answers = others.map(|field| (field.key.clone(), self.get(&id(field))));
        let postcode = asked(Ask::Postcode);
        Person {
            name: asked(Ask::Name),
            mailbox: self.get("mailbox"),
            language: lang.to_owned(),
            street: asked(Ask::Street),
            area: tenant.area(&postcode).to_owned(),
            postcode,
            town: asked(Ask::Town),
            birth_year: year(asked(Ask::BirthYear)),
            gender: asked(Ask::Gender),
            phone: asked(Ask::Phone),
            answers: answers.filter(|(_, typed)| !typed.is_empty()).collect(),
            protected: false,
            resident: !self.get("resident").is_empty(),
            consent_version: self.get("consent_version").parse().unwrap_or(0),
        }
    }
}

/// What a field is called in the form.
fn id(field: &Field) -> String {
    match field.ask {
        Ask::Other => format!("answer_{}", field.key),
        ask => ask.word().to_owned(),
    }
}

fn label<'a>(field: &'a Field, lang: &str) -> &'a str {
    match field.ask {
        Ask::Other if lang == "sv" => &field.label_sv,
        Ask::Other => &field.label_en,
        ask => words::of("field", ask.word(), lang),
    }
}

fn shown(field: &Field, lang: &str) -> Value {
    let (kind, complete) = match field.ask {
        Ask::Name => ("text", "name"),
        Ask::Street => ("text", "street-address"),
        Ask::Postcode => ("text", "postal-code"),
        Ask::Town => ("text", "address-level2"),
        Ask::BirthYear => ("text", "bday-year"),
        Ask::Gender => ("text", "sex"),
        Ask::Phone => ("tel", "tel"),
        Ask::Other => ("text", ""),
    };
    let max = if field.ask == Ask::BirthYear { 4 } else { WORDS_MAX };
    json!({
        "id": id(field), "label": label(field, lang), "required": field.required, "choices": field.choices,
        "kind": kind, "complete": complete, "max": max,
    })
}

/// Where somebody joins.
pub(in crate::http) async fn form(view: View, PathId(id): PathId<AggregateId>) -> Result<Response, Problem> {
    let (_, panel) = seen(&view.api, &view.office, None, id)?;
    page(&view, id, &panel, (&Typed::default(), None)).await
}

async fn page(
    view: &View,
    id: AggregateId,
    panel: &Panel,
    (typed, wrong): (&Typed, Option<&Wrong>),
) -> Result<Response, Problem> {
    let form = panel.form().cloned().unwrap_or_default();
    let wanted = read_public(&view.api.own.figures, &view.office, id, panel).await?.wanted;
    let fields: Vec<_> = form.fields.iter().map(|field| shown(field, view.lang)).collect();
    let values = json!({
        "panel": reading::head(view, id, panel), "fields": fields, "wanted": wanted, "mailbox_max": MAILBOX_MAX,
        "age_min": form.age_min, "age_max": form.age_max, "residents_only": form.residents_only,
        "consent": consent(&form, view.lang),
    });
    view.form("join.html", typed, wrong, values)
}

/// The consent that is asked for, with its version.
pub(super) fn consent(form: &Form, lang: &str) -> Option<Value> {
    let text = if lang == "sv" { &form.consent_sv } else { &form.consent_en };
    (form.consent_version > 0).then(|| json!({ "version": form.consent_version.to_string(), "text": text }))
}

/// Names a mailbox that would join.
pub(in crate::http) async fn join(
    view: View,
    asking: Holding,
    PathId(id): PathId<AggregateId>,
    _: Admitted,
    FormBody(typed): FormBody<Typed>,
) -> Result<Response, Problem> {
    let (_, panel) = seen(&view.api, &view.office, None, id)?;
    let form = panel.form().cloned().unwrap_or_default();
    let person = typed.person(&form, &view.office.tenant, view.lang);
    let asked = asking.asked(&format!("POST panels {id} members"), &typed);
    let wrong = match view.office.submit(&asked, id, &person).await {
        Ok(_) => return view.see(&format!("panels/{id}/sent")),
        Err(Undone::Refused(shell::Wrong::Member(Refusal::Lacking(lacking)))) => {
            told(&form, lacking, view.lang)
        }
        Err(undone) => view.wrong(undone.into())?,
    };
    page(&view, id, &panel, (&typed, Some(&wrong))).await
}

/// Which field, and why: what the form itself shows.
pub(super) fn told(form: &Form, lacking: Lacking, lang: &str) -> Wrong {
    let field = |asked| match asked {
        Asked::Mailbox => None,
        Asked::Field(at) => form.fields.get(usize::from(at)),
    };
    let at = |asked, why: &str| match field(asked) {
        None => Wrong::at("mailbox", words::of("field", "mailbox", lang), why),
        Some(field) => Wrong::at(&id(field), label(field, lang), why),
    };
    let of = |id: &str, why: &str| Wrong::at(id, words::of("field", id, lang), why);
    let word = |word| words::of("lacking", word, lang);
    match lacking {
        Lacking::Text(asked, why) => at(asked, fault(why.code(), lang == "sv")),
        Lacking::NoSuchChoice(asked) => {
            let year = field(asked).is_some_and(|field| field.ask == Ask::BirthYear);
            at(asked, word(if year { "no-such-year" } else { "no-such-choice" }))
        }
        Lacking::TooYoung(age) => of("birth_year", &format!("{} {age}", word("too-young"))),
        Lacking::TooOld(age) => of("birth_year", &format!("{} {age}", word("too-old"))),
        Lacking::NotResident => of("resident", word("not-resident")),
        Lacking::Consent => of("consent_version", word("consent")),
    }
}

/// What comes next: the same for everybody.
pub(in crate::http) async fn sent(view: View, PathId(id): PathId<AggregateId>) -> Result<Response, Problem> {
    let (_, panel) = seen(&view.api, &view.office, None, id)?;
    view.show("sent.html", json!({ "panel": reading::head(&view, id, &panel) }))
}
