//! How politicians keep up with the questions they are given: public, because the clock is.

use std::collections::BTreeMap;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use radslag_kernel::{Instant, Role, SubjectId};
use radslag_readmodel::{Query, Row, Value};
use radslag_runtime::{
    Principal, Problem,
    config::Politician as Elected,
    http::{AtLeast, Page},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{
        asking::Reading,
        inquiries::{Shown, Who, read_as_far, shown},
    },
    projections::{lists as sql, number},
    shell::Office,
};

const ANSWERED_BY: Query = sql::INQUIRIES_ANSWERED_BY;
const CLOCKS: Query = sql::POLITICIANS_CLOCKS;

/// How a politician keeps up with questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Politician {
    /// Who.
    #[serde(flatten)]
    pub(super) who: Who,
    /// Questions they were given.
    asked: u64,
    /// Of these, answered by them or on their behalf.
    answered: u64,
    /// Days from being given a question to its answer: half of the answers took no longer.
    median_days: Option<u64>,
    /// Waiting for them.
    open: u64,
    /// Of these, past their date.
    overdue: u64,
}

/// The politicians who can be asked, and those who were, with how they keep up.
#[utoipa::path(get, path = "/api/v1/{tenant}/politicians", tag = "inquiries", operation_id = "politicians",
    params(("tenant" = String, Path)), responses((status = 200, body = Vec<Politician>)))]
pub(super) async fn list(Reading { office, .. }: Reading, at_least: AtLeast) -> Result<Response, Problem> {
    read_as_far(&office, at_least).await?;
    Ok(Json(all(&office).await?).into_response())
}

/// The elected representative who asks with this token: their name and party are the tenant's, never what somebody typed.
pub(super) fn elected<'a>(office: &'a Office, who: &Principal) -> Option<&'a Elected> {
    office.tenant.politician(&who.subject).filter(|_| who.is(Role::Politician))
}

/// A politician's public answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Answered {
    inquiries: Vec<Shown>,
    page: u32,
    pages: u64,
}

/// What somebody is asked and has answered in public, newest answers first. The rows of a page are one more than are shown
/// to know whether there are further ones: nobody counts them.
pub(super) async fn answered(
    office: &Office,
    politician: SubjectId,
    page: Page,
) -> Result<Answered, Problem> {
    let own = Value::Bytes(politician.as_bytes().to_vec());
    let values = [own, number(u64::from(page.per_page) + 1), number(page.offset())];
    let rows = office.inquiries.store.query(&ANSWERED_BY, &values).await?;
    let more = rows.len() > page.per_page as usize;
    let inquiries = rows.iter().take(page.per_page as usize).map(shown).collect();
    Ok(Answered { inquiries, page: page.page, pages: u64::from(page.page) + u64::from(more) })
}

/// Everybody who can be asked, or was.
pub(super) async fn all(office: &Office) -> Result<Vec<Politician>, Problem> {
    let rows = office.inquiries.store.query(&CLOCKS, &[]).await?;
    let known = office.tenant.politicians.iter().map(|politician| {
        let (id, name) = (office.staff(&politician.subject), Some(politician.name.clone()));
        (id, Who { id: id.to_string(), name, party: Some(politician.party.clone()) })
    });
    Ok(keeping_up(&rows, known.collect(), office.now()))
}

fn keeping_up(rows: &[Row], known: BTreeMap<SubjectId, Who>, now: Instant) -> Vec<Politician> {
    const DAY_MS: u64 = 86_400_000;
    let blank = |who| Politician { who, asked: 0, answered: 0, median_days: None, open: 0, overdue: 0 };
    let mut all: BTreeMap<SubjectId, (Politician, Vec<u64>)> =
        known.into_iter().map(|(id, who)| (id, (blank(who), Vec::new()))).collect();
    for row in rows {
        let text = |column: &str| row.opt_text(column).ok().flatten().map(str::to_owned);
        let time = |column: &str| row.opt_int(column).ok().flatten().unwrap_or(0).unsigned_abs();
        let id = row.bytes("politician").ok().and_then(SubjectId::from_slice).unwrap_or_default();
        let who = || Who { id: id.to_string(), name: text("name"), party: text("party") };
        let (politician, days) = all.entry(id).or_insert_with(|| (blank(who()), Vec::new()));
        politician.asked += 1;
        let theirs = row.bytes("whose").ok().and_then(SubjectId::from_slice) == Some(id);
        if theirs && text("state").as_deref() == Some("assigned") {
            politician.open += 1;
            politician.overdue += u64::from(time("due_at") <= now.millis());
        } else if theirs && time("answered_at") > 0 {
            politician.answered += 1;
            days.push(time("answered_at").saturating_sub(time("assigned_at")) / DAY_MS);
        }
    }
    let finished = all.into_values().map(|(mut politician, mut days)| {
        days.sort_unstable();
        politician.median_days = days.get(days.len().saturating_sub(1) / 2).copied();
        politician
    });
    finished.collect()
}
