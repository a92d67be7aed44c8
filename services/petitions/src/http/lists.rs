//! Lists of petitions as they are asked for and answered; `listing` finds their rows.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Instant};
use radslag_readmodel::Row;
use radslag_runtime::{
    Problem,
    http::{AtLeast, Page, QueryOf},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    catalogue::Catalogue,
    http::{asking::Reading, listing},
    petition::{Answer, Phase},
    policy,
    shell::Office,
};

/// Which list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum List {
    /// Open for signatures, or counted.
    #[default]
    Active,
    /// Over, withdrawn or refused.
    Inactive,
    /// The five opened last.
    Newest,
    /// The five with most signatures.
    Popular,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Sort {
    /// Opened last first.
    #[default]
    Start,
    /// Ending first first.
    Deadline,
    /// Most first.
    Signatures,
    /// What fits a search best first; without a search as `start`.
    Relevance,
}

/// Which list, how sorted, from where.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// `active`, `inactive`, `newest` or `popular`.
    #[serde(default)]
    pub(super) list: List,
    /// `start`, `deadline`, `signatures` or `relevance`; of a search `relevance` if not said, else `start`.
    pub(super) sort: Option<Sort>,
    /// Words that stand in title, text or background, in any form; the last one may be only begun.
    pub(super) q: Option<String>,
    /// Only of this state, `open`; then `list` says nothing.
    pub(super) state: Option<String>,
    /// Only under this policy, `malmo`.
    pub(super) policy: Option<String>,
    /// Only about this area, `Centrum`.
    pub(super) area: Option<String>,
    /// Only of this committee.
    pub(super) committee: Option<String>,
    /// Only about this topic.
    pub(super) topic: Option<String>,
    /// Only where the two states are this word of Malmöinitiativet: `signing`, `to_be_sent`, or as it reads in Swedish or
    /// English. Active ones where there are any, else inactive; `list=inactive` asks for these alone.
    pub(super) word: Option<String>,
    /// For programs: `next` of the page before, or empty for the first; then `page` says nothing.
    pub(super) cursor: Option<String>,
    #[serde(default, rename = "page")]
    pub(super) _page: Option<String>,
    #[serde(default, rename = "per_page")]
    pub(super) _per_page: Option<String>,
    #[serde(default, rename = "at_least")]
    pub(super) _at_least: Option<String>,
}

impl Wanted {
    /// Whether anything but a list and its order is asked for.
    pub(super) fn narrows(&self) -> bool {
        let said = [&self.q, &self.state, &self.policy, &self.area, &self.committee, &self.topic, &self.word];
        said.iter().any(|said| said.as_ref().is_some_and(|said| !said.trim().is_empty()))
    }
}

/// A petition in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Listed {
    /// Its id.
    pub(super) id: String,
    /// Gone once erased.
    pub(super) title: Option<String>,
    /// Of its page.
    pub(super) url_key: Option<String>,
    /// Who started it, as they chose to be shown.
    pub(super) initiator: Option<String>,
    /// The party of an elected representative who started it, as their token proved.
    pub(super) party: Option<String>,
    /// Of its life.
    pub(super) state: String,
    /// The same for people: `sv` and `en`.
    pub(super) label: Label,
    /// Of its answer.
    pub(super) answer: String,
    /// The word of Malmöinitiativet for both.
    pub(super) word: Label,
    /// When it opened.
    pub(super) opened_at: Option<String>,
    /// The last day to sign.
    pub(super) deadline: Option<String>,
    /// Counted.
    pub(super) signatures: i64,
    /// Votes against, counted apart; nothing where none are taken.
    pub(super) against: Option<i64>,
    /// Signatures for an answer; 0 = no threshold.
    pub(super) answer_at: i64,
    /// Which part of the municipality it is about.
    pub(super) area: Option<String>,
    /// Whose matter it is.
    pub(super) committee: Option<String>,
    /// What it is about.
    pub(super) topics: Vec<String>,
}

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Label {
    /// Swedish.
    pub(super) sv: String,
    /// English.
    pub(super) en: String,
}

impl From<&policy::Label> for Label {
    fn from(label: &policy::Label) -> Self {
        Self { sv: label.sv.clone(), en: label.en.clone() }
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Petitions {
    /// The rows.
    pub(super) petitions: Vec<Listed>,
    /// Rows of the whole list.
    pub(super) total: u64,
    /// A search found so many that only the newest of them, `total`, are ranked and listed.
    pub(super) more: bool,
    /// First row of this page, from 1.
    pub(super) first: Option<u64>,
    /// Last row of this page.
    pub(super) last: Option<u64>,
    /// Number of this page; nothing with a cursor.
    pub(super) page: Option<u32>,
    /// How many pages there are.
    pub(super) pages: Option<u64>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
}

/// Lists petitions.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions", tag = "petitions",
    params(("tenant" = String, Path), Wanted, ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Petitions)))]
pub(super) async fn list(
    Reading { api, office }: Reading,
    at_least: AtLeast,
    page: Page,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, Problem> {
    caught_up(&office, at_least).await?;
    Ok(Json(listing::rows(&api, &office, &wanted, page).await?).into_response())
}

/// Waits, for a while, until the tables have read as far as the reader wants.
pub(super) async fn caught_up(office: &Office, at_least: AtLeast) -> Result<(), Problem> {
    let Some(wanted) = at_least.0 else { return Ok(()) };
    let end = wanted.position.saturating_add(1);
    let origin = wanted.origin.unwrap_or_else(|| office.log.origin());
    // What was lost is never there, however long one waits; what was read of an older life and stayed, is.
    if office.log.holds(origin, end) < end {
        return Err(Problem::invalid("at_least", "the log hasn't got that position"));
    }
    let waiting = office.petitions.wait_for(end);
    match tokio::time::timeout(std::time::Duration::from_secs(5), waiting).await {
        Ok(waited) => Ok(waited?),
        Err(_) => Err(Problem::unavailable(std::time::Duration::from_secs(1))),
    }
}

/// A row for everybody. A column that isn't there, or was blanked, is nothing.
pub(super) fn listed_row(row: &Row) -> Listed {
    let text = |column: &str| row.opt_text(column).ok().flatten().map(str::to_owned);
    let number = |column: &str| row.opt_int(column).ok().flatten();
    let (state, topics) = (text("state").unwrap_or_default(), text("topics").unwrap_or_default());
    Listed {
        id: row.bytes("petition").ok().and_then(AggregateId::from_slice).unwrap_or_default().to_string(),
        title: text("title"),
        url_key: text("url_key"),
        initiator: text("public_name"),
        party: text("party").filter(|party| !party.is_empty()),
        label: label(&state, &text("answer").unwrap_or_default()),
        word: word(&state, &text("answer").unwrap_or_default()),
        state,
        answer: text("answer").unwrap_or_default(),
        opened_at: number("opened_at").map(moment),
        deadline: text("deadline"),
        signatures: number("signatures").unwrap_or(0),
        against: number("against"),
        answer_at: number("answer_at").unwrap_or(0),
        area: text("area").filter(|area| !area.is_empty()),
        committee: text("committee").filter(|committee| !committee.is_empty()),
        topics: topics.split(',').filter(|topic| !topic.is_empty()).map(str::to_owned).collect(),
    }
}

/// Milliseconds as RFC 3339.
pub(super) fn moment(millis: i64) -> String {
    Instant::from_millis(millis.unsigned_abs()).to_string()
}

fn word(state: &str, answer: &str) -> Label {
    let (phase, answer) = (Phase::of(state), Answer::of(answer));
    let word = phase.zip(answer).and_then(|(phase, answer)| Catalogue::shipped().malmo(phase, answer));
    word.map(|word| Label { sv: word.sv.clone(), en: word.en.clone() }).unwrap_or_default()
}

pub(super) fn label(state: &str, answer: &str) -> Label {
    let phase = Phase::ALL.iter().copied().find(|phase| phase.word() == state);
    let answer = Answer::ALL.iter().copied().find(|known| known.word() == answer);
    let of = |phase| match answer {
        Some(answer) if answer != Answer::None => Catalogue::shipped().answer(answer),
        _ => Catalogue::shipped().state(phase),
    };
    let label = phase.and_then(of);
    label.map(|label| Label { sv: label.sv.clone(), en: label.en.clone() }).unwrap_or_default()
}
