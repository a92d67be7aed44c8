//! Pages that are read: lists, a petition with its signatures, inquiries, and texts about it all.

use std::collections::BTreeMap;

use axum::response::Response;
use radslag_kernel::{AggregateId, Instant, SubjectId};
use radslag_readmodel::Row;
use radslag_runtime::{
    Problem,
    config::Offer,
    http::{Page, PathId, QueryOf},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    catalogue::Catalogue,
    http::{
        bulk, comments, history, inquiries, listing,
        lists::{Label, List, Sort, Wanted, label},
        pages::{
            texts,
            view::{View, feed, terms},
        },
        petitions, politicians, signatures,
    },
    petition::Phase,
    shell::{Office, past},
    terms::Comments as When,
};

/// States that a list can be narrowed to.
const STATES: [&str; 6] = ["open", "counting", "closed", "rejected", "withdrawn", "stopped"];

/// A tenant's home: the newest and the most popular; where it takes no petitions, what it has instead.
pub(in crate::http) async fn tenant(view: View) -> Result<Response, Problem> {
    let (api, office) = (&view.api, &view.office);
    let offers = |offer| office.tenant.offers.contains(&offer);
    if !offers(Offer::Petitions) {
        for (offer, page) in
            [(Offer::Panels, "panels"), (Offer::Polls, "polls"), (Offer::Inquiries, "inquiries")]
        {
            if offers(offer) {
                return view.see(page);
            }
        }
    }
    let newest = Wanted { list: List::Newest, ..Wanted::default() };
    let newest = listing::rows(api, office, &newest, Page { page: 1, per_page: 5 }).await?;
    let popular = petitions::five(api, office, List::Popular, &Wanted::default()).await?;
    let answered = Wanted { word: Some("solved".to_owned()), sort: Some(Sort::Start), ..Wanted::default() };
    let answered = listing::rows(api, office, &answered, Page { page: 1, per_page: 5 }).await?;
    let trending = history::trending_now(office).await?;
    let answer_at = office.policy().map(|policy| policy.answer_at);
    let values = json!({
        "newest": newest.petitions, "popular": popular, "total": newest.total, "answered": answered.petitions,
        "trending": trending, "answer_at": answer_at,
    });
    view.show("tenant.html", values)
}

/// What the list of all petitions was asked for. A form sends every field, also the empty ones.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Listing {
    q: String,
    state: String,
    word: String,
    area: String,
    committee: String,
    topic: String,
    sort: String,
}

impl Listing {
    fn wanted(&self) -> Result<Wanted, Problem> {
        let sort = match self.sort.as_str() {
            "" => None,
            "start" => Some(Sort::Start),
            "deadline" => Some(Sort::Deadline),
            "signatures" => Some(Sort::Signatures),
            "relevance" => Some(Sort::Relevance),
            _ => return Err(Problem::invalid("sort", "no such order")),
        };
        let (list, state) = match self.state.as_str() {
            "" | "active" => (List::Active, None),
            "inactive" => (List::Inactive, None),
            state => (List::Active, Some(state.to_owned())),
        };
        let said = |text: &String| Some(text.clone()).filter(|text| !text.trim().is_empty());
        let (q, word) = (said(&self.q), said(&self.word));
        let (area, committee, topic) = (said(&self.area), said(&self.committee), said(&self.topic));
        Ok(Wanted { list, state, sort, q, word, area, committee, topic, ..Wanted::default() })
    }
}

/// All petitions: searched, narrowed, sorted, in numbered pages.
pub(in crate::http) async fn all(
    view: View,
    page: Page,
    QueryOf(asked): QueryOf<Listing>,
) -> Result<Response, Problem> {
    let found = listing::rows(&view.api, &view.office, &asked.wanted()?, page).await?;
    let sv = view.sv();
    let choice = |value: &str, swedish: &str, english: &str| json!({ "value": value, "label": if sv { swedish } else { english } });
    let mut states = vec![choice("active", "Aktiva", "Active"), choice("inactive", "Inaktiva", "Inactive")];
    let known = STATES.into_iter().filter_map(|word| Phase::ALL.iter().find(|phase| phase.word() == word));
    states.extend(known.filter_map(|phase| {
        let label = Catalogue::shipped().state(*phase)?;
        Some(json!({ "value": phase.word(), "label": label.lang(view.lang) }))
    }));
    let sorts = [
        choice("", "bäst passande, annars start", "best match, else start date"),
        choice("start", "start", "start date"),
        choice("deadline", "slutdatum", "deadline"),
        choice("signatures", "underskrifter", "signatures"),
    ];
    let words = Catalogue::shipped().words();
    let words = words.map(|(key, label)| json!({ "value": key, "label": label.lang(view.lang) }));
    let (query, tenant) = (view.paging(), &view.office.tenant);
    let values = json!({
        "found": found, "asked": asked, "states": states, "sorts": sorts, "query": query,
        "words": words.collect::<Vec<_>>(), "areas": tenant.area_names(), "committees": tenant.committees,
        "topics": tenant.topics, "feed": feed(&view),
    });
    view.show("all.html", values)
}

/// Whether a petition can be signed now.
pub(super) fn open(office: &Office, petition: AggregateId) -> Result<bool, Problem> {
    let (version, state) = office.petition(petition)?;
    Ok(state.view(version).is_some_and(|known| known.takes_requests(office.now())))
}

/// One petition with its ten latest signatures.
pub(in crate::http) async fn petition(
    view: View,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let office = &view.office;
    let row = petitions::by_id(&view.api, office, petition, None).await?;
    let (latest, _) = signatures::page_of(office, petition, Page { page: 1, per_page: 10 }).await?;
    let corrections = bulk::page_of(office, petition, Page { page: 1, per_page: 20 }).await?;
    let detail = petitions::detail(office, &row).await?;
    let commented = office.terms(petition)?.comments != When::None;
    let one = Page { page: 1, per_page: 1 };
    let order = comments::Order::Newest;
    let comments = if commented {
        Some(comments::page_of(office, petition, one, order, is_over(&row)).await?)
    } else {
        None
    };
    let needed = needed(&detail);
    let values = json!({
        "petition": detail, "latest": latest, "corrections": corrections, "comments": comments,
        "open": open(office, petition)?, "timeline": timeline(office, petition)?, "needed": needed,
    });
    view.show("petition.html", values)
}

/// The next number of signatures that something follows from; nothing where none is left.
fn needed(detail: &petitions::Detail) -> Option<Value> {
    let (count, answer, debate) = (detail.listed.signatures, detail.listed.answer_at, detail.debate_at);
    let (number, debate) =
        [(answer, false), (debate, true)].into_iter().find(|(number, _)| count < *number)?;
    Some(json!({ "number": number, "debate": debate }))
}

/// Where a petition has stood since it was first shown, each with the day it came to stand so.
fn timeline(office: &Office, petition: AggregateId) -> Result<Vec<Value>, Problem> {
    let past = office.past(petition)?;
    let mut stood: Vec<(Instant, Label)> = Vec::new();
    for moment in past::public(&past) {
        let label = label(moment.phase.word(), moment.answer.word());
        if stood.last().is_none_or(|(_, before)| *before != label) {
            stood.push((moment.at, label));
        }
    }
    let told = stood.iter().map(|(at, label)| json!({ "on": office.calendar.date(*at), "label": label }));
    Ok(told.collect())
}

pub(super) fn is_over(row: &Row) -> bool {
    row.opt_int("listed").ok().flatten() == Some(2)
}

/// All signatures of a petition.
pub(in crate::http) async fn signatures(
    view: View,
    PathId(petition): PathId<AggregateId>,
    page: Page,
) -> Result<Response, Problem> {
    let row = petitions::by_id(&view.api, &view.office, petition, None).await?;
    let detail = petitions::detail(&view.office, &row).await?;
    let (found, _) = signatures::page_of(&view.office, petition, page).await?;
    let (first, query) = (page.offset() + 1, view.paging());
    let values = json!({ "petition": detail, "found": found, "first": first, "query": query });
    view.show("signatures.html", values)
}

/// Which kind of inquiries.
#[derive(Clone, Debug, Default, Deserialize)]
pub(in crate::http) struct Kinded {
    #[serde(default)]
    pub(super) kind: String,
}

impl Kinded {
    /// The kind, or the first that is taken.
    pub(super) fn or_taken(&self, office: &Office) -> String {
        let tips_only = terms(office).tips && !terms(office).questions;
        match (self.kind.as_str(), tips_only) {
            ("", true) => "tip".into(),
            ("", false) => "question".into(),
            (kind, _) => kind.to_owned(),
        }
    }
}

/// What is answered in public.
pub(in crate::http) async fn inquiries(
    view: View,
    page: Page,
    QueryOf(wanted): QueryOf<Kinded>,
) -> Result<Response, Problem> {
    let kind = wanted.or_taken(&view.office);
    let found = inquiries::page_of(&view.office, inquiries::kind_of(&kind)?, page).await?;
    let values = json!({
        "found": found, "kind": kind, "terms": taken(&view.office), "query": view.paging(),
    });
    view.show("inquiries.html", values)
}

pub(super) fn taken(office: &Office) -> Value {
    let terms = terms(office);
    json!({ "tips": terms.tips, "questions": terms.questions, "inquiry_max": terms.inquiry_max })
}

/// One that is answered in public.
pub(in crate::http) async fn inquiry(
    view: View,
    PathId(inquiry): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let shown = inquiries::public(&view.office, inquiry).await?;
    view.show("inquiry.html", json!({ "inquiry": shown }))
}

/// How politicians keep up with what they are asked.
pub(in crate::http) async fn politicians(view: View) -> Result<Response, Problem> {
    let all = politicians::all(&view.office).await?;
    view.show("politicians.html", json!({ "politicians": all }))
}

/// One of them, with what they answered in public.
pub(in crate::http) async fn politician(
    view: View,
    PathId(politician): PathId<SubjectId>,
    page: Page,
) -> Result<Response, Problem> {
    let all = politicians::all(&view.office).await?;
    let id = politician.to_string();
    let one = all.into_iter().find(|one| one.who.id == id).ok_or_else(Problem::not_found)?;
    let found = politicians::answered(&view.office, politician, page).await?;
    view.show("politician.html", json!({ "one": one, "found": found, "query": view.paging() }))
}

/// Of a text, which version; without one, the newest.
type Named = axum::extract::Path<BTreeMap<String, String>>;

fn texts_of(view: &View, name: &str, params: &Named) -> Result<Response, Problem> {
    let number = params.get("version").map(|number| number.parse().map_err(|_| Problem::not_found()));
    texts::show(view, name, number.transpose()?)
}

/// How it works.
pub(in crate::http) async fn guide(view: View, params: Named) -> Result<Response, Problem> {
    texts_of(&view, "guide", &params)
}

/// What many ask.
pub(in crate::http) async fn faq(view: View, params: Named) -> Result<Response, Problem> {
    texts_of(&view, "faq", &params)
}

/// The terms.
pub(in crate::http) async fn terms_page(view: View, params: Named) -> Result<Response, Problem> {
    texts_of(&view, "terms", &params)
}
