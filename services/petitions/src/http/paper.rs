//! Lists on paper: a batch is registered, typed, checked by somebody else, settled, counted, undone. Files of lines stand in
//! `paper_files`, what is shown of batches in `papers`.

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use radslag_kernel::{AggregateId, Date, ItemId, id::unhex};
use radslag_readmodel::Query;
use radslag_runtime::{
    Problem,
    http::{JsonBody, PathId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{answer, asking::Asking, officials::second, papers},
    paper::{Fault, Kept, Typed, csv::Row},
    projections::{id, lists as sql},
    shell::{Office, paper::Entered, petition::Staff},
};

pub(super) const COMMAND: &str = "petitions.paper";
const CHECK: &str = "petitions.check-paper";
const ERASE: &str = "petitions.erase";
const UNCOMPARED: Query = sql::UNCOMPARED;

/// A batch that came in.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterPaper {
    /// Date.
    received: String,
    /// SHA-256 of its scan, 64 hexadecimal digits.
    scan: String,
    /// Why, for the record; may be empty where the policy doesn't ask.
    #[serde(default)]
    ground: String,
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
    /// As it stands in a sheet.
    pub(super) fn of(line: u32, typed: &Typed) -> Self {
        let Typed { name, postcode, number, address, date } = typed.clone();
        Self { line, name, postcode, number, address, date }
    }

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
    /// Why, for the record; may be empty where the policy doesn't ask.
    #[serde(default)]
    ground: String,
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
    /// Why, for the record; may be empty where the policy doesn't ask.
    #[serde(default)]
    ground: String,
}

/// Why; the body may be left out where the policy doesn't ask.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithGround {
    /// For the record.
    #[serde(default)]
    pub(super) ground: String,
}

/// What a body says that may be left out.
pub(super) fn said(body: Option<JsonBody<WithGround>>) -> WithGround {
    body.map(|JsonBody(body)| body).unwrap_or_default()
}

/// A batch of lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Registered {
    batch: String,
    version: u64,
    /// Address of its receipt.
    receipt: Option<String>,
}

/// A line that isn't taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct NotTaken {
    pub(super) line: u32,
    pub(super) reason: String,
}

impl NotTaken {
    pub(super) fn of((line, fault): (u32, Fault)) -> Self {
        Self { line, reason: fault.word().into() }
    }
}

/// What came of typing lines.
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
        self.refused.extend(entered.refused.into_iter().map(NotTaken::of));
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
    let scan = unhex(&body.scan.to_ascii_lowercase());
    let scan = scan.ok_or_else(|| Problem::invalid("/scan", "expected 64 hexadecimal digits"))?;
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let asked = asking.asked(&format!("POST {petition}/paper"), &body);
    let (batch, done) = asking.office.register_paper(petition, &asked, &staff, (received, scan)).await?;
    let receipt = answer::receipt_of(&asking.office, &done);
    let registered = Registered { batch: batch.to_string(), version: done.version, receipt };
    Ok((StatusCode::CREATED, Json(registered)).into_response())
}

pub(super) type OfBatch = axum::extract::Path<(String, String, String)>;

pub(super) fn ids((_, petition, batch): &(String, String, String)) -> Result<(AggregateId, ItemId), Problem> {
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
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let asked = asking.asked(&format!("POST {petition}/paper/{batch}/check"), &body);
    let read: Vec<(u32, Typed)> = body.lines.iter().map(|line| (line.line, line.typed())).collect();
    let read = (!body.same).then_some(read.as_slice());
    let sheet = (petition, batch, body.sheet);
    Ok(answer::written(&asking.office, &asking.office.check_paper(sheet, &asked, &staff, read).await?))
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
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let asked = asking.asked(&format!("POST {petition}/paper/{batch}/settle"), &body);
    let sheet = (petition, batch, body.sheet);
    Ok(answer::written(
        &asking.office,
        &asking.office.settle_paper(sheet, &asked, &staff, (body.line, kept)).await?,
    ))
}

/// Counts a batch that is checked and settled: at once it is said that it is to be, and its page says how far it is.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/accept", tag = "paper",
    operation_id = "accept_paper", request_body = WithGround,
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path)),
    responses((status = 202, body = papers::Begun)), security(("token" = [])))]
pub(super) async fn accept(
    asking: Asking,
    axum::extract::Path(path): OfBatch,
    body: Option<JsonBody<WithGround>>,
) -> Result<Response, Problem> {
    let role = asking.permit(CHECK)?;
    let (petition, batch) = ids(&path)?;
    let body = said(body);
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let asked = asking.asked(&format!("POST {petition}/paper/{batch}/accept"), &body);
    let done = asking.office.accept_paper((petition, batch), &asked, &staff).await?;
    Ok(papers::begun(&asking, (petition, batch), &done))
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UndoPaper {
    ground: String,
}

/// Strikes out all that a batch counted; what had lost to it counts again. Its page says how far it is.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/undo", tag = "paper",
    operation_id = "undo_paper", request_body = UndoPaper,
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path)),
    responses((status = 202, body = papers::Begun)), security(("token" = [])))]
pub(super) async fn undo(
    asking: Asking,
    axum::extract::Path(path): OfBatch,
    JsonBody(body): JsonBody<UndoPaper>,
) -> Result<Response, Problem> {
    let role = asking.permit(CHECK)?;
    let (petition, batch) = ids(&path)?;
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let asked = asking.asked(&format!("POST {petition}/paper/{batch}/undo"), &body);
    let done = asking.office.undo_paper((petition, batch), &asked, &staff).await?;
    Ok(papers::begun(&asking, (petition, batch), &done))
}

/// Which line, and why.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ErasePaper {
    /// From 0.
    sheet: u32,
    line: u32,
    /// The legal one.
    ground: String,
}

/// Destroys what a line says, whatever became of it: one that isn't taken too. It keeps its place, and its count if it has
/// one. Two officials: the second one's token stands in `Second-Authorization`.
#[utoipa::path(post, path = "/api/v1/{tenant}/petitions/{id}/paper/{batch}/erase", tag = "paper",
    operation_id = "erase_paper", request_body = ErasePaper,
    params(("tenant" = String, Path), ("id" = String, Path), ("batch" = String, Path)),
    responses((status = 200, body = answer::Written)), security(("token" = [])))]
pub(super) async fn erase(
    asking: Asking,
    axum::extract::Path(path): OfBatch,
    headers: HeaderMap,
    JsonBody(body): JsonBody<ErasePaper>,
) -> Result<Response, Problem> {
    let role = asking.permit(ERASE)?;
    let second = second(&asking, &headers, ERASE)?;
    let (petition, batch) = ids(&path)?;
    let staff = Staff { role, subject: &asking.who.subject, ground: body.ground.clone() };
    let asked = asking.asked(&format!("POST {petition}/paper/{batch}/erase"), &body);
    let (sheet, line) = ((petition, batch, body.sheet), (body.line, second));
    Ok(answer::written(&asking.office, &asking.office.erase_paper(sheet, &asked, &staff, line).await?))
}

/// How many signatures stand on paper, and how many of those couldn't be compared, from kept counts.
pub(super) async fn numbers(office: &Office, petition: AggregateId) -> Result<(u64, u64), Problem> {
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
