//! Registers and lists of volunteers: taken in as CSV with every row looked at, listed, and destroyed.

use std::collections::HashMap;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_draw::bundle::hex;
use radslag_kernel::{AggregateId, ItemId};
use radslag_runtime::{
    Problem,
    http::{FileBody, JsonBody, PathId, PathIds, QueryOf, Written},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    frame::csv::{Reader, Unreadable},
    http::api::Asking,
    panel::{
        Act,
        import::{self, Import, Kind},
    },
    shell::{Done, Office, importing::Incoming},
};

/// The command that the table of roles knows.
const COMMAND: &str = "panels.import";
/// Days that a file is kept where nobody says otherwise.
const KEEP_DAYS: u32 = 180;
/// And at most.
const KEEP_MAX: u32 = 400;

/// How a file is to be read.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Reading {
    /// `register`: everybody who may be invited. `volunteers`: people who said that they would take part.
    kind: String,
    /// Days until it is destroyed; 180 if nothing is said, 400 at most.
    keep_days: Option<u32>,
    /// What columns mean that have names of their own: `Boendeform=area,Kod=postcode`.
    columns: Option<String>,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportLeftOut)]
pub(super) struct LeftOut {
    /// Of the file.
    line: u32,
    /// `person-number`, `birth-year`, `nobody`, `field`, `twice` or `not-taken`.
    reason: &'static str,
}

/// A file that is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Imported)]
pub(super) struct Imported {
    import: String,
    /// Rows that were kept.
    rows: u64,
    /// Rows that were left out.
    refused: u64,
    /// They by line, the first thousand.
    left_out: Vec<LeftOut>,
    #[serde(flatten)]
    written: Written,
}

/// A file as officials see it: never a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportListed)]
pub(super) struct Listed {
    import: String,
    /// `register` or `volunteers`.
    kind: &'static str,
    /// `coming`, `complete`, `cancelled` or `destroyed`.
    standing: &'static str,
    begun_at: String,
    rows: u64,
    refused: u64,
    /// SHA-256 of the file.
    hash: Option<String>,
    /// When it is destroyed at the latest.
    keep_until: Option<String>,
    /// Of volunteers: rows that were looked at so far, and who of them became volunteers.
    done: u64,
    taken: u64,
}

/// Why it is destroyed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportWithGround)]
#[serde(deny_unknown_fields)]
pub(super) struct WithGround {
    ground: String,
}

/// Takes in a file, CSV with a header in Swedish or English, `;` or `,`, UTF-8 or Windows-1252. Every row is looked at while it
/// comes, and the answer names those that are left out. A file that can't be read leaves nothing behind.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/imports", tag = "panels", operation_id = "import_people",
    request_body(content = String, content_type = "text/csv"),
    params(("tenant" = String, Path), ("panel" = String, Path), Reading),
    responses((status = 201, body = Imported)), security(("token" = [])))]
pub(super) async fn take(
    asking: Asking,
    PathId(id): PathId<AggregateId>,
    QueryOf(how): QueryOf<Reading>,
    mut file: FileBody,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let kind = Kind::of(&how.kind)
        .ok_or_else(|| Problem::invalid("/kind", "one of register, volunteers".to_owned()))?;
    let keep_days = how.keep_days.unwrap_or(KEEP_DAYS);
    if keep_days == 0 || keep_days > KEEP_MAX {
        return Err(Problem::invalid("/keep_days", format!("from 1 to {KEEP_MAX}")));
    }
    let office = &asking.office;
    let mut reader = Reader::new(mapping(how.columns.as_deref().unwrap_or_default()), office.year());
    // Which columns it has is part of the event that begins it.
    let (mut rows, mut before, mut at_end) = (Vec::new(), Vec::new(), false);
    while reader.columns().is_none() && !at_end {
        match file.piece().await? {
            Some(piece) => {
                reader.feed(&piece, &mut rows).map_err(unreadable)?;
                before.push(piece);
            }
            None => {
                reader.end(&mut rows).map_err(unreadable)?;
                at_end = true;
            }
        }
    }
    let columns = reader.columns().cloned().ok_or_else(|| unreadable(Unreadable::Empty))?;
    let who = (asking.who.subject.as_str(), role);
    let mut incoming = office.begin_import(who, id, (kind, &columns)).await?;
    before.iter().for_each(|piece| incoming.read(piece));
    office.take_rows(&mut incoming, std::mem::take(&mut rows)).await?;
    let taken = if at_end {
        office.end_import(&mut incoming, keep_days).await.map_err(Problem::from)
    } else {
        rest(office, &mut incoming, (&mut reader, file), keep_days).await
    };
    match taken {
        Ok(done) => Ok(imported(office, &incoming, &done)),
        Err(problem) => {
            // If this fails too, the file is given up when its time is over.
            let _ = office.drop_import(&incoming).await;
            Err(problem)
        }
    }
}

async fn rest(
    office: &Office,
    incoming: &mut Incoming,
    (reader, mut file): (&mut Reader, FileBody),
    keep_days: u32,
) -> Result<Done, Problem> {
    let mut rows = Vec::new();
    while let Some(piece) = file.piece().await? {
        reader.feed(&piece, &mut rows).map_err(unreadable)?;
        incoming.read(&piece);
        office.take_rows(incoming, std::mem::take(&mut rows)).await?;
    }
    reader.end(&mut rows).map_err(unreadable)?;
    office.take_rows(incoming, rows).await?;
    Ok(office.end_import(incoming, keep_days).await?)
}

fn imported(office: &Office, incoming: &Incoming, done: &Done) -> Response {
    let left_out = incoming.named.iter().map(|(line, why)| LeftOut { line: *line, reason: why.word() });
    let imported = Imported {
        import: incoming.import.to_string(),
        rows: incoming.kept,
        refused: incoming.refused,
        left_out: left_out.collect(),
        written: Written::of(office, done),
    };
    (StatusCode::CREATED, Json(imported)).into_response()
}

fn mapping(columns: &str) -> HashMap<String, String> {
    let pairs = columns.split(',').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, means)| (name.trim().to_lowercase(), means.trim().to_lowercase())).collect()
}

fn unreadable(why: Unreadable) -> Problem {
    let (code, line) = match why {
        Unreadable::Empty => ("people-file-empty", None),
        Unreadable::HeaderTooLong => ("people-header-too-long", None),
        Unreadable::ColumnTwice => ("people-column-twice", None),
        Unreadable::NobodyNamed => ("people-nobody-named", None),
        Unreadable::Broken(line) => ("people-line-broken", Some(line)),
        Unreadable::Width(line) => ("people-line-width", Some(line)),
    };
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code);
    line.map_or_else(|| problem.clone(), |line| problem.clone().value("line", line))
}

/// What was taken in for a panel.
#[utoipa::path(get, path = "/api/v1/{tenant}/panels/{panel}/imports", tag = "panels", operation_id = "list_imports",
    params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 200, body = Vec<Listed>)), security(("token" = [])))]
pub(super) async fn list(asking: Asking, PathId(id): PathId<AggregateId>) -> Result<Response, Problem> {
    asking.permit(COMMAND)?;
    let (_, panel) = asking.office.panel(id)?.ok_or_else(Problem::not_found)?;
    let listed = |one: &Import| Listed {
        import: one.id.to_string(),
        kind: one.kind.word(),
        standing: one.standing.word(),
        begun_at: one.begun_at.to_string(),
        rows: one.rows,
        refused: one.refused,
        hash: <&[u8; 32]>::try_from(&one.hash[..]).ok().map(hex),
        keep_until: one.keep_until.map(|until| until.to_string()),
        done: one.done,
        taken: one.taken,
    };
    Ok(Json(panel.imports.iter().map(listed).collect::<Vec<_>>()).into_response())
}

/// Destroys the key of a file, and with it every row.
#[utoipa::path(post, path = "/api/v1/{tenant}/panels/{panel}/imports/{import}/destruction", tag = "panels",
    operation_id = "destroy_import", request_body = WithGround,
    params(("tenant" = String, Path), ("panel" = String, Path), ("import" = String, Path)),
    responses((status = 200, body = Written)), security(("token" = [])))]
pub(super) async fn destroy(
    asking: Asking,
    PathIds(id, import): PathIds<AggregateId, ItemId>,
    JsonBody(body): JsonBody<WithGround>,
) -> Result<Response, Problem> {
    let role = asking.permit(COMMAND)?;
    let asked = asking.changing(&format!("panels {id} imports {import} destruction"), &body)?;
    let who = (asking.who.subject.as_str(), role);
    let act = Act::Import(import::Act::Destroy { import });
    let done = asking.office.on_panel(&asked, who, id, (&body.ground, act)).await?;
    Ok(Written::answer(&asking.office, &done))
}
