//! Lists on paper: a batch is registered, typed or read from a file, checked by somebody else, settled, counted, undone.

use axum::{
    Json,
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt as _;
use radslag_kernel::{AggregateId, Date, ItemId};
use radslag_readmodel::Query;
use radslag_runtime::{
    Principal, Problem,
    http::{JsonBody, Page, PathId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{
        answer,
        asking::{Asking, Reading},
    },
    paper::{
        Kept, SHEET, Standing, Typed,
        csv::{Reader, Row},
    },
    projections::{id, lists as sql, number},
    shell::{Asked, Office, paper::Entered, petition::Staff},
};

const COMMAND: &str = "petitions.paper";
const CHECK: &str = "petitions.check-paper";
const UNCOMPARED: Query = Query::new("uncompared", sql::UNCOMPARED);
const PAPERS: Query = Query::new("batches of lists", sql::PAPERS);

/// A batch that came in.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterPaper {
    /// Date.
    received: String,
    /// SHA-256 of its scan, 64 hexadecimal digits.
    scan: String,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PaperLine {
    /// In its batch, from 1, ascending.
    line: u32,
    name: String,
    #[serde(default)]
    postcode: String,
    /// Personal number.
    #[serde(default)]
    number: String,
    #[serde(default)]
    address: String,
    /// When it was signed, 2009-02-22.
    date: String,
}

impl PaperLine {
    fn typed(&self) -> Typed {
        Typed {
            name: self.name.clone(),
            postcode: self.postcode.clone(),
            number: self.number.clone(),
            address: self.address.clone(),
            date: self.date.clone(),
        }
    }

    fn row(&self) -> Row {
        let raw = [&self.name, &self.postcode, &self.number, &self.address, &self.date];
        let raw = raw.map(String::as_str).join(";");
        Row { number: self.line, raw, typed: Some(self.typed()) }
    }
}

/// Lines, at most 500 at a time.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EnterPaper {
    lines: Vec<PaperLine>,
}

/// What the second person read: the lines typed again, or that the sheet is the same as the scan.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckPaper {
    /// From 0.
    sheet: u32,
    #[serde(default)]
    lines: Vec<PaperLine>,
    /// Every line was held beside the scan; then `lines` is empty.
    #[serde(default)]
    same: bool,
}

/// What is kept of a line.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SettlePaper {
    /// From 0.
    sheet: u32,
    line: u32,
    /// `first`, `second` or `neither`.
    keep: String,
}

/// A batch of lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Registered {
    batch: String,
    version: u64,
}

/// A line that isn't taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct NotTaken {
    line: u32,
    reason: String,
}

/// What came of typing or reading lines.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, ToSchema)]
pub(super) struct Typing {
    taken: u32,
    /// Every one that isn't, by number.
    refused: Vec<NotTaken>,
    version: u64,
}

impl Typing {
    fn add(&mut self, entered: Entered) {
        self.taken += entered.taken;
        self.version = entered.done.version;
        let refused = entered.refused.into_iter();
        self.refused.extend(refused.map(|(line, fault)| NotTaken { line, reason: fault.word().into() }));
    }
}

/// Registers a batch of lists with the hash of its scan.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/paper", tag = "paper", operation_id = "register_paper",
    request_body = RegisterPaper, params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 201, body = Registered)), security(("token" = [])))]
pub(super) async fn register(
    asking: Asking,
    PathId(petition): PathId<AggregateId>,
    JsonBody(body): JsonBody<RegisterPaper>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let received: Date = body
        .received
        .parse()
        .map_err(|_| Problem::invalid("/received", "expected a date such as 2009-02-22"))?;
    let scan = hash(&body.scan).ok_or_else(|| Problem::invalid("/scan", "expected 64 hexadecimal digits"))?;
    let staff = Staff { role, subject: &asking.who.subject, ground: String::new() };
    let asked = asking.asked(&format!("POST {petition}/paper"), &body);
    let (batch, done) = asking.office.register_paper(petition, &asked, &staff, (received, scan)).await?;
    let registered = Registered { batch: batch.to_string(), version: done.version };
    Ok((StatusCode::CREATED, Json(registered)).into_response())
}

fn hash(hex: &str) -> Option<[u8; 32]> {
    let byte = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
    bytes?.try_into().ok()
}

type OfBatch = axum::extract::Path<(String, String, String)>;

fn ids((_, petition, batch): &(String, String, String)) -> Result<(AggregateId, ItemId), Problem> {
    let petition = petition.parse().map_err(|_| Problem::not_found())?;
    Ok((petition, batch.parse().map_err(|_| Problem::not_found())?))
}

/// Adds lines that were typed. Those that break a rule are kept, with the reason.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/lines", tag = "paper",
    operation_id = "enter_paper", request_body = EnterPaper,
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path)),
    responses((status = 200, body = Typing)), security(("token" = [])))]
pub(super) async fn lines(
    asking: Asking,
    axum::extract::Path(path): OfBatch,
    JsonBody(body): JsonBody<EnterPaper>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let (petition, batch) = ids(&path)?;
    let staff = Staff { role, subject: &asking.who.subject, ground: String::new() };
    let asked = asking.asked(&format!("POST {petition}/paper/{batch}/lines"), &body);
    let rows: Vec<Row> = body.lines.iter().map(PaperLine::row).collect();
    let mut typing = Typing::default();
    typing.add(asking.office.enter_paper((petition, batch), &asked, &staff, &rows).await?);
    Ok(Json(typing).into_response())
}

/// Adds the lines of a file, CSV with a header (name, postcode, number, address, date; or in Swedish), `;` or `,`, UTF-8 or
/// Windows-1252. Read as it comes, a sheet at a time; sent again, it goes on behind the last line that was kept.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/import", tag = "paper",
    operation_id = "import_paper", request_body(content = String, content_type = "text/csv"),
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path)),
    responses((status = 200, body = Typing)), security(("token" = [])))]
pub(super) async fn import(
    asking: Asking,
    axum::extract::Path(path): OfBatch,
    body: Body,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let (petition, batch) = ids(&path)?;
    let staff = Staff { role, subject: &asking.who.subject, ground: String::new() };
    let last = asking.office.paper(petition, batch)?.0.ok_or_else(Problem::not_found)?.last;
    let (mut reader, mut rows, mut typing) = (Reader::default(), Vec::new(), Typing::default());
    let mut pieces = body.into_data_stream();
    let unknown = |_| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "csv-header-unknown");
    let mut ended = false;
    while !ended {
        match pieces.next().await {
            Some(piece) => {
                let piece = piece.map_err(|_| Problem::invalid("", "the file broke off"))?;
                reader.feed(&piece, &mut rows).map_err(unknown)?;
            }
            None => {
                std::mem::take(&mut reader).end(&mut rows).map_err(unknown)?;
                ended = true;
            }
        }
        rows.retain(|row| row.number > last);
        while rows.len() >= SHEET || (ended && !rows.is_empty()) {
            let rest = rows.split_off(rows.len().min(SHEET));
            let sheet = std::mem::replace(&mut rows, rest);
            let asked = Asked::by_system();
            typing.add(asking.office.enter_paper((petition, batch), &asked, &staff, &sheet).await?);
        }
    }
    Ok(Json(typing).into_response())
}

/// A second person checks a sheet: types it again, or holds it beside the scan.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/check", tag = "paper",
    operation_id = "check_paper", request_body = CheckPaper,
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn check(
    asking: Asking,
    axum::extract::Path(path): OfBatch,
    JsonBody(body): JsonBody<CheckPaper>,
) -> Result<Response, Problem> {
    let role = asking.permit(CHECK)?;
    let (petition, batch) = ids(&path)?;
    if body.same != body.lines.is_empty() {
        return Err(Problem::invalid("/lines", "expected lines, or `same`"));
    }
    let staff = Staff { role, subject: &asking.who.subject, ground: String::new() };
    let asked = asking.asked(&format!("POST {petition}/paper/{batch}/check"), &body);
    let read: Vec<(u32, Typed)> = body.lines.iter().map(|line| (line.line, line.typed())).collect();
    let read = (!body.same).then_some(read.as_slice());
    let sheet = (petition, batch, body.sheet);
    Ok(answer::written(&asking.office.check_paper(sheet, &asked, &staff, read).await?))
}

/// Settles a line that two people read differently.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/settle", tag = "paper",
    operation_id = "settle_paper", request_body = SettlePaper,
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn settle(
    asking: Asking,
    axum::extract::Path(path): OfBatch,
    JsonBody(body): JsonBody<SettlePaper>,
) -> Result<Response, Problem> {
    let role = asking.permit(CHECK)?;
    let (petition, batch) = ids(&path)?;
    let kept = Kept::of(&body.keep)
        .ok_or_else(|| Problem::invalid("/keep", "expected `first`, `second` or `neither`"))?;
    let staff = Staff { role, subject: &asking.who.subject, ground: String::new() };
    let asked = asking.asked(&format!("POST {petition}/paper/{batch}/settle"), &body);
    let sheet = (petition, batch, body.sheet);
    Ok(answer::written(&asking.office.settle_paper(sheet, &asked, &staff, (body.line, kept)).await?))
}

/// Counts a batch that is checked and settled.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/accept", tag = "paper",
    operation_id = "accept_paper",
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn accept(asking: Asking, axum::extract::Path(path): OfBatch) -> Result<Response, Problem> {
    let role = asking.permit(CHECK)?;
    let (petition, batch) = ids(&path)?;
    let staff = Staff { role, subject: &asking.who.subject, ground: String::new() };
    let asked = asking.asked(&format!("POST {petition}/paper/{batch}/accept"), &());
    Ok(answer::written(&asking.office.accept_paper((petition, batch), &asked, &staff).await?))
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UndoPaper {
    ground: String,
}

/// Strikes out all that a batch counted; what had lost to it counts again.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/undo", tag = "paper",
    operation_id = "undo_paper", request_body = UndoPaper,
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn undo(
    asking: Asking,
    axum::extract::Path(path): OfBatch,
    JsonBody(body): JsonBody<UndoPaper>,
) -> Result<Response, Problem> {
    let role = asking.permit(CHECK)?;
    let (petition, batch) = ids(&path)?;
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let asked = asking.asked(&format!("POST {petition}/paper/{batch}/undo"), &body);
    Ok(answer::written(&asking.office.undo_paper((petition, batch), &asked, &staff).await?))
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
        })
    };
    Ok(Json(rows.iter().map(paper).collect::<Result<Vec<_>, _>>()?).into_response())
}

/// A sheet as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct PaperSheet {
    lines: Vec<SheetLine>,
}

/// A line as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct SheetLine {
    line: u32,
    /// Of the signature it becomes.
    item: String,
    /// `taken`, `differing`, `settled` or `refused`.
    state: &'static str,
    /// Why it isn't taken.
    reason: Option<String>,
}

/// A sheet of a batch: where each line stands, and why one isn't taken.
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
    let (version, sheet) = office.paper_sheet(petition, batch, sheet)?;
    if version == 0 {
        return Err(Problem::not_found());
    }
    let lines = sheet.lines.iter().map(|line| {
        let (state, reason) = match &line.standing {
            Standing::Taken => ("taken", None),
            Standing::Differing(_) => ("differing", None),
            Standing::Settled(_) => ("settled", None),
            Standing::Refused(reason) => ("refused", reason.known().cloned()),
        };
        SheetLine { line: line.number, item: line.item.to_string(), state, reason }
    });
    Ok(Json(PaperSheet { lines: lines.collect() }).into_response())
}

/// How many signatures stand on paper, and how many of those couldn't be compared, from kept counts.
pub(super) async fn numbers(
    office: &Office,
    petition: &radslag_readmodel::Row,
) -> Result<(u64, u64), Problem> {
    let petition = AggregateId::from_slice(petition.bytes("petition")?).unwrap_or_default();
    let (mut all, mut uncompared) = (0, 0);
    for row in office.petitions.store.query(&UNCOMPARED, &[id(petition)]).await? {
        let total = row.int("total")?.unsigned_abs();
        match row.opt_text("compared")? {
            Some("yes") => all += total,
            Some("no") => (all, uncompared) = (all + total, uncompared + total),
            _ => {}
        }
    }
    Ok((all, uncompared))
}
