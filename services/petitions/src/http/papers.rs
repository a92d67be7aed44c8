//! What staff see of lists on paper: batches and how far they are, sheets and lines, rows that weren't taken, and how many
//! signatures came on paper, on the web and together.

use axum::{
    Json,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, ItemId};
use radslag_readmodel::Query;
use radslag_runtime::{
    Principal, Problem,
    http::{Page, PathId},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    catalogue::Catalogue,
    http::{
        answer,
        asking::{Asking, Reading},
        lists::Label,
        paper::{self, COMMAND, OfBatch, PaperLine, ids},
        petitions::known,
    },
    paper::{Batch, Line, Standing, Typed, Work},
    projections::{id, lists as sql, number},
    shell::Done,
};

const PAPERS: Query = sql::PAPERS;
const METHODS: Query = sql::METHODS;

/// What is done beside the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Begun {
    /// Where to see how far it is.
    batch: String,
    version: u64,
    /// It had been asked before by the same `Idempotency-Key`.
    repeated: bool,
    /// Address of its receipt.
    receipt: Option<String>,
}

/// Where a batch is to be seen.
pub(super) fn url(tenant: &str, (petition, batch): (AggregateId, ItemId)) -> String {
    format!("/api/v1/{tenant}/petitions/{petition}/paper/{batch}")
}

pub(super) fn begun(asking: &Asking, of: (AggregateId, ItemId), done: &Done) -> Response {
    let batch = url(&asking.office.tenant.id, of);
    let receipt = answer::receipt_of(&asking.office, done);
    let begun = Begun { batch: batch.clone(), version: done.version, repeated: done.repeated, receipt };
    (StatusCode::ACCEPTED, [(LOCATION, batch)], Json(begun)).into_response()
}

/// A batch in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Paper {
    batch: String,
    /// `entry`, `accepted` or `undone`.
    state: String,
    received: String,
    taken: u64,
    refused: u64,
    /// Lines that became signatures.
    counted: u64,
    /// Of those, lines that couldn't be compared with other signatures.
    uncompared: u64,
    /// Lines that stand and aren't counted: the initiator's own.
    dropped: u64,
    /// Signatures that were struck out with the batch.
    struck: u64,
    /// Something is being done for it now.
    at_work: bool,
}

/// A petition's batches, newest first.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/paper", tag = "paper", operation_id = "list_paper",
    params(("tenant" = String, Path), ("id" = String, Path), ("page" = Option<u32>, Query),
        ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = Vec<Paper>)), security(("token" = [])))]
pub(super) async fn list(
    who: Principal,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
    page: Page,
) -> Result<Response, Problem> {
    api.permit(&who, COMMAND)?;
    known(&office, petition)?;
    let values = [id(petition), number(u64::from(page.per_page)), number(page.offset())];
    let rows = office.petitions.store.query(&PAPERS, &values).await?;
    let paper = |row: &radslag_readmodel::Row| {
        let number = |column: &str| Ok::<_, radslag_readmodel::Error>(row.int(column)?.unsigned_abs());
        Ok::<_, radslag_readmodel::Error>(Paper {
            batch: ItemId::from_slice(row.bytes("batch")?).unwrap_or_default().to_string(),
            state: row.text("state")?.to_owned(),
            received: row.text("received")?.to_owned(),
            taken: number("taken")?,
            refused: number("refused")?,
            counted: number("counted")?,
            uncompared: number("uncompared")?,
            dropped: number("dropped")?,
            struck: number("struck")?,
            at_work: number("work")? > 0,
        })
    };
    Ok(Json(rows.iter().map(paper).collect::<Result<Vec<_>, _>>()?).into_response())
}

/// A batch, and how far what is done for it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Progress {
    batch: String,
    /// `entry`, `accepted` or `undone`.
    state: &'static str,
    /// What is being done now: `importing`, `counting` or `striking`.
    work: Option<&'static str>,
    /// Of it, so much is done: rows of a file, sheets otherwise.
    done: u32,
    /// Of so much; of a file nothing until it is here.
    of: Option<u32>,
    received: String,
    sheets: usize,
    /// Sheets that a second person looked at.
    checked: usize,
    /// Differences to be settled.
    differing: u32,
    taken: u32,
    refused: u32,
    counted: u32,
    uncompared: u32,
    dropped: u32,
    struck: u32,
}

impl Progress {
    fn of(id: ItemId, batch: &Batch) -> Self {
        let sheets = &batch.sheets;
        let number = u32::try_from(sheets.len()).unwrap_or(u32::MAX);
        let (work, done, of) = match batch.work() {
            Some(Work::Await | Work::Enter(_)) => {
                let import = batch.import.as_ref();
                let entered = import.map_or(0, |import| import.entered);
                let rows = import.and_then(|import| import.whole).map(|(_, rows, _)| rows);
                (Some("importing"), entered, rows)
            }
            Some(Work::Count(_) | Work::FinishCount) => {
                (Some("counting"), batch.counted_sheets, Some(number))
            }
            Some(Work::Strike(_) | Work::Reinstate(_) | Work::FinishStrike) => {
                (Some("striking"), batch.reinstated_sheets, Some(batch.counted_sheets))
            }
            None => (None, 0, None),
        };
        Self {
            batch: id.to_string(),
            state: batch.phase.word(),
            work,
            done,
            of,
            received: batch.received.to_string(),
            sheets: sheets.len(),
            checked: sheets.iter().filter(|sheet| sheet.checked_by.is_some()).count(),
            differing: sheets.iter().map(|sheet| sheet.open).sum(),
            taken: sheets.iter().map(|sheet| sheet.taken).sum(),
            refused: sheets.iter().map(|sheet| sheet.refused).sum(),
            counted: batch.counted,
            uncompared: batch.uncompared,
            dropped: batch.dropped,
            struck: batch.struck,
        }
    }
}

/// A batch, and how far what is done for it is.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}", tag = "paper",
    operation_id = "paper_progress",
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path)),
    responses((status = 200, body = Progress)), security(("token" = [])))]
pub(super) async fn one(
    who: Principal,
    Reading { api, office }: Reading,
    axum::extract::Path(path): OfBatch,
) -> Result<Response, Problem> {
    api.permit(&who, COMMAND)?;
    let (petition, batch) = ids(&path)?;
    let known = office.paper(petition, batch)?.0.ok_or_else(Problem::not_found)?;
    Ok(Json(Progress::of(batch, &known)).into_response())
}

/// A sheet as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct PaperSheet {
    lines: Vec<SheetLine>,
}

/// A line as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct SheetLine {
    /// Where it stands, from 0.
    sheet: u32,
    line: u32,
    /// Of the signature it becomes.
    item: String,
    /// `taken`, `differing`, `settled`, `dropped` or `refused`.
    state: &'static str,
    /// Why it isn't taken, or isn't counted.
    reason: Option<String>,
    label: Option<Label>,
    /// As it came, if it isn't taken; nothing once it was erased.
    row: Option<String>,
    /// As it was typed; nothing once its signer was erased.
    typed: Option<PaperLine>,
    /// As the second person read it, while that isn't settled.
    second: Option<PaperLine>,
    /// What stands of a settled one; nothing if it can't be read.
    settled: Option<PaperLine>,
}

impl SheetLine {
    fn of(sheet: u32, line: &Line) -> Self {
        let shown = |typed: &Typed| PaperLine::of(line.number, typed);
        let (reason, row) = match &line.standing {
            Standing::Refused { reason, raw } => (reason.known().cloned(), raw.known().cloned()),
            Standing::Dropped(reason) => (reason.known().cloned(), None),
            Standing::Taken | Standing::Differing(_) | Standing::Settled(_) => (None, None),
        };
        Self {
            sheet,
            line: line.number,
            item: line.item.to_string(),
            state: line.standing.word(),
            label: reason
                .as_deref()
                .and_then(|reason| Catalogue::shipped().paper(reason))
                .map(|label| Label { sv: label.sv.clone(), en: label.en.clone() }),
            reason,
            row,
            typed: line.typed.known().map(shown),
            second: match &line.standing {
                Standing::Differing(second) => second.known().map(shown),
                _undisputed => None,
            },
            settled: match &line.standing {
                Standing::Settled(settled) => settled.known().and_then(Option::as_ref).map(shown),
                _unsettled => None,
            },
        }
    }
}

/// A sheet of a batch, to be held beside the scan: where each line stands, what was typed, and why one isn't taken.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/sheets/{sheet}", tag = "paper",
    operation_id = "paper_sheet", params(("tenant" = String, Path), ("id" = String, Path),
        ("batch" = String, Path), ("sheet" = u32, Path)),
    responses((status = 200, body = PaperSheet)), security(("token" = [])))]
pub(super) async fn sheet(
    who: Principal,
    Reading { api, office }: Reading,
    axum::extract::Path((tenant, petition, batch, sheet)): axum::extract::Path<(String, String, String, u32)>,
) -> Result<Response, Problem> {
    api.permit(&who, COMMAND)?;
    let (petition, batch) = ids(&(tenant, petition, batch))?;
    let (version, known) = office.paper_sheet(petition, batch, sheet)?;
    if version == 0 {
        return Err(Problem::not_found());
    }
    let lines = known.lines.iter().map(|line| SheetLine::of(sheet, line));
    Ok(Json(PaperSheet { lines: lines.collect() }).into_response())
}

/// Lines of a batch that aren't taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct NotTakenPage {
    total: u32,
    lines: Vec<SheetLine>,
}

/// Every line of a batch that isn't taken, by number, with its text as it came.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/refused", tag = "paper",
    operation_id = "paper_refused",
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path),
        ("page" = Option<u32>, Query), ("per_page" = Option<u32>, Query)),
    responses((status = 200, body = NotTakenPage)), security(("token" = [])))]
pub(super) async fn refused(
    who: Principal,
    Reading { api, office }: Reading,
    axum::extract::Path(path): OfBatch,
    page: Page,
) -> Result<Response, Problem> {
    api.permit(&who, COMMAND)?;
    let (petition, batch) = ids(&path)?;
    let known = office.paper(petition, batch)?.0.ok_or_else(Problem::not_found)?;
    let (mut before, from, mut lines) = (0, page.offset(), Vec::new());
    for (number, sheet) in (0..).zip(&known.sheets) {
        // Only the sheets that hold lines of this page are opened.
        let left = u64::from(page.per_page).saturating_sub(lines.len() as u64);
        let skip = from.saturating_sub(before);
        before += u64::from(sheet.refused);
        if left == 0 || skip >= u64::from(sheet.refused) {
            continue;
        }
        let (_, opened) = office.paper_sheet(petition, batch, number)?;
        let refused = opened.lines.iter().filter(|line| matches!(line.standing, Standing::Refused { .. }));
        let (skip, left) = (usize::try_from(skip).unwrap_or(0), usize::try_from(left).unwrap_or(0));
        lines.extend(refused.skip(skip).take(left).map(|line| SheetLine::of(number, line)));
    }
    let total = known.sheets.iter().map(|sheet| sheet.refused).sum();
    Ok(Json(NotTakenPage { total, lines }).into_response())
}

/// A petition's count by where its signatures came from, each part counted separately and together.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, ToSchema)]
pub(super) struct Methods {
    /// By eID and by mailbox.
    web: u64,
    eid: u64,
    mailbox: u64,
    paper: u64,
    /// Of those on paper, lines that couldn't be compared with other signatures.
    uncompared: u64,
    /// An initiator who counts without a signature: 1 or 0.
    initiator: u64,
    /// Web, paper and initiator: the petition's count.
    together: u64,
    /// Votes against, which are no signatures for it: the methods have both.
    against: u64,
    /// The position that all but `uncompared` hold for.
    count_position: u64,
}

/// How many signatures came on paper, on the web and together.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/count/methods", tag = "paper",
    operation_id = "count_by_method", params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Methods)), security(("token" = [])))]
pub(super) async fn methods(
    who: Principal,
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
) -> Result<Response, Problem> {
    api.permit(&who, COMMAND)?;
    let rows = office.petitions.store.query(&METHODS, &[id(petition)]).await?;
    let first = rows.first().ok_or_else(Problem::not_found)?;
    let number = |row: &radslag_readmodel::Row, column: &str| {
        Ok::<_, radslag_readmodel::Error>(row.opt_int(column)?.unwrap_or(0).unsigned_abs())
    };
    let mut methods = Methods {
        together: number(first, "signatures")?,
        against: number(first, "against")?,
        count_position: number(first, "count_position")?,
        ..Methods::default()
    };
    for row in &rows {
        let total = number(row, "total")?;
        match row.opt_text("method")? {
            Some("eid") => methods.eid = total,
            Some("mailbox") => methods.mailbox = total,
            Some("paper") => methods.paper = total,
            _ => {}
        }
    }
    methods.web = methods.eid + methods.mailbox;
    methods.initiator = (methods.together + methods.against).saturating_sub(methods.web + methods.paper);
    (_, methods.uncompared) = paper::numbers(&office, petition).await?;
    Ok(Json(methods).into_response())
}
